//! The gender of a German rendering: forms, pairs of forms, gender signs, articles and adjectives. In: tokens and the forms of a noun. Out: [`Place`]s.

use super::forms::{Form, Forms};
use super::{Place, Rendering};
use crate::lang::person::fair_form;
use crate::score::gender::token::Tokens;

/// Letters from which on a form is also found as the last part of a compound (*Chefkuratorin*), or the last part of a form alone (*Pädagogin*).
const SHORTEST_PART: usize = 5;

/// Where the noun stands and how.
pub fn places(tokens: &Tokens, forms: &Forms) -> Vec<Place> {
    let mut places = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((form, fair)) = form_at(tokens, forms, at) else {
            at += 1;
            continue;
        };
        let pair = behind_pair(tokens, at).filter(|&next| form_at(tokens, forms, next).is_some_and(|(other, _)| differs(form, other)));
        let rendering = match (fair, pair) {
            (true, _) => Rendering::Neutral,
            (_, Some(_)) => Rendering::Both,
            _ if addresses_all(tokens, at) => Rendering::Both,
            _ => alone(tokens, at, form),
        };
        places.push(Place { token: at, rendering });
        at = pair.unwrap_or(at) + 1;
    }
    places
}

/// The form at a token, and whether it carries a gender sign.
fn form_at(tokens: &Tokens, forms: &Forms, at: usize) -> Option<(Form, bool)> {
    if !tokens.capital(at) {
        return None;
    }
    let key = tokens.key(at);
    if fair_form(tokens.raw(at), key).is_some() {
        let bare: String = key.chars().filter(|c| !matches!(c, '*' | ':' | '_' | '·' | '/' | '-')).collect();
        // Of `Ärzt*in` only the feminine is a form; of `Angestellte*r` either.
        return look_up(forms, &bare).map(|form| (form, true));
    }
    look_up(forms, key).map(|form| (form, false))
}

/// The form itself, one that the word ends with, or one that ends with the word.
fn look_up(forms: &Forms, key: &str) -> Option<Form> {
    if let Some(&form) = forms.get(key) {
        return Some(form);
    }
    let tails = key.char_indices().map(|(at, _)| at).skip(2).take_while(|at| key.len() - at >= SHORTEST_PART);
    let head = tails.filter_map(|at| forms.get(key[at..].trim_start_matches('-'))).next().copied();
    // Only whole words that name a person of their own: `Direktorin` for `Museumsdirektorin`.
    let part = || {
        let longer = |form: &&String| form.len() >= key.len() + 3 && form.ends_with(key);
        let known = key.len() > SHORTEST_PART;
        let found = forms.keys().filter(|_| known).filter(longer).min()?;
        forms.get(found).copied().filter(|form| matches!(form, Form::Feminine | Form::Masculine))
    };
    head.or_else(part)
}

/// The token behind "und", "oder", "bzw.", "/" after `at`, past an article and an adjective.
fn behind_pair(tokens: &Tokens, at: usize) -> Option<usize> {
    let joined = matches!(tokens.key(at + 1), "und" | "oder" | "bzw" | "/" | "beziehungsweise" | "sowie" | "(");
    let mut next = at + 2;
    while joined && next < at + 6 && !tokens.capital(next) {
        next += 1;
    }
    (joined && tokens.capital(next)).then_some(next)
}

fn differs(one: Form, other: Form) -> bool {
    matches!((one, other), (Form::Feminine, Form::Masculine) | (Form::Masculine, Form::Feminine))
}

/// "(m/w/d)" behind the noun.
fn addresses_all(tokens: &Tokens, at: usize) -> bool {
    tokens.key(at + 1) == "("
        && (at + 2..at + 8)
            .map(|at| tokens.key(at))
            .take_while(|key| *key != ")")
            .filter(|key| matches!(*key, "m" | "w" | "d" | "m/w/d" | "w/m/d" | "x"))
            .count()
            >= 1
}

/// What the form says by itself or with the words before it.
fn alone(tokens: &Tokens, at: usize, form: Form) -> Rendering {
    match form {
        Form::Feminine => Rendering::Woman,
        Form::Masculine => Rendering::Man,
        Form::Neutral => stated(tokens, at).unwrap_or(Rendering::Neutral),
        Form::Adjectival => stated(tokens, at).unwrap_or_else(|| by_article(tokens, at)),
    }
}

/// "weibliche Fachkraft".
fn stated(tokens: &Tokens, at: usize) -> Option<Rendering> {
    (1..=2).map(|back| tokens.before(at, back)).find_map(|key| match key {
        _ if key.starts_with("weiblich") => Some(Rendering::Woman),
        _ if key.starts_with("männlich") => Some(Rendering::Man),
        _ => None,
    })
}

/// `der Angestellte`, `ein Angestellter`, `die Angestellte`, `die Angestellten`; forms that say nothing are neutral.
fn by_article(tokens: &Tokens, at: usize) -> Rendering {
    let key = tokens.key(at);
    let article = (1..=3).map(|back| tokens.before(at, back)).find(|key| is_article(key)).unwrap_or("");
    let gendered = |article: &str| article.contains(['*', ':', '_', '/']);
    match article {
        _ if gendered(article) => Rendering::Neutral,
        _ if article == "der" && key.ends_with('e') => Rendering::Man,
        "ein" | "einem" | "einen" | "des" | "eines" | "dem" | "kein" | "mein" | "sein" | "ihr" | "unser" | "dieser" => Rendering::Man,
        "eine" | "einer" | "keine" | "meine" | "seine" | "ihre" | "unsere" => Rendering::Woman,
        "die" | "diese" if key.ends_with('e') => Rendering::Woman,
        // "den Angestellten": one man, or several people; the reading leaves it open. So does "der Angestellten", a woman or several.
        _ if article.is_empty() && key.ends_with("er") => Rendering::Man,
        _ => Rendering::Neutral,
    }
}

fn is_article(key: &str) -> bool {
    let word = key.split(['*', ':', '_', '/']).next().unwrap_or(key);
    matches!(
        word,
        "der"
            | "die"
            | "das"
            | "den"
            | "dem"
            | "des"
            | "ein"
            | "eine"
            | "einer"
            | "einem"
            | "einen"
            | "eines"
            | "dieser"
            | "diese"
            | "kein"
            | "keine"
            | "mein"
            | "meine"
            | "sein"
            | "seine"
            | "ihr"
            | "ihre"
            | "unser"
            | "unsere"
    )
}
