//! Imitates Twilio on a loopback port: its REST interface, its webhooks, and handsets on which a person plays the outside party.
