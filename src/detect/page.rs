//! The page on one file. In: what is known of it ([`Examined`]). Out: HTML that needs nothing else.

mod statement;

use minijinja::{Environment, Error, context};

use super::examined::Examined;
use super::material::Material;
use super::provenance::{Credential, Declaration, Provenance, Says, Sign};
use super::trained::Trained;
use crate::lang::wording::{Wording, numbers};

/// The page on a file in the language of `wording`.
///
/// # Errors
/// When the template is broken; a test sees to it that it is not.
pub fn page(examined: &Examined, material: Option<&Material>, detectors: &[Trained], wording: &Wording) -> Result<String, Error> {
    let found = &examined.provenance;
    let mut templates = Environment::new();
    templates.add_template("page.html", include_str!("page/page.html"))?;
    templates.add_template("statement.html", include_str!("page/statement.html"))?;
    let language = wording.language();
    let name = found.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let [result, explanation] = result(found, wording);
    let length = wording.with("detect-bytes", &[("count", numbers::count(found.bytes, language).into())]);
    let format = found.format.clone().unwrap_or_else(|| wording.text("detect-format-unknown"));
    let heading = context! {
        characters => wording.text("detect-characters"),
        credential => wording.text("detect-credential"),
        signs => wording.text("detect-signs"),
        unread => wording.text("detect-unread"),
        file => wording.text("detect-file"),
    };
    templates.get_template("page.html")?.render(context! {
        language => language.code(),
        title => wording.with("detect-title", &[("file", name.clone().into())]),
        intro => wording.text("detect-intro"),
        result,
        explanation,
        statements => statement::section(examined, material, detectors, wording),
        characters => examined.characters.iter().map(|found| found.sentence(wording)).collect::<Vec<_>>(),
        characters_intro => wording.text("detect-characters-intro"),
        heading,
        credential => credential(found, wording),
        columns => ["place", "field", "says", "words", "signed"].map(|column| wording.text(&format!("detect-{column}"))),
        signs => found.signs.iter().map(|sign| row(sign, wording)).collect::<Vec<_>>(),
        no_signs => wording.text("detect-no-signs"),
        // Of a text nothing was to be read in the first place.
        unread => found.format.as_ref().map_or_else(Vec::new, |_| found.unread.clone()),
        facts => [
            [wording.text("detect-file"), name],
            [wording.text("detect-format"), format],
            [wording.text("detect-length"), length],
            [wording.text("detect-hash"), found.blake3.clone()],
        ],
    })
}

/// What is said of a file, in a few lines for a terminal.
pub fn summary(examined: &Examined, wording: &Wording) -> Vec<String> {
    let [result, explanation] = result(&examined.provenance, wording);
    let said = examined.statements.iter().map(|said| {
        let parts =
            [("detector", statement::name(&said.detector, wording).into()), ("answer", statement::answer(said.answer, wording).into())];
        format!("{} {}", wording.with("detect-said", &parts), statement::reason(&said.reason, wording))
    });
    [format!("{result}."), explanation].into_iter().chain(said).collect()
}

/// The declaration in a sentence, and what it is worth.
fn result(found: &Provenance, wording: &Wording) -> [String; 2] {
    let key = format!("detect-{}", found.declaration.as_str());
    let speaks = match found.declaration {
        Declaration::DeclaresAi => Some(Says::Ai),
        Declaration::DeclaresCapture => Some(Says::Capture),
        Declaration::CredentialBroken | Declaration::NothingFound => None,
    };
    let signed = found.signs.iter().any(|sign| sign.signed && Some(sign.says) == speaks);
    [wording.text(&key), wording.text(&format!("{key}.{}", if signed { "signed" } else { "unsigned" }))]
}

fn credential(found: &Provenance, wording: &Wording) -> Vec<String> {
    match &found.credential {
        Credential::NotLooked { .. } if found.format.is_none() => vec![wording.text("detect-credential-other")],
        Credential::Absent => vec![wording.text("detect-credential-absent")],
        Credential::Broken { why } => vec![wording.with("detect-credential-wrong", &[("why", why.join(", ").into())])],
        Credential::NotLooked { why } => vec![wording.with("detect-credential-not-looked", &[("why", why.as_str().into())])],
        Credential::Intact { signer, trusted, time, broken_parts, .. } => {
            let mut lines = vec![wording.with("detect-credential-intact", &[("signer", signer.as_str().into())])];
            let day = time.as_deref().map(|time| numbers::date(time, wording.language()));
            lines.extend(day.map(|day| wording.with("detect-credential-time", &[("time", day.into())])));
            lines.extend(broken_parts.iter().map(|part| wording.with("detect-credential-part", &[("part", part.as_str().into())])));
            lines.push(wording.text(if *trusted { "detect-credential-trusted" } else { "detect-credential-untrusted" }));
            lines
        }
    }
}

fn row(sign: &Sign, wording: &Wording) -> [String; 5] {
    let says = match sign.says {
        Says::Ai => "detect-says-ai",
        Says::Capture => "detect-says-capture",
        Says::Other => "detect-says-other",
    };
    let signed = wording.text(if sign.signed { "yes" } else { "no" });
    [sign.place.clone(), sign.field.clone(), wording.text(says), sign.words.clone(), signed]
}
