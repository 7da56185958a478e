//! A random walk through the real acts: after every step there is no orphan. The same seed walks the same way.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use casewire_store::on_both_engines;
use serde_json::json;

use super::watch::{WORKERS, is_active, unseen_and_told};
use crate::inbox::desk::{ADMIN, AGENT, ATTORNEY, Desk, JANE, LENA, MANAGER, MARK, PARALEGAL, QUINN, STRANGER, SUPERVISOR, text};

const CASES: [&str; 3] = ["123", "456", "789"];

/// A sequence of choices that is the same in every run.
struct Choices(u64);

impl Choices {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn one_of<'s>(&mut self, of: &[&'s str]) -> &'s str {
        of[self.below(of.len())]
    }
}

struct Walk {
    desk: Desk,
    choices: Choices,
    messages: Vec<String>,
    refused: usize,
}

impl Walk {
    /// One step; what it was.
    async fn step(&mut self) -> String {
        match self.choices.below(12) {
            0 | 1 => self.arrival().await,
            2..=6 => self.act().await,
            7 => self.deactivation().await,
            8 => self.wall().await,
            9 => self.assignment().await,
            10 => self.link_or_status().await,
            _ => self.rights().await,
        }
    }

    async fn arrival(&mut self) -> String {
        let from = self.choices.one_of(&[JANE, JANE, MARK, QUINN, LENA, STRANGER]);
        let message = self.desk.arrives(from, "A text").await;
        self.messages.push(message);
        "a text arrives".to_owned()
    }

    async fn act(&mut self) -> String {
        let mut who = self.choices.one_of(&WORKERS);
        if self.choices.below(5) > 0 {
            who = self.somebody_who_is(true).await.unwrap_or(who);
        }
        let from_the_end = self.choices.below(self.messages.len().min(8)) + 1;
        let message = self.messages[self.messages.len() - from_the_end].clone();
        let verb = self.choices.one_of(&[
            "claim",
            "claim",
            "release",
            "dismiss",
            "dismiss",
            "dismiss",
            "undismiss",
            "move",
            "move",
        ]);
        let case = self.choices.one_of(&CASES);
        let body = match verb {
            "claim" | "move" => json!({"case_id": case}),
            "dismiss" | "undismiss" if self.choices.below(2) == 0 => json!({"case_id": case}),
            _ => json!({}),
        };
        let answer = self.desk.act(who, &message, verb, body).await;
        assert!(!answer.status.is_server_error(), "{who} {verb}: {}", answer.text());
        self.refused += usize::from(!answer.status.is_success());
        format!("{who} {verb} {case}: {}", answer.status)
    }

