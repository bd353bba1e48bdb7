//! Which sentences weigh most in a score, towards either side.
//!
//! In: a text, a detector and its fitted regression. Out: byte ranges with what the score loses without them. That is what the sentence adds where it stands; because
//! sentences share words and lengths, these contributions do not add up to the score.

use std::ops::Range;

use serde::Serialize;

use super::segment;
use crate::detect::features::Detector;
use crate::detect::linear::Linear;
use crate::detect::material::{Abstention, Material};

/// Parts that a text is weighed in at most; longer texts are weighed in stretches of several sentences.
const PARTS: usize = 100;

/// What a sentence adds to the score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Weighed {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Log-odds of the text less those of the text without it: above 0 it speaks for a generated text, below 0 against.
    pub contribution: f64,
}

/// The sentences of `text`, the weightiest first, whichever side they speak for. Left out are those without which too little text would remain.
///
/// # Errors
/// The [`Abstention`] of the detector on the whole text.
pub fn weigh(text: &str, detector: &dyn Detector, fit: &Linear) -> Result<Vec<Weighed>, Abstention> {
    let score = |text: String| detector.read(&Material::Text(text)).map(|features| fit.score(&features));
    let whole = score(text.to_owned())?;
    let sentences = segment::sentences(text);
    let stretches = sentences.chunks(sentences.len().div_ceil(PARTS).max(1)).map(|some| some[0].start..some[some.len() - 1].end);
    let weighed = |range: Range<usize>| {
        let without = score(format!("{}{}", &text[..range.start], &text[range.end..])).ok()?;
        Some(Weighed { range, contribution: whole - without })
    };
    let mut weighed: Vec<Weighed> = stretches.filter_map(weighed).collect();
    weighed.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()).then(a.range.start.cmp(&b.range.start)));
    Ok(weighed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::text::style::TextStyle;

    /// Log-odds that fall with every long word and rise with every comma.
    fn fit() -> Linear {
        let names = TextStyle.dense();
        let weight = |name: &&str| if *name == "comma" { 5.0 } else { 0.0 } - if *name == "long-words" { 20.0 } else { 0.0 };
        Linear {
            center: vec![0.0; names.len()],
            scale: vec![1.0; names.len()],
            dense: names.iter().map(weight).collect(),
            sparse: vec![0.0; TextStyle.buckets()],
            bias: 0.0,
            penalty: 1.0,
        }
    }

    const COMMAS: &str = "Rot, gelb, grün, blau, weiß, grau, braun, rosa.";
    const LONG: &str = "Restaurierungswerkstätten dokumentieren Farbschichtuntersuchungen außerordentlich gewissenhaft.";

    fn text() -> String {
        let plain = "Das Haus steht seit vielen Jahren an dem Fluss und hat drei Türme.";
        format!("{plain} {COMMAS} {plain}\n\n{plain} {LONG} {plain}")
    }

    #[test]
    fn sentences_speak_for_either_side_and_the_weightiest_come_first() {
        let text = text();
        let weighed = weigh(&text, &TextStyle, &fit()).unwrap();
        let sign = |sentence: &str| weighed.iter().find(|weighed| &text[weighed.range.clone()] == sentence).unwrap().contribution;
        assert!(sign(COMMAS) > 0.5 && sign(LONG) < -0.5, "{weighed:?}");
        assert_eq!(weighed.len(), 6);
        assert!(weighed.windows(2).all(|pair| pair[0].contribution.abs() >= pair[1].contribution.abs()));
        assert!(weighed[..2].iter().all(|weighed| [COMMAS, LONG].contains(&&text[weighed.range.clone()])));
    }

    #[test]
    fn a_contribution_is_what_the_score_loses() {
        let text = text();
        let score = |text: &str| fit().score(&TextStyle.read(&Material::Text(text.to_owned())).unwrap());
        let first = &weigh(&text, &TextStyle, &fit()).unwrap()[0];
        let without = format!("{}{}", &text[..first.range.start], &text[first.range.end..]);
        assert_eq!(first.contribution, score(&text) - score(&without));
    }

    #[test]
    fn short_texts_have_no_sentences_that_could_be_spared() {
        assert!(weigh("Zu kurz.", &TextStyle, &fit()).is_err());
        let forty = "Das Haus steht seit vielen Jahren. ".repeat(7);
        assert_eq!(weigh(&forty, &TextStyle, &fit()).unwrap(), []);
    }

    #[test]
    fn long_texts_are_weighed_in_stretches() {
        let long = "Das Haus steht, wie man sagt, am Fluss. ".repeat(250);
        let weighed = weigh(&long, &TextStyle, &fit()).unwrap();
        assert_eq!(weighed.len(), 84);
        assert!(weighed.iter().all(|weighed| long[weighed.range.clone()].starts_with("Das")));
    }
}
