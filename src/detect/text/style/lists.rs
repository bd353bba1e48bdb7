//! Function words of German and English in groups: the words that carry no topic (Mosteller and Wallace 1964, "Inference and Disputed Authorship").
//!
//! In: a word in lower case. Out: a set of groups. A word may stand in several; both languages are looked up together, as texts mix them.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Groups that are counted, each with its words.
const COUNTED: [&str; 18] = [
    "der die das den dem des ein eine einen einem einer eines the a an",
    "in im an am auf aus bei beim mit nach seit von vom vor zum zur für durch über unter gegen zwischen neben trotz wegen innerhalb of on at to for from by with \
     about into through over under between among against during before after since until",
    "und oder sowie and or",
    "aber sondern doch jedoch allerdings dennoch trotzdem hingegen dagegen zwar obwohl but yet however although though whereas nevertheless",
    "dass ob weil da wenn während bis nachdem bevor damit als indem that because if when while which who whose where",
    "auch zudem außerdem darüber hinaus ebenfalls ebenso dabei daneben ferner also moreover furthermore additionally besides",
    "daher deshalb somit dadurch dafür folglich therefore thus hence consequently",
    "ist sind wird werden hat haben kann können muss müssen is are has have can may will",
    "war waren wurde wurden worden hatte hatten konnte konnten was were had been could would",
    "er sie es ihn ihm ihr he she it they him her them",
    "sein seine seinen seinem seiner seines ihre ihren ihrem ihrer ihres his its their",
    "ich wir uns mich mir mein meine unser unsere du dich dir euch i we us me my our you your",
    "dieser diese dieses diesen diesem jener jene jenes solche this these those such",
    "nicht kein keine keinen keiner nie nichts not no never",
    "viele vielen einige einigen alle allen mehr meist meisten verschiedene verschiedenen zahlreiche many some all more most various several numerous",
    "sich itself himself herself themselves",
    "etwa rund ca oft häufig meist teilweise vermutlich wahrscheinlich bereits noch heute about around often usually probably perhaps",
    "man one",
];

/// Function words of no counted group.
const OTHERS: &str = "denn nur schon sehr so wie um zu ohne statt hinter außerhalb musste soll sollen sollte will wollen wollte darf dürfen möchte welche welcher \
     welches derer dessen deren allem aller andere anderen anderer manche hier dort dann nun damals immer daraus darauf darin davon dazu insbesondere \
     beispielsweise zunächst schließlich später bzw nor so as than whom what be being having do does did might must shall should overall finally other any much few \
     both each every own same only very well known there here then now";

/// Bit of [`OTHERS`].
const OTHER: u32 = 1 << 31;

/// Number of counted groups.
pub(super) const GROUPS: usize = COUNTED.len();

static WORDS: LazyLock<HashMap<&str, u32>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    let groups = COUNTED.iter().enumerate().map(|(group, list)| (1_u32 << group, *list)).chain([(OTHER, OTHERS)]);
    for (bit, list) in groups {
        list.split_whitespace().for_each(|word| *words.entry(word).or_default() |= bit);
    }
    words
});

/// The groups of a word as bits, 0 if it is no function word.
pub(super) fn groups(lower: &str) -> u32 {
    WORDS.get(lower).copied().unwrap_or(0)
}
