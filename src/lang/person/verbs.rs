//! Number of German finite verb forms: what tells "sie arbeitet" from "sie arbeiten".

/// Grammatical number of a finite verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// arbeitet, war, ging.
    Singular,
    /// arbeiten, waren, gingen.
    Plural,
}

/// Lower-case words in -en, -ern or -eln that are no verbs and may stand where a verb could.
const NO_VERB: &[&str] = &[
    "den",
    "einen",
    "keinen",
    "meinen",
    "seinen",
    "ihren",
    "unseren",
    "jeden",
    "allen",
    "vielen",
    "wenigen",
    "beiden",
    "anderen",
    "diesen",
    "jenen",
    "manchen",
    "ersten",
    "zusammen",
    "gegen",
    "neben",
    "zwischen",
    "wegen",
    "morgen",
    "oben",
    "unten",
    "innen",
    "außen",
    "eben",
    "selten",
    "drinnen",
    "draußen",
    "gestern",
    "sondern",
    "denen",
    "deren",
    "hinten",
    "vorn",
    "vorne",
    "daneben",
    "dagegen",
    "deswegen",
    "meistens",
    "mitten",
    "seitdem",
    "ihnen",
    "wen",
    "denn",
    "dann",
    "wenn",
    "in",
    "an",
    "von",
    "schon",
    "mindestens",
    "einzigen",
    "eigenen",
    "ganzen",
    "selben",
    "gern",
    "hin",
    "hervor",
    "nun",
];

/// Words that stand beside "sie" and are no verbs.
const FUNCTION: &[&str] = &[
    "sich", "auch", "immer", "nicht", "nie", "mit", "auf", "aus", "bei", "bis", "durch", "für", "im", "am", "zum", "zur", "ins", "nach",
    "noch", "nur", "oft", "ohne", "sehr", "so", "um", "und", "oder", "aber", "unter", "über", "vor", "wie", "zu", "es", "ihn", "ihm",
    "ihr", "ihre", "das", "die", "der", "dem", "ein", "eine", "einer", "einem", "als", "dort", "hier", "da", "jetzt", "gerade", "trotz",
    "stets", "einst", "jedoch", "fast", "selbst",
];

/// Number of the lower-case word `key` if it can be a finite verb; strong singular pasts ("ging") are taken as verbs where nothing else is known.
pub fn finite_number(key: &str) -> Option<Number> {
    match key {
        "sind" | "waren" | "haben" | "hatten" | "werden" | "wurden" | "tun" => return Some(Number::Plural),
        "ist" | "war" | "hat" | "hatte" | "wird" | "wurde" => return Some(Number::Singular),
        _ => {}
    }
    if NO_VERB.contains(&key) || FUNCTION.contains(&key) || !key.chars().next().is_some_and(char::is_lowercase) {
        return None;
    }
    if key.ends_with("en") || key.ends_with("ern") || key.ends_with("eln") {
        return Some(Number::Plural);
    }
    Some(Number::Singular)
}
