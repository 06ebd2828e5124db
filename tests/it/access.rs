//! Every operation of the API description, tried by every role and by nobody, and compared with the table of rights.
//!
//! An operation is covered by being in the description, a role by being a role: there is no list to keep.

use crate::harness::*;
use crate::main_job::the_main_job;
use entity::value::role::Role;
use entity::value::state::OrganisationKind as Kind;
use liannong::access::{Caller, Member, Reach, policy};
use liannong::openapi::{self, rights};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

/// A relief county in which nothing of the main job happens: 贡山.
const ELSEWHERE: &str = "533324";

/// The whole description, with the recorded examples.
static API: LazyLock<Value> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi");
    let files = liannong::cli::openapi::files(&folder).unwrap();
    let (_, text) = files.iter().find(|(name, _)| name == "openapi.json").unwrap();
    serde_json::from_str(text).unwrap()
});

/// An operation with the right it demands.
struct Door {
    id: &'static str,
    method: String,
    path: &'static str,
    action: &'static str,
    operation: &'static Value,
}

fn doors() -> Vec<Door> {
    openapi::operations(&API)
        .map(|(method, path, operation)| Door {
            id: operation["operationId"].as_str().unwrap(),
            method: method.to_ascii_uppercase(),
            path: path.strip_prefix("/api/v1").unwrap(),
            action: operation["x-action"].as_str().unwrap(),
            operation,
        })
        .collect()
}

/// A schema, or the one it refers to.
fn resolved(schema: &Value) -> &Value {
    schema["$ref"].as_str().map_or(schema, |place| resolved(API.pointer(place.strip_prefix('#').unwrap()).unwrap()))
}

impl Door {
    fn rows(&self) -> &'static [(Caller, Reach)] {
        rights::rows(self.action)
    }

    fn is_public(&self) -> bool {
        rights::is_public(self.action)
    }

    /// How far this caller reaches here.
    fn reach(&self, caller: Caller) -> Option<Reach> {
        let of = |wanted| self.rows().iter().find(|(named, _)| *named == wanted).map(|(_, reach)| *reach);
        of(caller).or_else(|| of(Caller::Public))
    }

    fn parameters(&self, place: &str) -> Vec<&'static Value> {
        self.operation["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == place).collect()
    }

    /// The word before the first placeholder: what kind of thing it is about.
    fn segment(&self) -> &'static str {
        self.path.split('/').nth(1).unwrap()
    }

    /// Addresses of things that are not there: well-formed, and for each placeholder once malformed.
    fn strange_addresses(&self) -> Vec<String> {
        let names: Vec<_> = self.parameters("path").iter().map(|p| p["name"].as_str().unwrap()).collect();
        let mut all = vec![self.address(&uuid::Uuid::now_v7().to_string(), None)];
        all.extend(names.into_iter().map(|name| self.address(&uuid::Uuid::now_v7().to_string(), Some(name))));
        all
    }

    /// The path with this identifier; where a word of a fixed list is wanted, with the first of them; where `spoilt`,
    /// with something that cannot be.
    fn address(&self, id: &str, spoilt: Option<&str>) -> String {
        let mut address = self.path.to_owned();
        for parameter in self.parameters("path") {
            let name = parameter["name"].as_str().unwrap();
            let schema = resolved(&parameter["schema"]);
            let value = match (schema["enum"][0].as_str(), name) {
                _ if spoilt == Some(name) => "no-such-thing",
                (Some(word), _) => word,
                (None, "code") => "999999",
                (None, "number") => "1",
                (None, _) => id,
            };
            address = address.replace(&format!("{{{name}}}"), value);
        }
        let needed = self.parameters("query").into_iter().filter(|p| p["required"] == true);
        // Identifiers have a schema of their own; whatever else is needed is a name.
        let value = |p: &Value| if resolved(&p["schema"])["format"] == "uuid" { id } else { "a.pdf" };
        let needed: Vec<_> = needed.map(|p| format!("{}={}", p["name"].as_str().unwrap(), value(p))).collect();
        if needed.is_empty() { address } else { format!("{address}?{}", needed.join("&")) }
    }

    /// The request in its recorded form, with the headers it needs.
    fn knock<'t>(&self, t: &'t TestApp, address: &str) -> Call<'t> {
        self.knock_at(t, address, "\"1\"")
    }

    /// The same, about a thing of this version.
    fn knock_at<'t>(&self, t: &'t TestApp, address: &str, version: &str) -> Call<'t> {
        let call = match self.method.as_str() {
            "GET" => t.get(address),
            "POST" => t.post(address),
            "PUT" => t.put(address),
            "PATCH" => t.patch(address),
            "DELETE" => t.delete(address),
            other => panic!("an operation with {other}"),
        };
        let call = call.key(&uuid::Uuid::now_v7().to_string()).if_match(version);
        let content = self.operation["requestBody"]["content"].as_object();
        match content.and_then(|content| content.iter().next()) {
            None => call,
            Some((kind, form)) if kind == "application/json" => call.json(form["example"].clone()),
            Some((kind, _)) if kind == "application/pdf" => call.bytes(kind, b"%PDF-1.4\n%%EOF\n".to_vec()),
            Some((kind, _)) => call.bytes(kind, "交易日期,金额,附言,流水号\n2026-03-01,1.00,无,A1\n".into()),
        }
    }
}

