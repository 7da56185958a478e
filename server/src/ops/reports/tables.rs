//! One function per report: what it comes to, its columns and its rows.

use std::collections::BTreeMap;
use std::time::Duration;

use casewire_core::reports::{Day, Spans, Stretch, Zone};
use casewire_core::time::Timestamp;
use casewire_core::view::Direction;
use casewire_store::reports::cells::{counted_answers, counted_texts};
use casewire_store::reports::{self, Counted, CountedCalls, Scope};
use casewire_store::{StoreError, Tx};

use super::Unit::{BasisPoints, Count, Date, Days, Seconds};
use super::{Figure, ReportName, Row, Unit};

/// A case whose client has heard nothing for so many days is counted.
const LONG_SILENT: Day = 30;
/// The ages of unclaimed texts: hours, and the word for younger ones.
const AGES: [(u64, &str); 4] = [(1, "under_1_hour"), (4, "under_4_hours"), (24, "under_1_day"), (72, "under_3_days")];
/// The word for all that are older.
const OLDER: &str = "older";

/// What a report is made of.
pub(super) struct Asked<'a> {
    pub(super) texts: Scope<'a>,
    pub(super) calls: Scope<'a>,
    pub(super) zone: &'a Zone,
    pub(super) stretch: Stretch,
    pub(super) now: Timestamp,
}

/// Figures, columns and rows.
pub(super) struct Table {
    pub(super) figures: Vec<Figure>,
    pub(super) columns: Vec<(&'static str, Unit)>,
    pub(super) rows: Vec<Row>,
}

/// Texts and calls, in and out.
#[derive(Clone, Copy, Default)]
struct Traffic {
    texts: [i64; 2],
    calls: [i64; 2],
}

const TRAFFIC: [(&str, Unit); 4] = [("texts_in", Count), ("texts_out", Count), ("calls_in", Count), ("calls_out", Count)];
const WAITS: [(&str, Unit); 3] = [("count", Count), ("p50", Seconds), ("p90", Seconds)];

fn place(direction: Direction) -> usize {
    match direction {
        Direction::Inbound => 0,
        Direction::Outbound => 1,
    }
}

fn row(label: String, values: impl IntoIterator<Item = i64>) -> Row {
    Row {
        label,
        values: values.into_iter().map(Some).collect(),
        ..Row::default()
    }
}

/// Of so many so many, in basis points.
fn share(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| part * 10_000 / whole)
}

impl Traffic {
    fn add(&mut self, direction: Direction, is_text: bool, total: i64) {
        let side = if is_text { &mut self.texts } else { &mut self.calls };
        if let Some(count) = side.get_mut(place(direction)) {
            *count += total;
        }
    }

    fn values(self) -> [i64; 4] {
        let ([texts_in, texts_out], [calls_in, calls_out]) = (self.texts, self.calls);
        [texts_in, texts_out, calls_in, calls_out]
    }
}

