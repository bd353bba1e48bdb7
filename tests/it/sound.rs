//! The detector of voices on real recordings: what can be claimed from four of a person, and what a recording's packaging must not do.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use lupe::detect::features::{Detector, Features};
use lupe::detect::linear::Linear;
use lupe::detect::material::{Abstention, Material};
use lupe::detect::sound::{Metadata, Sound, variants};
use lupe::detect::variants::Variant;

/// One recording: its sentence, what spoke it (`None`: the person), the file.
struct Clip {
    sentence: String,
    system: Option<String>,
    material: Material,
}

/// The clips of Thorsten-Voice (CC0): `sampleSENTENCE-SYSTEM.wav`, `gt` where the person speaks.
fn clips(test: &str) -> Option<Vec<Clip>> {
    let folder = lupe::shared_data(test)?.join("data/thorsten-de-audio");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "wav"));
    files.sort();
    let clip = |file: &std::path::PathBuf| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let (sentence, system) = name.split_once('-').unwrap();
        let system = Some(system.trim_end_matches(".wav").to_owned()).filter(|system| system != "gt");
        Clip { sentence: sentence.to_owned(), system, material: Material::read(file).unwrap() }
    };
    Some(files.iter().map(clip).collect())
}

/// For each sentence that has both: the share of its pairs of generated and human in which a fit on all other sentences scores the generated one higher.
fn leave_one_sentence_out(detector: &dyn Detector, clips: &[(&Clip, Features)]) -> BTreeMap<String, f64> {
    let sentences: BTreeSet<&str> = clips.iter().map(|(clip, _)| clip.sentence.as_str()).collect();
    let mut shares = BTreeMap::new();
    for sentence in sentences {
        let (held, others): (Vec<_>, Vec<_>) = clips.iter().partition(|(clip, _)| clip.sentence == sentence);
        let items: Vec<&Features> = others.iter().map(|(_, features)| features).collect();
        let labels: Vec<bool> = others.iter().map(|(clip, _)| clip.system.is_some()).collect();
        let fit = Linear::fit(&items, &labels, 0, detector.penalty());
        let scores = |generated: bool| -> Vec<f64> {
            held.iter().filter(|(clip, _)| clip.system.is_some() == generated).map(|(_, features)| fit.score(features)).collect()
        };
        let (human, generated) = (scores(false), scores(true));
        let won =
            |made: &f64| human.iter().map(|real| if made > real { 1.0 } else { f64::from(u8::from(made == real)) / 2.0 }).sum::<f64>();
        let pairs = human.len() * generated.len();
        if pairs > 0 {
            shares.insert(sentence.to_owned(), generated.iter().map(won).sum::<f64>() / pairs as f64);
        }
    }
    shares
}

#[test]
fn four_recordings_of_a_person_allow_no_claim_about_the_detector() {
    let Some(clips) = clips("four_recordings_of_a_person_allow_no_claim_about_the_detector") else { return };
    assert_eq!((clips.len(), clips.iter().filter(|clip| clip.system.is_none()).count()), (48, 4));
    let start = Instant::now();
    let read: Vec<(&Clip, Features)> = clips.iter().filter_map(|clip| Some((clip, Sound.read(&clip.material).ok()?))).collect();
    let seconds: f64 = clips.iter().map(|clip| Metadata.read(&clip.material).unwrap().extent).sum();
    println!("{seconds:.0} s of sound read in {:.2} s on one thread", start.elapsed().as_secs_f64());
    let statements = read.iter().filter(|(_, features)| features.extent >= Sound.minimum().statement).count();
    let people = read.iter().filter(|(clip, _)| clip.system.is_none()).count();
    println!("{} of 48 are long enough for a hint ({people} of the person), {statements} for a statement", read.len());
    let control: Vec<(&Clip, Features)> = read.iter().map(|(clip, _)| (*clip, Metadata.read(&clip.material).unwrap())).collect();
    for (detector, clips) in [(&Sound as &dyn Detector, &read), (&Metadata, &control)] {
        println!("{}: {:.3?}", detector.id(), leave_one_sentence_out(detector, clips));
    }
    // What is too short is told so, with the voice that was found.
    for clip in &clips {
        if let Err(abstention) = Sound.read(&clip.material) {
            assert!(matches!(&abstention, Abstention::TooLittle { found, needed: 1.5, .. } if *found < 1.5), "{abstention}");
        }
    }
}

#[test]
fn on_real_voices_everyday_changes_move_the_numbers_less_than_the_next_recording_of_the_same_voice() {
    let Some(clips) = clips("on_real_voices_everyday_changes_move_the_numbers") else { return };
    let read = |material: &Material| Sound.read(material).unwrap().dense;
    let apart = |one: &[f32], other: &[f32]| one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt();
    let person: Vec<&Clip> = clips.iter().filter(|clip| clip.system.is_none() && Sound.read(&clip.material).is_ok()).collect();
    let between = apart(&read(&person[0].material), &read(&person[1].material));
    for change in variants::ALL {
        let moved = person.iter().map(|clip| {
            let changed = change.apply(&clip.material).unwrap();
            Sound.read(&changed).map_or(0.0, |features| apart(&features.dense, &read(&clip.material)))
        });
        let farthest = moved.fold(0.0, f32::max);
        println!("{}: {farthest:.3}, two recordings of the person: {between:.3}", change.id());
        assert!(!change.everyday() || farthest < between, "{}: {farthest}", change.id());
    }
}
