//! What the main job leaves behind, kept as a data folder for those who try the house from outside: `.ci/fuzz`.

use crate::access::{everybody, known_things, seat};
use crate::harness::*;
use crate::main_job::the_main_job;
use entity::value::{Clock, Role, SystemClock};
use sea_orm::EntityTrait;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else if !name.to_string_lossy().starts_with("liannong.db") {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

/// Somebody of each role that the main job does without, in an organisation of that job where one has the role.
async fn add_the_other_roles(t: &TestApp) {
    let people = everybody(t).await;
    let county = people.iter().find(|one| one.member.role == Role::RevitalisationOfficer).unwrap();
    let organisations = entity::organisation::Entity::find().all(t.direct()).await.unwrap();
    for role in Role::ALL.iter().filter(|role| people.iter().all(|one| one.member.role != **role)) {
        let known = organisations.iter().find(|one| one.kind == seat(*role)).map(|one| one.id);
        let place = match known {
            Some(place) => place,
            None => t.organisation(seat(*role), county.member.division.as_str()).await,
        };
        t.member(*role, place).await;
    }
}

/// Writes `data/` and, beside it, `world.json`: a token for each role and the identifiers of what there is.
#[actix_web::test]
#[ignore = "writes the folder that LIANNONG_WORLD names"]
async fn the_main_job_leaves_a_world_to_be_served() {
    let world = std::path::PathBuf::from(std::env::var_os("LIANNONG_WORLD").expect("LIANNONG_WORLD names a folder"));
    let t = TestApp::on_sqlite().await;
    the_main_job(&t).await;
    t.drain().await;
    add_the_other_roles(&t).await;
    // What was sealed is told to the public too.
    crate::seal::seal_all(&t).await;
    liannong::opendata::follow_seals(&t.app).await.unwrap();
    copy(t.folder(), &world.join("data"));
    t.sql(&format!("vacuum into '{}'", world.join("data/liannong.db").display())).await.unwrap();
    let people = everybody(&t).await;
    let mut tokens = BTreeMap::new();
    for person in &people {
        let issue = || t.app.tokens.issue(&person.member, SystemClock.now()).unwrap().0;
        tokens.entry(person.member.role.as_str()).or_insert_with(issue);
    }
    let things = known_things(&t, &people).await;
    let world_json = json!({ "secret": t.app.config.secret, "tokens": tokens, "things": things }).to_string();
    std::fs::write(world.join("world.json"), world_json).unwrap();
    t.finish().await;
}
