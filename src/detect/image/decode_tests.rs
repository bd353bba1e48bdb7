//! Hostile and unusual files, each made here.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::codecs::gif::GifEncoder;
use image::{Frame, RgbImage};
use proptest::prelude::*;

use super::*;
use crate::detect::features::Detector;
use crate::detect::image::metadata::ImageMetadata;
use crate::detect::image::synthetic::{photo, saved};
use crate::detect::image::traces::ImageTraces;

/// The side of a square picture just below [`PIXELS`].
const LARGE: u32 = 7064;

fn chunk(kind: &[u8; 4], contents: &[u8]) -> Vec<u8> {
    let body = [kind.as_slice(), contents].concat();
    let mut crc = flate2::Crc::new();
    crc.update(&body);
    [(contents.len() as u32).to_be_bytes().as_slice(), &body, &crc.sum().to_be_bytes()].concat()
}

fn packed(write: impl FnOnce(&mut ZlibEncoder<Vec<u8>>)) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    write(&mut encoder);
    encoder.finish().unwrap()
}

/// A PNG of one colour with more chunks after its header; `kind` is depth and colour type.
fn png(width: u32, height: u32, kind: [u8; 2], bytes_per_pixel: usize, more: &[Vec<u8>]) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &kind, &[0, 0, 0]].concat();
    let row = [vec![0], vec![3; width as usize * bytes_per_pixel]].concat();
    let pixels = packed(|to| (0..height).for_each(|_| to.write_all(&row).unwrap()));
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), more.concat(), chunk(b"IDAT", &pixels), chunk(b"IEND", b"")].concat()
}

/// A gibibyte of zeros, packed.
fn zeros() -> Vec<u8> {
    packed(|to| (0..1024).for_each(|_| to.write_all(&vec![0; 1 << 20]).unwrap()))
}

/// A JPEG of four colours whose blocks are even, each of a brightness that the test chooses by a bit.
fn four_colours(side: u16, progressive: bool, comments: usize) -> Vec<u8> {
    let segment = |marker: u8, body: &[u8]| [&[0xff, marker][..], &(body.len() as u16 + 2).to_be_bytes(), body].concat();
    let [high, low] = side.to_be_bytes();
    let frame = [&[8, high, low, high, low, 4][..], &(1..=4).flat_map(|id| [id, 0x11, 0]).collect::<Vec<u8>>()].concat();
    // One table each: brightness does not change (0) or by 32 to 63 (10); no detail (0).
    let table = |class: u8, symbols: &[u8]| {
        let mut counts = [0; 16];
        counts[..symbols.len()].fill(1);
        [&[class][..], &counts, symbols].concat()
    };
    let scan = [&[4][..], &[1, 0, 2, 0, 3, 0, 4, 0], if progressive { &[0, 0, 0] } else { &[0, 63, 0] }].concat();
    let blocks = (usize::from(side).div_ceil(8)).pow(2) * 4;
    let coded = match progressive {
        // One bit for each block: no change.
        true => vec![0; blocks.div_ceil(8)],
        // 10 and six bits, and a 0 for no detail: a change of +40 (101000) or of -40 (the bits inverted: 010111).
        false => {
            let bits = (0..blocks).flat_map(|i| if i / 4 % 2 == 0 { [1, 0, 1, 0, 1, 0, 0, 0, 0] } else { [1, 0, 0, 1, 0, 1, 1, 1, 0] });
            let bits: Vec<u8> = bits.collect();
            let bytes = bits.chunks(8).map(|bits| bits.iter().enumerate().fold(0, |byte, (i, bit)| byte | bit << (7 - i)));
            bytes.flat_map(|byte| if byte == 0xff { vec![0xff, 0] } else { vec![byte] }).collect()
        }
    };
    [
        vec![0xff, 0xd8],
        vec![segment(0xfe, &[b' '; 65_000]); comments].concat(),
        segment(0xdb, &[&[0][..], &[4; 64]].concat()),
        segment(if progressive { 0xc2 } else { 0xc0 }, &frame),
        segment(0xc4, &table(0x00, &[0, 6])),
        segment(0xc4, &table(0x10, &[0])),
        segment(0xda, &scan),
        coded,
        vec![0xff, 0xd9],
    ]
    .concat()
}

fn read(bytes: &[u8]) -> Result<Picture, Abstention> {
    Picture::read(bytes)
}

fn why(bytes: &[u8]) -> String {
    read(bytes).map(|picture| picture.header).unwrap_err().to_string()
}

