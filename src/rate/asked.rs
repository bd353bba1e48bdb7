//! What was asked, for rules that name it, without what is under test. In: a probe's prompts. Out: each with `[…]` where the prompts of its template and context
//! differ.
//!
//! Such prompts differ in the levels of the axes and in nothing else, so what is shown is the same whatever the level: whoever reads it knows no more of the level than the
//! answer tells. The context stays, for the rule is about it ("the person doing what the prompt names").

use std::collections::BTreeMap;

use crate::probe::Probe;
use crate::store::Prompt;

/// Stands for what is left out.
const GAP: &str = "[…]";

/// Prompt id -> its words without those that depend on a level.
pub fn masked(probe: &Probe) -> BTreeMap<String, String> {
    let mut alike: BTreeMap<_, Vec<&Prompt>> = BTreeMap::new();
    for prompt in &probe.prompts {
        alike.entry((prompt.language, &prompt.template, &prompt.context)).or_default().push(prompt);
    }
    let of_group = |prompts: &Vec<&Prompt>| {
        let texts: Vec<&str> = prompts.iter().map(|prompt| prompt.task.text()).collect();
        let shown = common(&texts);
        prompts.iter().map(move |prompt| (prompt.id.clone(), shown.clone())).collect::<Vec<_>>()
    };
    alike.values().flat_map(of_group).collect()
}

/// The words that all texts have in the same order, with a gap wherever one of them has others.
fn common(texts: &[&str]) -> String {
    let mut words = texts.iter().map(|text| text.split(' ').collect::<Vec<&str>>());
    let first = words.next().unwrap_or_default().into_iter().map(Some).collect();
    let kept: Vec<Option<&str>> = words.fold(first, |kept, other| both(&kept, &other));
    kept.into_iter().map(|word| word.unwrap_or(GAP)).collect::<Vec<_>>().join(" ")
}

/// The longest row of words that both have, with gaps (no word) between them where either has more.
fn both<'t>(kept: &[Option<&'t str>], other: &[&'t str]) -> Vec<Option<&'t str>> {
    let same = |at: usize, to: usize| kept[at] == Some(other[to]);
    // longest[at][to]: words that the rests from `at` and `to` on have in common.
    let mut longest = vec![vec![0_usize; other.len() + 1]; kept.len() + 1];
    for at in (0..kept.len()).rev() {
        for to in (0..other.len()).rev() {
            longest[at][to] = if same(at, to) { longest[at + 1][to + 1] + 1 } else { longest[at + 1][to].max(longest[at][to + 1]) };
        }
    }
    let (mut at, mut to, mut row) = (0, 0, Vec::new());
    while at < kept.len() || to < other.len() {
        if at < kept.len() && to < other.len() && same(at, to) {
            row.push(kept[at]);
            (at, to) = (at + 1, to + 1);
            continue;
        }
        if row.last() != Some(&None) {
            row.push(None);
        }
        if to == other.len() || at < kept.len() && longest[at + 1][to] >= longest[at][to + 1] { at += 1 } else { to += 1 }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_depends_on_the_level_is_left_out_and_the_rest_is_shown() {
        let german =
            ["Ein Foto einer Kuratorin in Münster.", "Ein Foto eines Kurators in Münster.", "Ein Foto eine*r Kurator*in in Münster."];
        assert_eq!(common(&german), "Ein Foto […] in Münster.");
        let ends = ["Porträt für die Teamseite: Ayşe", "Porträt für die Teamseite: Karl Heinz"];
        assert_eq!(common(&ends), "Porträt für die Teamseite: […]");
        assert_eq!(common(&["In Kyoto ein Markt bei Regen", "In der Schweiz ein Markt bei Regen"]), "In […] ein Markt bei Regen");
        assert_eq!(common(&["nur einer"]), "nur einer");
        assert_eq!(common(&["ganz anders", "überhaupt nicht"]), "[…]");
    }

    #[test]
    fn nothing_shown_differs_between_the_levels_of_a_built_in_probe() {
        let library = crate::audit::library(None).unwrap();
        let mut seen = 0;
        for probe in library.suite_ids().flat_map(|id| library.suite(id).unwrap().probes) {
            let shown = masked(&probe);
            assert_eq!(shown.len(), probe.prompts.len(), "{}", probe.id);
            for attribute in &probe.attributes {
                let named = attribute.rubric.en.to_lowercase().contains("prompt");
                assert_eq!(attribute.prompt, named, "{}/{}: shown where the rule names it", probe.id, attribute.id);
            }
            for attribute in probe.attributes.iter().filter(|attribute| attribute.prompt) {
                seen += 1;
                for prompt in &probe.prompts {
                    let text = &shown[&prompt.id];
                    let level_free = probe.prompts.iter().all(|other| {
                        (other.language, &other.template, &other.context) != (prompt.language, &prompt.template, &prompt.context)
                            || shown[&other.id] == *text
                    });
                    assert!(level_free, "{}/{}: {text}", probe.id, attribute.id);
                    assert!(prompt.levels.is_empty() || text.contains(GAP), "{}: {text}", probe.id);
                }
            }
        }
        assert!(seen > 0);
    }
}
