//! Nouns for people, each bound to the person it speaks of. In: a noun and its place in the tokens. Out: evidence in [`Reader`]'s reading.

use super::Reader;
use crate::lang::person::{Gender, Grammatical, Number, Word, finite_number};
use crate::score::gender::people::weight;
use crate::score::gender::phrase::{self, Determiner, Phrase};
use crate::store::Language;

impl Reader<'_> {
    pub(super) fn noun(&mut self, i: usize, word: Word) {
        let phrase = phrase::before_noun(self.tokens, i, self.language);
        if phrase.comparison {
            return;
        }
        let word = match word {
            Word::Plural if phrase.determiner == Determiner::Indefinite && self.language == Language::De => {
                phrase::singular(self.tokens.key(i))
            }
            other => other,
        };
        match word {
            Word::Person(gender) => self.bound_noun(i, phrase, gender, weight::NOUN, false),
            Word::Kin(gender) => self.bound_noun(i, phrase, gender, weight::NOUN, true),
            Word::Feminine => self.bound_noun(i, phrase, Gender::Woman, weight::NOUN, false),
            Word::Masculine => self.masculine(i, phrase),
            Word::Epicene(grammatical) => self.epicene(i, phrase, grammatical),
            Word::Plural => self.read.plural.push(i),
            Word::States(_) | Word::Neopronoun => {}
        }
    }

    /// A noun that names a woman or man.
    fn bound_noun(&mut self, i: usize, phrase: Phrase, gender: Gender, weight: f32, kin: bool) {
        if phrase.plural {
            self.read.plural.push(i);
            return;
        }
        if phrase.title {
            return;
        }
        let somebodys = phrase.determiner == Determiner::Possessive || kin && phrase.determiner != Determiner::Indefinite;
        let fits = !somebodys && self.fits_nameless(gender);
        let people = &mut self.read.people;
        // "Dort war der Mann": a definite noun after the verb is the subject itself unless one came before it.
        let subject = if phrase.determiner == Determiner::Definite { self.subject } else { self.subject.or(people.focus) };
        let who = match (subject.filter(|_| phrase.predicative), phrase.apposition) {
            (Some(subject), _) => Some((subject, weight)),
            (None, true) => people
                .focus
                .filter(|&focus| people.list[focus].last + 4 >= phrase.start && people.list[focus].may_be(gender))
                .map(|who| (who, weight)),
            _ if somebodys || phrase.determiner == Determiner::Indefinite => None,
            _ => people.meant(gender).map(|who| (who, weight * 0.5)),
        };
        let (who, weight) = match who {
            Some(found) => found,
            None if fits => (people.list.len() - 1, weight),
            None => {
                let who = people.add(i);
                people.list[who].kin = somebodys;
                (who, weight)
            }
        };
        people.list[who].add(i, gender, weight);
        people.mention(who, i, 1.0);
        people.agrees = match self.tokens.key(i) {
            key if key.ends_with("mädchen") || key.ends_with("mädel") => Some(Grammatical::Neuter),
            _ => None,
        };
        self.introduces = Some((who, i + 1));
        let acts = !self.tokens.capital(i + 1) && self.tokens.is_word(i + 1) && phrase::is_copula(self.tokens.key(i + 1));
        if !phrase.predicative && (acts || !somebodys) {
            self.subject = if acts { Some(who) } else { self.subject.or(Some(who)) };
        }
    }

    /// The last person is a bare "die Person", which this noun may specify.
    fn fits_nameless(&self, gender: Gender) -> bool {
        let people = &self.read.people;
        people.list.len() == 1
            && people.list[0].names.is_empty()
            && people.list[0].sums == [0.0; 3]
            && !people.list[0].kin
            && people.nameless(Some(gender)).is_some()
    }

    /// "ein Künstler": speaks for a man, weakly, where it names the person meant.
    fn masculine(&mut self, i: usize, phrase: Phrase) {
        if phrase.plural || phrase.article(self.tokens) == "die" {
            return;
        }
        let people = &mut self.read.people;
        let who = if phrase.predicative {
            self.subject.or(people.focus)
        } else if phrase.apposition || phrase.determiner == Determiner::None {
            people.focus
        } else if phrase.determiner == Determiner::Indefinite {
            if self.declines {
                return;
            }
            Some(if people.list.len() == 1 && self.fits_nameless(Gender::Man) { 0 } else { self.read.people.add(i) })
        } else if phrase.determiner == Determiner::Possessive {
            let who = people.add(i);
            people.list[who].kin = true;
            people.list[who].add(i, Gender::Man, weight::MASCULINE);
            self.introduces = Some((who, i + 1));
            return;
        } else {
            return self.definite_masculine(i);
        };
        let Some(who) = who else { return };
        let people = &mut self.read.people;
        // "Die Person arbeitet als Lehrer" says a profession, not a gender.
        if people.agrees.is_some() && people.list[who].names.is_empty() && phrase.determiner != Determiner::Indefinite {
            return;
        }
        let factor = if phrase.determiner == Determiner::Indefinite { 1.0 } else { 0.7 };
        people.list[who].add(i, Gender::Man, weight::MASCULINE * factor);
        people.mention(who, i, 0.5);
        self.introduces = Some((who, i + 1));
        if !phrase.predicative {
            self.subject = self.subject.or(Some(who));
        }
    }

    /// "der junge Künstler Alessandro": introduces a name, or speaks again of a man already there.
    fn definite_masculine(&mut self, i: usize) {
        let people = &mut self.read.people;
        let who = match people.meant(Gender::Man) {
            Some(who) => who,
            None if self.tokens.capital(i + 1) => people.add(i),
            None => return,
        };
        people.list[who].add(i, Gender::Man, weight::MASCULINE * 0.5);
        self.introduces = Some((who, i + 1));
    }

    /// "die Person": somebody, of no known gender.
    fn epicene(&mut self, i: usize, phrase: Phrase, grammatical: Grammatical) {
        if phrase.plural {
            self.read.plural.push(i);
            return;
        }
        if phrase.determiner == Determiner::None && self.language == Language::En {
            return;
        }
        if phrase.predicative || phrase.apposition || phrase.determiner == Determiner::None {
            return;
        }
        if phrase::defines(self.tokens, i) {
            self.read.defines = true;
        }
        let people = &mut self.read.people;
        let kin = phrase.determiner == Determiner::Possessive && !phrase.article(self.tokens).starts_with('m');
        let who = match phrase.determiner {
            Determiner::Definite => people.focus,
            _ => None,
        };
        let who = who.unwrap_or_else(|| people.add(i));
        people.list[who].kin |= kin && people.list[who].mentions == 0.0;
        people.mention(who, i, 1.0);
        people.agrees = (self.language == Language::De).then_some(grammatical);
        self.introduces = Some((who, i + 1));
        self.subject = self.subject.or(Some(who));
    }

    /// "die 30-Jährige", "der Alte".
    pub(super) fn nominal_adjective(&mut self, i: usize) {
        if self.language == Language::En || !self.tokens.raw(i).contains("Jährige") {
            return;
        }
        let phrase = phrase::before_noun(self.tokens, i, self.language);
        let gender = match (phrase.article(self.tokens), self.tokens.key(i).strip_suffix("jährige").is_some()) {
            ("die" | "eine", true) => Gender::Woman,
            ("der", true) => Gender::Man,
            ("ein", false) if self.tokens.key(i).ends_with("jähriger") => Gender::Man,
            _ => return,
        };
        if finite_number(self.tokens.key(i + 1)) == Some(Number::Plural) {
            return;
        }
        let people = &mut self.read.people;
        let who = people.meant(gender).or(people.focus).unwrap_or_else(|| self.read.people.add(i));
        self.read.people.list[who].add(i, gender, weight::AGREEMENT);
        self.read.people.mention(who, i, 1.0);
    }
}