/// A kind of organisation that has the role.
pub fn seat(role: Role) -> Kind {
    match role {
        Role::PlatformOperator => Kind::PlatformOperator,
        Role::AgricultureOfficer => Kind::AgricultureOffice,
        Role::RevitalisationOfficer => Kind::RevitalisationOffice,
        Role::CooperativeClerk => Kind::Cooperative,
        Role::ProcurementOfficer => Kind::BudgetUnit,
        Role::FinanceOfficer => Kind::FinanceDepartment,
        Role::EnterpriseOfficer => Kind::Enterprise,
        Role::Auditor => Kind::AuditOffice,
        Role::Administrator | Role::Integrator => Kind::Cooperative,
        Role::Approver => Kind::BudgetUnit,
        Role::HouseholdRegistrar => Kind::RevitalisationOffice,
        Role::HelperCadre => Kind::Enterprise,
        Role::VillageOfficer => Kind::VillageCommittee,
        Role::TownshipOfficer => Kind::Township,
    }
}

/// An organisation that has the role, and somebody with the role in it.
async fn somebody(t: &TestApp, role: Role, division: &str) -> Person {
    let organisation = t.organisation(seat(role), division).await;
    t.member(role, organisation).await
}

/// Whether a reply is the guard's: not signed in, or not your business. Wrong credentials are another matter.
fn turned_away(reply: &Reply) -> Option<&'static str> {
    let code = serde_json::from_slice::<Value>(&reply.body).ok()?["code"].as_str()?.to_owned();
    ["unauthenticated", "token_invalid", "forbidden"].into_iter().find(|guard| *guard == code)
}

/// What is wrong with this reply to this caller, if anything.
fn judge(door: &Door, caller: Caller, reply: &Reply) -> Option<String> {
    let expected = match (door.reach(caller), caller) {
        (Some(_), _) => None,
        (None, Caller::Public) => Some((401, "unauthenticated")),
        (None, _) => Some((403, "forbidden")),
    };
    let got = turned_away(reply);
    let right = match expected {
        Some((status, code)) => reply.status == status && got == Some(code),
        None => got.is_none() && reply.status < 500,
    };
    let body = String::from_utf8_lossy(&reply.body);
    (!right).then(|| format!("{} as {caller:?}: expected {expected:?}, got {} {body}", door.id, reply.status))
}

#[test]
fn every_operation_demands_exactly_one_right_of_the_table() {
    let known: BTreeSet<_> = policy::TABLE.iter().map(|(name, _)| *name).collect();
    let wrong: Vec<_> = rights::demanded(&API)
        .into_iter()
        .filter(|(_, demanded)| demanded.len() != 1 || !known.contains(demanded[0]))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The names by which the code calls the rights, from the table's own source.
fn names_in_the_code() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/access/policy.rs")).unwrap();
    let (_, table) = text.split_once("\npolicy! {").unwrap();
    let rows = table.lines().filter_map(|line| line.trim().split_once(" = \""));
    rows.map(|(name, rest)| (name.to_owned(), rest.split('"').next().unwrap().to_owned())).collect()
}

fn names(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("access/policy.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            // Only where a grant is demanded or claimed, not wherever the word stands.
            for (at, _) in text.match_indices("Grant<").chain(text.match_indices("Grant::<")) {
                let inside = &text[at + text[at..].find('<').unwrap() + 1..];
                found.insert(inside.split('>').next().unwrap().rsplit("::").next().unwrap().to_owned());
            }
            // `use policy::{AddMember as MayAddMember}`
            for (at, _) in text.match_indices(" as ") {
                let before = text[..at].rsplit(|c: char| !c.is_alphanumeric()).next().unwrap();
                found.insert(before.to_owned());
            }
        }
    }
}

