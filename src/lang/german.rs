//! German inflection of nouns for persons: articles, adjectives and nouns by case, number and the gender of the person.
//!
//! In: a [`Noun`] as the occupation file gives it and the [`Form`] a slot asks for. Out: the phrase ("einem jungen Kurator").
//! The tables are those of Duden, *Die Grammatik* (strong, weak and mixed adjectives; strong and weak nouns). The gender-fair form writes
//! the difference of the two forms behind an asterisk ("eine*n junge*n Kurator*in", "einem*einer Kurator*in").

use serde::{Deserialize, Serialize};

/// Grammatical case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Case {
    /// Nominativ.
    Nominative,
    /// Genitiv.
    Genitive,
    /// Dativ.
    Dative,
    /// Akkusativ.
    Accusative,
}

impl Case {
    /// All four, in the order of the tables.
    pub const ALL: [Case; 4] = [Case::Nominative, Case::Genitive, Case::Dative, Case::Accusative];
}

/// Grammatical gender of a noun that has one form for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// der
    Masculine,
    /// die
    Feminine,
    /// das
    Neuter,
}

/// Which form of a noun is meant for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PersonForm {
    /// Kuratorin
    Woman,
    /// Kurator
    Man,
    /// Kurator*in
    Fair,
}

/// Article in front of the noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Article {
    /// None: strong adjectives.
    Bare,
    /// ein, eine: mixed adjectives; nothing in the plural.
    Indefinite,
    /// der, die, das: weak adjectives.
    Definite,
}

/// How a noun forms its singular.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// des Kurators
    S,
    /// des Arztes
    Es,
    /// Weak: den, dem, des Pädagogen (nominative in -e).
    N,
    /// Weak: den, dem, des Präsidenten.
    En,
    /// Unchanged: der Fachkraft (all feminines).
    None,
}

/// A noun for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Noun {
    /// A masculine and a feminine in -in: der Kurator, die Kuratorin.
    Paired {
        /// Masculine nominative singular.
        masculine: String,
        /// Masculine nominative plural.
        plural: String,
        /// Declension of the masculine.
        class: Class,
        /// Feminine nominative singular, in -in; its plural ends in -innen.
        feminine: String,
        /// Gender-fair nominative singular, in *in: `Kurator*in`, `Ärzt*in`.
        fair: String,
    },
    /// One form for everybody: die Fachkraft, das Mitglied.
    Fixed {
        /// Nominative singular.
        singular: String,
        /// Nominative plural.
        plural: String,
        /// Its grammatical gender, which says nothing about the person.
        gender: Gender,
        /// Declension.
        class: Class,
    },
    /// Declined like an adjective: der Angestellte, ein Angestellter, eine Angestellte.
    Adjectival {
        /// Without ending: `Angestellt`.
        stem: String,
    },
}

/// The form a slot asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form<'a> {
    /// Article.
    pub article: Article,
    /// Case.
    pub case: Case,
    /// Whether several persons are meant.
    pub plural: bool,
    /// Woman, man or gender-fair; a [`Noun::Fixed`] ignores it.
    pub person: PersonForm,
    /// An adjective without ending ("jung"), or empty.
    pub adjective: &'a str,
}

/// The noun phrase: article, adjective, noun, each with its ending.
pub fn phrase(noun: &Noun, form: &Form) -> String {
    let grammatical = match (noun, form.person) {
        (Noun::Fixed { gender, .. }, _) => *gender,
        (_, PersonForm::Woman) => Gender::Feminine,
        (_, PersonForm::Man) => Gender::Masculine,
        (_, PersonForm::Fair) => return fair_phrase(noun, form),
    };
    join([article(form, grammatical), &adjective(form, form.adjective, grammatical), &head(noun, form, grammatical)])
}

/// Both genders in one phrase, each word on its own: "eine*n junge*n Kurator*in".
fn fair_phrase(noun: &Noun, form: &Form) -> String {
    let both = |word: &dyn Fn(Gender) -> String| merge(&word(Gender::Masculine), &word(Gender::Feminine));
    let head = match noun {
        Noun::Paired { fair, .. } if form.plural => format!("{fair}nen"),
        Noun::Paired { fair, .. } => fair.clone(),
        _ => both(&|gender| head(noun, form, gender)),
    };
    let article = both(&|gender| article(form, gender).to_owned());
    let adjective = both(&|gender| adjective(form, form.adjective, gender));
    join([&article, &adjective, &head].map(String::as_str))
}

