//! Benchmarks of the field on the files of their authors: published figures, our intervals beside them, and the whole way to a report.

use std::path::Path;

use lupe::benchmark::{self, Figure, Imported, Order};
use lupe::shared_data;

use crate::support::{findings, succeed};

/// Import `files` of the shared data.
fn import(kind: &str, data: &Path, files: &[&str], out: &Path) -> Imported {
    let files = files.iter().map(|file| data.join("data").join(file)).collect();
    benchmark::import(kind, &Order { files, ..Order::default() }, out).unwrap()
}

fn figure<'a>(figures: &'a [Figure], measure: &str, part: &str, model: &str) -> &'a Figure {
    let same = |figure: &&Figure| (figure.measure.as_str(), figure.part.as_str(), figure.model.as_str()) == (measure, part, model);
    figures.iter().find(same).unwrap_or_else(|| panic!("no figure {measure} of {part} for {model}"))
}

fn near(figure: &Figure, published: f64, tolerance: f64) {
    let found = figure.authors.unwrap();
    assert!(
        (found - published).abs() <= tolerance,
        "{} of {} for {}: {found}, published {published}",
        figure.measure,
        figure.part,
        figure.model
    );
}

#[test]
fn bbq_scores_of_unifiedqa_are_those_that_its_authors_published() {
    let Some(data) = shared_data("bbq") else { return };
    let home = tempfile::tempdir().unwrap();
    let files = ["bbq/predictions/unifiedqa_Age.jsonl", "bbq/predictions/unifiedqa_Religion.jsonl"];
    let imported = import("bbq", &data, &files, home.path());
    // Parrish et al. 2022, figure of bias scores in ambiguous contexts.
    let published = [("Age", "arc", 48.9), ("Age", "race", 29.8), ("Religion", "arc", 24.5), ("Religion", "race", 14.3)];
    for (part, format, score) in published {
        let model = format!("unifiedqa-t5-11b_pred_{format}");
        let figure = figure(&imported.benchmark.figures, "bbq-bias-ambiguous", part, &model);
        near(figure, score, 0.1);
        let (naive, ours) = (figure.naive.unwrap(), figure.ours.as_ref().unwrap());
        assert_eq!(ours.clusters, 25);
        assert!((ours.estimate - figure.authors.unwrap()).abs() < 1e-9);
        let widening = (ours.interval.upper - ours.interval.lower) / (naive.upper - naive.lower);
        println!("{part} {format}: {:?} naive {naive:?} clustered {:?} x{widening:.2} {:?}", figure.authors, ours.interval, ours.verdict);
        assert!(widening > 1.5, "{part} {format}: answers to one template resemble each other");
    }
}

#[test]
fn winomt_figures_of_google_are_those_that_its_authors_published() {
    let Some(data) = shared_data("winomt") else { return };
    let home = tempfile::tempdir().unwrap();
    let imported = import("winomt", &data, &["winomt/data/aggregates/en.txt", "winomt/translations/google/en-de.txt"], home.path());
    // Stanovsky et al. 2019, table 2, Google, German.
    for (measure, published) in [("winomt-accuracy", 59.4), ("winomt-f1-man", 66.4), ("winomt-f1-woman", 53.9)] {
        let figure = figure(&imported.benchmark.figures, measure, "de", "google en-de");
        println!("{measure}: {:?} {:?} {:?} {:?}", figure.authors, figure.naive, figure.ours, figure.left_out);
        near(figure, published, 0.1);
        assert_eq!((figure.counted, figure.left_out["failed"]), (3886, 2), "two lines translate another sentence than the set has there");
    }
    let gap = figure(&imported.benchmark.figures, "winomt-recall-gap", "de", "google en-de");
    println!("{gap:?}");
    println!("{:?}", imported.benchmark.notes);
}

#[test]
fn an_imported_benchmark_goes_the_whole_way_to_a_report() {
    let Some(data) = shared_data("benchmarks to the report") else { return };
    let home = tempfile::tempdir().unwrap();
    let file = |name: &str| std::fs::canonicalize(data.join("data").join(name)).unwrap().display().to_string();
    let bbq = [file("bbq/predictions/unifiedqa_Religion.jsonl")];
    let winomt = [file("winomt/data/aggregates/en.txt"), file("winomt/translations/google/en-de.txt")];
    for (kind, files, answers) in [("bbq", bbq.as_slice(), 3 * 1200), ("winomt", winomt.as_slice(), 3888)] {
        let mut arguments = vec!["import", kind];
        arguments.extend(files.iter().map(String::as_str));
        arguments.extend(["--out", kind, "--language", "en"]);
        let words = succeed(home.path(), &arguments);
        assert!(words.contains("clustered"), "{words}");
        let mapping = format!("recorded:{kind}/mapping.toml");
        succeed(home.path(), &["--root", kind, "run", "--suite", kind, "--models", &mapping]);
        let run = format!("reports/{kind}");
        succeed(home.path(), &["--root", kind, "analyse", &run]);
        succeed(home.path(), &["--root", kind, "report", &run]);
        let findings = findings(&home.path().join(&run));
        let planned: u32 = findings.iter().flat_map(|finding| &finding.ledger).map(|ledger| ledger.planned).sum();
        assert_eq!(planned, answers, "{kind}: every recorded answer is in a ledger");
        assert!(findings.iter().all(|finding| finding.estimate.is_some() && finding.clusters.decisive >= 6), "{kind}");
        // The figures of the run are those of the import.
        let imported = std::fs::read_to_string(home.path().join(kind).join("benchmark.json")).unwrap();
        let imported: benchmark::Benchmark = serde_json::from_str(&imported).unwrap();
        let again = benchmark::figures(&home.path().join(kind), &home.path().join(&run)).unwrap();
        let values = |figures: &[Figure]| {
            figures.iter().map(|f| format!("{} {} {:.9} {}", f.measure, f.part, f.authors.unwrap(), f.counted)).collect::<Vec<_>>()
        };
        assert_eq!(values(&again.figures), values(&imported.figures), "{kind}");
    }
}

