//! Text in picture files. In: bytes and their media type. Out: every text and field that their containers carry.

use std::io::Read;

use flate2::read::ZlibDecoder;
use img_parts::jpeg::Jpeg;
use img_parts::png::Png;
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;
use img_parts::{Bytes, ImageEXIF};
use quick_xml::events::Event;

/// Longest text that is unpacked, in bytes: a few bytes can hold gigabytes of zeros.
const LONGEST: u64 = 8 << 20;

/// One text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// Where it stands.
    pub place: &'static str,
    /// Its field.
    pub field: String,
    /// The text.
    pub text: String,
}

/// All texts of the file; what cannot be read is noted in `unread`.
pub(super) fn items(bytes: Bytes, format: Option<&str>, unread: &mut Vec<String>) -> Vec<Item> {
    let mut reader = Reader { items: Vec::new(), unread };
    match format {
        Some("image/png") => reader.png(bytes),
        Some("image/jpeg") => reader.jpeg(bytes),
        Some("image/webp") => reader.webp(bytes),
        Some("image/tiff") => reader.exif(&bytes),
        _ => reader.unread.push("of this format only the content credential is read".to_owned()),
    }
    reader.items
}

struct Reader<'a> {
    items: Vec<Item>,
    unread: &'a mut Vec<String>,
}

impl Reader<'_> {
    fn add(&mut self, place: &'static str, field: &str, text: String) {
        self.items.push(Item { place, field: field.to_owned(), text });
    }

    fn png(&mut self, bytes: Bytes) {
        let png = match Png::from_bytes(bytes) {
            Ok(png) => png,
            Err(error) => return self.unread.push(format!("the PNG is broken: {error}")),
        };
        for chunk in png.chunks() {
            let contents = chunk.contents();
            match &chunk.kind() {
                b"tEXt" | b"zTXt" | b"iTXt" => match png_text(chunk.kind(), contents) {
                    Some((field, text)) if field == "XML:com.adobe.xmp" => self.xmp(&text),
                    Some((field, text)) => self.add("PNG text", &field, text),
                    None => self.unread.push("a text of the PNG is broken or too long".to_owned()),
                },
                b"eXIf" => self.exif(contents),
                _ => {}
            }
        }
    }

    fn jpeg(&mut self, bytes: Bytes) {
        let jpeg = match Jpeg::from_bytes(bytes) {
            Ok(jpeg) => jpeg,
            Err(error) => return self.unread.push(format!("the JPEG is broken: {error}")),
        };
        const COMMENT: u8 = 0xfe;
        const APP1: u8 = 0xe1;
        for segment in jpeg.segments() {
            let contents = segment.contents();
            match segment.marker() {
                COMMENT => self.add("JPEG comment", "comment", lossy(contents)),
                APP1 => {
                    if let Some(exif) = contents.strip_prefix(b"Exif\0\0") {
                        self.exif(exif);
                    } else if let Some(packet) = contents.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
                        self.xmp(&lossy(packet));
                    }
                }
                _ => {}
            }
        }
    }

    fn webp(&mut self, bytes: Bytes) {
        let webp = match WebP::from_bytes(bytes) {
            Ok(webp) => webp,
            Err(error) => return self.unread.push(format!("the WebP is broken: {error}")),
        };
        if let Some(exif) = webp.exif() {
            self.exif(exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif));
        }
        let data = |chunk: &RiffChunk| match chunk.content() {
            RiffContent::Data(bytes) if chunk.id() == *b"XMP " => Some(lossy(bytes)),
            _ => None,
        };
        for packet in webp.chunks().iter().filter_map(data).collect::<Vec<_>>() {
            self.xmp(&packet);
        }
    }

    /// Every text of the EXIF block.
    fn exif(&mut self, block: &[u8]) {
        let exif = match exif::Reader::new().read_raw(block.to_vec()) {
            Ok(exif) => exif,
            Err(error) => return self.unread.push(format!("EXIF is broken: {error}")),
        };
        for field in exif.fields() {
            let text = match &field.value {
                exif::Value::Ascii(texts) => texts.iter().map(|text| lossy(text)).collect::<Vec<_>>().join(" "),
                exif::Value::Undefined(bytes, _) if field.tag == exif::Tag::UserComment => comment(bytes),
                _ => continue,
            };
            if !text.trim().is_empty() {
                self.add("EXIF", &field.tag.to_string(), text.trim().to_owned());
            }
        }
    }

    /// Every attribute and element of the XMP packet that holds text, by its local name.
    fn xmp(&mut self, packet: &str) {
        let mut reader = quick_xml::Reader::from_str(packet);
        let mut path: Vec<String> = Vec::new();
        loop {
            match reader.read_event() {
                Ok(Event::Start(element)) => {
                    self.attributes(&element);
                    path.push(local(element.name().as_ref()));
                }
                Ok(Event::Empty(element)) => self.attributes(&element),
                Ok(Event::Text(text)) => {
                    let text = text.decode().unwrap_or_default().trim().to_owned();
                    // A list's items stand below the field they belong to.
                    let field = path.iter().rev().find(|name| !["li", "Alt", "Seq", "Bag"].contains(&name.as_str()));
                    if let (false, Some(field)) = (text.is_empty(), field) {
                        self.add("XMP", &field.clone(), text);
                    }
                }
                Ok(Event::End(_)) => {
                    path.pop();
                }
                Ok(Event::Eof) => return,
                Ok(_) => {}
                Err(error) => return self.unread.push(format!("XMP is broken: {error}")),
            }
        }
    }

    fn attributes(&mut self, element: &quick_xml::events::BytesStart<'_>) {
        for attribute in element.attributes().flatten() {
            let text = quick_xml::escape::unescape(&lossy(&attribute.value)).map(|text| text.into_owned());
            if let Ok(text) = text {
                self.add("XMP", &local(attribute.key.as_ref()), text);
            }
        }
    }
}

