//! Documents: their versions, what is refused, how they are served, who sees them, and which version went to whom. What carriers bring and
//! fetch is in `media`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use casewire_store::on_both_engines;
use futures_util::stream;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::inbox::desk::{ADMIN, AGENT, ATTORNEY, COMPLIANCE, Desk, MANAGER, PARALEGAL, text};
use crate::support::Answer;

pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\nnot much of a picture";
pub const PDF: &[u8] = b"%PDF-1.7 first";

impl Desk {
    /// Somebody adds a document to a case.
    pub async fn upload(&self, role: &str, case: &str, name: &str, content: &'static [u8]) -> Answer {
        let name: String = serde_urlencoded::to_string([("name", name)]).unwrap();
        let path = format!("/api/documents/?case_id={case}&{name}");
        let user = self.as_user(role).with("content-type", "application/octet-stream");
        user.send(Method::POST, &path, Some(Bytes::from_static(content))).await
    }

    async fn documents(&self, role: &str, query: &str) -> Vec<Value> {
        let list = self.as_user(role).get(&format!("/api/documents/?{query}")).await.ok();
        list["items"].as_array().unwrap().clone()
    }

    async fn flow(&self, role: &str, path: &str) -> Vec<Value> {
        self.as_user(role).get(path).await.ok()["items"].as_array().unwrap().clone()
    }
}

fn content_of(document: &Value) -> String {
    format!("/api/documents/{}/content", text(&document["id"]))
}