#[test]
fn a_bomb_of_30_000_pixels_a_side_is_refused_by_its_header() {
    let side = 30_000_u32;
    let png = png(side, 1, [8, 2], 3, &[]);
    let header = [&side.to_be_bytes()[..], &side.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let png = [&png[..8], &chunk(b"IHDR", &header), &png[33..]].concat();
    let jpeg = four_colours(30_000_u16, true, 0);
    let mut gif = saved(&photo(1, 128), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0x30, 0x75, 0x30, 0x75]);
    let mut webp = saved(&photo(1, 128), ImageFormat::WebP);
    let at = webp.windows(4).position(|kind| kind == b"VP8L").unwrap() + 9;
    webp[at..at + 4].copy_from_slice(&(16_382_u32 | 16_382 << 14).to_le_bytes());
    for bytes in [png, jpeg, gif, webp] {
        let told = why(&bytes);
        assert!(told.contains("pixels is more than is taken in"), "{told}");
    }
}

#[test]
fn a_file_that_is_too_long_is_refused() {
    assert!(why(&[b"\xff\xd8\xff".to_vec(), vec![0; BYTES]].concat()).contains("128 MiB is more"));
}

#[test]
fn what_is_no_picture_says_so_whatever_its_name() {
    for bytes in [&b""[..], b"\xff", b"Ein Text.", b"RIFF\0\0\0\0WAVE"] {
        assert!(matches!(read(bytes), Err(Abstention::Unreadable { .. })));
    }
    for (bytes, format) in [(&b"II*\0\0\0\0\0"[..], "tiff"), (&b"\0\0\0\x1cftypavif"[..], "avif"), (&b"\0\0\0\x1cftypheic"[..], "heic")] {
        assert!(why(bytes).contains(&format!("image/{format} are not read")), "{}", why(bytes));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scan.png");
    std::fs::write(&file, saved(&photo(1, 128), ImageFormat::Jpeg)).unwrap();
    let material = Material::read(&file).unwrap();
    assert_eq!(read(bytes(&material).unwrap()).unwrap().header.format, ImageFormat::Jpeg);
    assert_eq!(bytes(&Material::Text("x".into())), Err(Abstention::OtherModality { needs: Modality::Image }));
}

#[test]
fn a_cut_file_gives_no_numbers() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let whole = saved(&photo(2, 160), format);
        assert!(read(&whole).is_ok());
        for part in [2, 10, 50, 90] {
            assert!(matches!(read(&whole[..whole.len() * part / 100]), Err(Abstention::Unreadable { .. })), "{format:?} cut at {part} %");
        }
    }
}

#[test]
fn of_an_animation_the_first_picture_is_read() {
    let [first, second] = [photo(3, 128), photo(4, 128)];
    let mut gif = Vec::new();
    {
        let mut encoder = GifEncoder::new(&mut gif);
        for picture in [&first, &second] {
            encoder.encode_frame(Frame::new(DynamicImage::from(picture.clone()).to_rgba8())).unwrap();
        }
    }
    let still = read(&saved(&first, ImageFormat::Gif)).unwrap();
    assert_eq!(read(&gif).unwrap().flat(), still.flat());

    // An animated WebP: the chunks of two still ones, each in a frame that covers what was there (WebP container specification).
    let riff = |kind: &[u8], body: &[u8]| [kind, &(body.len() as u32).to_le_bytes(), body, &vec![0; body.len() % 2]].concat();
    let size = &127_u32.to_le_bytes()[..3];
    let frame =
        |picture: &RgbImage| riff(b"ANMF", &[&[0; 6][..], size, size, &[100, 0, 0, 2], &saved(picture, ImageFormat::WebP)[12..]].concat());
    let canvas = riff(b"VP8X", &[&[2, 0, 0, 0][..], size, size].concat());
    let body = [b"WEBP".to_vec(), canvas, riff(b"ANIM", &[0; 6]), frame(&first), frame(&second)].concat();
    assert_eq!(read(&riff(b"RIFF", &body)).unwrap().flat(), first);
}

#[test]
fn four_colours_of_print_become_three() {
    let picture = read(&four_colours(128, false, 0)).unwrap();
    assert_eq!((picture.header.width, picture.header.jpeg.as_ref().unwrap().components.len()), (128, 4));
    let planes = picture.middle(128);
    assert!(planes.luma().iter().any(|value| *value != planes.luma()[0]));
    assert_eq!(read(&four_colours(128, true, 0)).unwrap().flat().dimensions(), (128, 128));
}

#[test]
fn sixteen_bits_palettes_and_transparency_are_read() {
    let deep = read(&png(128, 128, [16, 2], 6, &[])).unwrap();
    // 0x0303 of 0xffff is 3 of 255.
    assert!(deep.middle(128).rgb.iter().flatten().all(|value| (value - 3.0).abs() < 1e-3));
    let palette = chunk(b"PLTE", &[0, 0, 0, 1, 1, 1, 2, 2, 2, 200, 100, 50]);
    let indexed = read(&png(128, 128, [8, 3], 1, &[palette])).unwrap();
    assert_eq!(indexed.middle(8).rgb.map(|plane| plane[0].round()), [200.0, 100.0, 50.0]);
    // Alpha 3 of 255 of a colour 3 of 255 on white.
    let layered = read(&png(128, 128, [8, 6], 4, &[])).unwrap();
    assert!(layered.middle(8).rgb.iter().flatten().all(|value| (value - 252.035).abs() < 0.01));
    assert_eq!(layered.flat().get_pixel(0, 0).0, [252; 3]);
    let grey = read(&png(128, 128, [8, 0], 1, &[])).unwrap();
    assert_eq!(grey.flat().get_pixel(5, 5).0, [3; 3]);
}