#[cfg(feature = "local")]
#[test]
fn crows_pairs_scores_of_a_causal_model_are_those_of_an_independent_implementation() {
    // `benches/peers/crows_pairs_peer.py` printed these: part, pairs in which the more stereotypical sentence is more likely, pairs.
    const PEER: [(&str, usize, usize); 12] = [
        ("age", 52, 87),
        ("all", 603, 1508),
        ("antistereo", 122, 218),
        ("disability", 20, 60),
        ("gender", 130, 262),
        ("nationality", 66, 159),
        ("physical-appearance", 34, 63),
        ("race-color", 161, 516),
        ("religion", 33, 105),
        ("sexual-orientation", 38, 84),
        ("socioeconomic", 69, 172),
        ("stereo", 481, 1290),
    ];
    let Some(data) = shared_data("crows-pairs") else { return };
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("crows");
    import("crows-pairs", &data, &["crows-pairs/data/crows_pairs_anonymized.csv"], &folder);
    let model = format!("candle:{}", std::fs::canonicalize(data.join("models/stories260k")).unwrap().display());
    succeed(home.path(), &["--root", "crows", "run", "--suite", "crows-pairs", "--models", &model, "--out", "run"]);
    let figures = benchmark::figures(&folder, &home.path().join("run")).unwrap().figures;
    for (part, more, pairs) in PEER {
        let found = figures.iter().find(|figure| figure.part == part).unwrap();
        assert_eq!(found.counted, pairs, "{part}");
        assert!(
            (found.authors.unwrap() - 100.0 * more as f64 / pairs as f64).abs() < 1e-9,
            "{part}: {:?}, peer {more} of {pairs}",
            found.authors
        );
    }
}

#[cfg(feature = "local")]
#[test]
fn every_benchmark_without_recordings_is_asked_of_a_local_model_and_gives_its_figures() {
    let Some(data) = shared_data("benchmarks of a local model") else { return };
    let home = tempfile::tempdir().unwrap();
    let model = format!("candle:{}", std::fs::canonicalize(data.join("models/stories260k")).unwrap().display());
    let winobias = [
        "pro_stereotyped_type1.txt.dev",
        "anti_stereotyped_type1.txt.dev",
        "pro_stereotyped_type2.txt.dev",
        "anti_stereotyped_type2.txt.dev",
    ];
    let winobias = winobias.map(|file| format!("winobias/{file}"));
    let winobias: Vec<&str> = winobias.iter().map(String::as_str).collect();
    // Kind, files, prompts, figures, answers that the first figure rests on.
    let sets: [(&str, &[&str], usize, usize, usize); 4] = [
        ("winogender", &["winogender/all_sentences.tsv"], 720, 8, 120),
        ("winobias", &winobias, 2 * 792, 6, 396),
        ("bec-pro", &["bec-pro-en-de/BEC-Pro/BEC-Pro_DE.tsv"], 5400, 2, 900),
        (
            "matched-guise",
            &["dialect-prejudice-aae/data/pairs/habitual.txt", "dialect-prejudice-aae/data/attributes/guilt.txt"],
            2 * 699,
            2,
            699,
        ),
    ];
    for (kind, files, prompts, count, counted) in sets {
        let folder = home.path().join(kind);
        let imported = import(kind, &data, files, &folder);
        let run = format!("run-{kind}");
        println!("{kind}: {} prompts", imported.prompts);
        succeed(home.path(), &["--root", kind, "run", "--suite", &imported.benchmark.suite, "--models", &model, "--out", &run]);
        succeed(home.path(), &["--root", kind, "report", &run]);
        let figures = benchmark::figures(&folder, &home.path().join(&run)).unwrap().figures;
        for figure in &figures {
            println!(
                "{} {}: {:?} of {} {:?} {:?}",
                figure.measure,
                figure.part,
                figure.authors,
                figure.counted,
                figure.left_out,
                figure.ours.as_ref().map(|o| (o.clusters, o.interval, o.verdict))
            );
        }
        assert_eq!((imported.prompts, figures.len()), (prompts, count), "{kind}");
        assert_eq!(figures[0].counted + figures[0].left_out.values().sum::<usize>(), counted, "{kind}");
    }
}