impl Asked<'_> {
    pub(super) async fn table(&self, tx: &mut Tx, name: ReportName) -> Result<Table, StoreError> {
        match name {
            ReportName::Logged => self.logged(tx).await,
            ReportName::Volumes => self.volumes(tx).await,
            ReportName::Roles => self.roles(tx).await,
            ReportName::Responses => self.responses(tx).await,
            ReportName::Claims => self.claims(tx).await,
            ReportName::Unclaimed => self.unclaimed(tx).await,
            ReportName::Calls => self.calls(tx).await,
            ReportName::LastContact => self.last_contact(tx).await,
            ReportName::Failures => self.failures(tx).await,
        }
    }

    fn bounds(&self) -> (Timestamp, Timestamp) {
        let Stretch { first, last } = self.stretch;
        (self.zone.beginning_of(first), self.zone.beginning_of(last + 1))
    }

    fn label_of(&self, at: Timestamp) -> String {
        self.stretch.label(self.zone.day_of(at))
    }

    async fn counted_calls(&self, tx: &mut Tx) -> Result<Vec<CountedCalls>, StoreError> {
        let (from, to) = self.bounds();
        reports::calls(tx, self.calls, from, to).await
    }

    /// Everything that was counted, and whether it is of texts.
    async fn traffic(&self, tx: &mut Tx) -> Result<Vec<(Counted, bool)>, StoreError> {
        let texts = counted_texts(tx, self.texts, self.zone, self.stretch).await?;
        let calls = self.counted_calls(tx).await?;
        let texts = texts.into_iter().map(|counted| (counted, true));
        Ok(texts.chain(calls.into_iter().map(|calls| (calls.counted, false))).collect())
    }

    async fn logged(&self, tx: &mut Tx) -> Result<Table, StoreError> {
        let mut stretches: BTreeMap<String, (i64, i64)> = self.stretch.labels().into_iter().map(|label| (label, (0, 0))).collect();
        for (counted, _) in self.traffic(tx).await? {
            let (all, logged) = stretches.entry(self.label_of(counted.at)).or_default();
            *all += counted.total;
            *logged += if counted.is_logged { counted.total } else { 0 };
        }
        let (all, logged) = stretches.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let (from, to) = self.bounds();
        let listed = reports::listed(tx, self.texts, from, to).await?;
        let of_carriers = |count: fn((i64, i64)) -> i64| listed.map(count);
        let figures = vec![
            ("share", BasisPoints, share(logged, all)),
            ("all", Count, Some(all)),
            ("logged", Count, Some(logged)),
            ("listed", Count, of_carriers(|(listed, _)| listed)),
            ("missing", Count, of_carriers(|(_, missing)| missing)),
        ];
        let rows = stretches.into_iter().map(|(label, (all, logged))| Row {
            label,
            values: vec![Some(all), Some(logged), share(logged, all)],
            ..Row::default()
        });
        Ok(Table {
            figures,
            columns: vec![("all", Count), ("logged", Count), ("share", BasisPoints)],
            rows: rows.collect(),
        })
    }

    async fn volumes(&self, tx: &mut Tx) -> Result<Table, StoreError> {
        let mut stretches: BTreeMap<String, Traffic> = self.stretch.labels().into_iter().map(|label| (label, Traffic::default())).collect();
        for (counted, is_text) in self.traffic(tx).await? {
            let traffic = stretches.entry(self.label_of(counted.at)).or_default();
            traffic.add(counted.direction, is_text, counted.total);
        }
        Ok(of_traffic(stretches.into_iter().collect()))
    }

    async fn roles(&self, tx: &mut Tx) -> Result<Table, StoreError> {
        let mut roles: BTreeMap<String, Traffic> = BTreeMap::new();
        for (counted, is_text) in self.traffic(tx).await? {
            roles
                .entry(counted.role)
                .or_default()
                .add(counted.direction, is_text, counted.total);
        }
        let mut roles: Vec<_> = roles.into_iter().filter(|(_, traffic)| traffic.values() != [0; 4]).collect();
        roles.sort_by_key(|(_, traffic)| std::cmp::Reverse(traffic.values().iter().sum::<i64>()));
        Ok(of_traffic(roles))
    }

    async fn responses(&self, tx: &mut Tx) -> Result<Table, StoreError> {
        let answers = counted_answers(tx, self.texts, self.zone, self.stretch).await?;
        let waits = answers.into_iter().map(|(day, step, total)| (self.stretch.label(day), step, total));
        Ok(of_waits(self.stretch, waits))
    }

    async fn claims(&self, tx: &mut Tx) -> Result<Table, StoreError> {
        let (from, to) = self.bounds();
        let claims = reports::claims(tx, self.texts, from, to).await?;
        let waits = claims.into_iter().map(|(at, seconds)| {
            let step = Spans::step(u64::try_from(seconds).unwrap_or(0));
            (self.label_of(at), step, 1)
        });
        Ok(of_waits(self.stretch, waits))
    }

    async fn unclaimed(&self, tx: &mut Tx) -> Result<Table, StoreError> {
        let (from, to) = self.bounds();
        let waiting = reports::unclaimed(tx, self.texts, from, to).await?;
        let mut ages: Vec<(&str, i64)> = AGES.iter().map(|(_, word)| (*word, 0)).chain([(OLDER, 0)]).collect();
        for since in &waiting {
            let age = self.now.since(*since);
            let place = AGES.iter().position(|(hours, _)| age < Duration::from_secs(hours * 3600));
            if let Some((_, count)) = ages.get_mut(place.unwrap_or(AGES.len())) {
                *count += 1;
            }
        }
        let age = |since: Option<&Timestamp>| since.and_then(|since| i64::try_from(self.now.since(*since).as_secs()).ok());
        let figures = vec![
            ("count", Count, i64::try_from(waiting.len()).ok()),
            ("oldest", Seconds, age(waiting.first())),
            ("median", Seconds, age(waiting.get(waiting.len() / 2))),
        ];
        let rows = ages.into_iter().map(|(word, count)| row(word.to_owned(), [count]));
        Ok(Table {
            figures,
            columns: vec![("count", Count)],
            rows: rows.collect(),
        })
    }

    async fn calls(&self, tx: &mut Tx) -> Result<Table, StoreError> {
        let mut outcomes: BTreeMap<String, ([i64; 2], i64)> = BTreeMap::new();
        for calls in self.counted_calls(tx).await? {
            let (sides, seconds) = outcomes.entry(calls.status).or_default();
            if let Some(count) = sides.get_mut(place(calls.counted.direction)) {
                *count += calls.counted.total;
            }
            *seconds += calls.seconds;
        }
        let [calls_in, calls_out] = outcomes
            .values()
            .fold([0, 0], |sum, (sides, _)| [sum[0] + sides[0], sum[1] + sides[1]]);
        let seconds = outcomes.values().map(|(_, seconds)| seconds).sum();
        let figures = vec![
            ("calls_in", Count, Some(calls_in)),
            ("calls_out", Count, Some(calls_out)),
            ("talked", Seconds, Some(seconds)),
        ];
        let mut rows: Vec<Row> = outcomes
            .into_iter()
            .map(|(status, (sides, seconds))| row(status, [sides[0], sides[1], seconds]))
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.values.iter().take(2).flatten().sum::<i64>()));
        Ok(Table {
            figures,
            columns: vec![("calls_in", Count), ("calls_out", Count), ("talked", Seconds)],
            rows,
        })
    }

    async fn last_contact(&self, tx: &mut Tx) -> Result<Table, StoreError> {
        let mut cases = reports::clients(tx, self.texts).await?;
        cases.sort_by(|one, other| {
            one.last_at
                .cmp(&other.last_at)
                .then_with(|| one.mycase_case_id.cmp(&other.mycase_case_id))
        });
        let today = self.zone.day_of(self.now);
        let rows: Vec<Row> = cases
            .into_iter()
            .map(|case| {
                let day = case.last_at.map(|at| self.zone.day_of(at));
                let client = case.client.map(|client| format!("{} · {client}", case.name)).unwrap_or(case.name);
                Row {
                    label: case.mycase_case_id.clone(),
                    note: Some(client),
                    mycase_case_id: Some(case.mycase_case_id),
                    values: vec![day.map(|day| today - day), day],
                }
            })
            .collect();
        let days = |row: &Row| row.values.first().copied().flatten();
        let count = |is_meant: fn(Option<i64>) -> bool| i64::try_from(rows.iter().filter(|row| is_meant(days(row))).count()).ok();
        let figures = vec![
            ("cases", Count, i64::try_from(rows.len()).ok()),
            ("long_silent", Count, count(|days| days.is_some_and(|days| days > LONG_SILENT))),
            ("never", Count, count(|days| days.is_none())),
        ];
        Ok(Table {
            figures,
            columns: vec![("days", Days), ("last_on", Date)],
            rows,
        })
    }

    async fn failures(&self, tx: &mut Tx) -> Result<Table, StoreError> {
        let (from, to) = self.bounds();
        let failures = reports::failures(tx, self.texts, from, to).await?;
        let total = failures.iter().map(|(_, _, count)| count).sum();
        let rows = failures.into_iter().map(|(state, code, count)| {
            let label = if code == 0 { state } else { format!("{state} {code}") };
            row(label, [count])
        });
        Ok(Table {
            figures: vec![("count", Count, Some(total))],
            columns: vec![("count", Count)],
            rows: rows.collect(),
        })
    }
}

