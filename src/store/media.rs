//! Answers that are files: pictures, recordings, films. In: bytes. Out: which of them it is, and where it lies in a run folder.

use serde::{Deserialize, Serialize};

/// What a file is, other than a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Medium {
    /// A picture.
    Image,
    /// A recording.
    Sound,
    /// A film.
    Video,
}

impl Medium {
    /// The word as files write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Medium::Image => "image",
            Medium::Sound => "sound",
            Medium::Video => "video",
        }
    }

    /// The medium that the first bytes of a file show, and the ending of names of such files. The bytes decide, never a name: a text saved
    /// under the name of a picture is no picture. A text that draws (SVG) is a text.
    pub fn of(bytes: &[u8]) -> Option<(Medium, &'static str)> {
        let at = |start: usize, magic: &[u8]| bytes.get(start..start + magic.len()) == Some(magic);
        let found = match bytes {
            _ if at(0, b"\x89PNG\r\n\x1a\n") => (Medium::Image, "png"),
            _ if at(0, b"\xff\xd8\xff") => (Medium::Image, "jpg"),
            _ if at(0, b"GIF87a") || at(0, b"GIF89a") => (Medium::Image, "gif"),
            _ if at(0, b"II*\0") || at(0, b"MM\0*") => (Medium::Image, "tif"),
            _ if at(0, b"RIFF") && at(8, b"WEBP") => (Medium::Image, "webp"),
            _ if at(4, b"ftypavif") || at(4, b"ftypavis") => (Medium::Image, "avif"),
            _ if at(4, b"ftyphei") || at(4, b"ftypmif1") => (Medium::Image, "heic"),
            _ if at(0, b"RIFF") && at(8, b"WAVE") => (Medium::Sound, "wav"),
            _ if at(0, b"fLaC") => (Medium::Sound, "flac"),
            _ if at(0, b"OggS") => (Medium::Sound, "ogg"),
            _ if at(4, b"ftypM4A") || at(4, b"ftypM4B") => (Medium::Sound, "m4a"),
            _ if at(0, b"ID3") => (Medium::Sound, "mp3"),
            // A frame of MPEG audio, layer III: eleven bits set, then version and layer.
            [0xff, 0xf2 | 0xf3 | 0xfa | 0xfb | 0xe2 | 0xe3, ..] => (Medium::Sound, "mp3"),
            _ if at(4, b"ftyp") => (Medium::Video, "mp4"),
            _ if at(0, b"\x1a\x45\xdf\xa3") => (Medium::Video, "webm"),
            _ if at(0, b"RIFF") && at(8, b"AVI ") => (Medium::Video, "avi"),
            _ => return None,
        };
        Some(found)
    }
}

/// A file that came back. The run folder keeps it under the hash of its bytes: equal files lie there once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaFile {
    /// What it is.
    pub medium: Medium,
    /// Hash of its bytes.
    pub blake3: String,
    /// Ending of its name.
    pub ending: String,
    /// The bytes on their way into the run folder; `None` for a response read back.
    #[serde(skip)]
    pub bytes: Option<Vec<u8>>,
}

impl MediaFile {
    /// The file with these bytes, if they are a picture, a recording or a film.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        let (medium, ending) = Medium::of(&bytes)?;
        Some(Self { medium, blake3: blake3::hash(&bytes).to_hex().to_string(), ending: ending.to_owned(), bytes: Some(bytes) })
    }

    /// Its place below the run folder: `media/HASH.ENDING`.
    pub fn place(&self) -> String {
        format!("media/{}.{}", self.blake3, self.ending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_tell_what_a_file_is_and_a_text_is_nothing_but_a_text() {
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(2, 2).write_to(&mut png, image::ImageFormat::Png).unwrap();
        assert_eq!(Medium::of(png.get_ref()), Some((Medium::Image, "png")));
        let mut wav = std::io::Cursor::new(Vec::new());
        let form = hound::WavSpec { channels: 1, sample_rate: 16_000, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
        let mut writer = hound::WavWriter::new(&mut wav, form).unwrap();
        writer.write_sample(0i16).unwrap();
        writer.finalize().unwrap();
        assert_eq!(Medium::of(wav.get_ref()), Some((Medium::Sound, "wav")));
        assert_eq!(Medium::of(b"\0\0\0\x20ftypisom"), Some((Medium::Video, "mp4")));
        for text in ["", "P", "Hier ist Ihr Bild.", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"] {
            assert_eq!(Medium::of(text.as_bytes()), None, "{text}");
        }
    }
}