on_both_engines! {
    async fn the_same_name_is_another_version_and_the_same_content_is_none(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let first = desk.upload(AGENT, "123", "Retainer.pdf", PDF).await;
        assert_eq!(first.status, StatusCode::CREATED);
        let first = first.ok();
        assert_eq!((&first["name"], &first["mycase_case_id"]), (&json!("Retainer.pdf"), &json!("123")));
        assert_eq!(first["versions"][0]["content_type"], "application/pdf");
        assert_eq!(first["versions"][0]["size"], PDF.len());
        let again = desk.upload(PARALEGAL, "123", "retainer.PDF", PDF).await;
        assert_eq!(again.status, StatusCode::OK, "nothing is new");
        let again = again.ok();
        assert_eq!((&again["id"], again["versions"].as_array().unwrap().len()), (&first["id"], 1));
        let second = desk.upload(PARALEGAL, "123", "Retainer.pdf", b"%PDF-1.7 second").await.ok();
        let numbers: Vec<_> = second["versions"].as_array().unwrap().iter().map(|version| version["number"].as_u64().unwrap()).collect();
        assert_eq!((&second["id"], numbers), (&first["id"], vec![2, 1]));
        assert_eq!(second["versions"][0]["uploaded_by"]["id"], json!(desk.firm.user_id(PARALEGAL).to_string()));
        let back = desk.upload(AGENT, "123", "Retainer.pdf", PDF).await.ok();
        assert_eq!(back["versions"].as_array().unwrap().len(), 3, "an older content is a version again");
        desk.upload(AGENT, "456", "Retainer.pdf", PDF).await.ok();
        desk.upload(AGENT, "123", "Another.pdf", PDF).await.ok();
        let names: Vec<_> = desk.documents(AGENT, "case_id=123").await.iter().map(|document| text(&document["name"])).collect();
        assert_eq!(names, ["Another.pdf", "Retainer.pdf"]);
        let newest = desk.as_user(AGENT).get(&content_of(&first)).await;
        assert_eq!(&newest.body[..], PDF);
        let version = desk.as_user(AGENT).get(&format!("{}?version=2", content_of(&first))).await;
        assert_eq!(&version.body[..], b"%PDF-1.7 second");
        assert_eq!(desk.as_user(AGENT).get(&format!("{}?version=9", content_of(&first))).await.code(), "not_found");
    }

    async fn what_cannot_be_kept_is_refused_and_nothing_is_left(db: TestDatabase) {
        let desk = Desk::open(db).await;
        assert_eq!(desk.upload(AGENT, "123", "Empty.pdf", b"").await.code(), "empty_document");
        assert_eq!(desk.upload(AGENT, "123", "Picture.png", b"MZ\x90\0 a program").await.code(), "unsupported_document");
        for name in ["", "../../etc/passwd", "a\\b.pdf", "invoice\u{202e}fdp.exe", "two\nlines.pdf"] {
            let refused = desk.upload(AGENT, "123", name, PDF).await;
            assert_eq!((refused.code().as_str(), &refused.json()["field"]), ("invalid_field", &json!("name")), "{name:?}");
        }
        let long = "x".repeat(201);
        assert_eq!(desk.upload(AGENT, "123", &long, PDF).await.code(), "invalid_field");
        assert_eq!(desk.upload(AGENT, "nothing", "A.pdf", PDF).await.code(), "not_found");
        assert_eq!(desk.upload(COMPLIANCE, "123", "A.pdf", PDF).await.code(), "forbidden");
        let too_large = desk.as_user(AGENT).with("content-length", "100000001");
        let refused = too_large.send(Method::POST, "/api/documents?case_id=123&name=A.pdf", Some(Bytes::from_static(PDF))).await;
        assert_eq!(refused.code(), "body_too_large");
        let pieces = stream::iter([Ok(Bytes::from_static(PDF)), Err(std::io::Error::other("cut"))]);
        let request = Request::post("/api/documents?case_id=123&name=Cut.pdf")
            .header("authorization", format!("Bearer {}", desk.as_user(AGENT).token()))
            .extension(ConnectInfo(std::net::SocketAddr::from(([198, 51, 100, 7], 50_000))))
            .body(Body::from_stream(pieces))
            .unwrap();
        let cut = desk.firm.service.clone().oneshot(request).await.unwrap();
        assert_eq!(cut.status(), StatusCode::BAD_REQUEST);
        assert!(desk.documents(AGENT, "case_id=123").await.is_empty());
        let staging = desk.firm.app.config.storage.folder.join("staging");
        assert_eq!(std::fs::read_dir(staging).unwrap().count(), 0, "no half of anything is left");
        assert_eq!(desk.as_user(AGENT).get("/api/documents").await.code(), "invalid_query");
    }

    async fn a_storage_that_cannot_be_used_is_said_and_nothing_is_noted(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let kept = desk.upload(AGENT, "123", "Kept.pdf", PDF).await.ok();
        let folder = &desk.firm.app.config.storage.folder;
        std::fs::remove_dir_all(folder).unwrap();
        std::fs::write(folder, "a file where the folder should be").unwrap();
        assert_eq!(desk.upload(AGENT, "123", "Lost.pdf", b"%PDF-1.7 lost").await.code(), "storage_unavailable");
        assert_eq!(desk.as_user(AGENT).get(&content_of(&kept)).await.code(), "storage_unavailable");
        std::fs::remove_file(folder).unwrap();
        assert_eq!(desk.documents(AGENT, "case_id=123").await.len(), 1);
        assert_eq!(desk.upload(AGENT, "123", "Lost.pdf", b"%PDF-1.7 lost").await.status, StatusCode::CREATED);
    }

    async fn nothing_is_served_that_a_browser_would_run(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let page = desk.upload(AGENT, "123", "page.png", b"<!doctype html><script>alert(1)</script>").await.ok();
        let drawing = desk.upload(AGENT, "123", "drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>").await.ok();
        let picture = desk.upload(AGENT, "123", "Beweis \"eins\" \u{e9}.html", PNG).await.ok();
        assert_eq!(page["versions"][0]["content_type"], "text/html");
        for document in [&page, &drawing] {
            let served = desk.as_user(AGENT).get(&content_of(document)).await;
            assert_eq!(served.header("content-type"), "application/octet-stream");
            assert!(served.header("content-disposition").starts_with("attachment;"), "{}", served.header("content-disposition"));
        }
        let served = desk.as_user(AGENT).get(&content_of(&picture)).await;
        assert_eq!(served.header("content-type"), "image/png");
        assert_eq!(
            served.header("content-disposition"),
            "inline; filename=\"Beweis _eins_ _.html\"; filename*=UTF-8''Beweis%20%22eins%22%20%C3%A9.html"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'"),
            ("cache-control", "private, no-cache"),
        ] {
            assert_eq!(served.header(name), value, "{name}");
        }
        let known = desk.as_user(AGENT).with("if-none-match", served.header("etag")).get(&content_of(&picture)).await;
        assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0));
    }

    async fn a_range_is_served_alone(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let document = desk.upload(AGENT, "123", "Digits.txt", b"0123456789").await.ok();
        let path = content_of(&document);
        for (range, part, said) in [
            ("bytes=2-4", "234", "bytes 2-4/10"),
            ("bytes=7-", "789", "bytes 7-9/10"),
            ("bytes=-3", "789", "bytes 7-9/10"),
            ("bytes=8-99", "89", "bytes 8-9/10"),
        ] {
            let served = desk.as_user(AGENT).with("range", range).get(&path).await;
            assert_eq!(served.status, StatusCode::PARTIAL_CONTENT, "{range}");
            assert_eq!((served.text().as_str(), served.header("content-range")), (part, said), "{range}");
        }
        assert_eq!(desk.as_user(AGENT).with("range", "bytes=10-").get(&path).await.code(), "range_not_satisfiable");
        for range in ["bytes=5-2", "items=1-2", "bytes=a-b", "bytes=0-1,4-5"] {
            assert_eq!(desk.as_user(AGENT).with("range", range).get(&path).await.text(), "0123456789", "{range}");
        }
    }

    async fn behind_a_wall_no_document_is_there(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let document = desk.upload(ATTORNEY, "123", "Secret.pdf", PDF).await.ok();
        let send = json!({"case_id": "123", "contact_id": desk.jane, "body": "See this", "media": [{"document_id": document["id"]}]});
        desk.as_user(ATTORNEY).post("/api/omnichannel/messages/", send).await.ok();
        let paths = [content_of(&document), format!("/api/documents/{}", text(&document["id"])), format!("/api/documents/{}/flow", text(&document["id"]))];
        let of_jane = format!("contact_id={}", text(&desk.jane));
        assert_eq!(desk.documents(PARALEGAL, &of_jane).await.len(), 1);
        desk.as_user(ADMIN).post("/api/cases/123/walls", json!({"user_id": desk.firm.user_id(PARALEGAL).to_string()})).await.ok();
        for path in &paths {
            assert_eq!(desk.as_user(PARALEGAL).get(path).await.code(), "not_found", "{path}");
        }
        assert_eq!(desk.as_user(PARALEGAL).get("/api/documents/?case_id=123").await.code(), "not_found");
        assert_eq!(desk.upload(PARALEGAL, "123", "Mine.pdf", PDF).await.code(), "not_found");
        assert!(desk.documents(PARALEGAL, &of_jane).await.is_empty(), "what went to her from the case 123 is hidden");
        assert!(desk.flow(PARALEGAL, &format!("/api/documents/flow?{of_jane}")).await.is_empty());
        desk.as_user(ADMIN).delete(&format!("/api/cases/123/walls/{}", desk.firm.user_id(PARALEGAL))).await.ok();
        let audit = desk.as_user(MANAGER).get("/api/audit/?limit=50").await.ok().to_string();
        assert!(audit.contains("add_document") && !audit.contains("Secret"), "the audit has the document and not its name");
    }

    async fn the_flow_says_which_version_went_to_whom_in_which_role(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let document = desk.upload(AGENT, "123", "Statement.pdf", PDF).await.ok();
        let id = text(&document["id"]);
        let send = |contact: &Value, version: Option<u32>| json!({
            "case_id": "123", "contact_id": contact, "body": "", "media": [{"document_id": id, "version": version}],
        });
        let sent = desk.as_user(AGENT).post("/api/omnichannel/messages/", send(&desk.jane, None)).await.ok();
        assert_eq!(sent["media"][0]["name"], "Statement.pdf");
        assert_eq!((&sent["media"][0]["state"], &sent["media"][0]["version"]), (&json!("stored"), &json!(1)));
        desk.firm.advance(std::time::Duration::from_secs(60));
        desk.upload(AGENT, "123", "Statement.pdf", b"%PDF-1.7 second").await.ok();
        let other = crate::case_contacts::role(&desk.firm, "Other").await;
        desk.as_user(AGENT).patch(&format!("/api/cases/123/contacts/{}", text(&desk.jane_in_123)), json!({"contact_role_id": other})).await.ok();
        desk.as_user(PARALEGAL).post("/api/omnichannel/messages/", send(&desk.jane, Some(2))).await.ok();
        desk.firm.advance(std::time::Duration::from_secs(60));
        desk.as_user(PARALEGAL).post("/api/omnichannel/messages/", send(&desk.mark, Some(1))).await.ok();
        let lines = |flow: &[Value]| flow
            .iter()
            .map(|entry| format!("{} v{} {}", text(&entry["person"]["display_name"]), entry["version"], text(&entry["delivery"])))
            .collect::<Vec<_>>();
        let flow = desk.flow(AGENT, &format!("/api/documents/{id}/flow")).await;
        assert_eq!(lines(&flow), ["Mark Quill - Adjuster v1 queued", "Jane Quill - Other v2 queued", "Jane Quill - Witness v1 queued"]);
        assert_eq!(flow[0]["sent_by"]["id"], json!(desk.firm.user_id(PARALEGAL).to_string()));
        let of_jane = desk.flow(AGENT, &format!("/api/documents/flow?contact_id={}", text(&desk.jane))).await;
        assert_eq!(lines(&of_jane), ["Jane Quill - Other v2 queued", "Jane Quill - Witness v1 queued"]);
        assert_eq!(desk.flow(AGENT, "/api/documents/flow?case_id=123").await.len(), 3);
        assert!(desk.flow(AGENT, "/api/documents/flow?case_id=456").await.is_empty());
        let counts = desk.documents(AGENT, "case_id=123").await[0]["versions"].clone();
        assert_eq!((&counts[0]["sent_count"], &counts[1]["sent_count"]), (&json!(1), &json!(2)));
    }

    async fn only_what_carriers_take_goes_with_a_text_and_only_of_its_case(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let page = desk.upload(AGENT, "123", "page.html", b"<!doctype html><p>").await.ok()["id"].clone();
        let elsewhere = desk.upload(AGENT, "456", "Elsewhere.pdf", PDF).await.ok()["id"].clone();
        let fine = desk.upload(AGENT, "123", "Fine.pdf", PDF).await.ok()["id"].clone();
        let send = |media: Vec<Value>, body: &str| {
            let media: Vec<_> = media.into_iter().map(|id| json!({"document_id": id})).collect();
            json!({"case_id": "123", "contact_id": desk.mark, "body": body, "media": media})
        };
        let post = |body: Value| async { desk.as_user(AGENT).post("/api/omnichannel/messages/", body).await };
        let refused = post(send(vec![fine.clone(), page], "Hello")).await;
        assert_eq!((refused.code().as_str(), &refused.json()["field"]), ("not_sendable", &json!("media[1]")));
        assert_eq!(post(send(vec![elsewhere], "Hello")).await.code(), "not_found");
        assert_eq!(post(send(vec![fine.clone(); 11], "Hello")).await.code(), "not_sendable");
        assert_eq!(post(send(Vec::new(), "")).await.code(), "invalid_field", "nothing at all is no text");
        assert_eq!(post(send(vec![fine], "")).await.status, StatusCode::CREATED);
        let of_lead = json!({"lead_id": desk.lead, "body": "For you"});
        let personal = desk.as_user(AGENT).with("content-type", "application/octet-stream");
        let path = format!("/api/documents?contact_id={}&name=Info.pdf", text(&desk.lena));
        let info = personal.send(Method::POST, &path, Some(Bytes::from_static(PDF))).await.ok();
        let mut body = of_lead;
        body["media"] = json!([{"document_id": info["id"]}]);
        assert_eq!(post(body).await.ok()["media"][0]["name"], "Info.pdf");
    }
}
