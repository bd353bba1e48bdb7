//! Names in a text: who bears a new one, who is spoken of again. In: a place in the tokens. Out: people named in [`Reader`]'s reading, and the place to go on.

use super::Reader;
use crate::lang::person::{FirstName, Gender, NameGender, first_name};
use crate::score::gender::naming::{self, Introduction};
use crate::score::gender::people::weight;
use crate::store::Language;

impl Reader<'_> {
    pub(super) fn name(&mut self, i: usize) -> Option<usize> {
        let key = self.tokens.key(i);
        if !self.tokens.capital(i) || naming::academic(key) {
            return None;
        }
        if let Some(who) = self.read.people.named(key) {
            return Some(self.again(i, who));
        }
        let listed = first_name(key).or_else(|| naming::genitive_of(key));
        if self.things.iter().any(|thing| thing == key) {
            return Some(i + 1);
        }
        let introduced = match naming::introduced(self.tokens, i) {
            Some(Introduction::Called(at)) if !self.person_before(at) => {
                self.things.push(key.to_owned());
                return Some(i + 1);
            }
            Some(Introduction::Verb) if listed.is_none() && self.subject.is_none() => false,
            other => other.is_some(),
        };
        let known = listed.is_some_and(|name| !name.also_word);
        let subject = listed.is_some_and(|name| name.also_word) || self.lexicon.word(key, true).is_none();
        if !(introduced || known || subject && naming::unknown_subject(self.tokens, i, self.language)) {
            return None;
        }
        let who = self.bearer(i, listed, introduced);
        Some(self.take_name(i, who, listed, introduced))
    }

    /// What is called something at `at` ("ein Dorf namens …") is a person.
    fn person_before(&self, at: usize) -> bool {
        let before = at.saturating_sub(1);
        match self.language {
            Language::De if self.tokens.capital(before) => {
                self.lexicon.word(self.tokens.key(before), true).is_some() || self.tokens.key(before).contains("jährige")
            }
            Language::De => true,
            Language::En => self.lexicon.word(self.tokens.key(before), false).is_some(),
        }
    }

    /// A known name again.
    fn again(&mut self, i: usize, who: usize) -> usize {
        let genitive = !self.read.people.list[who].names.iter().any(|name| name == self.tokens.key(i));
        self.read.people.mention(who, i, 1.0);
        self.read.people.agrees = None;
        if !genitive {
            self.agreement(i, i + 1, who);
            self.subject = self.subject.or(Some(who));
        }
        i + 1
    }

    /// Who bears the new name at `i`: the noun phrase before it, a nameless person already there, or somebody new.
    fn bearer(&mut self, i: usize, listed: Option<FirstName>, introduced: bool) -> usize {
        if let Some((who, end)) = self.introduces.take() {
            let near = i <= end + 3 && (end..i).all(|at| naming::leads_to_name(self.tokens.key(at)));
            if near && self.read.people.list[who].names.is_empty() {
                return who;
            }
        }
        let gender = listed.and_then(|name| gender_of(name.gender));
        if introduced && let Some(who) = self.subject.filter(|&who| self.read.people.list[who].names.is_empty()) {
            return who;
        }
        self.read.people.nameless(gender).unwrap_or_else(|| self.read.people.add(i))
    }

    /// Give `who` the name at `i` and the surname behind it; the token behind the name.
    pub(super) fn take_name(&mut self, i: usize, who: usize, listed: Option<FirstName>, introduced: bool) -> usize {
        let kin = self.read.people.list[who].kin;
        self.read.people.mention(who, i, 1.0);
        let person = &mut self.read.people.list[who];
        let key = self.tokens.key(i);
        let stem = if first_name(key).is_none() && naming::genitive_of(key).is_some() { key.trim_end_matches('s') } else { key };
        person.names.push(stem.to_owned());
        person.introduced |= introduced && !kin;
        if let Some(gender) = listed.and_then(|name| gender_of(name.gender)) {
            person.add(i, gender, weight::NAME);
        }
        if let Some(gender) = naming::title(self.tokens, i) {
            person.add(i - if self.tokens.before(i, 1) == "." { 2 } else { 1 }, gender, weight::NOUN);
        }
        let mut end = i + 1;
        while stem == key && end < i + 4 && self.tokens.capital(end) && !self.tokens.get(end).is_some_and(|token| token.first) {
            person.names.push(self.tokens.key(end).to_owned());
            end += 1;
        }
        let joined =
            matches!(self.tokens.key(end), "und" | "and") && self.tokens.capital(end + 1) && first_name(self.tokens.key(end + 1)).is_some();
        let joins =
            matches!(self.tokens.before(i, 1), "und" | "and") && i >= 2 && self.read.people.named(self.tokens.before(i, 2)).is_some();
        self.read.people.list[who].paired |= joined || joins;
        self.agreement(i, end, who);
        self.read.people.agrees = None;
        if !kin && self.subject.is_none() {
            self.subject = Some(who);
        }
        end
    }

    /// "der junge Elias", "Elara, die": what agrees with the name.
    fn agreement(&mut self, i: usize, end: usize, who: usize) {
        if self.language == Language::En {
            return;
        }
        let before = naming::adjective_before_name(self.tokens, i);
        let after = naming::relative_after_name(self.tokens, end).filter(|_| self.read.people.agrees.is_none());
        if let Some((token, gender)) = before.or(after) {
            self.read.people.list[who].add(token, gender, weight::AGREEMENT);
        }
    }
}

fn gender_of(name: NameGender) -> Option<Gender> {
    match name {
        NameGender::Woman => Some(Gender::Woman),
        NameGender::Man => Some(Gender::Man),
        NameGender::Either => None,
    }
}
