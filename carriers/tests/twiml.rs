//! The documents that tell a leg what to do: what they look like, and that Twilio's own classes rebuild each of them.

use std::time::Duration;

use casewire_carriers::calls::{ConferencePlan, Entry, LegId, OnExit};
use casewire_carriers::twilio::twiml::{Callback, Dial, DialRecording, DialTo, Join, Phone, RejectReason, Say, Step, TakeMessage, Twiml};
use serde_json::json;

use super::peer::judge;
use super::scene::{FIRM, JANE, number};

const NASTY: &str = "<Hangup/> & \"quotes\" 'n' ]]> Grüße 😀 \u{1}\u{b}\u{fffe}\u{0} line\ntab\tend";

fn callback(label: &str) -> Callback {
    Callback {
        address: "https://hub.example.org/calls?o=org_1#old".to_owned(),
        label: label.to_owned(),
    }
}

fn join(name: &str, label: &str, entry: Entry) -> Join {
    Join {
        plan: ConferencePlan {
            name: name.to_owned(),
            status_callback: "https://hub.example.org/rooms?o=org_1&x=%2B".to_owned(),
            waiting: None,
        },
        label: label.to_owned(),
        entry,
    }
}

fn dial(to: DialTo) -> Dial {
    Dial {
        to,
        action: Some("https://hub.example.org/after?a=1&b=2".to_owned()),
        caller_id: Some(number(FIRM)),
        ring_for: Some(Duration::from_secs(20)),
        record: Some(DialRecording {
            status: callback("recording_1"),
        }),
    }
}

/// One document of each kind, with texts that could be read as something else.
fn documents() -> Vec<Twiml> {
    let speaker = |on_exit| Entry::Speaker { on_exit };
    let supervisor = Entry::Supervisor {
        agent: LegId::from("CA00000000000000000000000000000001"),
    };
    let mut waited = join("call_1", NASTY, speaker(OnExit::Stay));
    waited.plan.waiting = Some("https://hub.example.org/wait.mp3?x=\"1\"&y".to_owned());
    let phones = vec![
        Phone::Number {
            number: number(JANE),
            status: Some(callback("leg_1")),
        },
        Phone::Client {
            identity: "agent_1".to_owned(),
            hints: vec![("name".to_owned(), NASTY.to_owned()), ("call".to_owned(), "call_1".to_owned())],
            status: Some(callback(NASTY)),
        },
        Phone::Client {
            identity: "agent_2".to_owned(),
            hints: Vec::new(),
            status: None,
        },
    ];
    let message = TakeMessage {
        action: "https://hub.example.org/taken".to_owned(),
        longest: Duration::from_secs(120),
        silence: Duration::from_secs(5),
        status: callback("voicemail_1"),
    };
    vec![
        Twiml::default(),
        Twiml::of(Step::Hangup),
        Twiml::of(Step::Reject(RejectReason::Busy)),
        Twiml::of(Step::Reject(RejectReason::Rejected)),
        Twiml::of(Step::say(NASTY)).then(Step::Pause(2)).then(Step::Hangup),
        Twiml::of(Step::Say(Say {
            text: "Bitte warten".to_owned(),
            language: Some("de-DE".to_owned()),
            voice: Some("Polly.Vicki".to_owned()),
        })),
        Twiml::of(Step::Play("https://hub.example.org/a.mp3?x=1&y=<2>".to_owned())),
        Twiml::of(Step::Keys("12#w*0".to_owned())),
        Twiml::of(Step::Redirect("https://hub.example.org/next?x=1&y=2".to_owned())),
        Twiml::of(Step::say("One moment.")).then(Step::Record(message)).then(Step::Hangup),
        Twiml::of(Step::join(join("call_1", "leg_1", speaker(OnExit::EndCall)))),
        Twiml::of(Step::join(join(NASTY, "leg_2", supervisor))),
        Twiml::of(Step::join(waited)),
        Twiml::of(Step::Dial(dial(DialTo::Conference(join("call_1", "leg_1", speaker(OnExit::Stay)))))),
        Twiml::of(Step::Dial(dial(DialTo::First(phones)))).then(Step::say("Nobody is there.")),
    ]
}

#[test]
fn a_document_is_written_to_the_letter_and_nothing_escapes_its_place() {
    assert_eq!(
        Twiml::of(Step::say("a < b & \"c\"")).then(Step::Hangup).to_xml(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Say>a &lt; b &amp; \"c\"</Say><Hangup /></Response>"
    );
    let entry = Entry::Supervisor {
        agent: LegId::from("CA\"/><Hangup/>"),
    };
    let xml = Twiml::of(Step::join(join("call_1", "leg_1", entry))).to_xml();
    assert!(!xml.contains("<Hangup"), "{xml}");
    for attribute in [
        "muted=\"true\"",
        "startConferenceOnEnter=\"false\"",
        "endConferenceOnExit=\"false\"",
        "beep=\"false\"",
        "waitUrl=\"\"",
    ] {
        assert!(xml.contains(attribute), "{attribute} is missing");
    }
    for document in documents() {
        let xml = document.to_xml();
        assert!(
            xml.chars().all(|c| c == '\n' || c == '\t' || (c >= ' ' && c != '\u{fffe}')),
            "{xml}"
        );
    }
}

#[tokio::test]
async fn twilios_own_classes_rebuild_every_document_that_we_write() {
    let documents: Vec<String> = documents().iter().map(Twiml::to_xml).collect();
    let wrong = [
        "<Response><Dial><Conference coaching=\"x\">a</Conference></Dial></Response>",
        "<Response><dial>a</dial></Response>",
        "<Response><Conference>a</Conference></Response>",
        "<Response><Dance /></Response>",
    ];
    let told = judge(&json!({"documents": documents, "wrong_documents": wrong})).await;
    assert_eq!(told["rebuilt"].as_u64(), Some(documents.len() as u64));
    assert_eq!(told["unknown"].as_u64(), Some(wrong.len() as u64));
}
