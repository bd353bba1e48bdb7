//! Word lists that people write, and the inflected forms under which their words stand in a text.
//!
//! In: a tab-separated list (`datasets/words/README.md` explains its columns). Out: [`Word`]s, and for each the spellings, folded by
//! [`fold`], that count as this word. Forms are written out by rule instead of cutting endings off the text, so that `Güter` is never
//! read as `gut` and `Armee` never as `arm`.

use std::collections::BTreeSet;

use crate::lang::tokens::fold;
use crate::store::Language;

/// Part of speech; decides which forms a word has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `begabt`, `gifted`: endings, comparison, English -ly.
    Adjective,
    /// `Talent`, `talent`: case and plural.
    Noun,
    /// `Könner`: a noun for persons; the forms in -in and -innen belong to it and weigh the same.
    Person,
    /// `loben`, `aus|nutzen`, `praise`: finite forms and participles; a bar marks a separable prefix.
    Verb,
    /// `leider`: only as it stands.
    Adverb,
}

/// One line of a word list.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Dictionary form, as written.
    pub lemma: String,
    /// Part of speech.
    pub class: Class,
    /// From -1 to 1, never 0.
    pub weight: f64,
    /// Another word differs from it only by the capital (`arm`, `Würde`): it counts only where its own case shows.
    pub case_bound: bool,
    /// Forms that no rule gives.
    pub irregular: Vec<String>,
}

/// A line that is no word.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line} of the word list: {problem}. Write lemma, class (adj, noun, person, verb, adv; ! behind it binds the case), weight, irregular forms, with tabs between"
)]
pub struct WordListError {
    /// 1-based line.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

/// Read a list. The first line names the columns; `#` opens a comment line.
pub fn parse(list: &str) -> Result<Vec<Word>, WordListError> {
    let lines = list.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(|(index, line)| word(line).map_err(|problem| WordListError { line: index + 1, problem })).collect()
}

fn word(line: &str) -> Result<Word, String> {
    let mut columns = line.split('\t').map(str::trim);
    let lemma = columns.next().filter(|lemma| !lemma.is_empty()).ok_or("the lemma is missing")?;
    let class = columns.next().ok_or("the class is missing")?;
    let weight = columns.next().ok_or("the weight is missing")?;
    let irregular = columns.next().unwrap_or_default();
    if columns.next().is_some() {
        return Err("there are more than four columns".to_owned());
    }
    let (class, case_bound) = class.strip_suffix('!').map_or((class, false), |class| (class, true));
    let class = match class {
        "adj" => Class::Adjective,
        "noun" => Class::Noun,
        "person" => Class::Person,
        "verb" => Class::Verb,
        "adv" => Class::Adverb,
        other => return Err(format!("`{other}` is no class")),
    };
    let weight: f64 = weight.parse().map_err(|_| format!("`{weight}` is no number"))?;
    if !(-1.0..=1.0).contains(&weight) || weight == 0.0 {
        return Err(format!("the weight {weight} is 0 or beyond -1 and 1"));
    }
    let irregular = irregular.split_whitespace().map(str::to_owned).collect();
    Ok(Word { lemma: lemma.to_owned(), class, weight, case_bound, irregular })
}

/// Every folded spelling that counts as `word`.
pub fn forms(language: Language, word: &Word) -> BTreeSet<String> {
    let mut forms = Forms::default();
    match (language, word.class) {
        (Language::De, Class::Adjective) => forms.german_adjective(word),
        (Language::De, Class::Noun) => forms.german_noun(&word.lemma),
        (Language::De, Class::Person) => forms.german_person(&word.lemma),
        (Language::De, Class::Verb) => forms.german_verb(word),
        (Language::En, Class::Adjective) => forms.english_adjective(&word.lemma),
        (Language::En, Class::Noun | Class::Person) => forms.english_s(&word.lemma),
        (Language::En, Class::Verb) => forms.english_verb(&word.lemma),
        (_, Class::Adverb) => forms.add(&word.lemma),
    }
    word.irregular.iter().for_each(|form| forms.add(form));
    forms.folded
}

const ADJECTIVE_ENDINGS: [&str; 6] = ["", "e", "em", "en", "er", "es"];

#[derive(Default)]
struct Forms {
    folded: BTreeSet<String>,
    key: String,
}

impl Forms {
    fn add(&mut self, form: &str) {
        fold(form, &mut self.key);
        self.folded.insert(self.key.clone());
    }

    fn add_with(&mut self, stem: &str, endings: &[&str]) {
        endings.iter().for_each(|ending| self.add(&format!("{stem}{ending}")));
    }