/// Two forms as one: the shorter with the other's rest behind an asterisk ("ein*e", "eine*n", "junge*r"), or both ("einem*einer").
pub fn merge(masculine: &str, feminine: &str) -> String {
    if masculine == feminine {
        masculine.to_owned()
    } else if let Some(rest) = masculine.strip_prefix(feminine) {
        format!("{feminine}*{rest}")
    } else if let Some(rest) = feminine.strip_prefix(masculine) {
        format!("{masculine}*{rest}")
    } else {
        format!("{masculine}*{feminine}")
    }
}

fn join<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Index into the rows nominative, genitive, dative, accusative of the tables below.
fn row(case: Case) -> usize {
    case as usize
}

/// Index into the columns masculine, feminine, neuter, plural.
fn column(form: &Form, gender: Gender) -> usize {
    if form.plural { 3 } else { gender as usize }
}

fn article(form: &Form, gender: Gender) -> &'static str {
    const DEFINITE: [[&str; 4]; 4] =
        [["der", "die", "das", "die"], ["des", "der", "des", "der"], ["dem", "der", "dem", "den"], ["den", "die", "das", "die"]];
    const INDEFINITE: [[&str; 4]; 4] =
        [["ein", "eine", "ein", ""], ["eines", "einer", "eines", ""], ["einem", "einer", "einem", ""], ["einen", "eine", "ein", ""]];
    match form.article {
        Article::Bare => "",
        Article::Definite => DEFINITE[row(form.case)][column(form, gender)],
        Article::Indefinite => INDEFINITE[row(form.case)][column(form, gender)],
    }
}

/// Ending of an adjective after this article.
fn ending(form: &Form, gender: Gender) -> &'static str {
    const STRONG: [[&str; 4]; 4] = [["er", "e", "es", "e"], ["en", "er", "en", "er"], ["em", "er", "em", "en"], ["en", "e", "es", "e"]];
    const WEAK: [[&str; 4]; 4] = [["e", "e", "e", "en"], ["en", "en", "en", "en"], ["en", "en", "en", "en"], ["en", "e", "e", "en"]];
    const MIXED: [[&str; 4]; 4] = [["er", "e", "es", "e"], ["en", "en", "en", "er"], ["en", "en", "en", "en"], ["en", "e", "es", "e"]];
    let table = match form.article {
        Article::Bare => STRONG,
        Article::Definite => WEAK,
        Article::Indefinite => MIXED,
    };
    table[row(form.case)][column(form, gender)]
}

/// The adjective with its ending. Adjectives from place names in -er ("Berliner") are written with a capital and never change.
fn adjective(form: &Form, stem: &str, gender: Gender) -> String {
    if stem.is_empty() || (stem.ends_with("er") && stem.starts_with(char::is_uppercase)) {
        return stem.to_owned();
    }
    // "leise" and "dunkel" lose an e before the ending.
    let stem = match (stem.strip_suffix('e'), stem.strip_suffix("el")) {
        (Some(short), _) => short.to_owned(),
        (_, Some(short)) => format!("{short}l"),
        _ => stem.to_owned(),
    };
    stem + ending(form, gender)
}

fn head(noun: &Noun, form: &Form, gender: Gender) -> String {
    match noun {
        Noun::Adjectival { stem } => format!("{stem}{}", ending(form, gender)),
        Noun::Fixed { singular, plural, class, .. } => decline(singular, plural, *class, form),
        Noun::Paired { feminine, .. } if gender == Gender::Feminine => {
            if form.plural {
                format!("{feminine}nen")
            } else {
                feminine.clone()
            }
        }
        Noun::Paired { masculine, plural, class, .. } => decline(masculine, plural, *class, form),
    }
}