    /// One of those who are active just now, or of those who are not.
    async fn somebody_who_is(&mut self, active: bool) -> Option<&'static str> {
        let mut those = Vec::new();
        for who in WORKERS {
            if is_active(&self.desk, who).await == active {
                those.push(who);
            }
        }
        (!those.is_empty()).then(|| those[self.choices.below(those.len())])
    }

    async fn deactivation(&mut self) -> String {
        let mut who = WORKERS[self.choices.below(WORKERS.len())];
        if self.choices.below(3) > 0 {
            // Oftener back than away, or soon nobody would be left to do anything.
            who = self.somebody_who_is(false).await.unwrap_or(who);
        }
        let active = is_active(&self.desk, who).await;
        self.desk.set_active(who, !active).await;
        format!("{who} is active: {}", !active)
    }

    async fn wall(&mut self) -> String {
        let (who, case) = (self.choices.one_of(&WORKERS), self.choices.one_of(&CASES));
        let user = self.desk.firm.user_id(who).to_string();
        let admin = self.desk.as_user(ADMIN);
        let built = admin.post(&format!("/api/cases/{case}/walls"), json!({"user_id": user})).await;
        if built.status.as_u16() == 409 {
            admin.delete(&format!("/api/cases/{case}/walls/{user}")).await.ok();
        }
        format!("a wall between {who} and {case}: {}", built.status)
    }

    async fn assignment(&mut self) -> String {
        let case = self.choices.one_of(&CASES);
        let assigned: Vec<&str> = [AGENT, PARALEGAL].into_iter().filter(|_| self.choices.below(2) == 0).collect();
        let mut users = Vec::new();
        for who in &assigned {
            if is_active(&self.desk, who).await {
                users.push(self.desk.firm.user_id(who).to_string());
            }
        }
        let team = if self.choices.below(2) == 0 {
            json!(self.desk.firm.team.to_string())
        } else {
            json!(null)
        };
        let body = json!({"assigned_user_ids": users, "team_id": team});
        let answer = self.desk.as_user(ADMIN).patch(&format!("/api/cases/{case}"), body).await;
        assert!(answer.status.is_success(), "{}", answer.text());
        format!("{case} is assigned to {assigned:?}, team {team}")
    }

    async fn link_or_status(&mut self) -> String {
        let case = self.choices.one_of(&CASES);
        let status = self.choices.one_of(&["open", "closed"]);
        let answer = self
            .desk
            .as_user(ADMIN)
            .patch(&format!("/api/cases/{case}"), json!({"status": status}))
            .await;
        assert!(answer.status.is_success());
        let moved = if self.choices.below(3) == 0 {
            self.remove_jane_or_add_her().await
        } else {
            false
        };
        format!("{case} is {status}; Jane was removed or added: {moved}")
    }

    /// Whoever may takes Jane from 123, or puts her back.
    async fn remove_jane_or_add_her(&mut self) -> bool {
        let path = format!("/api/cases/123/contacts/{}", text(&self.desk.jane_in_123));
        let roles = self.desk.as_user(ADMIN).get("/api/contact-roles").await.ok();
        let witness = roles["items"][0]["id"].clone();
        for who in [SUPERVISOR, MANAGER, ATTORNEY] {
            let user = self.desk.as_user(who).clone();
            if user.delete(&path).await.status.is_success() {
                return true;
            }
            let added = user
                .post(
                    "/api/cases/123/contacts",
                    json!({"contact_id": self.desk.jane, "contact_role_id": witness}),
                )
                .await;
            if added.status.is_success() {
                self.desk.jane_in_123 = added.ok()["id"].clone();
                return true;
            }
        }
        false
    }

    async fn rights(&mut self) -> String {
        let admin = self.desk.as_user(ADMIN);
        if self.choices.below(2) == 0 {
            let members: Vec<_> = WORKERS
                .iter()
                .filter(|_| self.choices.below(2) == 0)
                .map(|who| self.desk.firm.user_id(who).to_string())
                .collect();
            admin
                .patch(&format!("/api/teams/{}", self.desk.firm.team), json!({"member_ids": members}))
                .await
                .ok();
            return format!("the team has {} members", members.len());
        }
        let roles = admin.get("/api/roles").await.ok();
        let who = self.choices.one_of(&WORKERS);
        // Mostly their own role, or soon nobody would work on texts.
        let own = roles["items"]
            .as_array()
            .unwrap()
            .iter()
            .position(|role| role["name"] == who)
            .unwrap();
        let role = if self.choices.below(3) == 0 { self.choices.below(7) } else { own };
        let user = self.desk.firm.user_id(who);
        admin
            .patch(&format!("/api/users/{user}"), json!({"role_ids": [roles["items"][role]["id"]]}))
            .await
            .ok();
        format!("{who} is {} now", roles["items"][role]["name"])
    }
}

on_both_engines! {
    async fn no_sequence_of_acts_makes_an_orphan(db: TestDatabase) {
        let desk = Desk::open(db).await;
        let mut walk = Walk { desk, choices: Choices(3), messages: Vec::new(), refused: 0 };
        for from in [JANE, JANE, QUINN, STRANGER, LENA] {
            let message = walk.desk.arrives(from, "A text").await;
            walk.messages.push(message);
        }
        let mut taken = Vec::new();
        for seed in [11, 2026, 77] {
            walk.choices = Choices(seed);
            for _ in 0..50 {
                taken.push(walk.step().await);
                let (unseen, told) = unseen_and_told(&walk.desk).await;
                assert_eq!(unseen, told, "after {taken:#?}");
            }
        }
        let of = |word: &str| taken.iter().filter(|step| step.contains(word)).count();
        let done = [of("204 No Content"), of("200 OK"), of("a wall"), of("is active: false"), of("is active: true")];
        assert!(done.iter().all(|count| *count >= 3), "the walk did something of everything: {done:?} {taken:#?}");
        assert!(walk.refused < taken.len() / 2, "and was not refused all the time: {} of {taken:#?}", walk.refused);
    }
}
