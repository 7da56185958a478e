//! Twilio's own Python library drives the sandbox, and signs a webhook that our verifier believes. Fails where the library
//! cannot be had. Read on in `twilio_peer.py`.

use std::process::Stdio;

use casewire_carriers::twilio::webhook::{PublicAddress, Webhook, WebhookRequest, verify};
use serde::Deserialize;
use tokio::process::Command;

use super::scene::{ACCOUNT, FIRM, JANE, Scene, TOKEN, keys};

/// A webhook that the library has signed.
#[derive(Deserialize)]
struct Signed {
    public: String,
    path_and_query: String,
    body: String,
    signature: String,
    expected_body: String,
}

/// What the script has to tell at its end.
#[derive(Deserialize)]
struct Told {
    checks: u32,
    signed: Vec<Signed>,
}

async fn run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().await.unwrap();
    let (told, said) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    assert!(output.status.success(), "{said}\n{told}");
    told
}

#[tokio::test]
async fn twilios_own_python_library_drives_the_sandbox() {
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
    let python = run(Command::new("sh").arg(format!("{tests}/peer-env.sh"))).await;
    let scene = Scene::set().await;
    let mut script = Command::new(python.trim());
    script
        .arg(format!("{tests}/twilio_peer.py"))
        .args([scene.sandbox.base(), ACCOUNT, TOKEN, FIRM, JANE]);
    let told: Told = serde_json::from_str(run(&mut script).await.lines().last().unwrap()).unwrap();
    assert!(told.checks >= 20, "only {} checks were made", told.checks);
    assert_eq!(told.signed.len(), 3);
    for signed in told.signed {
        let request = WebhookRequest {
            method: "POST",
            path_and_query: &signed.path_and_query,
            content_type: Some("application/x-www-form-urlencoded"),
            signature: Some(&signed.signature),
            signature_settings: None,
            body: signed.body.as_bytes(),
        };
        let webhook = verify(&PublicAddress::parse(&signed.public).unwrap(), &keys(), &request)
            .unwrap()
            .into_inner();
        assert!(matches!(webhook, Webhook::InboundText(text) if text.body == signed.expected_body));
    }
}