fn decline(singular: &str, plural: &str, class: Class, form: &Form) -> String {
    if form.plural {
        let changed = form.case == Case::Dative && !plural.ends_with(['n', 's']);
        return format!("{plural}{}", if changed { "n" } else { "" });
    }
    // Standing alone, weak nouns stay unmarked unless they end in -e: "von Präsidenten" would read as a plural.
    let suffix = match (class, form.case) {
        (Class::N, Case::Nominative) | (Class::En, Case::Nominative) => "",
        (Class::N, _) => "n",
        (Class::En, Case::Dative | Case::Accusative) if form.article == Article::Bare && form.adjective.is_empty() => "",
        (Class::En, _) => "en",
        (Class::S, Case::Genitive) => "s",
        (Class::Es, Case::Genitive) => "es",
        _ => "",
    };
    format!("{singular}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curator() -> Noun {
        Noun::Paired {
            masculine: "Kurator".into(),
            plural: "Kuratoren".into(),
            class: Class::S,
            feminine: "Kuratorin".into(),
            fair: "Kurator*in".into(),
        }
    }

    fn doctor() -> Noun {
        Noun::Paired {
            masculine: "Arzt".into(),
            plural: "Ärzte".into(),
            class: Class::Es,
            feminine: "Ärztin".into(),
            fair: "Ärzt*in".into(),
        }
    }

    fn weak(masculine: &str, class: Class) -> Noun {
        let stem = masculine.trim_end_matches('e');
        Noun::Paired {
            masculine: masculine.into(),
            plural: format!("{stem}en"),
            class,
            feminine: format!("{stem}in"),
            fair: format!("{stem}*in"),
        }
    }

    /// Nominative, genitive, dative, accusative.
    fn table(noun: &Noun, article: Article, person: PersonForm, plural: bool, adjective: &str) -> [String; 4] {
        Case::ALL.map(|case| phrase(noun, &Form { article, case, plural, person, adjective }))
    }

    #[test]
    fn strong_masculines_take_s_in_the_genitive_only() {
        assert_eq!(
            table(&curator(), Article::Definite, PersonForm::Man, false, ""),
            ["der Kurator", "des Kurators", "dem Kurator", "den Kurator"]
        );
        assert_eq!(
            table(&doctor(), Article::Indefinite, PersonForm::Man, false, ""),
            ["ein Arzt", "eines Arztes", "einem Arzt", "einen Arzt"]
        );
    }

    #[test]
    fn weak_masculines_end_in_n_outside_the_nominative() {
        assert_eq!(
            table(&weak("Pädagoge", Class::N), Article::Definite, PersonForm::Man, false, ""),
            ["der Pädagoge", "des Pädagogen", "dem Pädagogen", "den Pädagogen"]
        );
        assert_eq!(
            table(&weak("Präsident", Class::En), Article::Indefinite, PersonForm::Man, false, ""),
            ["ein Präsident", "eines Präsidenten", "einem Präsidenten", "einen Präsidenten"]
        );
    }

    #[test]
    fn feminines_keep_their_umlaut_and_never_change_in_the_singular() {
        assert_eq!(
            table(&doctor(), Article::Definite, PersonForm::Woman, false, ""),
            ["die Ärztin", "der Ärztin", "der Ärztin", "die Ärztin"]
        );
        assert_eq!(
            table(&doctor(), Article::Definite, PersonForm::Woman, true, ""),
            ["die Ärztinnen", "der Ärztinnen", "den Ärztinnen", "die Ärztinnen"]
        );
    }

    #[test]
    fn dative_plurals_take_n_unless_they_have_one() {
        assert_eq!(table(&doctor(), Article::Definite, PersonForm::Man, true, "")[2], "den Ärzten");
        assert_eq!(table(&curator(), Article::Definite, PersonForm::Man, true, "")[2], "den Kuratoren");
    }

    #[test]
    fn the_gender_fair_form_names_both_articles() {
        assert_eq!(
            table(&curator(), Article::Indefinite, PersonForm::Fair, false, ""),
            ["ein*e Kurator*in", "eines*einer Kurator*in", "einem*einer Kurator*in", "eine*n Kurator*in"]
        );
        assert_eq!(
            table(&curator(), Article::Definite, PersonForm::Fair, false, ""),
            ["der*die Kurator*in", "des*der Kurator*in", "dem*der Kurator*in", "den*die Kurator*in"]
        );
        assert_eq!(
            table(&curator(), Article::Definite, PersonForm::Fair, true, ""),
            ["die Kurator*innen", "der Kurator*innen", "den Kurator*innen", "die Kurator*innen"]
        );
    }

    #[test]
    fn adjectives_agree_strong_weak_and_mixed() {
        assert_eq!(
            table(&curator(), Article::Indefinite, PersonForm::Woman, false, "jung"),
            ["eine junge Kuratorin", "einer jungen Kuratorin", "einer jungen Kuratorin", "eine junge Kuratorin"]
        );
        assert_eq!(
            table(&curator(), Article::Indefinite, PersonForm::Man, false, "jung"),
            ["ein junger Kurator", "eines jungen Kurators", "einem jungen Kurator", "einen jungen Kurator"]
        );
        assert_eq!(
            table(&curator(), Article::Definite, PersonForm::Man, false, "jung"),
            ["der junge Kurator", "des jungen Kurators", "dem jungen Kurator", "den jungen Kurator"]
        );
        assert_eq!(
            table(&curator(), Article::Bare, PersonForm::Woman, false, "jung"),
            ["junge Kuratorin", "junger Kuratorin", "junger Kuratorin", "junge Kuratorin"]
        );
        assert_eq!(
            table(&curator(), Article::Bare, PersonForm::Man, true, "jung"),
            ["junge Kuratoren", "junger Kuratoren", "jungen Kuratoren", "junge Kuratoren"]
        );
        assert_eq!(
            table(&curator(), Article::Indefinite, PersonForm::Fair, false, "jung"),
            ["ein*e junge*r Kurator*in", "eines*einer jungen Kurator*in", "einem*einer jungen Kurator*in", "eine*n junge*n Kurator*in"]
        );
    }

    #[test]
    fn adjectives_of_places_in_er_never_change_and_final_e_is_not_doubled() {
        assert_eq!(table(&curator(), Article::Indefinite, PersonForm::Woman, false, "Berliner")[2], "einer Berliner Kuratorin");
        assert_eq!(table(&curator(), Article::Indefinite, PersonForm::Woman, false, "leise")[0], "eine leise Kuratorin");
        assert_eq!(table(&curator(), Article::Indefinite, PersonForm::Man, false, "eitel")[0], "ein eitler Kurator");
    }

    #[test]
    fn nouns_for_everybody_ignore_the_gender_of_the_person() {
        let skilled =
            Noun::Fixed { singular: "Fachkraft".into(), plural: "Fachkräfte".into(), gender: Gender::Feminine, class: Class::None };
        let member = Noun::Fixed { singular: "Mitglied".into(), plural: "Mitglieder".into(), gender: Gender::Neuter, class: Class::S };
        for person in [PersonForm::Woman, PersonForm::Man, PersonForm::Fair] {
            assert_eq!(
                table(&skilled, Article::Indefinite, person, false, "jung"),
                ["eine junge Fachkraft", "einer jungen Fachkraft", "einer jungen Fachkraft", "eine junge Fachkraft"]
            );
            assert_eq!(
                table(&member, Article::Definite, person, false, "neu"),
                ["das neue Mitglied", "des neuen Mitglieds", "dem neuen Mitglied", "das neue Mitglied"]
            );
            assert_eq!(table(&skilled, Article::Definite, person, true, "")[2], "den Fachkräften");
        }
    }

    #[test]
    fn nouns_from_adjectives_decline_as_adjectives() {
        let employee = Noun::Adjectival { stem: "Angestellt".into() };
        assert_eq!(
            table(&employee, Article::Indefinite, PersonForm::Man, false, ""),
            ["ein Angestellter", "eines Angestellten", "einem Angestellten", "einen Angestellten"]
        );
        assert_eq!(
            table(&employee, Article::Definite, PersonForm::Woman, false, ""),
            ["die Angestellte", "der Angestellten", "der Angestellten", "die Angestellte"]
        );
        assert_eq!(
            table(&employee, Article::Indefinite, PersonForm::Fair, false, ""),
            ["ein*e Angestellte*r", "eines*einer Angestellten", "einem*einer Angestellten", "eine*n Angestellte*n"]
        );
        assert_eq!(table(&employee, Article::Bare, PersonForm::Fair, true, "")[0], "Angestellte");
    }

    #[test]
    fn a_weak_noun_alone_stays_unmarked() {
        assert_eq!(table(&weak("Präsident", Class::En), Article::Bare, PersonForm::Man, false, "")[2], "Präsident");
        assert_eq!(table(&weak("Präsident", Class::En), Article::Bare, PersonForm::Man, false, "jung")[2], "jungem Präsidenten");
    }
}
