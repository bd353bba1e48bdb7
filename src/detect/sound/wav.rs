//! Recordings as numbers. In: the bytes of a WAV file. Out: one channel of samples between -1 and 1, and what the header says.
//!
//! Only uncompressed WAV is read: MP3, AAC, Vorbis and Opus leave traces of their own, which a detector would take for those of a generator. No claim
//! of a header is believed: memory is taken for what is there, and a file that holds less than it promises is refused.

use hound::{SampleFormat, WavReader};

use crate::detect::material::{Abstention, Material, Modality};
use crate::store::{Format, Medium};

/// Longest recording, in seconds. With [`HIGHEST_RATE`] it bounds the memory: 460 MB of samples beside the file.
pub const LONGEST: f64 = 600.0;

/// Highest sample rate, in hertz.
pub const HIGHEST_RATE: u32 = 192_000;

/// Floats beyond this are taken for garbage: the loudest scale that programs write is that of 32-bit integers.
const LOUDEST: f64 = 4_294_967_296.0;

/// What the header of a WAV file says, as far as the file keeps it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts {
    /// Samples per second and channel.
    pub rate: u32,
    /// Bits per sample.
    pub bits: u16,
    /// Samples are floats.
    pub float: bool,
    /// Number of channels.
    pub channels: u16,
    /// Samples per channel.
    pub frames: u32,
}

/// A recording in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// Samples per second.
    pub rate: u32,
    /// The mean of all channels; full scale of integers is 1.
    pub samples: Vec<f32>,
}

impl Facts {
    /// What the header of this recording says.
    ///
    /// # Errors
    /// [`Abstention`]: no sound, no WAV file, too long, of a rate that nobody uses.
    pub fn of(material: &Material) -> Result<Self, Abstention> {
        open(material).map(|(_, facts)| facts)
    }

    /// Length in seconds.
    pub fn seconds(&self) -> f64 {
        f64::from(self.frames) / f64::from(self.rate)
    }
}

impl Recording {
    /// The samples of this recording.
    ///
    /// # Errors
    /// As [`Facts::of`]; a file that is cut off, or samples that are no finite numbers.
    pub fn read(material: &Material) -> Result<Self, Abstention> {
        let (mut reader, facts) = open(material)?;
        let scale = 1.0 / f64::from(1u32 << (facts.bits - 1));
        let samples = match facts.float {
            true => mix(&mut reader, facts, |sample: f32| f64::from(sample))?,
            false => mix(&mut reader, facts, |sample: i32| f64::from(sample) * scale)?,
        };
        Ok(Self { rate: facts.rate, samples })
    }