#[test]
fn the_middle_keeps_the_blocks_of_a_jpeg() {
    let picture = DynamicImage::from(RgbImage::from_fn(700, 300, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 0])));
    let picture = read(&saved(&picture.to_rgb8(), ImageFormat::Png)).unwrap();
    let middle = picture.middle(512);
    assert_eq!((middle.width, middle.height), (512, 296));
    // (700 - 512) / 2 = 94, and 88 is the next lower multiple of eight; (300 - 296) / 2 = 2, and 0.
    assert_eq!((middle.rgb[0][0].round(), middle.rgb[1][0].round()), (88.0, 0.0));
}

/// Reads the file that the parent names and tells the most memory that this took, in KiB.
#[test]
#[ignore = "started by the_worst_files_stay_below_a_gibibyte"]
fn child_that_reads_one_file() {
    let file = std::path::PathBuf::from(std::env::var_os("LUPE_PICTURE").expect("the parent names a file"));
    let material = Material::read(&file).unwrap();
    for detector in [&ImageTraces as &dyn Detector, &ImageMetadata] {
        println!("{}: {:?}", detector.id(), detector.read(&material).map(|features| features.extent));
    }
    // The change that takes most memory.
    let change = crate::detect::image::variants::all().into_iter().find(|change| change.id() == "half-size-jpeg-75").unwrap();
    println!("{}: {:?}", change.id(), change.apply(&material).map(|changed| changed.modality()));
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap());
}

#[test]
#[cfg(target_os = "linux")]
fn the_worst_files_stay_below_a_gibibyte() {
    let packed_text = [b"Comment\0\0".to_vec(), zeros()].concat();
    let international = [b"Comment\0\x01\0\0\0".to_vec(), zeros()].concat();
    let side = LARGE as u16;
    let gif = {
        // A screen of 50 million pixels, and one small picture on it.
        let mut gif = saved(&photo(1, 128), ImageFormat::Gif);
        gif[6..10].copy_from_slice(&[&side.to_le_bytes()[..], &side.to_le_bytes()].concat());
        gif
    };
    let large = RgbImage::from_fn(LARGE, LARGE, |x, y| image::Rgb([(x / 8) as u8, (y / 8) as u8, 7]));
    let files: [(&str, Vec<u8>); 8] = [
        ("JPEG of four colours, progressive, 120 MiB of comments", four_colours(side, true, 1900)),
        ("JPEG of four colours", four_colours(side, false, 0)),
        ("PNG of 16 bits with transparency", png(LARGE, LARGE, [16, 6], 8, &[])),
        ("PNG with zTXt of a gibibyte", png(300, 300, [8, 2], 3, &[chunk(b"zTXt", &packed_text)])),
        ("PNG with iTXt of a gibibyte", png(300, 300, [8, 2], 3, &[chunk(b"iTXt", &international)])),
        ("PNG with a colour profile of a gibibyte", png(300, 300, [8, 2], 3, &[chunk(b"iCCP", &packed_text)])),
        ("WebP of 50 million pixels", saved(&large, ImageFormat::WebP)),
        ("GIF of 50 million pixels", gif),
    ];
    drop(large);
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let file = folder.path().join("picture");
        std::fs::write(&file, bytes).unwrap();
        let this = module_path!().split_once("::").unwrap().1;
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("{this}::child_that_reads_one_file"), "--ignored", "--nocapture"])
            .env("LUPE_PICTURE", &file)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{name}: {told}{}", String::from_utf8_lossy(&output.stderr));
        let memory = told.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
        let memory = memory.unwrap_or_else(|| panic!("{name}: {told}"));
        println!("{name}: {} MiB\n{told}", memory >> 10);
        assert!(memory < 1 << 20, "{name}: {} MiB", memory >> 10);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_changed_picture_never_breaks_the_reading(
        format in 0..4_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        use std::sync::LazyLock;
        const FORMATS: [ImageFormat; 4] = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif];
        static FILES: LazyLock<[Vec<u8>; 4]> = LazyLock::new(|| FORMATS.map(|format| saved(&photo(11, 136), format)));
        let mut bytes = FILES[format].clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let material = Material::Image(bytes);
        for detector in [&ImageTraces as &dyn Detector, &ImageMetadata] {
            if let Ok(features) = detector.read(&material) {
                prop_assert!(features.dense.iter().all(|value| value.is_finite()));
            }
        }
    }
}
