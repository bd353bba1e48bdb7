use std::collections::BTreeMap;

use super::*;
use crate::detect::corpus::Content;
use crate::detect::features::{Features, Minimum};
use crate::stats::rng::Random;
use crate::stats::special::{normal_cdf, normal_quantile};

/// Reads the first word as a number, the second as a bucket.
struct Reader {
    id: &'static str,
    number: bool,
    bucket: bool,
}

impl Detector for Reader {
    fn id(&self) -> &'static str {
        self.id
    }

    fn version(&self) -> u32 {
        1
    }

    fn modality(&self) -> Modality {
        Modality::Text
    }

    fn minimum(&self) -> Minimum {
        Minimum { statement: 1.0, hint: 1.0, unit: "words" }
    }

    fn dense(&self) -> &[&'static str] {
        &["number"]
    }

    fn buckets(&self) -> usize {
        4096
    }

    fn read(&self, material: &Material) -> Result<Features, Abstention> {
        let Material::Text(text) = material else { return Err(Abstention::OtherModality { needs: Modality::Text }) };
        let mut words = text.split_whitespace();
        let (number, bucket) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let number: f32 = number.parse().map_err(|_| Abstention::Unreadable { why: "no number".into() })?;
        let bucket: u32 = bucket.parse().unwrap_or_default();
        Ok(Features {
            dense: vec![if self.number { number } else { 0.0 }],
            sparse: if self.bucket { vec![(bucket, 1.0)] } else { Vec::new() },
            extent: text.split_whitespace().count() as f64,
        })
    }
}

const NUMBER: Reader = Reader { id: "number", number: true, bucket: false };
const BUCKET: Reader = Reader { id: "bucket", number: false, bucket: true };

fn item(at: usize, source: &str, generated: bool, text: String) -> Item {
    Item {
        id: format!("{at:05}"),
        source: source.to_owned(),
        generator: generated.then(|| "machine".to_owned()),
        domain: "d".to_owned(),
        language: None,
        groups: BTreeMap::new(),
        content: Content::Held(Material::Text(text)),
    }
}

/// Numbers of two normal distributions of equal width, so far apart that the area is `area`.
fn binormal(count: usize, area: f64, seed: u64) -> Vec<Item> {
    let mut random = Random::new(seed, "binormal items");
    let shift = 2.0_f64.sqrt() * normal_quantile(area);
    (0..count)
        .map(|at| {
            let generated = at % 2 == 1;
            let number = random.normal() + if generated { shift } else { 0.0 };
            item(at, &format!("s{at}"), generated, format!("{number} {at}"))
        })
        .collect()
}

fn protocol() -> Protocol {
    Protocol { lengths: Vec::new(), ..Protocol::default() }
}

fn run(detector: &dyn Detector, items: &[Item]) -> Evaluation {
    evaluate(detector, &[], &[], items, &protocol()).unwrap()
}

fn area(row: &Row) -> f64 {
    row.measured.auroc.value().unwrap()
}

#[test]
fn the_area_of_two_normal_distributions_is_the_one_of_the_formula() {
    let found = run(&NUMBER, &binormal(2000, 0.9, 1));
    let Number::Stated { value, lower, upper } = found.whole.measured.auroc else { panic!() };
    assert!(lower <= 0.9 && 0.9 <= upper && (value - 0.9).abs() < 0.02, "{value} [{lower}, {upper}]");
    let expected = 1.0 - normal_cdf(normal_quantile(0.95) - 2.0_f64.sqrt() * normal_quantile(0.9));
    let Number::Stated { lower, upper, .. } = found.whole.measured.found_at_5_percent else { panic!() };
    assert!(lower <= expected && expected <= upper);
    // The model of the training is the true one here up to its penalty, so its probabilities nearly hold.
    let error = found.reliability.unwrap().error;
    assert!(error.error < 2.0 * error.floor, "{error:?}");
}

#[test]
fn who_knows_sources_only_knows_nothing_of_new_ones() {
    // Three items of each source, one label for each source: a split within sources would give an area near 1.
    let versions: Vec<Item> = (0..300).map(|at| item(at, &format!("s{}", at / 3), (at / 3) % 2 == 0, format!("{at} {}", at / 3))).collect();
    assert!((area(&run(&BUCKET, &versions).whole) - 0.5).abs() < 0.05);
    // A human and a generated work on each topic: a split between twins would give an area near 0.
    let twins: Vec<Item> = (0..300).map(|at| item(at, &format!("s{}", at / 2), at % 2 == 0, format!("{at} {}", at / 2))).collect();
    assert!((area(&run(&BUCKET, &twins).whole) - 0.5).abs() < 0.05);
}

