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
}

/// What a file is by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Picture, recording or film.
    pub medium: Medium,
    /// Ending of names of such files.
    pub ending: &'static str,
    /// Media type, for instance `image/png`.
    pub media_type: &'static str,
}

impl Format {
    /// The format that the first bytes show. The bytes decide, never a name: a text saved under the name of a picture is no picture. A text that
    /// draws (SVG) is a text.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        use Medium::{Image, Sound, Video};
        let at = |start: usize, magic: &[u8]| bytes.get(start..start + magic.len()) == Some(magic);
        let (medium, ending, media_type) = match bytes {
            _ if at(0, b"\x89PNG\r\n\x1a\n") => (Image, "png", "image/png"),
            _ if at(0, b"\xff\xd8\xff") => (Image, "jpg", "image/jpeg"),
            _ if at(0, b"GIF87a") || at(0, b"GIF89a") => (Image, "gif", "image/gif"),
            _ if at(0, b"II*\0") || at(0, b"MM\0*") => (Image, "tif", "image/tiff"),
            _ if at(0, b"RIFF") && at(8, b"WEBP") => (Image, "webp", "image/webp"),
            _ if at(4, b"ftypavif") || at(4, b"ftypavis") => (Image, "avif", "image/avif"),
            _ if at(4, b"ftyphei") || at(4, b"ftypmif1") => (Image, "heic", "image/heic"),
            // A sequence of such pictures is shown like a film.
            _ if at(4, b"ftyphe") => (Video, "mp4", "image/heic"),
            _ if at(0, b"RIFF") && at(8, b"WAVE") => (Sound, "wav", "audio/wav"),
            _ if at(0, b"fLaC") => (Sound, "flac", "audio/flac"),
            _ if at(0, b"OggS") => (Sound, "ogg", "audio/ogg"),
            _ if at(4, b"ftypM4A") || at(4, b"ftypM4B") => (Sound, "m4a", "audio/mp4"),
            _ if at(0, b"ID3") => (Sound, "mp3", "audio/mpeg"),
            // A frame of MPEG audio, layer III: eleven bits set, then version and layer.
            [0xff, 0xf2 | 0xf3 | 0xfa | 0xfb | 0xe2 | 0xe3, ..] => (Sound, "mp3", "audio/mpeg"),
            _ if at(4, b"ftypqt") => (Video, "mp4", "video/quicktime"),
            _ if at(4, b"ftyp") => (Video, "mp4", "video/mp4"),
            _ if at(0, b"\x1a\x45\xdf\xa3") => (Video, "webm", "video/webm"),
            _ if at(0, b"RIFF") && at(8, b"AVI ") => (Video, "avi", "video/avi"),
            _ => return None,
        };
        Some(Self { medium, ending, media_type })
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
        let Format { medium, ending, .. } = Format::of(&bytes)?;
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
        let found = |bytes: &[u8]| Format::of(bytes).map(|format| (format.medium, format.ending));
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(2, 2).write_to(&mut png, image::ImageFormat::Png).unwrap();
        assert_eq!(found(png.get_ref()), Some((Medium::Image, "png")));
        let mut wav = std::io::Cursor::new(Vec::new());
        let form = hound::WavSpec { channels: 1, sample_rate: 16_000, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
        let mut writer = hound::WavWriter::new(&mut wav, form).unwrap();
        writer.write_sample(0i16).unwrap();
        writer.finalize().unwrap();
        assert_eq!(found(wav.get_ref()), Some((Medium::Sound, "wav")));
        assert_eq!(found(b"\0\0\0\x20ftypisom"), Some((Medium::Video, "mp4")));
        for text in ["", "P", "Hier ist Ihr Bild.", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"] {
            assert_eq!(found(text.as_bytes()), None, "{text}");
        }
    }
}
