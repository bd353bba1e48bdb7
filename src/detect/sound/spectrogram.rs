//! A picture of a recording's frequencies for people to look at. In: spectra. Out: a PNG.
//!
//! From left to right time, from bottom to top 0 to 8 kHz, the darker the louder, over 80 dB. A dashed line marks where the detector stops listening; a
//! bar at the foot is dark where it took the sound for voice.

use image::{GrayImage, ImageFormat, Luma};

use super::lfcc::{Analysis, BINS, HIGHEST, RATE};

/// Width of the picture in pixels.
const WIDTH: u32 = 800;

/// Height of the gap above the bar, and of the bar.
const FOOT: [u32; 2] = [3, 9];

/// How far below the loudest a frequency is white, in dB.
const RANGE: f32 = 80.0;

/// The picture; none where there is no frame or only silence.
pub fn draw(analysis: &Analysis) -> Option<Vec<u8>> {
    let (frames, loudest) = (analysis.voiced.len(), analysis.power.iter().copied().fold(0.0, f32::max));
    if frames == 0 || loudest <= 0.0 {
        return None;
    }
    let white = Luma([255]);
    let mut picture = GrayImage::from_pixel(WIDTH, BINS as u32 + FOOT.iter().sum::<u32>(), white);
    let edge = (HIGHEST / f64::from(RATE / 2) * (BINS - 1) as f64) as usize;
    for column in 0..WIDTH {
        let frame = |column: u32| column as usize * frames / WIDTH as usize;
        let shown = frame(column)..frame(column + 1).max(frame(column) + 1);
        for bin in 0..BINS {
            let power = shown.clone().map(|frame| analysis.power[frame * BINS + bin]).sum::<f32>() / shown.len() as f32;
            let below = -10.0 * (power / loudest).max(1e-20).log10() / RANGE;
            let dash = if column % 8 < 4 { 0 } else { 255 };
            let shade = if bin == edge { dash } else { (below.clamp(0.0, 1.0) * 255.0) as u8 };
            picture.put_pixel(column, (BINS - 1 - bin) as u32, Luma([shade]));
        }
        let voiced = shown.clone().filter(|frame| analysis.voiced[*frame]).count() * 2 > shown.len();
        for row in 0..FOOT[1] {
            picture.put_pixel(column, BINS as u32 + FOOT[0] + row, if voiced { Luma([64]) } else { white });
        }
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).ok().map(|()| bytes.into_inner())
}
