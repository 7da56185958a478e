//! The jitter buffer, on a sample clock: no time passes but by ticks.
#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "tests fail by panicking; a tone fits in 16 bits"
)]

use super::*;

fn tone(from: u64, length: u64) -> Vec<i16> {
    (from..from + length)
        .map(|at| ((at as f64) * 440.0 * std::f64::consts::TAU / 8_000.0).sin() * 8_000.0)
        .map(|sample| sample as i16)
        .collect()
}

fn packet(jitter: &mut Jitter, number: u64) {
    jitter.push(number * 160, tone(number * 160, 160).into_iter());
}

fn pull(jitter: &mut Jitter) -> (Pulled, Frame) {
    let mut frame = [0; FRAME];
    let pulled = jitter.pull(&mut frame);
    (pulled, frame)
}

fn started() -> Jitter {
    let mut jitter = Jitter::default();
    packet(&mut jitter, 0);
    packet(&mut jitter, 1);
    jitter
}

#[test]
fn packets_come_out_as_they_went_in_after_40_ms() {
    let mut jitter = Jitter::default();
    packet(&mut jitter, 0);
    assert_eq!(pull(&mut jitter).0, Pulled::Silent);
    packet(&mut jitter, 1);
    for number in 0..40 {
        let (pulled, frame) = pull(&mut jitter);
        packet(&mut jitter, number + 2);
        assert_eq!(pulled, Pulled::Played);
        if number > 0 {
            assert_eq!(frame.to_vec(), tone(number * 160, 160), "frame {number}");
        }
    }
    assert_eq!(jitter.counters().concealed, 0);
}

#[test]
fn packets_of_30_ms_in_the_wrong_order_are_played_in_the_right_one() {
    let mut jitter = Jitter::default();
    for number in [1, 0, 3, 2, 5, 4_u64] {
        jitter.push(number * 240, tone(number * 240, 240).into_iter());
    }
    for number in 0..9 {
        let (pulled, frame) = pull(&mut jitter);
        assert_eq!(pulled, Pulled::Played);
        if number > 0 {
            assert_eq!(frame.to_vec(), tone(number * 160, 160), "frame {number}");
        }
    }
}

#[test]
fn a_lost_packet_is_made_up_so_that_a_tone_goes_on() {
    let mut jitter = started();
    for number in 2..10 {
        packet(&mut jitter, number);
    }
    for number in 11..14 {
        packet(&mut jitter, number);
    }
    for number in 0..14 {
        let (pulled, frame) = pull(&mut jitter);
        assert_eq!(pulled == Pulled::Concealed, number == 10, "frame {number}");
        if number > 0 {
            let worst = frame
                .iter()
                .zip(tone(number * 160, 160))
                .map(|(played, sent)| (i32::from(*played) - i32::from(sent)).abs());
            assert!(worst.max().unwrap() < 500, "frame {number}");
        }
    }
}

#[test]
fn what_comes_too_late_is_counted_and_not_played() {
    let mut jitter = started();
    pull(&mut jitter);
    pull(&mut jitter);
    packet(&mut jitter, 0);
    assert_eq!(jitter.counters().late, 1);
}

#[test]
fn a_sender_who_stops_fades_away_and_the_next_packet_starts_anew() {
    let mut jitter = started();
    let last = (0..60).map(|_| pull(&mut jitter)).last().unwrap();
    assert_eq!(last, (Pulled::Silent, [0; FRAME]));
    let far = 1_000_000;
    for number in 0..3 {
        jitter.push(far + number * 160, tone(number * 160, 160).into_iter());
    }
    assert_eq!(pull(&mut jitter).0, Pulled::Played);
    assert_eq!(pull(&mut jitter).1.to_vec(), tone(160, 160));
}

#[test]
fn nothing_that_was_forgotten_is_ever_played() {
    let mut jitter = started();
    pull(&mut jitter);
    for number in 2..6 {
        packet(&mut jitter, number);
    }
    jitter.forget();
    for _ in 0..60 {
        assert_eq!(pull(&mut jitter), (Pulled::Silent, [0; FRAME]));
    }
    for number in 7..9 {
        jitter.push(number * 160, [77; FRAME].into_iter());
    }
    assert_eq!(pull(&mut jitter).0, Pulled::Played);
    assert_eq!(pull(&mut jitter).1, [77; FRAME]);
}

#[test]
fn a_clock_that_runs_fast_does_not_grow_the_delay() {
    let mut jitter = started();
    // One packet too many each 100 ticks: 10,000 parts in a million.
    let mut number = 2;
    for tick in 0..6_000 {
        packet(&mut jitter, number);
        number += 1;
        if tick % 100 == 0 {
            packet(&mut jitter, number);
            number += 1;
        }
        pull(&mut jitter);
        assert!(jitter.buffered_ms() <= 160, "{} ms at tick {tick}", jitter.buffered_ms());
    }
    assert!(jitter.counters().skipped >= 50);
}

#[test]
fn packets_that_come_unevenly_get_more_time_and_are_then_played() {
    let mut jitter = started();
    // Every third packet comes 60 ms late, in a burst with those after it.
    let mut waiting: Vec<u64> = Vec::new();
    let mut concealed_late = 0;
    for number in 2..1_500 {
        waiting.push(number);
        if number % 4 == 0 {
            waiting.drain(..).for_each(|number| packet(&mut jitter, number));
        }
        let before = jitter.counters().concealed;
        pull(&mut jitter);
        if number > 500 {
            concealed_late += jitter.counters().concealed - before;
        }
    }
    assert!(concealed_late < 10, "{concealed_late} frames made up after the delay had settled");
}