#[test]
fn the_same_content_under_two_names_is_one_source() {
    let items: Vec<Item> = (0..300).map(|at| item(at, &format!("file {at}"), (at / 3) % 2 == 0, format!("0 {}", at / 3))).collect();
    let found = run(&BUCKET, &items);
    assert_eq!((found.corpus.sources, found.corpus.repeated), (100, 300));
    assert!((area(&found.whole) - 0.5).abs() < 0.05);
}

#[test]
fn no_fold_holds_part_of_a_group() {
    let items: Vec<Item> = (0..200)
        .map(|at| Item { domain: format!("d{}", at % 7), ..item(at, &format!("s{}", at / 4), at % 3 == 0, format!("{at}")) })
        .collect();
    let items: Vec<&Item> = items.iter().collect();
    let hashes = vec![None; items.len()];
    let generated: Vec<bool> = items.iter().map(|item| item.generated()).collect();
    let groups = folds::groups(&items, &hashes, GroupBy::Source);
    let fold = folds::assign(&groups, &generated, 5);
    for split in Split::of_folds(&fold, 5) {
        assert_eq!(split.train.len() + split.test.len(), 200);
        let sources = |part: &[usize]| part.iter().map(|at| items[*at].source.as_str()).collect::<BTreeSet<_>>();
        assert!(sources(&split.train).is_disjoint(&sources(&split.test)));
        let share = split.test.iter().filter(|at| generated[**at]).count();
        assert!((10..=18).contains(&share), "{share} generated of {}", split.test.len());
    }
    // Every source stands in several domains, so that all domains hang together.
    assert_eq!(folds::groups(&items, &hashes, GroupBy::Domain).into_iter().collect::<BTreeSet<_>>().len(), 1);
}

#[test]
fn a_control_that_equals_the_detector_leaves_no_gain() {
    let items = binormal(300, 0.9, 3);
    let controls: Vec<Box<dyn Detector>> =
        vec![Box::new(Reader { id: "same", ..NUMBER }), Box::new(Reader { id: "blind", number: false, bucket: false })];
    let found = evaluate(&NUMBER, &controls, &[], &items, &protocol()).unwrap();
    let [same, blind] = &found.whole.beside[..] else { panic!() };
    assert_eq!((same.gain.value(), same.gain_shown), (Some(0.0), false));
    assert!(blind.gain_shown && (blind.auroc.value().unwrap() - 0.5).abs() < 0.05);
}

#[test]
fn order_of_items_and_number_of_threads_change_no_byte() {
    let mut items = binormal(200, 0.8, 4);
    for (at, item) in items.iter_mut().enumerate() {
        item.domain = format!("d{}", at % 3);
        item.generator = item.generator.take().map(|_| format!("g{}", at % 4));
        item.groups.insert("school".into(), format!("{}", at % 5));
    }
    let controls = || crate::detect::registry::controls(Modality::Text);
    let text = |items: &[Item], threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let protocol = Protocol { nested: true, folds: 4, lengths: vec![1, 2], ..Protocol::default() };
        let found = pool.install(|| evaluate(&NUMBER, &controls(), &[], items, &protocol)).unwrap();
        serde_json::to_string(&found).unwrap()
    };
    let first = text(&items, 1);
    assert!(first == text(&items, 2), "two threads");
    items.reverse();
    assert!(first == text(&items, 2), "another order");
    let found: Evaluation = serde_json::from_str(&first).unwrap();
    assert_eq!((found.unseen_domains.len(), found.unseen_generators.len(), found.lengths.len()), (3, 2, 2));
    // One number, all scores on one scale: choosing penalties costs nothing.
    let plain = evaluate(&NUMBER, &[], &[], &items, &Protocol { folds: 4, lengths: Vec::new(), ..Protocol::default() }).unwrap();
    assert!((area(&found.whole) - area(&plain.whole)).abs() < 0.02, "{:?}", found.penalties);
}

#[test]
fn an_unseen_generator_is_judged_by_what_the_others_taught() {
    // One generator is shifted up, the other down: each teaches the wrong direction for the other.
    let mut random = Random::new(8, "directions");
    let items: Vec<Item> = (0..400)
        .map(|at| {
            let (generator, shift) = [(None, 0.0), (Some("up"), 3.0), (None, 0.0), (Some("down"), -3.0)][at % 4];
            let text = format!("{} {at}", random.normal() + shift);
            Item { generator: generator.map(str::to_owned), ..item(at, &format!("s{at}"), true, text) }
        })
        .collect();
    let found = run(&NUMBER, &items);
    assert_eq!(found.unseen_generators.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["down", "up"]);
    assert!(found.unseen_generators.iter().all(|row| area(row) < 0.05 && row.measured.human == 200 && row.measured.generated == 100));
}