    /// It as a WAV file of one channel with 16-bit integers. What is louder than full scale makes everything quieter; nothing is clipped.
    ///
    /// # Errors
    /// [`Abstention::TooLarge`]: more than a WAV file holds.
    pub fn write(&self) -> Result<Material, Abstention> {
        let peak = self.samples.iter().fold(1f32, |peak, sample| peak.max(sample.abs()));
        let spec = hound::WavSpec { channels: 1, sample_rate: self.rate, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut write = || {
            let mut writer = hound::WavWriter::new(&mut bytes, spec)?;
            self.samples.iter().try_for_each(|sample| writer.write_sample((sample / peak * 32_767.0).round() as i16))?;
            writer.finalize()
        };
        write().map_err(|error| Abstention::TooLarge { what: error.to_string() })?;
        Ok(Material::Sound(bytes.into_inner()))
    }
}

fn unreadable(why: impl Into<String>) -> Abstention {
    Abstention::Unreadable { why: why.into() }
}

fn open(material: &Material) -> Result<(WavReader<&[u8]>, Facts), Abstention> {
    let Material::Sound(bytes) = material else { return Err(Abstention::OtherModality { needs: Modality::Sound }) };
    match Format::of(bytes) {
        Some(Format { ending: "wav", .. }) => {}
        Some(Format { medium: Medium::Sound, ending, .. }) => {
            return Err(unreadable(format!("{ending} is not read, only WAV, best from before anything was compressed")));
        }
        _ => return Err(unreadable("no WAV file")),
    }
    let reader = WavReader::new(bytes.as_slice()).map_err(|error| broken(&error))?;
    let (spec, frames) = (reader.spec(), reader.duration());
    let float = spec.sample_format == SampleFormat::Float;
    let facts = Facts { rate: spec.sample_rate, bits: spec.bits_per_sample, float, channels: spec.channels, frames };
    if !(1..=32).contains(&facts.bits) || facts.rate == 0 || facts.rate > HIGHEST_RATE {
        return Err(unreadable(format!("{} bits at {} hertz are no recording", facts.bits, facts.rate)));
    }
    if facts.frames == 0 {
        return Err(Abstention::TooLittle { found: 0.0, needed: 1.0 / f64::from(facts.rate), unit: "seconds".to_owned() });
    }
    // A sample takes at least one byte.
    if u64::from(facts.frames) * u64::from(facts.channels) > bytes.len() as u64 {
        return Err(cut_off());
    }
    if facts.seconds() > LONGEST {
        return Err(Abstention::TooLarge { what: format!("a recording of {:.0} seconds (over {LONGEST:.0})", facts.seconds()) });
    }
    Ok((reader, facts))
}

/// The mean of the channels at each instant.
fn mix<S: hound::Sample>(reader: &mut WavReader<&[u8]>, facts: Facts, of: impl Fn(S) -> f64) -> Result<Vec<f32>, Abstention> {
    let mut mixed = Vec::with_capacity(facts.frames as usize);
    let (mut sum, mut channel) = (0.0, 0);
    for sample in reader.samples::<S>() {
        let value = of(sample.map_err(|error| broken(&error))?);
        if !value.is_finite() || value.abs() > LOUDEST {
            return Err(unreadable("it holds samples that are no numbers, or louder than any sound"));
        }
        sum += value;
        channel += 1;
        if channel == facts.channels {
            mixed.push((sum / f64::from(facts.channels)) as f32);
            (sum, channel) = (0.0, 0);
        }
    }
    Ok(mixed)
}

fn cut_off() -> Abstention {
    unreadable("its header promises more sound than there is: it was cut off, or written as a stream")
}

fn broken(error: &hound::Error) -> Abstention {
    match error {
        hound::Error::IoError(_) => cut_off(),
        hound::Error::Unsupported | hound::Error::TooWide | hound::Error::InvalidSampleFormat => {
            unreadable("a kind of WAV that is not read: take integers of 8, 16, 24 or 32 bits, or floats of 32")
        }
        other => unreadable(format!("broken WAV file: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file<S: hound::Sample>(channels: u16, bits: u16, float: bool, samples: impl IntoIterator<Item = S>) -> Vec<u8> {
        let sample_format = if float { SampleFormat::Float } else { SampleFormat::Int };
        let spec = hound::WavSpec { channels, sample_rate: 16_000, bits_per_sample: bits, sample_format };
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut writer = hound::WavWriter::new(&mut bytes, spec).unwrap();
        samples.into_iter().for_each(|sample| writer.write_sample(sample).unwrap());
        writer.finalize().unwrap();
        bytes.into_inner()
    }

    fn read(bytes: Vec<u8>) -> Result<Vec<f32>, Abstention> {
        Recording::read(&Material::Sound(bytes)).map(|recording| recording.samples)
    }

    #[test]
    fn half_of_full_scale_is_half_in_every_kind_of_wav() {
        for bits in [8, 16, 24, 32] {
            assert_eq!(read(file(1, bits, false, [1i32 << (bits - 2)])).unwrap(), [0.5], "{bits}");
        }
        assert_eq!(read(file(1, 32, true, [0.5f32])).unwrap(), [0.5]);
    }

    #[test]
    fn channels_are_averaged() {
        assert_eq!(read(file(2, 16, false, [16_384i16, 0, -16_384, 16_384])).unwrap(), [0.25, 0.0]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let samples: Vec<f32> = (0..100).map(|at| (at as f32 * 0.3).sin() * 0.7).collect();
        let written = Recording { rate: 44_100, samples: samples.clone() }.write().unwrap();
        assert_eq!(Facts::of(&written).unwrap(), Facts { rate: 44_100, bits: 16, float: false, channels: 1, frames: 100 });
        assert!(Recording::read(&written).unwrap().samples.iter().zip(&samples).all(|(got, sent)| (got - sent).abs() < 5e-5));
    }

    #[test]
    fn hostile_recordings_are_told_apart_and_take_no_memory() {
        let good = file(1, 16, false, 0..1000i16);
        let why = |bytes: Vec<u8>| read(bytes).unwrap_err().to_string();
        assert!(why(good[..good.len() - 1].to_vec()).contains("cut off"));
        assert!(why(good[..40].to_vec()).contains("cut off"));
        let claiming = |length: u32| [&good[..40], &length.to_le_bytes(), &good[44..]].concat();
        assert!(why(claiming(0xffff_fffe)).contains("promises more sound"));
        assert!(why(claiming(0xffff_ffff)).contains("broken WAV"));
        assert!(why(file::<i16>(1, 16, false, [])).starts_with("0 seconds"));
        for bad in [f32::NAN, f32::INFINITY, 1e30] {
            assert!(why(file(1, 32, true, [bad])).contains("no numbers"));
        }
        assert!(why(vec![b'R']).contains("no WAV"));
        assert!(why(b"fLaC and more".to_vec()).contains("flac is not read"));
        let mut fast = good;
        fast[24..28].copy_from_slice(&4_000_000u32.to_le_bytes());
        fast[28..32].copy_from_slice(&8_000_000u32.to_le_bytes());
        assert!(why(fast).contains("no recording"));
        assert!(matches!(read(file(1, 8, false, vec![0i8; 9_600_001])), Err(Abstention::TooLarge { .. })));
        let text = Recording::read(&Material::Text(String::new()));
        assert_eq!(text, Err(Abstention::OtherModality { needs: Modality::Sound }));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), place in 0usize..44, value in any::<u8>()) {
            let mut wav = file(1, 16, false, bytes.iter().map(|byte| i16::from(*byte)));
            let _ = read(bytes);
            wav[place] = value;
            let _ = read(wav);
        }
    }
}
