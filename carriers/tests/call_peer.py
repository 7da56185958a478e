"""Drives the sandbox's calls by Twilio's own library: base, account, token, the firm's number, a handset's number, a public address.

Prints one JSON line at the end: how many checks passed. Any failure ends it.
"""

import datetime
import json
import sys
import time
import urllib.request

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.twiml.voice_response import Dial, VoiceResponse

base, account, token, firm, handset, public = sys.argv[1:]
checks = 0
twilio = Client(account, token)
twilio.api.base_url = base


def check(so, what):
    global checks
    if not so:
        sys.exit(f"not so: {what}")
    checks += 1


def refused(code, status, act):
    try:
        act()
    except TwilioRestException as error:
        check((error.code, error.status) == (code, status), f"{error.code} {error.status} is {code} {status}")
    else:
        sys.exit(f"{code} was not refused")


def phone(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{base}/handsets/{path}", data, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def answer(number):
    for _ in range(300):
        rings = [call for call in phone(f"{number}/calls")["calls"] if call["status"] == "ringing"]
        if rings:
            return phone(f"{number}/calls/{rings[-1]['sid']}/answer", {})["sid"]
        time.sleep(0.02)
    sys.exit("it does not ring")


def becomes(read, wanted, what):
    for _ in range(300):
        if read() == wanted:
            return check(True, what)
        time.sleep(0.02)
    sys.exit(f"not so: {what}, but {read()}")


# A conference, made by its name with its first participant.
room = twilio.conferences("call 1 ü").participants
agent = room.create(from_=firm, to="client:agent_1", label="agent", early_media=False, beep="false",
                    conference_status_callback=f"{public}/room", conference_status_callback_event=["start", "end", "join", "leave", "mute", "modify"],
                    status_callback=f"{public}/leg", status_callback_event=["initiated", "ringing", "answered", "completed"])
check(agent.call_sid.startswith("CA") and agent.conference_sid.startswith("CF"), "ids of a participant")
check((agent.status, agent.label, agent.muted, agent.coaching) == ("queued", "agent", False, False), "a participant that is to ring")
conference = twilio.conferences(agent.conference_sid)
check((conference.fetch().friendly_name, conference.fetch().status) == ("call 1 ü", "init"), "a conference before anybody is in")
outside = conference.participants.create(from_=firm, to=handset, label="outside", end_conference_on_exit=True, early_media=False, timeout=20)
check(outside.conference_sid == agent.conference_sid, "the same conference by its id")
check(answer("client:agent_1") == agent.call_sid and answer(handset) == outside.call_sid, "both phones ring")
becomes(lambda: conference.fetch().status, "in-progress", "both are in")
boss = conference.participants.create(from_=firm, to="client:boss", label="boss", muted=True, coaching=True, call_sid_to_coach=agent.call_sid,
                                      start_conference_on_enter=False, end_conference_on_exit=False, early_media=False)
check((boss.muted, boss.coaching, boss.call_sid_to_coach) == (True, True, agent.call_sid), "a supervisor enters muted and coaching")
answer("client:boss")
seat = conference.participants("boss")
for muted, coaching in [(False, True), (False, False), (True, True)]:
    changed = seat.update(muted=muted, coaching=coaching, call_sid_to_coach=agent.call_sid)
    check((changed.muted, changed.coaching, changed.call_sid_to_coach) == (muted, coaching, agent.call_sid), "a switch")
nobody = "CA" + "0" * 32
refused(16028, 400, lambda: seat.update(coaching=True, call_sid_to_coach=nobody))
refused(16028, 400, lambda: seat.update(coaching=True, call_sid_to_coach=boss.call_sid))
refused(16028, 400, lambda: conference.participants.create(from_=firm, to="client:x", coaching=True, call_sid_to_coach=nobody))
refused(16025, 400, lambda: conference.participants.create(from_=firm, to="client:x", label="boss"))
refused(20404, 404, lambda: conference.participants("nobody").fetch())
refused(20404, 404, lambda: twilio.conferences("CF" + "0" * 32).participants.create(from_=firm, to=handset))
refused(21211, 400, lambda: conference.participants.create(from_=firm, to="12"))
refused(21210, 400, lambda: conference.participants.create(from_="+15005559999", to=handset))

# Lists with pages and filters.
check([item.label for item in conference.participants.list(page_size=1)] == ["agent", "outside", "boss"], "three participants over three pages")
check([item.label for item in conference.participants.list(muted=True, page_size=1)] == ["boss"], "who is muted")
check([item.label for item in conference.participants.list(coaching=False, page_size=1)] == ["agent", "outside"], "who does not coach")
check(conference.participants("outside").update(hold=True).hold is True, "a hold")
check([item.label for item in conference.participants.list(hold=True)] == ["outside"], "who is held")
conference.participants("outside").update(hold=False, announce_url=f"{public}/sound.mp3")
check([item.sid for item in twilio.conferences.list(friendly_name="call 1 ü", status="in-progress")] == [agent.conference_sid], "a conference by its name")
check([call.sid for call in twilio.calls.list(to=handset, page_size=1)] == [outside.call_sid], "one call to the handset")
call = twilio.calls(outside.call_sid).fetch()
check((call.status, call.direction, call.duration) == ("in-progress", "outbound-api", None), "a call that goes on")
check(isinstance(call.start_time, datetime.datetime) and call.end_time is None, "dates of a call")

# Recordings.
recording = twilio.calls(outside.call_sid).recordings.create(recording_channels="dual", recording_status_callback=f"{public}/recording",
                                                             recording_status_callback_event=["in-progress", "completed"])
check((recording.status, recording.channels, recording.source) == ("in-progress", 2, "StartCallRecordingAPI"), "a recording")
current = twilio.calls(outside.call_sid).recordings("Twilio.CURRENT")
check(current.update(status="paused", pause_behavior="silence").status == "paused", "a pause")
check(current.update(status="in-progress").status == "in-progress", "it goes on")
check(current.update(status="stopped").status == "completed", "its end")
refused(20404, 404, lambda: current.update(status="paused"))
check([item.sid for item in twilio.recordings.list(call_sid=outside.call_sid)] == [recording.sid], "the recordings of a call")
check(twilio.recordings(recording.sid).fetch().media_url.endswith(recording.sid), "where its sound is")
check(twilio.recordings(recording.sid).delete(), "a recording is deleted")
refused(20404, 404, lambda: twilio.recordings(recording.sid).fetch())

# Who goes, and the end.
check(seat.delete(), "the supervisor is taken off")
refused(20404, 404, lambda: seat.fetch())
becomes(lambda: twilio.calls(boss.call_sid).fetch().status, "completed", "and hung up")
check(twilio.calls(agent.call_sid).update(status="completed").status == "completed", "the agent is hung up")
check(conference.update(status="completed").status == "completed", "the conference ends")
ended = conference.fetch()
check((ended.reason_conference_ended, ended.status) == ("conference-ended-via-api", "completed"), "why it ended")
becomes(lambda: twilio.calls(outside.call_sid).fetch().status, "completed", "the outside party is hung up")
refused(21220, 400, lambda: twilio.calls(outside.call_sid).update(url=f"{public}/voice"))
check(len(twilio.calls.list(status="completed", page_size=2)) == 3, "three calls over two pages")
check(len(twilio.calls.list(start_time_after=call.start_time + datetime.timedelta(days=1))) == 0, "none later")
check(twilio.calls(boss.call_sid).delete(), "a call is deleted")
refused(20404, 404, lambda: twilio.calls(boss.call_sid).fetch())

# A call with a document that Twilio's classes wrote, and one that is redirected to another.
document = VoiceResponse()
document.say("Grüße & <welcome>", language="de-DE")
dial = Dial()
dial.conference("room 2", start_conference_on_enter=True, participant_label="one", beep=False, status_callback=f"{public}/room", status_callback_event="start join leave")
document.append(dial)
made = twilio.calls.create(to=handset, from_=firm, twiml=str(document), timeout=10)
check((made.status, made.direction) == ("queued", "outbound-api"), "a call with a document")
answer(handset)
becomes(lambda: [len(item.participants.list()) for item in twilio.conferences.list(friendly_name="room 2")], [1], "it leads into a conference")
check(phone(f"{handset}/calls")["calls"][-1]["heard"] == ["Grüße & <welcome>"], "what was said")
bye = VoiceResponse()
bye.say("Good bye")
check(twilio.calls(made.sid).update(twiml=str(bye)).status == "in-progress", "a redirected call")
becomes(lambda: twilio.calls(made.sid).fetch().status, "completed", "its end")
check(phone(f"{handset}/calls")["calls"][-1]["heard"][-1] == "Good bye", "the new document was followed")
refused(21205, 400, lambda: twilio.calls.create(to=handset, from_=firm, url="nowhere"))
refused(20001, 400, lambda: twilio.calls.create(to=handset, from_=firm, twiml="<Response><Dance/></Response>"))
number = twilio.incoming_phone_numbers.list(phone_number=firm)[0]
check(number.update(voice_url=f"{public}/other").voice_url == f"{public}/other", "a number's address for calls")

print(json.dumps({"checks": checks}))
