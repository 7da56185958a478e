//! Each rule over files finds what it is there for, and leaves the rest alone.

use super::*;

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

fn lines(count: usize) -> String {
    "//! x\n".repeat(count)
}

#[test]
fn a_file_of_code_without_an_opening_is_found() {
    assert_eq!(
        openings(&[file("core/src/a.rs", "use x;\n")]),
        ["core/src/a.rs does not open with //!"]
    );
    assert_eq!(
        openings(&[file("core/src/a.rs", &lines(7))]),
        ["core/src/a.rs opens with 7 lines of //!"]
    );
    assert!(openings(&[file("core/src/a.rs", &lines(6)), file("a.md", "x")]).is_empty());
    assert_eq!(
        openings(&[file("web/src/a.ts", "import x;\n"), file("web/src/b.tsx", "// x\nimport y;\n")]),
        ["web/src/a.ts does not open with //"]
    );
    let example = format!("//! x\n//!\n//! ```compile_fail\n{}//! ```\n", lines(9));
    assert!(openings(&[file("core/src/a.rs", &example)]).is_empty());
}

#[test]
fn a_file_that_is_too_long_is_found() {
    assert_eq!(
        sizes(&[file("core/src/a.rs", &lines(501))]),
        ["core/src/a.rs has 501 lines, 500 at most"]
    );
    assert_eq!(
        sizes(&[file("core/tests/a.rs", &lines(801))]),
        ["core/tests/a.rs has 801 lines, 800 at most"]
    );
    let allowed = [
        file("core/src/a.rs", &lines(500)),
        file("core/tests/a.rs", &lines(800)),
        file("x.json", &lines(9000)),
    ];
    assert!(sizes(&allowed).is_empty());
}

#[test]
fn a_name_that_says_nothing_is_found() {
    for path in [
        "core/src/utils.rs",
        "server/src/common/x.rs",
        "web/src/helpers.ts",
        "core/src/access/mod.rs",
    ] {
        assert_eq!(names(&[file(path, "")]).len(), 1, "{path}");
    }
    assert!(names(&[file("core/src/messaging/routing.rs", "")]).is_empty());
}

#[test]
fn sql_outside_the_store_is_found() {
    for line in [
        r#"let q = "select id from users";"#,
        r#"tx.execute("update users set name = $1", &[])"#,
        r#"tx.execute("INSERT INTO users (id) values ($1)")"#,
        r#"run("delete from users")"#,
    ] {
        assert_eq!(sql(&[file("server/src/ops/claim.rs", line)]).len(), 1, "{line}");
        assert!(sql(&[file("store/src/users.rs", line), file("server/tests/claim.rs", line)]).is_empty());
    }
}

#[test]
fn a_sentence_is_not_taken_for_sql() {
    for line in [
        r#""Select a case first.""#,
        r#""Update the contact""#,
        r#"// "select id from users""#,
        "tokio::select! {",
    ] {
        assert!(sql(&[file("server/src/ops/claim.rs", line)]).is_empty(), "{line}");
    }
}

#[test]
fn a_route_outside_the_route_table_is_found() {
    let line = r#"Router::new().route("/x", get(x))"#;
    assert_eq!(routes(&[file("server/src/api/cases.rs", line)]).len(), 1);
    assert!(routes(&[file("server/src/api.rs", line), file("carriers/src/sandbox.rs", line)]).is_empty());
}

#[test]
fn a_path_of_a_machine_is_found() {
    let folders = ["/somewhere/".to_owned()];
    let found = machine_paths_among(&[file("a.md", "see\n`/somewhere/else`")], &folders);
    assert_eq!(found, ["a.md:2: `/somewhere/else`"]);
    let allowed = file("a.md", "https://example.com/somewhere/else ../somewhere/else");
    assert!(machine_paths_among(&[allowed], &folders).is_empty());
}

#[test]
fn the_folder_of_the_checkout_counts_unless_every_machine_has_it() {
    assert_eq!(foreign_folder(Path::new("/projects/casewire")).as_deref(), Some("/projects/"));
    assert_eq!(foreign_folder(Path::new("/srv/casewire")), None);
    assert_eq!(foreign_folder(Path::new("/casewire")), None);
}

#[test]
fn a_test_that_is_switched_off_is_found() {
    let ignored = format!("#[{}]\nfn x() {{}}", "ignore");
    assert_eq!(ignored_tests(&[file("core/tests/a.rs", &ignored)]).len(), 1);
    let skipped = format!("test{}('x')", ".skip");
    assert_eq!(ignored_tests(&[file("web/e2e/a.spec.ts", &skipped)]).len(), 1);
    assert!(ignored_tests(&[file("core/src/a.rs", "x.iter().skip(1)")]).is_empty());
}