    /// `edel`: edel, edle, edler ...; `klug` with `klüger klügst`: klügere, am klügsten ...
    fn german_adjective(&mut self, word: &Word) {
        let lemma = word.lemma.as_str();
        self.add(lemma);
        let stem = lemma.strip_suffix('e').unwrap_or(lemma);
        let mut stems = vec![stem.to_owned()];
        if let Some(short) = stem.strip_suffix("el").or_else(|| stem.strip_suffix("er")) {
            stems.push(format!("{short}{}", &stem[stem.len() - 1..]));
        }
        for stem in &stems {
            self.add_with(stem, &ADJECTIVE_ENDINGS[1..]);
            self.add_with(&format!("{stem}er"), &ADJECTIVE_ENDINGS);
        }
        self.add_with(&format!("{stem}est"), &ADJECTIVE_ENDINGS[1..]);
        if !stem.ends_with(['s', 'ß', 'z', 't', 'd', 'x']) || stem.ends_with("end") || stem.ends_with("isch") {
            self.add_with(&format!("{stem}st"), &ADJECTIVE_ENDINGS[1..]);
        }
        word.irregular.iter().for_each(|form| self.add_with(form, &ADJECTIVE_ENDINGS));
    }

    fn german_noun(&mut self, lemma: &str) {
        self.add(lemma);
        let ends = |endings: &[&str]| endings.iter().any(|ending| lemma.ends_with(ending));
        if ends(&["nis"]) {
            self.add_with(lemma, &["ses", "se", "sen"]);
        } else if ends(&["heit", "keit", "ung", "schaft", "tät", "ion", "anz", "enz"]) {
            self.add_with(lemma, &["en"]);
        } else if ends(&["er", "el", "en", "e"]) {
            self.add_with(lemma, &["s", "n"]);
        } else {
            self.add_with(lemma, &["s", "es", "e", "en"]);
        }
    }

    fn german_person(&mut self, lemma: &str) {
        self.german_noun(lemma);
        let stem = lemma.strip_suffix('e').unwrap_or(lemma);
        self.add_with(stem, &["in", "innen"]);
    }

    /// Weak forms by rule; strong ones stand in the list, participles (`geholfen`, `verloren`) there get adjective endings.
    fn german_verb(&mut self, word: &Word) {
        let (prefix, infinitive) = word.lemma.split_once('|').unwrap_or(("", &word.lemma));
        let stem = infinitive.strip_suffix("en").or_else(|| infinitive.strip_suffix('n')).unwrap_or(infinitive);
        let mut finite = vec![infinitive.to_owned(), format!("{stem}e")];
        if let Some(short) = stem.strip_suffix("el") {
            finite.push(format!("{short}le"));
        }
        let needs_e = stem.ends_with(['t', 'd']) || (stem.ends_with(['n', 'm']) && stem.chars().rev().nth(1).is_some_and(is_stop));
        let join = if needs_e { "e" } else { "" };
        finite.extend(["st", "t", "te", "test", "ten", "tet"].map(|ending| format!("{stem}{join}{ending}")));
        finite.iter().for_each(|form| self.add(&format!("{prefix}{form}")));
        if !prefix.is_empty() {
            self.add(&format!("{prefix}zu{infinitive}"));
        }
        let inseparable = ["be", "ver", "er", "zer", "ent", "emp", "miss", "über", "unter", "hinter", "wider"];
        let bare = infinitive.ends_with("ieren") || (prefix.is_empty() && inseparable.iter().any(|start| infinitive.starts_with(start)));
        let participle = format!("{prefix}{}{stem}{join}t", if bare { "" } else { "ge" });
        self.add_with(&participle, &ADJECTIVE_ENDINGS);
        self.add_with(&format!("{prefix}{infinitive}d"), &ADJECTIVE_ENDINGS);
        word.irregular.iter().filter(|form| form.ends_with("en")).for_each(|form| self.add_with(form, &ADJECTIVE_ENDINGS));
    }

    fn english_adjective(&mut self, lemma: &str) {
        self.add(lemma);
        let adverb = match lemma {
            _ if lemma.ends_with("ic") => format!("{lemma}ally"),
            _ if lemma.ends_with("ll") => format!("{lemma}y"),
            _ => match (lemma.strip_suffix('y'), lemma.strip_suffix("le").filter(|stem| !stem.ends_with(is_vowel))) {
                (Some(stem), _) => format!("{stem}ily"),
                (_, Some(stem)) => format!("{stem}ly"),
                _ => format!("{lemma}ly"),
            },
        };
        self.add(&adverb);
        // Longer adjectives compare with more and most.
        if lemma.len() <= 8 && !["ed", "ing", "ful", "less", "ous", "ive", "al", "ic", "ent", "ant"].iter().any(|e| lemma.ends_with(e)) {
            let stem = lemma.strip_suffix('e').map(str::to_owned);
            let stem = stem.or_else(|| lemma.strip_suffix('y').map(|stem| format!("{stem}i"))).unwrap_or_else(|| lemma.to_owned());
            self.add_with(&stem, &["er", "est"]);
        }
    }

    fn english_s(&mut self, lemma: &str) {
        self.add(lemma);
        match lemma.strip_suffix('y').filter(|stem| !stem.ends_with(is_vowel)) {
            Some(stem) => self.add_with(stem, &["ies"]),
            None if ["s", "sh", "ch", "x", "z"].iter().any(|ending| lemma.ends_with(ending)) => self.add_with(lemma, &["es"]),
            None => self.add_with(lemma, &["s"]),
        }
    }

