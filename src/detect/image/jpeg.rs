//! What the markers of a JPEG say: quantisers, sampling of colours, way of coding, and whether the file reaches its end.
//!
//! In: bytes. Out: [`Jpeg`], as far as the bytes go (ITU-T T.81, annex B). The picture itself is decoded elsewhere ([`super::decode`]).

/// Row and column of each place in a quantiser or block in zigzag order, as row * 8 + column (ITU-T T.81, figure A.6).
pub const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56,
    57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// The quantiser for brightness that the standard gives as an example (ITU-T T.81, table K.1), row by row. Most programs scale it.
const EXAMPLE: [u16; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62, 18, 22,
    37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/// Step of each frequency, row by row (not in zigzag order).
pub type Quantiser = [u16; 64];

/// What the markers of a JPEG say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Jpeg {
    /// The quantisers up to the first scan, by number.
    pub quantisers: [Option<Quantiser>; 4],
    /// The colours.
    pub components: Vec<Component>,
    /// Whether it is coded in several passes.
    pub progressive: bool,
    /// Whether the end marker is there.
    pub complete: bool,
}

/// One colour of a JPEG.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Component {
    /// Samples across, relative to the other colours, 1 to 4.
    pub horizontal: u8,
    /// Samples down, relative to the other colours, 1 to 4.
    pub vertical: u8,
    /// Number of its quantiser, 0 to 3.
    pub quantiser: u8,
}

impl Jpeg {
    /// Reads markers up to the end marker or the last byte. Bytes that are no JPEG give an empty, incomplete one.
    pub fn read(bytes: &[u8]) -> Self {
        let mut jpeg = Self::default();
        let mut at = 0;
        let mut scanned = false;
        while let Some((marker, body)) = next(bytes, at) {
            if marker == 0xd9 {
                jpeg.complete = true;
                break;
            }
            // The start marker and TEM stand alone; everything else states its length, which counts its own two bytes.
            if matches!(marker, 0xd8 | 0x01) {
                at = body;
                continue;
            }
            let Some(length) = short(bytes, body).filter(|length| *length >= 2) else { break };
            let end = body + usize::from(length);
            let Some(segment) = bytes.get(body + 2..end) else { break };
            match marker {
                0xdb if !scanned => jpeg.quantisers(segment),
                0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => jpeg.frame(marker, segment),
                0xda => scanned = true,
                _ => {}
            }
            at = end;
        }
        jpeg
    }

    /// The quantiser of the first colour: brightness.
    pub fn luma(&self) -> Option<&Quantiser> {
        self.quantiser(0)
    }

    /// The quantiser of the second colour; none for a grey picture.
    pub fn chroma(&self) -> Option<&Quantiser> {
        self.quantiser(1)
    }

    fn quantiser(&self, component: usize) -> Option<&Quantiser> {
        self.quantisers.get(usize::from(self.components.get(component)?.quantiser))?.as_ref()
    }

    /// How many samples the second colour has for one of the first: 1, or 0.25 for 4:2:0. 1 where there is no second.
    pub fn chroma_share(&self) -> f64 {
        let area = |component: &Component| f64::from(component.horizontal) * f64::from(component.vertical);
        match self.components.as_slice() {
            [first, second, ..] if area(first) > 0.0 => area(second) / area(first),
            _ => 1.0,
        }
    }

    /// Tables of quantisers: precision and number, then 64 steps in zigzag order (T.81, B.2.4.1).
    fn quantisers(&mut self, mut segment: &[u8]) {
        while let Some((head, rest)) = segment.split_first() {
            let (wide, number) = (head >> 4 == 1, usize::from(head & 15));
            let size = if wide { 128 } else { 64 };
            let (Some(steps), Some(place)) = (rest.get(..size), self.quantisers.get_mut(number)) else { return };
            let mut table = [0; 64];
            for (i, to) in ZIGZAG.iter().enumerate() {
                table[*to] = if wide { u16::from_be_bytes([steps[2 * i], steps[2 * i + 1]]) } else { u16::from(steps[i]) };
            }
            *place = Some(table);
            segment = &rest[size..];
        }
    }

