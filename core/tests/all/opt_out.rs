//! Keywords that carriers and the law know, and what is not one.

use casewire_core::messaging::opt_out::{Keyword, OptOut, keyword};

#[test]
fn every_word_is_recognised_in_either_case_and_with_what_phones_add() {
    let words = [
        (
            Keyword::Stop,
            "STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT OPT-OUT OPT_OUT",
        ),
        (Keyword::Start, "START YES UNSTOP"),
        (Keyword::Help, "HELP INFO"),
    ];
    for (expected, words) in words {
        for word in words.split(' ').map(|word| word.replace("OPT_OUT", "OPT OUT")) {
            let lower = word.to_lowercase();
            for body in [
                word.clone(),
                lower.clone(),
                format!("  {lower}\r\n"),
                format!("{word}."),
                format!("“{lower}!”"),
                format!("'{word}'"),
                format!("\u{feff}{lower}\u{200b}"),
            ] {
                assert_eq!(keyword(&body, None), Some(expected), "{word}");
            }
        }
    }
}

#[test]
fn an_opt_out_is_not_missed_for_an_emoji_or_wide_letters() {
    for body in ["STOP 🛑", "🙏 stop", "ＳＴＯＰ", "opt  out", "Stop all", "stop…"] {
        assert_eq!(keyword(body, None), Some(Keyword::Stop));
    }
    assert_eq!(keyword("yes 👍", None), None, "an opt-in is not guessed");
}

#[test]
fn a_sentence_is_no_keyword() {
    for body in [
        "",
        " ",
        "...",
        "please stop texting me",
        "stop it",
        "don't stop",
        "yes please",
        "I need help",
        "help me",
        "the end",
        "stopped",
        "nonstop",
        "startup",
        "st.op",
        "no",
        "информация",
    ] {
        assert_eq!(keyword(body, None), None);
    }
    assert_eq!(
        keyword(&format!("{}stop", " ".repeat(5000)), None),
        None,
        "a long message is a message"
    );
}

#[test]
fn the_carrier_is_believed_except_against_a_stop() {
    assert_eq!(keyword("arret", Some(Keyword::Stop)), Some(Keyword::Stop));
    assert_eq!(keyword("join", Some(Keyword::Start)), Some(Keyword::Start));
    assert_eq!(keyword("help", Some(Keyword::Start)), Some(Keyword::Start));
    assert_eq!(keyword("stop", Some(Keyword::Help)), Some(Keyword::Stop));
}

#[test]
fn the_ledger_follows_stop_and_start_and_nothing_else() {
    use OptOut::{OptedIn, OptedOut};
    for state in [OptedIn, OptedOut] {
        assert_eq!(state.after(Keyword::Stop), OptedOut);
        assert_eq!(state.after(Keyword::Start), OptedIn);
        assert_eq!(state.after(Keyword::Help), state);
    }
    assert_eq!(OptOut::default(), OptedIn);
}

#[test]
fn names_are_the_same_in_the_database_and_on_the_wire() {
    for state in [OptOut::OptedIn, OptOut::OptedOut] {
        assert_eq!(state.as_str().parse(), Ok(state));
        assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
    }
    for keyword in [Keyword::Stop, Keyword::Start, Keyword::Help] {
        assert_eq!(keyword.as_str().parse(), Ok(keyword));
        assert_eq!(serde_json::to_value(keyword).unwrap(), keyword.as_str());
    }
    assert!("Stop".parse::<Keyword>().is_err() && "".parse::<OptOut>().is_err());
}
