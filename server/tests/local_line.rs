//! Calls with real audio: the API, the trunk and the handsets, the voice engine on real UDP, and peers that each say their own tone. Who
//! hears whom is read from the spectrum of what each receives.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod floor;
mod peers;

use casewire_store::on_both_engines;
use serde_json::json;

use crate::stage::{FIRM, JANE, STRANGER};
use floor::{AGENT, Floor, SUPERVISOR, sides};
use peers::{HEARD, UNHEARD, level, loudest};

const AGENT_TONE: f64 = 440.0;
const OUTSIDE_TONE: f64 = 660.0;
const BOSS_TONE: f64 = 880.0;

on_both_engines! {
    async fn a_call_has_audio_both_ways_from_post_to_hang_up_and_its_recording_has_each_side_in_its_channel(db: TestDatabase) {
        let mut floor = Floor::open(db).await;
        floor.record().await;
        let call = floor.calls_jane(AGENT_TONE).await;
        floor.until(AGENT, &call, "status", json!("ringing")).await;
        floor.answers(JANE, OUTSIDE_TONE).await;
        floor.until(AGENT, &call, "status", json!("in-progress")).await;
        floor.listen().await;
        floor.assert_hears(AGENT, &[JANE], "talking");
        floor.assert_hears(JANE, &[AGENT], "talking");
        floor.does(AGENT, &call, json!({"act": "mute", "on": true})).await;
        floor.listen().await;
        floor.assert_hears(AGENT, &[JANE], "muted");
        floor.assert_hears(JANE, &[], "muted");
        floor.does(AGENT, &call, json!({"act": "mute", "on": false})).await;
        floor.does(AGENT, &call, json!({"act": "hold", "on": true})).await;
        floor.listen().await;
        floor.assert_hears(AGENT, &[], "on hold");
        floor.assert_hears(JANE, &[], "on hold");
        floor.does(AGENT, &call, json!({"act": "hold", "on": false})).await;
        floor.listen().await;
        floor.assert_hears(JANE, &[AGENT], "back from hold");
        floor.does(AGENT, &call, json!({"act": "hang_up"})).await;
        let ended = floor.until(AGENT, &call, "recording", json!("ready")).await;
        assert_eq!((&ended["status"], &ended["end_reason"]), (&json!("completed"), &json!("agent_hung_up")));
        assert_eq!(floor.phone(JANE).await["state"], "ended");
        let (sound, waves) = floor.recording(&ended).await;
        let (left, right) = sides(&sound);
        assert!(loudest(&left, AGENT_TONE) > HEARD && level(&left, OUTSIDE_TONE) < UNHEARD);
        assert!(loudest(&right, OUTSIDE_TONE) > HEARD && level(&right, AGENT_TONE) < UNHEARD);
        assert_eq!((waves["peaks"].as_array().unwrap().len(), waves["peaks"][1].as_array().unwrap().len()), (2, 200));
        assert_eq!(waves["duration_ms"], ended["recordings"][0]["duration_ms"]);
    }

    async fn a_supervisor_is_heard_by_whom_each_mode_allows_and_a_reloaded_page_goes_on(db: TestDatabase) {
        let mut floor = Floor::open(db).await;
        let call = floor.calls_jane(AGENT_TONE).await;
        floor.answers(JANE, OUTSIDE_TONE).await;
        floor.until(AGENT, &call, "status", json!("in-progress")).await;
        floor.ready(SUPERVISOR).await;
        floor.supervises(&call, "POST", "listen").await;
        floor.offers(SUPERVISOR, &call, BOSS_TONE).await;
        for (method, mode, agent, outside) in [
            ("PATCH", "listen", &[JANE][..], &[AGENT][..]),
            ("PATCH", "whisper", &[JANE, SUPERVISOR], &[AGENT]),
            ("PATCH", "barge", &[JANE, SUPERVISOR], &[AGENT, SUPERVISOR]),
            ("PATCH", "whisper", &[JANE, SUPERVISOR], &[AGENT]),
        ] {
            floor.supervises(&call, method, mode).await;
            floor.listen().await;
            floor.assert_hears(AGENT, agent, mode);
            floor.assert_hears(JANE, outside, mode);
            floor.assert_hears(SUPERVISOR, &[AGENT, JANE], mode);
        }
        // The agent's page is loaded anew: a leg in the place of the old one, and whoever whispered to it listens.
        floor.leave(AGENT);
        floor.offers(AGENT, &call, AGENT_TONE).await;
        floor.until(AGENT, &call, "agent_line", json!("here")).await;
        floor.listen().await;
        floor.assert_hears(AGENT, &[JANE], "reloaded");
        floor.assert_hears(JANE, &[AGENT], "reloaded");
        floor.supervises(&call, "PATCH", "whisper").await;
        floor.listen().await;
        floor.assert_hears(AGENT, &[JANE, SUPERVISOR], "whispering again");
        floor.supervises(&call, "DELETE", "listen").await;
        floor.leave(SUPERVISOR);
        floor.hangs_up(JANE).await;
        let ended = floor.until(AGENT, &call, "status", json!("completed")).await;
        assert_eq!(ended["end_reason"], "outside_hung_up");
    }

    async fn who_calls_an_agent_who_wrote_to_them_is_answered_and_who_calls_nobody_leaves_a_voicemail(db: TestDatabase) {
        let mut floor = Floor::open(db).await;
        floor.stage.write("123", "Please call me back.").await;
        floor.ready(AGENT).await;
        let call = floor.dials(JANE, FIRM, OUTSIDE_TONE).await;
        floor.until(AGENT, &call, "status", json!("ringing")).await;
        floor.does(AGENT, &call, json!({"act": "answer"})).await;
        floor.offers(AGENT, &call, AGENT_TONE).await;
        floor.listen().await;
        floor.assert_hears(AGENT, &[JANE], "answered");
        floor.assert_hears(JANE, &[AGENT], "answered");
        assert_eq!(floor.phone(JANE).await["state"], "talking");
        floor.hangs_up(JANE).await;
        floor.until(AGENT, &call, "status", json!("completed")).await;
        floor.leave(AGENT);
        floor.leave(JANE);

        let message = floor.dials(STRANGER, FIRM, OUTSIDE_TONE).await;
        floor.until(AGENT, &message, "status", json!("recording")).await;
        // The greeting, and then some words.
        floor.talk(250).await;
        floor.hangs_up(STRANGER).await;
        let left = floor.until(AGENT, &message, "recording", json!("ready")).await;
        assert_eq!((&left["status"], &left["recordings"][0]["kind"]), (&json!("voicemail"), &json!("voicemail")));
        let (sound, _) = floor.recording(&left).await;
        let (agent, caller) = sides(&sound);
        assert!(level(&caller, OUTSIDE_TONE) > HEARD && agent.iter().all(|sample| *sample == 0));
    }

    async fn a_phone_that_nobody_answers_and_one_that_is_declined_end_the_call(db: TestDatabase) {
        let mut floor = Floor::open(db).await;
        let call = floor.calls_jane(AGENT_TONE).await;
        floor.until(AGENT, &call, "status", json!("ringing")).await;
        // The agent hears that it rings: the tone of North America.
        floor.talk(50).await;
        assert!(floor.level(AGENT, 480.0) > HEARD);
        floor.declines(JANE).await;
        floor.until(AGENT, &call, "status", json!("busy")).await;
        let ended = floor.phone(JANE).await;
        assert_eq!((&ended["state"], &ended["why"]), (&json!("ended"), &json!("declined")));
    }

    async fn only_what_the_far_end_signed_is_believed_and_only_a_number_of_the_firms_is_answered(db: TestDatabase) {
        let floor = Floor::open(db).await;
        let stranger = floor.stage.firm.stranger();
        let event = json!({"event": "hung_up", "call": "call_0190000000007000800000000000002a"});
        assert_eq!(stranger.post("/webhooks/trunk", event).await.code(), "unsigned_webhook");
        let (status, refused) = floor.dial(STRANGER, crate::stage::UNOWNED, "v=0").await;
        assert_eq!((status, refused["code"].as_str()), (404, Some("not_in_service")));
        let (status, refused) = floor.dial(STRANGER, FIRM, "no session description").await;
        assert_eq!((status, refused["code"].as_str()), (400, Some("bad_offer")));
    }

    async fn a_second_node_waits_for_the_lease_ends_what_the_first_left_and_keeps_its_recording(db: TestDatabase) {
        let mut floor = Floor::open(db).await;
        floor.record().await;
        let call = floor.calls_jane(AGENT_TONE).await;
        floor.answers(JANE, OUTSIDE_TONE).await;
        floor.until(AGENT, &call, "status", json!("in-progress")).await;
        floor.talk(200).await;
        let second = floor.second_node().await;
        assert!(second.lines.usual().is_none(), "the first node has the lease");
        // The first node is silent for longer than its lease.
        floor.abandon().await;
        floor.until_joined(&second).await;
        let ended = floor.until(AGENT, &call, "recording", json!("ready")).await;
        assert_eq!((&ended["status"], &ended["end_reason"]), (&json!("completed"), &json!("carrier_failed")));
        let (sound, _) = floor.recording_at(&second, &ended).await;
        assert!(loudest(&sides(&sound).1, OUTSIDE_TONE) > HEARD);
    }
}
