//! Twilio's own Python library drives the sandbox, and signs a webhook that our verifier believes. Fails where the library
//! cannot be had. Read on in `twilio_peer.py`, `call_peer.py` and `judge_peer.py`.

use std::process::Stdio;

use casewire_carriers::twilio::call_webhook::{ConferenceEvent, LegStatus};
use casewire_carriers::twilio::webhook::{PublicAddress, Webhook, WebhookRequest, verify};
use serde::Deserialize;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
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

const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");

/// The interpreter that has the library.
async fn python() -> String {
    run(Command::new("sh").arg(format!("{TESTS}/peer-env.sh"))).await.trim().to_owned()
}

/// What the library says of something that we made; read on in `judge_peer.py`.
pub async fn judge(made: &Value) -> Value {
    let mut script = Command::new(python().await);
    script.arg(format!("{TESTS}/judge_peer.py"));
    script.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = script.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(made.to_string().as_bytes()).await.unwrap();
    drop(input);
    let output = child.wait_with_output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn twilios_own_python_library_drives_the_sandboxs_calls() {
    let scene = Scene::set().await;
    let mut script = Command::new(python().await);
    let public = scene.firm.url("");
    script
        .arg(format!("{TESTS}/call_peer.py"))
        .args([scene.sandbox.base(), ACCOUNT, TOKEN, FIRM, JANE, &public]);
    let told: Value = serde_json::from_str(run(&mut script).await.lines().last().unwrap()).unwrap();
    assert!(told["checks"].as_u64().unwrap() >= 50, "only {} checks were made", told["checks"]);
    let rooms: Vec<ConferenceEvent> = scene.firm.told("/room", 8).await;
    let legs: Vec<LegStatus> = scene.firm.told("/leg", 4).await;
    assert!(rooms.len() >= 8 && legs.len() == 4);
}

#[tokio::test]
async fn twilios_own_python_library_drives_the_sandbox() {
    let scene = Scene::set().await;
    let mut script = Command::new(python().await);
    script
        .arg(format!("{TESTS}/twilio_peer.py"))
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
