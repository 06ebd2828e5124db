//! What documents promise: a file is what it says it is, is kept once, and is read by those who may.

use crate::harness::*;
use entity::value::role::Role;
use entity::value::state::OrganisationKind;
use entity::value::{FileId, OrganisationId};
use liannong::document::{DocumentError, require_own};
use serde_json::json;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn clerk(t: &TestApp, division: &str) -> Person {
    let organisation = t.organisation(OrganisationKind::Cooperative, division).await;
    t.member(Role::CooperativeClerk, organisation).await
}

/// Uploads a small document.
fn send_pdf<'t>(t: &'t TestApp, by: &Person, name: &str) -> Call<'t> {
    t.post(&format!("/files?name={name}")).by(by).bytes("application/pdf", PDF.to_vec())
}

/// How many contents are kept, and how many are left half received.
fn kept(t: &TestApp) -> (usize, usize) {
    let files = |path: std::path::PathBuf| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let root = t.folder().join("files");
    let incoming = root.join("incoming");
    let contents = files(root).filter(|folder| *folder != incoming).map(|folder| files(folder).count()).sum();
    (contents, files(incoming).count())
}

both! {
    /// What went in comes out, under its Chinese name, as an attachment.
    async fn a_file_comes_back_as_it_was(t: TestApp) {
        let clerk = clerk(t, "522634").await;
        let name = "%E8%90%A5%E4%B8%9A%E6%89%A7%E7%85%A7%20(1).pdf";
        let made = send_pdf(t, &clerk, name).await.created();
        assert_eq!(made["name"], "营业执照 (1).pdf");
        assert_eq!(made["bytes"], PDF.len());
        assert_eq!(made["organisation_id"], json!(clerk.member.organisation));
        let id = made["id"].as_str().unwrap();
        assert_eq!(t.get(&format!("/files/{id}")).by(&clerk).await.ok(), made);
        let content = t.get(&format!("/files/{id}/content")).by(&clerk).await;
        assert_eq!((content.status, content.body.as_slice()), (200, PDF));
        assert_eq!(content.header("content-type"), Some("application/pdf"));
        assert_eq!(content.header("x-content-type-options"), Some("nosniff"));
        let disposition = content.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment; filename*=UTF-8''%E8%90%A5"), "{disposition}");
    }

    /// The same content is kept once, whoever sends it; each has its own row.
    async fn the_same_content_is_kept_once(t: TestApp) {
        let (one, other) = (clerk(t, "522634").await, clerk(t, "522633").await);
        let first = send_pdf(t, &one, "a.pdf").await.created();
        let second = send_pdf(t, &other, "b.pdf").await.created();
        assert_eq!(first["sha256"], second["sha256"]);
        assert_ne!(first["id"], second["id"]);
        assert_eq!(kept(t), (1, 0));
    }

    /// What a file says of itself must be what it is.
    async fn a_file_is_what_its_bytes_say(t: TestApp) {
        let clerk = clerk(t, "522634").await;
        let send = |media_type: &str, content: &[u8]| {
            t.post("/files?name=x").by(&clerk).bytes(media_type, content.to_vec())
        };
        send("image/png", PNG).await.created();
        send("image/jpeg", JPEG).await.created();
        send("text/csv; charset=utf-8", "品名,数量\r\n茶叶,12\r\n".as_bytes()).await.created();
        // The same in GB 18030, as Excel writes it.
        send("text/csv", b"\xc6\xb7\xc3\xfb,\xca\xfd\xc1\xbf\r\n").await.created();
        send(XLSX, b"PK\x03\x04\x14\0\0\0docProps/app.xml .. PK\x01\x02 xl/workbook.xml").await.created();
        let refused = send("image/png", PDF).await.refused(415, "file_type_refused");
        assert_eq!(refused["errors"][0]["pointer"], "Content-Type");
        send("application/pdf", b"MZ\x90\0\x03\0\0\0").await.refused(415, "file_type_refused");
        send(XLSX, b"PK\x03\x04\x14\0\0\0word/document.xml").await.refused(415, "file_type_refused");
        send("text/csv", b"a,b\n\0,2\n").await.refused(415, "file_type_refused");
        send("text/csv", b"<!DOCTYPE html><html><p>a,b</p></html>").await.refused(415, "file_type_refused");
        send("text/html", b"a,b\n1,2\n").await.refused(415, "file_type_refused");
        send("application/pdf", b"").await.refused(400, "file_empty");
        assert_eq!(kept(t), (5, 0));
    }

    /// A file that is too large is refused while it comes, and leaves nothing.
    async fn a_file_too_large_leaves_nothing(t: TestApp) {
        let clerk = clerk(t, "522634").await;
        let mut large = PDF.to_vec();
        large.resize(10 * 1024 * 1024, b' ');
        t.post("/files?name=largest.pdf").by(&clerk).bytes("application/pdf", large.clone()).await.created();
        large.push(b' ');
        let larger = t.post("/files?name=larger.pdf").by(&clerk).bytes("application/pdf", large).await;
        larger.refused(413, "payload_too_large");
        assert_eq!(kept(t), (1, 0));
    }

    /// A name is a label: nothing that could be a path.
    async fn names_are_labels(t: TestApp) {
        let clerk = clerk(t, "522634").await;
        for name in ["..%2F..%2Fetc%2Fpasswd", "a%5Cb", "", "%20", "a%0Ab"] {
            let refused = send_pdf(t, &clerk, name).await;
            assert_eq!(refused.refused(400, "invalid_fields")["errors"][0]["pointer"], "?name");
        }
        t.post("/files").by(&clerk).bytes("application/pdf", PDF.to_vec()).await.refused(400, "invalid_fields");
        assert_eq!(kept(t), (0, 0));
        // Names that mean something to a system are shown as they are and touch nothing: content lies under its hash.
        for name in ["..", ".htaccess", "-rf", "CON", "~", "$HOME", "a%3Bid", "..%EF%BC%8Fetc%EF%BC%8Fpasswd"] {
            send_pdf(t, &clerk, name).await.created();
        }
        assert_eq!(kept(t), (1, 0));
        let inside: Vec<_> = std::fs::read_dir(t.folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(inside.iter().all(|name| !["passwd", ".htaccess", "-rf", "CON"].iter().any(|evil| *name == *evil)), "{inside:?}");
        for folder in std::fs::read_dir(t.folder().join("files")).unwrap() {
            let name = folder.unwrap().file_name().into_string().unwrap();
            assert!(name == "incoming" || (name.len() == 2 && name.bytes().all(|b| b.is_ascii_hexdigit())), "{name}");
        }
    }

    /// Own organisation, own county, or everything: others do not learn that it exists.
    async fn only_those_who_may_read_it(t: TestApp) {
        let owner = clerk(t, "522634").await;
        let neighbour = clerk(t, "522634").await;
        let made = send_pdf(t, &owner, "a.pdf").await.created();
        let path = format!("/files/{}", made["id"].as_str().unwrap());
        let content = format!("{path}/content");
        let person = async |role, kind, division| t.member(role, t.organisation(kind, division).await).await;
        let here = person(Role::AgricultureOfficer, OrganisationKind::AgricultureOffice, "522634").await;
        let there = person(Role::AgricultureOfficer, OrganisationKind::AgricultureOffice, "522633").await;
        let auditor = person(Role::Auditor, OrganisationKind::AuditOffice, "520000").await;
        for reader in [&owner, &here, &auditor] {
            t.get(&path).by(reader).await.ok();
            assert_eq!(t.get(&content).by(reader).await.status, 200);
        }
        for stranger in [&neighbour, &there] {
            t.get(&path).by(stranger).await.refused(404, "not_found");
            t.get(&content).by(stranger).await.refused(404, "not_found");
        }
        t.get(&content).await.refused(401, "unauthenticated");
        send_pdf(t, &auditor, "a.pdf").await.refused(403, "forbidden");
    }

    /// Other rooms refer only to files of the organisation they act for.
    async fn what_is_referred_to_is_ones_own(t: TestApp) {
        let (owner, other) = (clerk(t, "522634").await, clerk(t, "522634").await);
        let made = send_pdf(t, &owner, "a.pdf").await.created();
        let id: FileId = made["id"].as_str().unwrap().parse().unwrap();
        let db = t.app.reader();
        let ask = async |organisation: OrganisationId, ids: &[FileId]| require_own(db, organisation, ids).await;
        assert_eq!(ask(owner.member.organisation, &[id]).await.unwrap()[0].id, id);
        assert!(ask(owner.member.organisation, &[]).await.unwrap().is_empty());
        let refused = ask(other.member.organisation, &[id]).await;
        assert!(matches!(refused, Err(DocumentError::NotOwn(wrong)) if wrong == id));
        let unknown = FileId::generate();
        let refused = ask(owner.member.organisation, &[id, unknown]).await;
        assert!(matches!(refused, Err(DocumentError::NotOwn(wrong)) if wrong == unknown));
    }
}
