//! The people a text speaks of, each with the evidence bound to it. In: mentions in reading order. Out: [`People`], from which the person meant is chosen.

use crate::lang::person::{Gender, Grammatical};

/// Weights of evidence: a pronoun counts up to 1 and there are many; what names the person outright counts as several.
pub mod weight {
    /// "Geschlecht: weiblich", "ist nichtbinär".
    pub const STATEMENT: f32 = 100.0;
    /// "eine junge Frau namens", "sie ist Künstlerin", "Frau Krüger".
    pub const NOUN: f32 = 4.0;
    /// First name.
    pub const NAME: f32 = 3.0;
    /// "der junge Elias", "Elara, die".
    pub const AGREEMENT: f32 = 1.5;
    /// "ein Künstler", long said of anybody.
    pub const MASCULINE: f32 = 1.2;
    /// A pronoun of the other gender than the person's, with nobody else there to mean.
    pub const CLASH: f32 = 0.35;
}

/// One piece of evidence.
#[derive(Clone, Copy, Debug)]
pub struct Clue {
    /// Token that carries it.
    pub token: usize,
    /// What it speaks for.
    pub gender: Gender,
    /// How much.
    pub weight: f32,
}

/// Somebody in the text.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// Folded first name and surnames.
    pub names: Vec<String>,
    /// Evidence in reading order.
    pub clues: Vec<Clue>,
    /// Tokens of gender-fair forms said of this person.
    pub fair: Vec<usize>,
    /// Summed evidence by [`Gender::ALL`].
    pub sums: [f32; 3],
    /// How often spoken of.
    pub mentions: f32,
    /// Introduced by a heading or "namens".
    pub introduced: bool,
    /// Somebody's relative, friend or partner: not the person meant unless nobody else is.
    pub kin: bool,
    /// Named together with another person at first.
    pub paired: bool,
    /// Token of the last mention.
    pub last: usize,
}

impl Person {
    /// Add evidence.
    pub fn add(&mut self, token: usize, gender: Gender, weight: f32) {
        self.sums[gender as usize] += weight;
        self.clues.push(Clue { token, gender, weight });
    }

    /// The gender the evidence so far points to.
    pub fn leaning(&self) -> Option<Gender> {
        let [woman, man, other] = self.sums;
        if other > woman + man {
            return Some(Gender::NonBinary);
        }
        match woman.total_cmp(&man) {
            std::cmp::Ordering::Greater => Some(Gender::Woman),
            std::cmp::Ordering::Less => Some(Gender::Man),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// Somebody of whom nothing is known that speaks against `gender`.
    pub fn may_be(&self, gender: Gender) -> bool {
        self.leaning().is_none_or(|leaning| leaning == gender)
    }
}

/// Everybody in the text, in order of appearance.
#[derive(Debug, Default)]
pub struct People {
    /// The people.
    pub list: Vec<Person>,
    /// Whom the text spoke of last.
    pub focus: Option<usize>,
    /// The last mention was a noun like "die Person": pronouns of its grammatical gender only agree.
    pub agrees: Option<Grammatical>,
}

impl People {
    /// Somebody new at `token`.
    pub fn add(&mut self, token: usize) -> usize {
        self.list.push(Person { last: token, ..Person::default() });
        self.list.len() - 1
    }

    /// `who` is spoken of at `token`.
    pub fn mention(&mut self, who: usize, token: usize, weight: f32) {
        let person = &mut self.list[who];
        person.mentions += weight;
        person.last = token;
        if !person.kin || self.focus.is_none() {
            self.focus = Some(who);
        }
    }

    /// Who bears `name` (folded), also in the genitive ("emmas").
    pub fn named(&self, name: &str) -> Option<usize> {
        let genitive = name.strip_suffix('s').unwrap_or(name);
        self.list.iter().position(|person| person.names.iter().any(|known| known == name || known == genitive))
    }

    /// The only person so far, if nameless and not spoken of otherwise: whoever is named next is likely the same.
    pub fn nameless(&self, gender: Option<Gender>) -> Option<usize> {
        let mut strangers = (0..self.list.len()).filter(|&at| !self.list[at].kin);
        let only = strangers.next()?;
        let person = &self.list[only];
        (strangers.next().is_none() && person.names.is_empty() && gender.is_none_or(|gender| person.may_be(gender))).then_some(only)
    }

    /// Who a word of `gender` means: whom the text speaks of, else whoever of that gender was spoken of last, else somebody of whom nothing is known.
    pub fn meant(&self, gender: Gender) -> Option<usize> {
        let leans = |at: usize| self.list[at].leaning() == Some(gender);
        if let Some(focus) = self.focus.filter(|&focus| leans(focus)) {
            return Some(focus);
        }
        let latest = |at: &usize| self.list[*at].last;
        let of_gender = (0..self.list.len()).filter(|&at| leans(at)).max_by_key(latest);
        let unknown = || (0..self.list.len()).filter(|&at| self.list[at].leaning().is_none() && !self.list[at].kin).max_by_key(latest);
        of_gender.or_else(unknown)
    }

    /// The person the text is about, and the runner-up: most spoken of, with a bonus for coming first and for being introduced.
    pub fn ranked(&self) -> Vec<(f32, usize)> {
        let total: f32 = self.list.iter().map(|person| person.mentions).sum();
        let mut ranked: Vec<(f32, usize)> = self.list.iter().enumerate().map(|(at, person)| (salience(person, at, total), at)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked
    }
}

fn salience(person: &Person, order: usize, total: f32) -> f32 {
    let first = if order == 0 { 0.35 * total } else { 0.0 };
    let introduced = if person.introduced { 2.0 } else { 0.0 };
    let named = if person.names.is_empty() { 0.0 } else { 1.0 };
    let factor = if person.kin { 0.3 } else { 1.0 };
    factor * (person.mentions + first + introduced + named)
}