    fn english_verb(&mut self, lemma: &str) {
        self.english_s(lemma);
        if let Some(stem) = lemma.strip_suffix("ie") {
            self.add_with(stem, &["ied", "ying"]);
        } else if let Some(stem) = lemma.strip_suffix('e').filter(|stem| !stem.ends_with('e')) {
            self.add_with(stem, &["ed", "ing"]);
        } else if let Some(stem) = lemma.strip_suffix('y').filter(|stem| !stem.ends_with(is_vowel)) {
            self.add_with(stem, &["ied", "ying"]);
        } else {
            self.add_with(lemma, &["ed", "ing"]);
        }
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// Consonants after which `-n` and `-m` need an `e`: rechnen, atmen, trocknen, ordnen.
fn is_stop(c: char) -> bool {
    matches!(c, 'b' | 'd' | 'f' | 'g' | 'h' | 'k' | 'p' | 't')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(language: Language, line: &str) -> BTreeSet<String> {
        let list = format!("lemma\tclass\tweight\tforms\n{line}");
        forms(language, &parse(&list).unwrap()[0])
    }

    fn has(language: Language, line: &str, expected: &str) {
        let forms = of(language, line);
        for form in expected.split(' ') {
            assert!(forms.contains(form), "{line}: {form} is not among {forms:?}");
        }
    }

    #[test]
    fn german_adjectives_decline_and_compare() {
        has(Language::De, "begabt\tadj\t1", "begabt begabte begabtem begabten begabter begabtes begabterer begabteste begabtesten");
        has(Language::De, "klug\tadj\t1\tklüger klügst", "kluge klueger kluegere kluegste kluegsten");
        has(Language::De, "edel\tadj\t1", "edel edle edlen edler edelste");
        has(Language::De, "integer\tadj\t1", "integer integre integren");
        has(Language::De, "weise\tadj!\t1", "weise weiser weises weiseste");
        has(Language::De, "bedeutend\tadj\t1", "bedeutende bedeutendste");
    }

    #[test]
    fn german_nouns_decline_and_persons_of_any_gender_are_one_word() {
        has(Language::De, "Talent\tnoun\t1", "talent talents talente talenten");
        has(Language::De, "Versäumnis\tnoun\t-1", "versaeumnisse versaeumnissen versaeumnisses");
        has(Language::De, "Könner\tperson\t1", "koenner koenners koennern koennerin koennerinnen");
        has(Language::De, "Experte\tperson\t1", "experte experten expertin expertinnen");
    }

    #[test]
    fn german_verbs_conjugate() {
        has(Language::De, "loben\tverb\t1", "loben lobe lobst lobt lobte lobten gelobt gelobte gelobtes lobend lobende");
        has(Language::De, "achten\tverb\t1", "achtet achtete geachtet geachteten");
        has(Language::De, "begeistern\tverb\t1", "begeistert begeisterte begeisterter begeisternd");
        has(Language::De, "brillieren\tverb\t1", "brilliert brillierte");
        has(Language::De, "aus|nutzen\tverb\t-1", "ausnutzen ausnutzt ausgenutzt auszunutzen ausnutzte");
        has(Language::De, "helfen\tverb\t1\thilft half halfen geholfen", "hilft geholfen halfen");
        assert!(!of(Language::De, "brillieren\tverb\t1").contains("gebrilliert"));
    }

    #[test]
    fn english_words_inflect() {
        has(Language::En, "happy\tadj\t1", "happy happily happier happiest");
        has(Language::En, "capable\tadj\t1", "capable capably");
        has(Language::En, "artistic\tadj\t1", "artistically");
        has(Language::En, "gifted\tadj\t1", "gifted giftedly");
        has(Language::En, "wise\tadj\t1", "wise wisely wiser wisest");
        has(Language::En, "praise\tverb\t1", "praise praises praised praising");
        has(Language::En, "lie\tverb\t-1", "lies lied lying");
        has(Language::En, "pity\tverb\t-1", "pities pitied pitying");
        has(Language::En, "virtuosity\tnoun\t1", "virtuosity virtuosities");
        has(Language::En, "genius\tnoun\t1", "genius geniuses");
    }

    #[test]
    fn a_line_that_is_no_word_is_named() {
        for (line, problem) in [
            ("gut", "the class"),
            ("gut\tadj", "the weight"),
            ("gut\tadjective\t1", "`adjective`"),
            ("gut\tadj\t0", "weight 0"),
            ("gut\tadj\t2", "weight 2"),
        ] {
            let error = parse(&format!("lemma\n\n{line}")).unwrap_err();
            assert_eq!(error.line, 3);
            assert!(error.to_string().contains(problem), "{error}");
        }
        assert_eq!(parse("lemma\n# a comment\n\n"), Ok(Vec::new()));
    }
}