fn of_traffic(rows: Vec<(String, Traffic)>) -> Table {
    let mut sums = [0; 4];
    for (_, traffic) in &rows {
        for (sum, value) in sums.iter_mut().zip(traffic.values()) {
            *sum += value;
        }
    }
    let figures = TRAFFIC.iter().zip(sums).map(|((name, unit), sum)| (*name, *unit, Some(sum)));
    Table {
        figures: figures.collect(),
        columns: TRAFFIC.to_vec(),
        rows: rows.into_iter().map(|(label, traffic)| row(label, traffic.values())).collect(),
    }
}

fn of_waits(stretch: Stretch, waits: impl Iterator<Item = (String, i64, i64)>) -> Table {
    let mut stretches: BTreeMap<String, Spans> = stretch.labels().into_iter().map(|label| (label, Spans::default())).collect();
    let mut all = Spans::default();
    for (label, step, total) in waits {
        stretches.entry(label).or_default().count(step, total);
        all.count(step, total);
    }
    let values = |spans: &Spans| vec![Some(spans.total()), spans.percentile(50), spans.percentile(90)];
    let figures = WAITS.iter().zip(values(&all)).map(|((name, unit), value)| (*name, *unit, value));
    Table {
        figures: figures.collect(),
        columns: WAITS.to_vec(),
        rows: stretches
            .into_iter()
            .map(|(label, spans)| Row {
                label,
                values: values(&spans),
                ..Row::default()
            })
            .collect(),
    }
}