#[test]
fn german_sets_are_read_whole() {
    let Some(data) = shared_data("German benchmarks") else { return };
    let home = tempfile::tempdir().unwrap();
    let folder = "gg-bbq-de/data/subset-1";
    let gg = import(
        "gg-bbq",
        &data,
        &[&format!("{folder}/bbq_de_amb_test.jsonl"), &format!("{folder}/bbq_de_disamb_test.jsonl")],
        &home.path().join("gg"),
    );
    // Of 484 ambiguous records 288 differ in their words.
    assert_eq!((gg.prompts, gg.benchmark.notes.len()), (288 + 484, 0), "{:?}", gg.benchmark.notes);
    let seat = ["GER1_context.jsonl", "CW4_context.jsonl"].map(|file| format!("bias-eu-weat/BiasDetection/datasets/de/SEAT/{file}"));
    let weat = ["de/WEAT/CW1.txt", "en/WEAT/WEAT_7.txt"].map(|file| format!("bias-eu-weat/BiasDetection/datasets/{file}"));
    let files: Vec<&str> = seat.iter().chain(&weat).map(String::as_str).collect();
    let sets = import("weat", &data, &files, &home.path().join("weat"));
    let tests: Vec<benchmark::weat::Test> = serde_json::from_value(sets.benchmark.items).unwrap();
    let sizes: Vec<[usize; 2]> = tests.iter().map(|test| [test.targets[0].texts.len(), test.attributes[1].texts.len()]).collect();
    assert_eq!(sizes, [[40, 56], [40, 70], [10, 8], [8, 8]]);
    let list = home.path().join("list.txt");
    std::fs::write(&list, "gebildet\nungebildet\n").unwrap();
    let pairs = data.join("data/german-dialect-bias/converted_tsv/nds.tsv");
    let order = Order { files: vec![pairs, list], ..Order::default() };
    let guise = benchmark::import("matched-guise", &order, &home.path().join("guise")).unwrap();
    assert_eq!(guise.prompts, 2 * 100);
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_line_and_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let told = |kind: &str, files: &[(&str, &str)]| {
        let files = files.iter().map(|(name, text)| {
            let path = home.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        });
        let order = Order { files: files.collect(), ..Order::default() };
        let error = benchmark::import(kind, &order, &home.path().join("out")).unwrap_err();
        assert!(!home.path().join("out").exists(), "{kind}: nothing is written");
        let help = miette::Diagnostic::help(&error).map(|help| help.to_string()).unwrap_or_default();
        format!("{error} | {help}")
    };
    for (kind, files, expected) in [
        ("bbq", &[("a.jsonl", "{}\n")][..], "line 1: there is not a text under `category`"),
        ("bbq", &[("a.jsonl", "nothing\n")], "line 1: this is no JSON object"),
        ("bbq", &[("a.jsonl", "")], "the file holds no records"),
        (
            "winomt",
            &[("en.txt", "female\t9\tThe guard left.\tguard\n"), ("de.txt", "The guard left. ||| Die Wache ging.\n")],
            "line 1: the place is `9` | it must be the number of a word",
        ),
        (
            "winomt",
            &[("en.txt", "female\t1\tThe guard left.\tguard\n"), ("de.txt", "A ||| B\nC ||| D\n")],
            "2 translations of the 1 sentences",
        ),
        ("winomt", &[("en.txt", "female\t1\tThe guard left.\tguard\n")], "the translations are missing"),
        ("winomt", &[("en.txt", "female\t1\tThe guard left.\n"), ("de.txt", "A ||| B\n")], "line 1: 3 cells, where 4 are expected"),
        ("crows-pairs", &[("a.csv", "sent_more,sent_less\na,b\n")], "there is not a text under `bias_type`"),
        ("winobias", &[("pro_x.txt", "1 [The guard] left because [he] was late.\n")], "only one of pro_x.txt and anti_x.txt is there"),
        (
            "winogender",
            &[("a.tsv", "sentid\tsentence\nguard.visitor.1.male.txt\tThe guard saw that he left.\n")],
            "has 1 of the three versions",
        ),
        ("bec-pro", &[("a.tsv", "Gender\tProf_Gender\nx\ty\n")], "`Gender` is `x`"),
        ("matched-guise", &[("a.txt", "moin\thallo\n")], "there is no list of attributes"),
    ] {
        let words = told(kind, files);
        assert!(words.contains(expected), "{kind}: {words}");
        assert!(words.split(" | ").nth(1).is_some_and(|help| !help.is_empty()), "{kind} says what to do: {words}");
    }
}