#[test]
fn an_unseen_domain_is_judged_by_what_the_others_taught() {
    let mut items = binormal(400, 0.9, 9);
    for (at, item) in items.iter_mut().enumerate() {
        item.domain = if at % 4 < 2 { "letters" } else { "labels" }.to_owned();
        if item.domain == "labels" && at % 4 == 3 {
            // In this domain generated works lie on the other side.
            item.content = Content::Held(Material::Text(format!("-3 {at}")));
        }
    }
    let found = run(&NUMBER, &items);
    assert!(area(&found.unseen_domains[0]) < 0.1 && found.unseen_domains[0].name == "labels");
    assert_eq!(found.domains.len(), 2);
}

#[test]
fn a_group_that_writes_like_the_machine_is_found_among_the_accused() {
    let mut random = Random::new(11, "accused");
    let items: Vec<Item> = (0..900)
        .map(|at| {
            let (generated, native) = (at % 3 == 0, at % 3 == 1);
            let number = random.normal()
                + if generated {
                    3.0
                } else if native {
                    0.0
                } else {
                    1.5
                };
            let mut item = item(at, &format!("s{at}"), generated, format!("{number} {at}"));
            item.groups.insert("native".into(), if native { "yes" } else { "no" }.into());
            item.groups.insert("coin".into(), ["heads", "tails"][random.below(2)].into());
            item
        })
        .collect();
    let found = run(&NUMBER, &items);
    let group =
        |key: &str, value: &str| found.groups.iter().find(|group| (group.key.as_str(), group.value.as_str()) == (key, value)).unwrap();
    let (native, other) = (group("native", "yes"), group("native", "no"));
    // Above the 95th percentile of N(0, 1): N(1.5, 1) lies there with 1 - Phi(1.645 - 1.5).
    let expected = 1.0 - normal_cdf(normal_quantile(0.95) - 1.5);
    let Number::Stated { lower, upper, .. } = other.accused else { panic!() };
    assert!(lower <= expected && expected <= upper && other.accused_more_often && !native.accused_more_often);
    assert!(other.others.value().unwrap() <= 0.05);
    assert!(!group("coin", "heads").accused_more_often && !group("coin", "tails").accused_more_often);
    assert!(found.groups.iter().all(|group| group.key != "domain"), "a single domain is compared with nothing");
}

#[test]
fn what_nothing_is_said_about_is_counted_and_never_scored() {
    let mut items = binormal(200, 0.9, 5);
    for at in [3, 5, 8] {
        items[at].content = Content::Held(Material::Text("word".into()));
    }
    items[10].content = Content::Held(Material::Image(vec![1, 2, 3]));
    items[12].content = Content::Held(Material::Text("NaN 1".into()));
    let found = run(&NUMBER, &items);
    assert_eq!((found.whole.measured.human, found.whole.measured.generated), (97, 98));
    let counts: Vec<(&str, usize, usize)> =
        found.whole.measured.abstained.iter().map(|row| (row.because.as_str(), row.human, row.generated)).collect();
    assert_eq!(counts, [("other-modality", 1, 0), ("unreadable", 2, 2)]);
    assert_eq!(found.whole.measured.found_at_1_percent, Number::NotStated { because: Because::TooFewHumans { found: 97, needed: 300 } });
}

#[test]
fn texts_are_cut_to_words_and_shorter_ones_are_left_out() {
    let items = binormal(200, 0.9, 6);
    let protocol = Protocol { lengths: vec![1, 5], ..Protocol::default() };
    let found = evaluate(&NUMBER, &[], &[], &items, &protocol).unwrap();
    assert!((area(&found.lengths[0].trained_on_whole) - area(&found.whole)).abs() < 1e-12);
    let five = &found.lengths[1].trained_on_whole.measured;
    assert_eq!((five.human, five.auroc), (0, Number::NotStated { because: Because::OneClass }));
    assert_eq!(five.abstained, [Abstained { because: "too-little".into(), human: 100, generated: 100 }]);
}

#[test]
fn a_corpus_that_cannot_be_evaluated_is_named_with_what_helps() {
    let items = binormal(8, 0.9, 7);
    assert!(evaluate(&NUMBER, &[], &[], &items, &protocol()).unwrap_err().to_string().contains("8 groups"));
    let humans: Vec<Item> = binormal(40, 0.9, 7).into_iter().filter(|item| !item.generated()).collect();
    assert!(evaluate(&NUMBER, &[], &[], &humans, &protocol()).unwrap_err().to_string().contains("no generated"));
}

#[test]
fn controls_see_length_and_language_only() {
    let controls = crate::detect::registry::controls(Modality::Text);
    let read = |at: usize, text: &str| controls[at].read(&Material::Text(text.into())).unwrap();
    assert_eq!(read(0, "Die Restauratorin lacht."), read(0, "One two three"));
    assert_ne!(read(0, "one two three"), read(0, "one two three four five six"));
    assert_eq!(read(1, "Die Restauratorin ist nicht da.").dense, [1.0, 0.0, 0.0]);
    assert_eq!(read(1, "The restorer is not here.").dense, [0.0, 1.0, 0.0]);
    assert_eq!(read(1, "").dense, [0.0; 3]);
}
