"""Drives the sandbox by Twilio's own library: base, account, token, the firm's number, a handset's number.

Prints one JSON line at the end: how many checks passed, and webhooks that the library has signed. Any failure ends it.
"""

import base64
import datetime
import json
import sys
import time
import urllib.parse
import urllib.request

from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

base, account, token, firm, handset = sys.argv[1:]
checks = 0


def check(so, what):
    global checks
    if not so:
        sys.exit(f"not so: {what}")
    checks += 1


def client(secret=token):
    made = Client(account, secret)
    made.api.base_url = base
    return made


def write(number, to, body, media=()):
    request = urllib.request.Request(
        f"{base}/handsets/{number}/messages",
        json.dumps({"to": to, "body": body, "media": list(media)}).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["sid"]


def refused(code, status, act):
    try:
        act()
    except TwilioRestException as error:
        check((error.code, error.status) == (code, status), f"{error.code} {error.status} is {code} {status}")
    else:
        sys.exit(f"{code} was not refused")


def delivered(sid):
    for _ in range(200):
        message = twilio.messages(sid).fetch()
        if message.status == "delivered":
            return message
        time.sleep(0.02)
    sys.exit("not delivered")


twilio = client()

# Sending, with two attachments and characters of all kinds.
text = "Grüße 😀 & % + =\nsecond line"
media = ["https://files.example/one.jpg", "https://files.example/two.pdf"]
sent = twilio.messages.create(to=handset, from_=firm, body=text, media_url=media)
check(sent.sid.startswith("MM") and len(sent.sid) == 34, "a text with media is MM and 32 digits")
check((sent.status, sent.body, sent.num_media, sent.direction) == ("queued", text, "2", "outbound-api"), "the text as sent")
check(isinstance(sent.date_created, datetime.datetime) and sent.date_sent is None, "dates")
check(delivered(sent.sid).date_sent is not None, "a delivered text has a date")
attached = twilio.messages(sent.sid).media.list()
check([item.content_type for item in attached] == ["image/jpeg", "application/pdf"], "both attachments")
check(twilio.messages(sent.sid).media(attached[0].sid).fetch().parent_sid == sent.sid, "one attachment")
check(twilio.messages(sent.sid).media(attached[0].sid).delete(), "an attachment is deleted")
check(len(twilio.messages(sent.sid).media.list()) == 1, "the other is left")

# Listing: pages keep the filters.
for number in range(25):
    write(handset, firm, f"text {number}")
    write("+15559990000", firm, "from somebody else")
listed = twilio.messages.list(to=firm, from_=handset, page_size=10)
check([item.body for item in listed] == [f"text {number}" for number in reversed(range(25))], "25 texts over three pages")
check(len(twilio.messages.list(to=firm, page_size=7)) == 50, "50 texts to the firm")
check(len(twilio.messages.list(limit=5)) == 5, "a limit")
pages = list(twilio.messages.stream(from_=handset, page_size=3))
check(len(pages) == 25, "a stream")
moment = listed[12].date_sent
check(len(twilio.messages.list(to=firm, date_sent_after=moment + datetime.timedelta(days=1))) == 0, "none after")
check(len(twilio.messages.list(to=firm, date_sent_after=moment - datetime.timedelta(days=1))) == 50, "all after")
check(len(twilio.messages.list(to=firm, date_sent_before=moment + datetime.timedelta(days=1))) == 50, "all before")
check(len(twilio.messages.list(to=firm, date_sent=moment.date())) == 50, "all of the day")

# Changing and deleting.
check(twilio.messages(sent.sid).update(body="").body == "", "a text is redacted")
check(twilio.messages(sent.sid).delete(), "a text is deleted")
refused(20404, 404, lambda: twilio.messages(sent.sid).fetch())

# Errors come as the library's exceptions.
refused(21211, 400, lambda: twilio.messages.create(to="12", from_=firm, body="x"))
refused(21606, 400, lambda: twilio.messages.create(to=handset, from_="+15005559999", body="x"))
refused(21212, 400, lambda: twilio.messages.create(to=handset, from_="nobody", body="x"))
refused(21603, 400, lambda: twilio.messages.create(to=handset, body="x"))
refused(21602, 400, lambda: twilio.messages.create(to=handset, from_=firm))
refused(21617, 400, lambda: twilio.messages.create(to=handset, from_=firm, body="x" * 1601))
refused(20003, 401, lambda: client("wrong").messages(sent.sid).fetch())
write("+15558880000", firm, "STOP")
refused(21610, 400, lambda: twilio.messages.create(to="+15558880000", from_=firm, body="x"))

# The account and its numbers.
check(twilio.api.accounts(account).fetch().status == "active", "the account is active")
numbers = twilio.incoming_phone_numbers.list(page_size=1)
check(len(numbers) == 2 and all(number.capabilities["sms"] for number in numbers), "two numbers over two pages")
check(len(twilio.incoming_phone_numbers.list(phone_number=firm)) == 1, "one number by its digits")

# Webhooks that the library signs.
signed = []
for public, path, body in [
    ("https://hub.example.org", "/webhooks/twilio/text", "  Grüße 😀 & % + =\nsecond line "),
    ("https://hub.example.org:8443", "/webhooks/twilio/text?tenant=7&x=%2B1", ""),
    ("http://127.0.0.1:8080", "/w", "plain"),
]:
    fields = {"MessageSid": "SM" + "0" * 32, "AccountSid": account, "From": handset, "To": firm, "Body": body, "Brand": "new"}
    signature = RequestValidator(token).compute_signature(public + path, fields)
    signed.append({"public": public, "path_and_query": path, "body": urllib.parse.urlencode(fields), "signature": signature, "expected_body": body})
    check(len(base64.b64decode(signature)) == 20, "an HMAC-SHA1")

print(json.dumps({"checks": checks, "signed": signed}))
