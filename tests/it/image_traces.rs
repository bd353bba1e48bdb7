//! The photos: whether traces tell real from generated better than the packaging does. The figures stand in `docs/detectors.md`; this test reads them
//! there and computes them again, so that the page cannot say what is not so.

use std::path::Path;

use lupe::detect::features::Features;
use lupe::detect::linear::Linear;
use lupe::detect::material::{Material, Modality};
use lupe::detect::registry;
use lupe::stats::rng::Random;
use rayon::prelude::*;

/// Resamplings for an interval.
const DRAWS: usize = 2000;

/// How far a figure may lie from the page: rounding, and the last bits of another processor.
const TOLERANCE: f64 = 0.011;

struct Photo {
    generated: bool,
    category: String,
    quantiser: f64,
    /// Packaging of the file that the photo was cut from, as the manifest has it: it tells more than that of the cut.
    original: Features,
    material: Material,
}

/// What one detector makes of all photos.
type Read = Vec<Features>;

/// AUROC of traces and of packaging, and how much better traces are alone and added to the packaging; each with its interval of 95 %.
struct Row {
    name: String,
    counts: (usize, usize),
    figures: [[f64; 3]; 4],
}

fn photos(folder: &Path) -> Vec<Photo> {
    let mut table = csv::Reader::from_path(folder.join("manifest.csv")).unwrap();
    let header = table.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|found| found == name).unwrap();
    let (file, label, category, quantiser) = (at("file"), at("label"), at("category"), at("luma_q_mean"));
    let [width, height, bytes] = ["orig_w", "orig_h", "orig_bytes"].map(at);
    let (sampling, progressive) = (at("subsampling"), at("progressive"));
    let original = |row: &csv::StringRecord| {
        let [width, height, bytes, step] = [width, height, bytes, quantiser].map(|column| row[column].parse::<f32>().unwrap().ln());
        let flag = |holds: bool| f32::from(u8::from(holds));
        let dense = vec![width, height, width - height, flag(width == height), bytes - width - height, step];
        let more = [flag(row[sampling].starts_with("[(2, 2)")), flag(&row[progressive] == "True")];
        Features { dense: [dense, more.to_vec()].concat(), ..Features::default() }
    };
    let photo = |row: csv::StringRecord| Photo {
        original: original(&row),
        generated: &row[label] == "ai",
        category: row[category].to_owned(),
        quantiser: row[quantiser].parse().unwrap(),
        material: Material::read(&folder.join(&row[file])).unwrap(),
    };
    table.records().map(|row| photo(row.unwrap())).collect()
}

fn read(detector: &str, materials: &[Material]) -> Read {
    let detector = registry::open(detector, &Default::default(), None).unwrap();
    materials.par_iter().map(|material| detector.read(material).unwrap()).collect()
}

/// Traces and packaging side by side, as one detector.
fn joined(traces: &Read, packaging: &Read) -> Read {
    let join = |(a, b): (&Features, &Features)| Features { dense: [a.dense.clone(), b.dense.clone()].concat(), ..a.clone() };
    traces.iter().zip(packaging).map(join).collect()
}

/// A fold for each of the photos: ten, drawn separately for real and generated ones. Every photo is a source of its own.
fn ten_folds(photos: &[Photo], among: &[usize]) -> Vec<usize> {
    let mut fold = vec![usize::MAX; photos.len()];
    for generated in [false, true] {
        let mut members: Vec<usize> = among.iter().copied().filter(|i| photos[*i].generated == generated).collect();
        Random::new(1, "folds of the photos").shuffle(&mut members);
        members.iter().enumerate().for_each(|(place, i)| fold[*i] = place % 10);
    }
    fold
}

/// The score of each photo by a fit on all photos of other folds.
fn scores(photos: &[Photo], read: &Read, penalty: f64, among: &[usize], fold: &[usize]) -> Vec<f64> {
    let mut scores = vec![f64::NAN; photos.len()];
    let mut folds: Vec<usize> = among.iter().map(|i| fold[*i]).collect();
    folds.sort_unstable();
    folds.dedup();
    for out in folds {
        let (features, labels): (Vec<&Features>, Vec<bool>) =
            among.iter().filter(|i| fold[**i] != out).map(|i| (&read[*i], photos[*i].generated)).unzip();
        let fitted = Linear::fit(&features, &labels, 0, penalty);
        among.iter().filter(|i| fold[**i] == out).for_each(|i| scores[*i] = fitted.score(&read[*i]));
    }
    scores
}

/// Share of pairs of a real and a generated photo in which the generated one scores higher (Mann and Whitney).
fn auroc(scores: &[f64], photos: &[Photo], among: &[usize]) -> f64 {
    let mut ordered: Vec<(f64, bool)> = among.iter().map(|i| (scores[*i], photos[*i].generated)).collect();
    ordered.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut won) = (0.0, 0.0);
    for tied in ordered.chunk_by(|a, b| a.0 == b.0) {
        let real = tied.iter().filter(|item| !item.1).count() as f64;
        won += (tied.len() as f64 - real) * (below + real / 2.0);
        below += real;
    }
    won / (below * (ordered.len() as f64 - below))
}