/// A name without its namespace.
fn local(name: &[u8]) -> String {
    let name = lossy(name);
    name.rsplit_once(':').map_or(name.clone(), |(_, local)| local.to_owned())
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned()
}

/// Keyword and text of a PNG chunk (PNG specification, third edition, 11.3.3).
fn png_text(kind: [u8; 4], contents: &[u8]) -> Option<(String, String)> {
    let (keyword, rest) = cut(contents)?;
    // PNG's plain texts are Latin-1; everybody writes UTF-8 into them.
    let plain = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect());
    let text = match &kind {
        b"tEXt" => plain(rest),
        b"zTXt" => plain(&inflate(rest.get(1..)?)?),
        _ => {
            let packed = *rest.first()? == 1;
            let (_, rest) = cut(rest.get(2..)?)?;
            let (_, text) = cut(rest)?;
            if packed { lossy(&inflate(text)?) } else { lossy(text) }
        }
    };
    Some((lossy(keyword), text))
}

/// Before and after the first zero byte.
fn cut(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|byte| *byte == 0)?;
    Some((&bytes[..at], &bytes[at + 1..]))
}

fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let read = ZlibDecoder::new(bytes).take(LONGEST + 1).read_to_end(&mut text).ok()?;
    (read as u64 <= LONGEST).then_some(text)
}

/// EXIF's user comment: eight bytes say how the rest is written (EXIF 2.32, 4.6.5).
fn comment(bytes: &[u8]) -> String {
    let (code, text) = bytes.split_at(bytes.len().min(8));
    if code != b"UNICODE\0" {
        return lossy(text);
    }
    // The order of bytes is that of the file by the book, big end first by habit. The one that reads as text is meant.
    let wide = |from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = text.as_chunks().0.iter().map(|pair| from(*pair)).collect();
        String::from_utf16_lossy(&units)
    };
    let ascii = |text: &String| text.chars().filter(char::is_ascii).count();
    let (big, little) = (wide(u16::from_be_bytes), wide(u16::from_le_bytes));
    if ascii(&big) >= ascii(&little) { big } else { little }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FORMATS: [&str; 4] = ["image/jpeg", "image/png", "image/webp", "image/tiff"];

    /// An EXIF block with one text, little end first.
    const EXIF: &[u8] = b"II*\0\x08\0\0\0\x01\0\x0f\x01\x02\0\x08\0\0\0\x1a\0\0\0\0\0\0\0Kamera\0\0";

    const XMP: &[u8] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:Description r:Tool='a'><r:li>b &amp; c</r:li></r:Description></x:xmpmeta>";

    /// A file of each format with every place that a text can stand in.
    fn file(format: usize) -> Vec<u8> {
        match format {
            0 => {
                let segment = |marker: u8, body: &[u8]| [&[0xff, marker][..], &(body.len() as u16 + 2).to_be_bytes(), body].concat();
                let exif = segment(0xe1, &[b"Exif\0\0", EXIF].concat());
                let xmp = segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", XMP].concat());
                [vec![0xff, 0xd8], exif, xmp, segment(0xfe, b"Bild"), segment(0xda, &[1, 1, 0, 0, 63, 0]), vec![7, 0xff, 0xd9]].concat()
            }
            1 => {
                let chunk = |kind: &[u8; 4], contents: &[u8]| {
                    let body = [kind.as_slice(), contents].concat();
                    let mut crc = flate2::Crc::new();
                    crc.update(&body);
                    [&(contents.len() as u32).to_be_bytes()[..], &body, &crc.sum().to_be_bytes()].concat()
                };
                let text = chunk(b"tEXt", b"Title\0Bild");
                let xmp = chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", XMP].concat());
                let packed = chunk(b"zTXt", b"Comment\0\0\x78\x9c\x03\0\0\0\0\x01");
                [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &[0; 13]), text, xmp, packed, chunk(b"eXIf", EXIF), chunk(b"IEND", b"")]
                    .concat()
            }
            2 => {
                let riff = |kind: &[u8], body: &[u8]| [kind, &(body.len() as u32).to_le_bytes(), body, &vec![0; body.len() % 2]].concat();
                riff(b"RIFF", &[b"WEBP".to_vec(), riff(b"VP8X", &[0; 10]), riff(b"EXIF", EXIF), riff(b"XMP ", XMP)].concat())
            }
            _ => EXIF.to_vec(),
        }
    }

    #[test]
    fn the_texts_of_each_format_are_found() {
        for (format, name) in FORMATS.iter().enumerate() {
            let mut unread = Vec::new();
            let items = items(file(format).into(), Some(name), &mut unread);
            assert!(items.iter().any(|item| item.text.contains("Kamera")), "{name}: {items:?} {unread:?}");
            assert!(format == 3 || items.iter().any(|item| item.place == "XMP" && item.text == "a"), "{name}: {items:?} {unread:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_of_any_format_are_looked_through_without_breaking(bytes in proptest::collection::vec(any::<u8>(), 0..300), format in 0..4_usize) {
            items(bytes.clone().into(), Some(FORMATS[format]), &mut Vec::new());
            png_text(*b"zTXt", &bytes);
            png_text(*b"iTXt", &bytes);
            comment(&bytes);
        }

        #[test]
        fn a_changed_file_is_looked_through_without_breaking(
            format in 0..4_usize,
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
            length in any::<prop::sample::Index>(),
        ) {
            let mut bytes = file(format);
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            items(bytes[..length.index(bytes.len() + 1)].to_vec().into(), Some(FORMATS[format]), &mut Vec::new());
            items(bytes.into(), Some(FORMATS[format]), &mut Vec::new());
        }
    }
}
