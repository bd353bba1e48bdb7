//! What the detector sees in pictures whose making is known, because the test makes them.

use image::ImageFormat;

use super::*;
use crate::detect::features::Shown;
use crate::detect::image::synthetic::{enlarged, photo, saved};
use crate::detect::linear::Linear;

fn read(bytes: Vec<u8>) -> Result<Features, Abstention> {
    ImageTraces.read(&Material::Image(bytes))
}

fn value(features: &Features, name: &str) -> f32 {
    features.dense[NAMES.iter().position(|found| *found == name).unwrap()]
}

#[test]
fn every_picture_gives_as_many_finite_numbers_as_there_are_names() {
    for (side, format) in [(128, ImageFormat::Png), (200, ImageFormat::Jpeg), (640, ImageFormat::WebP), (256, ImageFormat::Gif)] {
        let features = read(saved(&photo(7, side), format)).unwrap();
        assert_eq!(features.dense.len(), NAMES.len());
        assert!(features.dense.iter().all(|value| value.is_finite()), "{side}: {:?}", features.dense);
        assert_eq!(features.extent, f64::from(side));
    }
}

#[test]
fn a_nearly_empty_picture_gives_finite_numbers_and_an_empty_one_none() {
    let mut picture = image::RgbImage::from_pixel(256, 256, image::Rgb([90, 90, 90]));
    assert!(matches!(read(saved(&picture, ImageFormat::Png)), Err(Abstention::Unreadable { why }) if why.contains("even area")));
    for x in 100..140 {
        picture.put_pixel(x, 130, image::Rgb([255, 255, 255]));
    }
    let features = read(saved(&picture, ImageFormat::Png)).unwrap();
    assert!(features.dense.iter().all(|value| value.is_finite()), "{:?}", features.dense);
}

#[test]
fn a_small_picture_gets_no_reading() {
    let found = read(saved(&photo(1, 127), ImageFormat::Png));
    assert_eq!(found, Err(Abstention::TooLittle { found: 127.0, needed: 128.0, unit: "pixels".to_owned() }));
}

#[test]
fn the_same_picture_gives_the_same_numbers_on_any_thread() {
    let bytes = saved(&photo(9, 300), ImageFormat::Jpeg);
    let here = read(bytes.clone()).unwrap();
    let there: Vec<_> = (0..4).map(|_| bytes.clone()).map(|bytes| std::thread::spawn(|| read(bytes).unwrap())).collect();
    assert!(there.into_iter().all(|thread| thread.join().unwrap() == here));
}

#[test]
fn a_scene_with_the_spectrum_of_photographs_has_their_slope() {
    let slope = value(&read(saved(&photo(3, 512), ImageFormat::Png)).unwrap(), "spectrum-slope");
    assert!((-2.4..-1.6).contains(&slope), "{slope}");
}

#[test]
fn doubling_shows_as_a_peak_at_half_the_frequency() {
    let small = photo(4, 257);
    // Every other pixel is the mean of its neighbours.
    let doubled = image::RgbImage::from_fn(512, 512, |x, y| {
        let at = |x: u32, y: u32| small.get_pixel(x, y).0.map(u32::from);
        let corners = [at(x / 2, y / 2), at(x.div_ceil(2), y / 2), at(x / 2, y.div_ceil(2)), at(x.div_ceil(2), y.div_ceil(2))];
        image::Rgb([0, 1, 2].map(|c| ((corners.iter().map(|corner| corner[c]).sum::<u32>() + 2) / 4) as u8))
    });
    let [own, doubled] = [photo(4, 512), doubled].map(|picture| read(saved(&picture, ImageFormat::Png)).unwrap());
    let [own, doubled] = [own, doubled].map(|features| value(&features, "predicted-half"));
    assert!(doubled > own + 1.0, "{own} {doubled}");
}

#[test]
fn being_saved_twice_with_other_steps_shows_in_the_history() {
    let jpeg = |picture: &image::DynamicImage, quality: u8| {
        let mut bytes = Vec::new();
        picture.write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality)).unwrap();
        bytes
    };
    let picture = image::DynamicImage::from(photo(5, 512));
    let once = jpeg(&picture, 90);
    let twice = jpeg(&image::load_from_memory(&jpeg(&picture, 60)).unwrap(), 90);
    let [once, twice] = [once, twice].map(|bytes| value(&read(bytes).unwrap(), "history-mean"));
    assert!(twice > once + 1.0, "{once} {twice}");
}

#[test]
fn a_grid_that_lies_elsewhere_tells_of_a_cut_after_compression() {
    let mut bytes = Vec::new();
    let picture = image::DynamicImage::from(photo(6, 520));
    picture.write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 50)).unwrap();
    let cut = image::load_from_memory(&bytes).unwrap().crop_imm(3, 3, 512, 512).to_rgb8();
    let [cut, whole] = [cut, photo(6, 512)].map(|picture| read(saved(&picture, ImageFormat::Png)).unwrap());
    assert!(value(&cut, "grid-other") > value(&whole, "grid-other") + 0.2);
    let own = value(&read(bytes).unwrap(), "grid-own");
    assert!(own > 0.2, "{own}");
}

/// AUROC on pictures that the fit has not seen: every other one of each kind.
fn told_apart(make: [fn(u64, u32) -> image::RgbImage; 2]) -> f64 {
    let items: Vec<(Features, bool)> =
        (0..80_u64).map(|seed| (read(saved(&make[seed as usize % 2](seed, 256), ImageFormat::Jpeg)).unwrap(), seed % 2 == 1)).collect();
    let (train, test): (Vec<_>, Vec<_>) = items.iter().enumerate().partition(|(i, _)| i / 2 % 2 == 0);
    let (features, labels): (Vec<&Features>, Vec<bool>) = train.iter().map(|(_, (features, label))| (features, *label)).unzip();
    let fitted = Linear::fit(&features, &labels, 0, PENALTY);
    let scores =
        |kind: bool| test.iter().filter(move |(_, item)| item.1 == kind).map(|(_, item)| fitted.score(&item.0)).collect::<Vec<f64>>();
    let (real, made) = (scores(false), scores(true));
    let won: f64 = made.iter().flat_map(|m| real.iter().map(move |r| f64::from(u8::from(m > r)))).sum();
    won / (real.len() * made.len()) as f64
}

#[test]
fn enlarged_pictures_are_told_from_others_and_equals_are_not() {
    let told = told_apart([photo, enlarged]);
    let equals = told_apart([photo, photo]);
    println!("enlarged {told}, equals {equals}");
    assert!(told > 0.99, "{told}");
    // 20 against 20 of one kind: 0.5 with a standard error of 0.09.
    assert!((0.2..0.8).contains(&equals), "{equals}");
}

#[test]
fn what_is_shown_are_small_pictures_the_same_each_time() {
    let material = Material::Image(saved(&photo(8, 700), ImageFormat::Jpeg));
    let traces = ImageTraces.traces(&material);
    assert_eq!(traces, ImageTraces.traces(&material));
    assert_eq!(traces.len(), 5);
    for trace in traces {
        let Shown::Picture(png) = trace.shown else { panic!("{} is no picture", trace.name) };
        let picture = image::load_from_memory(&png).unwrap();
        assert!(picture.width() <= 512 && picture.height() <= 512, "{}", trace.name);
    }
    assert!(ImageTraces.traces(&Material::Image(saved(&photo(8, 100), ImageFormat::Png))).is_empty());
}