/// Figures of traces, packaging and both together among these photos; intervals by drawing photos with replacement, all three on the same draws.
fn row(name: &str, photos: &[Photo], scores: [&[f64]; 3], among: &[usize]) -> Row {
    let figures = |among: &[usize]| {
        let [traces, packaging, both] = scores.map(|scores| auroc(scores, photos, among));
        [traces, packaging, traces - packaging, both - packaging]
    };
    let mut random = Random::new(1, "draws of the photos");
    let drawn: Vec<[f64; 4]> =
        (0..DRAWS).map(|_| figures(&among.iter().map(|_| among[random.below(among.len())]).collect::<Vec<_>>())).collect();
    let found = figures(among);
    let figures = std::array::from_fn(|k| {
        let mut values: Vec<f64> = drawn.iter().map(|figures| figures[k]).collect();
        values.sort_by(f64::total_cmp);
        [found[k], values[DRAWS / 40], values[DRAWS - 1 - DRAWS / 40]]
    });
    let generated = among.iter().filter(|i| photos[**i].generated).count();
    Row { name: name.to_owned(), counts: (among.len() - generated, generated), figures }
}

impl Row {
    /// What may be said: traces count only where the interval of their gain over the packaging, as it is printed, leaves out zero.
    fn word(&self) -> &'static str {
        if self.figures[2][1] >= 0.005 { "gain" } else { "no statement" }
    }

    fn markdown(&self) -> String {
        let figure = |[found, low, high]: [f64; 3]| format!("{found:.2} ({low:.2} to {high:.2})");
        let (real, generated) = self.counts;
        format!("| {} | {real} / {generated} | {} | {} |", self.name, self.figures.map(figure).join(" | "), self.word())
    }

    /// Whether the page has this row with these figures.
    fn stands_in(&self, page: &str) {
        let beginning = format!("| {} | {} / {} |", self.name, self.counts.0, self.counts.1);
        let line = page.lines().find_map(|line| line.strip_prefix(&beginning)).unwrap_or_else(|| panic!("no row `{beginning}`"));
        assert!(line.ends_with(&format!("| {} |", self.word())), "{beginning}{line}: {}", self.markdown());
        let numbers: Vec<f64> = line.split(|c: char| !matches!(c, '0'..='9' | '.' | '-')).filter_map(|part| part.parse().ok()).collect();
        assert_eq!(numbers.len(), 12, "{line}");
        for (found, written) in self.figures.iter().flatten().zip(numbers) {
            assert!((found - written).abs() < TOLERANCE, "{beginning}{line}: {}", self.markdown());
        }
    }
}

#[test]
fn the_page_says_what_traces_gain_over_the_packaging_and_where_they_gain_nothing() {
    let Some(shared) = lupe::shared_data("the_page_says_what_traces_gain_over_the_packaging_and_where_they_gain_nothing") else { return };
    let photos = photos(&shared.join("data/real-or-ai-photos"));
    let delivered: Vec<Material> = photos.iter().map(|photo| photo.material.clone()).collect();
    let change = registry::variants(Modality::Image).into_iter().find(|variant| variant.id() == "half-size-jpeg-75").unwrap();
    let small: Vec<Material> = delivered.par_iter().map(|material| change.apply(material).unwrap()).collect();
    let penalty = |name: &str| registry::open(name, &Default::default(), None).unwrap().penalty();
    let penalties = [penalty("image-traces"), penalty("image-metadata"), penalty("image-traces")];
    let readings = [&delivered, &small].map(|materials| {
        let (traces, packaging) = (read("image-traces", materials), read("image-metadata", materials));
        let both = joined(&traces, &packaging);
        [traces, packaging, both]
    });
    let all: Vec<usize> = (0..photos.len()).collect();
    let of = |readings: &[Read; 3], among: &[usize], fold: &[usize]| -> [Vec<f64>; 3] {
        std::array::from_fn(|k| scores(&photos, &readings[k], penalties[k], among, fold))
    };
    let mut rows = Vec::new();
    for (name, readings) in [("as delivered", &readings[0]), ("half size, JPEG 75", &readings[1])] {
        let scores = of(readings, &all, &ten_folds(&photos, &all));
        rows.push(row(name, &photos, scores.each_ref().map(Vec::as_slice), &all));
    }
    let traces = &readings[0][0];
    let originals: Read = photos.iter().map(|photo| photo.original.clone()).collect();
    let both = joined(traces, &originals);
    let beside = of(&[traces.clone(), originals, both], &all, &ten_folds(&photos, &all));
    rows.push(row("as delivered, beside the originals", &photos, beside.each_ref().map(Vec::as_slice), &all));
    for step in [17.83, 8.58] {
        let among: Vec<usize> = all.iter().copied().filter(|i| photos[*i].quantiser == step).collect();
        let scores = of(&readings[0], &among, &ten_folds(&photos, &among));
        rows.push(row(&format!("quantiser of mean step {step}"), &photos, scores.each_ref().map(Vec::as_slice), &among));
    }
    let categories = ["city", "nature"];
    let category: Vec<usize> = photos.iter().map(|photo| categories.iter().position(|name| *name == photo.category).unwrap()).collect();
    for (how, fold) in [("among", ten_folds(&photos, &all)), ("trained without", category.clone())] {
        let scores = of(&readings[0], &all, &fold);
        for (number, name) in categories.iter().enumerate() {
            let among: Vec<usize> = all.iter().copied().filter(|i| category[*i] == number).collect();
            rows.push(row(&format!("{how} {name}"), &photos, scores.each_ref().map(Vec::as_slice), &among));
        }
    }
    rows.iter().for_each(|row| println!("{}", row.markdown()));
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/detectors.md")).unwrap();
    rows.iter().for_each(|row| row.stands_in(&page));
}
