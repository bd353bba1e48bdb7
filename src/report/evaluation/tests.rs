use std::collections::BTreeMap;

use super::*;
use crate::detect::control::Length;
use crate::detect::corpus::{Content, Item};
use crate::detect::evaluate::{Protocol, evaluate};
use crate::detect::material::Material;
use crate::detect::registry::controls;
use crate::store::Language;

/// Generated texts are longer, and there are as many of them.
fn evaluation(sources: usize) -> Evaluation {
    let item = |at: usize| {
        let generated = at % 2 == 1;
        let words = 4 + (at * 7) % 11 + if generated { 5 } else { 0 };
        Item {
            id: format!("{at:04}"),
            source: format!("s{}", at / 2),
            generator: generated.then(|| format!("Werkzeug {}", (at / 2) % 2)),
            domain: ["Briefe", "<b>Schilder</b>"][(at / 2) % 2].to_owned(),
            language: Some([Language::De, Language::En][(at / 4) % 2]),
            groups: BTreeMap::from([("native".to_owned(), ["yes", "no"][(at / 8) % 2].to_owned())]),
            content: Content::Held(Material::Text(format!("Wort{at} {}", "wort ".repeat(words)))),
        }
    };
    let items: Vec<Item> = (0..2 * sources).map(item).collect();
    let protocol = Protocol { folds: 4, lengths: vec![5], ..Protocol::default() };
    evaluate(&Length(Modality::Text), &controls(Modality::Text), &[], &items, &protocol).unwrap()
}

#[test]
fn the_page_says_everything_in_both_languages_and_lets_no_markup_in() {
    let found = evaluation(80);
    for (language, sentence, number) in
        [(Language::De, "hält „length“ in 85,1", "0,851"), (Language::En, "“length” takes the right one to be generated in 85.1%", "0.851")]
    {
        let text = page(&found, Wording::of(language)).unwrap();
        assert!(text.contains(sentence) && text.contains(number), "{:?}", result(&found, Wording::of(language)));
        assert!(!text.contains('⟦') && !text.contains("<b>"), "{text}");
        assert_eq!(text.matches("role=\"img\"").count(), 2);
        // The control is the detector itself: that must stand in the result.
        let verdict = Wording::of(language)
            .with("detect-eval-beats-not", &[("controls", Wording::of(language).text("detect-control-length").into())]);
        assert!(text.contains(&verdict.replace('"', "&quot;")));
        assert_eq!(text.matches("<h2>").count(), 11);
        for heading in ["unseen-domains", "unseen-generators", "groups", "lengths", "limits", "facts"] {
            assert!(text.contains(&Wording::of(language).text(&format!("detect-eval-{heading}"))), "{heading}");
        }
        assert_eq!(text, page(&found, Wording::of(language)).unwrap());
    }
}

#[test]
fn where_nothing_can_be_said_the_page_says_so() {
    let found = evaluation(4);
    assert!(found.whole.measured.auroc.value().is_none());
    let text = page(&found, Wording::of(Language::De)).unwrap();
    assert!(text.contains("lässt sich mit diesen Werken nicht sagen") && text.contains("keine Angabe (4 von mindestens 6 Quellen)"));
}
