"""Judges by Twilio's own library what we made: access tokens, and documents for calls. Reads one JSON value from its input.

Prints one JSON line: how much was believed and refused, rebuilt and found wrong. Any failure ends it.
"""

import inspect
import json
import re
import sys
import xml.etree.ElementTree as ET

import jwt
from twilio.jwt import JwtDecodeError
from twilio.jwt.access_token import AccessToken
from twilio.twiml.voice_response import VoiceResponse

given = json.load(sys.stdin)
told = {}


def check(so, what):
    if not so:
        sys.exit(f"not so: {what}")


def believed(token, secret):
    read = AccessToken.from_jwt(token, secret)
    # The library leaves it to the caller to ask whether the time is right.
    jwt.decode(token, secret, algorithms=["HS256"])
    return read


if "tokens" in given:
    secret = given["secret"]
    for token in given["tokens"]:
        read = believed(token["jwt"], secret)
        voice = read.payload["grants"]["voice"]
        outgoing = voice.get("outgoing", {})
        check(read.payload["grants"]["identity"] == token["identity"], "the identity")
        check(voice.get("incoming", {}).get("allow", False) == token["incoming"], "whether it can be rung")
        check(outgoing.get("application_sid") == token["application"], "the application")
        check(outgoing.get("params") == token["params"], "the application's parameters")
        check(read.headers["cty"] == "twilio-fpa;v=1" and read.headers["alg"] == "HS256", "the header")
    told["believed"] = len(given["tokens"])
    told["refused"] = 0
    for token, key in [(token, secret) for token in given["refused"]] + [(given["tokens"][0]["jwt"], "another-secret-0123456789abcdef0123")]:
        try:
            believed(token, key)
        except (JwtDecodeError, jwt.InvalidTokenError):
            told["refused"] += 1
        else:
            sys.exit("a wrong token was believed")


class Unknown(Exception):
    pass


def snake(name):
    return re.sub(r"([A-Z])", lambda letter: "_" + letter.group(1).lower(), name)


def rebuild(element, parent):
    """Builds an element by the method of Twilio's class for its parent, if there is one with these attributes."""
    name = element.tag[:1].lower() + element.tag[1:]
    method = getattr(parent, name, None)
    if method is None or element.tag[:1].islower() or not callable(method):
        raise Unknown(element.tag)
    named = list(inspect.signature(method).parameters)
    values = {snake(attribute): value for attribute, value in element.attrib.items()}
    stray = [attribute for attribute in values if attribute not in named]
    if stray:
        raise Unknown(f"{element.tag} {stray}")
    content = {"Say": "message", "Play": "url", "Redirect": "url", "Number": "phone_number", "Client": "identity", "Conference": "name", "Identity": "client_identity"}
    if element.text is not None:
        values[content[element.tag]] = element.text
    built = method(**values)
    for child in element:
        rebuild(child, built)


def rebuilt(document):
    response = VoiceResponse()
    for element in ET.fromstring(document):
        rebuild(element, response)
    return str(response)


if "documents" in given:
    for document in given["documents"]:
        ours, theirs = ET.canonicalize(document), ET.canonicalize(rebuilt(document))
        check(ours == theirs, f"\n{ours}\nis\n{theirs}")
    told["rebuilt"] = len(given["documents"])
    told["unknown"] = 0
    for document in given["wrong_documents"]:
        try:
            rebuilt(document)
        except Unknown:
            told["unknown"] += 1
        else:
            sys.exit("a wrong document was rebuilt")

print(json.dumps(told))