    /// The frame header: precision, height, width, colours (T.81, B.2.2).
    fn frame(&mut self, marker: u8, segment: &[u8]) {
        self.progressive = matches!(marker, 0xc2 | 0xc6 | 0xca | 0xce);
        let component = |c: &[u8; 3]| Component { horizontal: c[1] >> 4, vertical: c[1] & 15, quantiser: c[2] & 3 };
        self.components = segment.get(6..).unwrap_or_default().as_chunks().0.iter().take(4).map(component).collect();
    }
}

/// The next marker from `at` on, and where what follows it begins. Restart markers and stuffed bytes belong to the coded picture.
fn next(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let found = bytes.get(at..)?.windows(2).position(|pair| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xff | 0xd0..=0xd7))?;
    Some((bytes[at + found + 1], at + found + 2))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}

/// Mean step of a quantiser.
pub fn mean(quantiser: &Quantiser) -> f64 {
    quantiser.iter().map(|step| f64::from(*step)).sum::<f64>() / 64.0
}

/// The quality from 1 to 100 whose scaled example table (libjpeg, `jpeg_quality_scaling`) comes nearest, and the mean distance of a step from it: 0 for
/// the many programs that use libjpeg's tables.
pub fn quality(quantiser: &Quantiser) -> (u32, f64) {
    let distance = |quality: u32| {
        let scale = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
        let scaled = |step: &u16| ((u32::from(*step) * scale + 50) / 100).clamp(1, 255);
        EXAMPLE.iter().zip(quantiser).map(|(step, found)| scaled(step).abs_diff(u32::from(*found))).sum::<u32>()
    };
    let (quality, off) = (1..=100).map(|quality| (quality, distance(quality))).min_by_key(|(_, off)| *off).unwrap_or((50, 0));
    (quality, f64::from(off) / 64.0)
}

#[cfg(test)]
mod tests {
    use image::codecs::jpeg::JpegEncoder;
    use proptest::prelude::*;

    use super::*;

    fn picture(quality: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        let pixels: Vec<u8> = (0..48 * 32 * 3).map(|i| (i * 7 % 251) as u8).collect();
        JpegEncoder::new_with_quality(&mut bytes, quality).encode(&pixels, 48, 32, image::ExtendedColorType::Rgb8).unwrap();
        bytes
    }

    #[test]
    fn the_zigzag_goes_through_every_place_once() {
        let mut places = ZIGZAG;
        places.sort_unstable();
        assert_eq!(places, std::array::from_fn(|i| i));
    }

    #[test]
    fn the_quality_that_a_picture_was_saved_with_is_read_from_its_quantiser() {
        for saved in [30, 50, 75, 90, 95] {
            let jpeg = Jpeg::read(&picture(saved));
            assert!(jpeg.complete && !jpeg.progressive);
            assert_eq!(jpeg.components.len(), 3);
            assert_eq!(quality(jpeg.luma().unwrap()), (u32::from(saved), 0.0));
        }
    }

    #[test]
    fn quality_50_is_the_example_of_the_standard() {
        let jpeg = Jpeg::read(&picture(50));
        assert_eq!(jpeg.luma().unwrap(), &EXAMPLE);
        // ITU-T T.81, table K.1 adds up to 3,688.
        assert!((mean(&EXAMPLE) - 3688.0 / 64.0).abs() < 1e-12);
    }

    #[test]
    fn a_cut_file_is_incomplete_wherever_it_is_cut() {
        let whole = picture(75);
        assert!((0..whole.len()).all(|length| !Jpeg::read(&whole[..length]).complete));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_breaking(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let jpeg = Jpeg::read(&bytes);
            prop_assert!(jpeg.components.len() <= 4 && jpeg.chroma_share() >= 0.0);
        }

        #[test]
        fn a_changed_jpeg_is_read_without_breaking(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..30)) {
            let mut bytes = picture(80);
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let jpeg = Jpeg::read(&bytes);
            if let Some(quantiser) = jpeg.luma() {
                let (quality, off) = quality(quantiser);
                prop_assert!((1..=100).contains(&quality) && off.is_finite());
            }
        }
    }
}