#[test]
fn every_right_of_the_table_is_demanded_somewhere() {
    let mut found = BTreeSet::new();
    names(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let listed = names_in_the_code();
    assert_eq!(listed.len(), policy::TABLE.len(), "the table is read as it stands");
    let idle: Vec<_> = listed.iter().filter(|(name, _)| !found.contains(name)).collect();
    assert!(idle.is_empty(), "nothing demands {idle:?}");
    // Beyond those of operations there are only rights of the house itself and those that widen an open door.
    let at_doors: BTreeSet<_> = doors().iter().map(|door| door.action).collect();
    for (name, rows) in policy::TABLE.iter().filter(|(name, _)| !at_doors.contains(name)) {
        println!("{name} is demanded inside: {}", rights::in_words(rows));
    }
}

both! {
    /// Who is not named is refused; who is named is not; and what is not there is not there, also for them.
    async fn every_operation_lets_in_those_the_table_names_and_nobody_else(t: TestApp) {
        let mut callers = vec![(Caller::Public, None)];
        for role in Role::ALL {
            callers.push((Caller::Role(*role), Some(somebody(t, *role, ELSEWHERE).await)));
        }
        let (mut tried, mut absent, mut wrong) = (0, 0, Vec::new());
        for door in doors() {
            for (caller, person) in &callers {
                for address in door.strange_addresses() {
                    let call = door.knock(t, &address);
                    let reply = match person {
                        Some(person) => call.by(person).await,
                        None => call.await,
                    };
                    tried += 1;
                    wrong.extend(judge(&door, *caller, &reply));
                    // A word of a fixed list names nothing that could be absent.
                    let is_word = |part: &&Value| resolved(&part["schema"])["enum"].is_array();
                    let names_a_thing = door.parameters("path").iter().any(|part| !is_word(part));
                    if door.reach(*caller).is_some() && (names_a_thing || address.contains("no-such-thing")) {
                        absent += 1;
                        if reply.status != 404 {
                            let body = String::from_utf8_lossy(&reply.body);
                            wrong.push(format!("{} {address} as {caller:?} is not there, but {} {body}", door.id, reply.status));
                        }
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{} of {tried} are wrong:\n{}", wrong.len(), wrong.join("\n"));
        println!("{tried} combinations of operation, caller and address tried, {absent} of them about what is not there");
    }

    /// After one pass of the main job: each thing is seen by those it belongs to; the same roles elsewhere learn
    /// nothing of it, by reading, by listing or by trying to change it; and lists agree with reading.
    async fn what_belongs_to_others_is_not_there(t: TestApp) {
        the_main_job(t).await;
        crate::payout::in_the_world(t, &everybody(t).await).await;
        crate::voice::in_the_world(t, &everybody(t).await).await;
        crate::pairing::in_the_world(t, &everybody(t).await).await;
        crate::supply::a_mandate(t).await;
        crate::offplatform::in_the_world(t, &everybody(t).await).await;
        let people = everybody(t).await;
        for person in &people {
            t.open_session(person).await;
        }
        what_the_main_job_leaves_out(t, &people).await;
        let known = known_things(t, &people).await;
        what_is_inside_others_is_not_there(t, &known, &people).await;
        let mut strangers = Vec::new();
        for role in Role::ALL {
            strangers.push(somebody(t, *role, ELSEWHERE).await);
        }
        let (mut seen, mut hidden, mut wrong) = (0, 0, Vec::new());
        for door in doors().into_iter().filter(|door| door.path.contains("{id}") && !door.is_public()) {
            let things = known.get(door.segment()).unwrap_or_else(|| panic!("nothing to try {} with", door.id));
            let limited = |person: &&Person| {
                door.reach(Caller::Role(person.member.role)).is_some_and(|reach| reach != Reach::Everything)
            };
            for stranger in strangers.iter().filter(limited) {
                for thing in things {
                    hidden += 1;
                    let reply = door.knock(t, &door.address(thing, None)).by(stranger).await;
                    if reply.status != 404 {
                        wrong.push(format!("{} of {thing} as a strange {:?}: {}", door.id, stranger.member.role, reply.status));
                    }
                }
            }
            if door.method != "GET" {
                continue;
            }
            // What everybody may find is in everybody's list, also where its papers are not theirs to read.
            let is_public = doors().iter().any(|list| {
                list.method == "GET" && list.path == format!("/{}", door.segment()) && list.is_public()
            });
            let mut by_owner = 0;
            for person in people.iter().filter(limited) {
                let listed = if is_public { None } else { list(t, door.segment(), person).await };
                for thing in things {
                    let reply = door.knock(t, &door.address(thing, None)).by(person).await;
                    by_owner += usize::from(reply.status == 200);
                    let agrees = listed.as_ref().is_none_or(|listed| listed.contains(thing) == (reply.status == 200));
                    if !agrees || !matches!(reply.status, 200 | 404) {
                        let role = person.member.role;
                        wrong.push(format!("{} of {thing} as {role:?}: {}, unlike the list", door.id, reply.status));
                    }
                }
            }
            seen += by_owner;
            if by_owner == 0 && people.iter().any(|person| limited(&person)) {
                wrong.push(format!("nobody whom the main job made sees anything by {}", door.id));
            }
        }
        for stranger in &strangers {
            for (segment, things) in &known {
                let is_limited = doors().iter().any(|door| {
                    door.path == format!("/{segment}") && door.method == "GET" && !door.is_public()
                        && door.reach(Caller::Role(stranger.member.role)).is_some_and(|reach| reach != Reach::Everything)
                });
                let listed = if is_limited { list(t, segment, stranger).await } else { None };
                let leaked: Vec<_> = listed.iter().flatten().filter(|id| things.contains(*id)).collect();
                if !leaked.is_empty() {
                    wrong.push(format!("a strange {:?} finds {leaked:?} in the list of {segment}", stranger.member.role));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        println!("{seen} readings by owners, {hidden} attempts by strangers");
    }
}

/// Who stands inside what, by the word of the address and of its second parameter: no list of their own shows them.
async fn inner_things(t: &TestApp) -> BTreeMap<(&'static str, &'static str), Vec<(String, String)>> {
    let mut inner = BTreeMap::<_, Vec<(String, String)>>::new();
    macro_rules! all {
        ($segment:literal, $parameter:literal, $table:ident, $owner:ident) => {
            let rows = entity::$table::Entity::find().all(t.direct()).await.unwrap();
            let pairs = rows.into_iter().map(|row| (row.$owner.to_string(), row.id.to_string()));
            inner.insert(($segment, $parameter), pairs.collect());
        };
    }
    all!("products", "certificate_id", product_certificate, product_id);
    all!("products", "photo_id", product_photo, product_id);
    all!("products", "flag_id", product_flag, product_id);
    all!("lots", "certificate_id", lot_certificate, lot_id);
    all!("households", "consent_id", consent_record, household_id);
    inner
}

/// Under one's own thing, what stands inside somebody else's is not there, and neither is what stands nowhere.
async fn what_is_inside_others_is_not_there(t: &TestApp, known: &BTreeMap<&str, BTreeSet<String>>, people: &[Person]) {
    let (inner, mut tried, mut foreign, mut wrong) = (inner_things(t).await, 0, 0, Vec::new());
    for door in doors().into_iter().filter(|door| door.path.contains("{id}")) {
        let is_word = |part: &&Value| resolved(&part["schema"])["enum"].is_array();
        let mut named = door.parameters("path").into_iter().filter(|part| part["name"] != "id" && !is_word(part));
        let Some(parameter) = named.next_back().and_then(|part| part["name"].as_str()) else { continue };
        let pairs = inner.get(&(door.segment(), parameter)).cloned().unwrap_or_default();
        let before = tried;
        for person in people.iter().filter(|person| door.reach(Caller::Role(person.member.role)).is_some()) {
            for thing in &known[door.segment()] {
                let shown = t.get(&format!("/{}/{thing}", door.segment())).by(person).await;
                if shown.status != 200 {
                    continue;
                }
                let nowhere = (String::new(), uuid::Uuid::now_v7().to_string());
                for (_, one) in pairs.iter().filter(|(owner, _)| owner != thing).take(3).chain([&nowhere]) {
                    let own = door.address(one, None).replacen(one.as_str(), thing, 1).replace("/1/", "/99/");
                    let version = format!("\"{}\"", shown.json()["version"]);
                    let status = door.knock_at(t, &own, &version).by(person).await.status;
                    (tried, foreign) = (tried + 1, foreign + usize::from(*one != nowhere.1));
                    if status != 404 {
                        wrong.push(format!("{} at {own} as {:?}: {status}", door.id, person.member.role));
                    }
                }
            }
        }
        assert!(tried > before, "nobody was found to try {} with", door.id);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(foreign > 0, "nothing stands inside anything");
    println!("{tried} attempts at what stands inside others, {foreign} of them at what is there");
}

/// Everybody who has a role anywhere.
pub async fn everybody(t: &TestApp) -> Vec<Person> {
    let organisations = entity::organisation::Entity::find().all(t.direct()).await.unwrap();
    let division: BTreeMap<_, _> = organisations.into_iter().map(|o| (o.id.to_string(), o.division_code)).collect();
    let memberships = entity::membership::Entity::find().all(t.direct()).await.unwrap();
    for software in memberships.iter().filter(|held| held.role == Role::Integrator) {
        t.give_key(software).await;
    }
    memberships
        .into_iter()
        .map(|held| Person {
            member: Member {
                person: held.person_id,
                organisation: held.organisation_id,
                role: held.role,
                division: division[&held.organisation_id.to_string()].clone(),
                session: None,
            },
        })
        .collect()
}

/// Makes one of each kind of thing that the main job does not need.
pub async fn what_the_main_job_leaves_out(t: &TestApp, people: &[Person]) {
    let acting = |role| people.iter().find(|person| person.member.role == role).unwrap();
    crate::quota::begun(t, acting(Role::ProcurementOfficer)).await;
    crate::payers::declared(t, acting(Role::ProcurementOfficer)).await;
    crate::papers::issued(t, acting(Role::ProcurementOfficer)).await;
    crate::complaints::filed(t, acting(Role::ProcurementOfficer)).await;
    let officer = acting(Role::ProcurementOfficer);
    let clerks: Vec<_> = people.iter().filter(|person| person.member.role == Role::CooperativeClerk).collect();
    crate::demand::in_the_world(t, officer, &clerks).await;
    crate::group::in_the_world(t, officer, &clerks).await;
    crate::ways::in_the_world(t, officer).await;
    crate::approval::in_the_world(t, acting(Role::FinanceOfficer), officer).await;
    crate::webhook::in_the_world(t, acting(Role::Administrator)).await;
    crate::report::in_the_world(t, acting(Role::RevitalisationOfficer)).await;
    crate::adjustment::in_the_world(t, acting(Role::RevitalisationOfficer)).await;
    crate::assistance::in_the_world(t, people).await;
    crate::comparison::in_the_world(t, acting(Role::RevitalisationOfficer)).await;
    crate::rectification::in_the_world(t, acting(Role::RevitalisationOfficer)).await;
    crate::monitoring::in_the_world(t, acting(Role::RevitalisationOfficer)).await;
}

/// What a person finds in the list of this name; nothing when there is no such list for them.
async fn list(t: &TestApp, segment: &str, person: &Person) -> Option<BTreeSet<String>> {
    let path = format!("/{segment}");
    doors().into_iter().find(|door| {
        door.path == path && door.method == "GET" && door.reach(Caller::Role(person.member.role)).is_some()
    })?;
    let page = t.get(&format!("{path}?limit=100")).by(person).await.ok();
    assert_eq!(page["next"], json!(null), "the main job makes more than a page of {segment}");
    page["items"].as_array()?.iter().map(|item| item["id"].as_str().map(str::to_owned)).collect()
}

/// The identifiers of what the main job made, by the word their addresses begin with.
pub async fn known_things(t: &TestApp, people: &[Person]) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut known = BTreeMap::<_, BTreeSet<String>>::new();
    let segments: BTreeSet<_> = doors().iter().filter(|door| door.path.contains("{id}")).map(Door::segment).collect();
    for segment in segments {
        for person in people {
            let found = list(t, segment, person).await.unwrap_or_default();
            known.entry(segment).or_default().extend(found);
        }
    }
    // Files are in no list.
    let files = entity::stored_file::Entity::find().all(t.direct()).await.unwrap();
    known.insert("files", files.into_iter().map(|file| file.id.to_string()).collect());
    // What was given up is nobody's, and the main job leaves none.
    known.insert("parked-jobs", BTreeSet::from([uuid::Uuid::now_v7().to_string()]));
    known.retain(|_, things| !things.is_empty());
    known
}
