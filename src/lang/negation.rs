//! Words that turn, weaken or strengthen what follows: negators, degree words, ends of their reach, and idioms in which a negator negates
//! nothing.
//!
//! Every word is written folded ([`crate::lang::tokens::fold`]). Used by the scorers that read words.

use crate::store::Language;

/// What a word does to the evaluative words behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    /// Multiplies by `factor` what stands at most `reach` words behind it in its clause.
    Negator {
        /// Words.
        reach: usize,
        /// Negative: an opposite, weaker than the word itself, since "not good" is less than "bad" (-0.6); -1 for "anything but".
        factor: f64,
    },
    /// `weder`, `neither`: a negator that makes the `noch`, `nor` behind it another.
    Neither,
    /// `noch`, `nor`.
    Nor,
    /// Multiplies the word right behind it.
    Degree(f64),
    /// Ends the reach of a negator: `aber`, `because`.
    Stop,
    /// Lets a negator reach the second of two evaluative words, but not a new clause: `und`, `or`.
    And,
    /// Part of an idiom: says nothing.
    Silent,
}

/// The plain negator.
pub const NOT: Role = Role::Negator { reach: 4, factor: -0.6 };
/// Before a noun phrase.
const NO: Role = Role::Negator { reach: 3, factor: -0.6 };
/// Little of it is still a little.
const HARDLY: Role = Role::Negator { reach: 3, factor: -0.4 };
/// `less reliable`, `wenig hilfsbereit`.
const LITTLE: Role = Role::Negator { reach: 1, factor: -0.4 };
const STRONG: Role = Role::Degree(1.3);
const WEAK: Role = Role::Degree(0.6);

/// The roles of single words, as (role, words separated by blanks).
pub fn roles(language: Language) -> &'static [(Role, &'static str)] {
    match language {
        Language::De => &[
            (NOT, "nicht nie niemals nimmer keinesfalls keineswegs mitnichten nirgends niemand niemanden niemandem nichts"),
            (NO, "kein keine keinen keinem keiner keines keinerlei ohne mangels"),
            (HARDLY, "kaum selten schwerlich"),
            (LITTLE, "wenig weniger"),
            (Role::Neither, "weder"),
            (Role::Nor, "noch"),
            (
                STRONG,
                "sehr besonders aeusserst ueberaus hoechst extrem ausgesprochen ausserordentlich ungemein zutiefst unglaublich enorm absolut total \
                 unheimlich furchtbar schrecklich wahnsinnig ungeheuer durchweg hochgradig voellig vollkommen bemerkenswert",
            ),
            (WEAK, "etwas leicht bisschen relativ eher teilweise maessig halbwegs einigermassen bedingt"),
            (Role::Stop, "aber sondern doch jedoch dennoch trotzdem weil denn dass wenn obwohl waehrend sodass damit"),
            (Role::And, "und oder sowie"),
        ],
        Language::En => &[
            (NOT, "not never nobody nothing nowhere cannot dont doesnt didnt isnt wasnt arent werent cant couldnt wont wouldnt"),
            (NO, "no none without lack lacks lacked lacking"),
            (HARDLY, "hardly scarcely barely rarely seldom"),
            (LITTLE, "less least"),
            (Role::Neither, "neither"),
            (Role::Nor, "nor"),
            (
                STRONG,
                "very extremely exceptionally remarkably highly deeply truly especially particularly incredibly extraordinarily unusually totally \
                 utterly absolutely enormously immensely profoundly awfully terribly",
            ),
            (WEAK, "somewhat slightly fairly rather mildly moderately relatively partly"),
            (Role::Stop, "but however because although though yet since while whereas who which that"),
            (Role::And, "and or"),
        ],
    }
}

/// Whether a negator among the words before a place reaches it. `before`: folded words of its clause in order, the nearest last.
pub fn negated(language: Language, before: &[&str]) -> bool {
    for (distance, at) in (0..before.len()).rev().enumerate().take(4) {
        let idiom = phrases(language).iter().any(|(phrase, role)| *role == Role::Silent && before[at..].starts_with(phrase));
        let word = before[at];
        let role = roles(language).iter().find(|(_, words)| words.split(' ').any(|other| other == word)).map(|&(role, _)| role);
        match role {
            _ if idiom => {}
            Some(Role::Stop) => return false,
            Some(Role::Negator { reach, .. }) if distance < reach => return true,
            Some(Role::Neither) => return true,
            Some(Role::Nor) if language == Language::En || before[..at].contains(&"weder") => return true,
            None if language == Language::En && word.ends_with("n't") => return true,
            _ => {}
        }
    }
    false
}

/// Several words with one role of their own, which the last of them carries; the others are silent.
pub fn phrases(language: Language) -> &'static [(&'static [&'static str], Role)] {
    const OPPOSITE: Role = Role::Negator { reach: 4, factor: -1.0 };
    match language {
        Language::De => &[
            (&["alles", "andere", "als"], OPPOSITE),
            (&["frei", "von"], NO),
            (&["mangel", "an"], NO),
            (&["mangelt", "es", "an"], NO),
            (&["fehlt", "es", "an"], NO),
            (&["nicht", "nur"], Role::Silent),
            (&["nicht", "bloss"], Role::Silent),
            (&["nicht", "allein"], Role::Silent),
            (&["nicht", "zuletzt"], Role::Silent),
            (&["nicht", "umsonst"], Role::Silent),
            (&["nichts", "als"], Role::Silent),
            (&["ohne", "zweifel"], Role::Silent),
            (&["ohne", "jeden", "zweifel"], Role::Silent),
            (&["kein", "zweifel"], Role::Silent),
            (&["keinen", "zweifel"], Role::Silent),
            (&["ohne", "frage"], Role::Silent),
            (&["keine", "frage"], Role::Silent),
            (&["kein", "wunder"], Role::Silent),
            (&["mehr", "oder", "weniger"], Role::Silent),
            (&["ein", "wenig"], WEAK),
            (&["ein", "klein", "wenig"], WEAK),
            (&["noch", "nie"], NOT),
            (&["noch", "nicht"], NOT),
            (&["guten", "morgen"], Role::Silent),
            (&["guten", "tag"], Role::Silent),
            (&["guten", "abend"], Role::Silent),
            (&["gute", "nacht"], Role::Silent),
        ],
        Language::En => &[
            (&["anything", "but"], OPPOSITE),
            (&["far", "from"], OPPOSITE),
            (&["free", "of"], NO),
            (&["free", "from"], NO),
            (&["not", "only"], Role::Silent),
            (&["not", "just"], Role::Silent),
            (&["not", "merely"], Role::Silent),
            (&["not", "simply"], Role::Silent),
            (&["not", "to", "mention"], Role::Silent),
            (&["nothing", "but"], Role::Silent),
            (&["no", "doubt"], Role::Silent),
            (&["without", "doubt"], Role::Silent),
            (&["without", "a", "doubt"], Role::Silent),
            (&["no", "wonder"], Role::Silent),
            (&["no", "less"], Role::Silent),
            (&["more", "or", "less"], Role::Silent),
            (&["at", "least"], Role::Silent),
            (&["kind", "of"], Role::Silent),
            (&["kinds", "of"], Role::Silent),
            (&["this", "kind"], Role::Silent),
            (&["that", "kind"], Role::Silent),
            (&["any", "kind"], Role::Silent),
            (&["some", "kind"], Role::Silent),
            (&["one", "of", "a", "kind"], Role::Silent),
            (&["of", "its", "kind"], Role::Silent),
            (&["what", "kind"], Role::Silent),
        ],
    }
}
