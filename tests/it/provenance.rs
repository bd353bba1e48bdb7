//! What files say about their making: real files with credentials intact, broken and absent, with generators' metadata and without.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lupe::detect::examined::Examined;
use lupe::detect::provenance::{Credential, Declaration, Provenance};

use crate::support::{fail, lupe, succeed};

fn look(folder: &Path, files: &[PathBuf], more: &[&str]) -> Vec<Provenance> {
    let names: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
    succeed(folder, &[&["detect", "--out", "seen"], more, &names].concat());
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder.join("seen")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|end| end == "json"));
    pages.sort();
    let read = |path: &PathBuf| serde_json::from_slice::<Examined>(&std::fs::read(path).unwrap()).unwrap().provenance;
    pages.iter().map(read).collect()
}

#[test]
fn every_fixture_gets_exactly_the_right_words() {
    let Some(shared) = lupe::shared_data("every_fixture_gets_exactly_the_right_words") else { return };
    let folder = shared.join("data/provenance-fixtures");
    use Declaration::*;
    // What SOURCE.txt says of each file. I and A carry no credential but their cameras' EXIF; C and CA an intact one that states no source; CIE an
    // intact one of a picture made from a part whose signature is broken.
    let known: BTreeMap<&str, Declaration> = [
        ("adobe-20220124-A.jpg", DeclaresCapture),
        ("adobe-20220124-I.jpg", DeclaresCapture),
        ("adobe-20220124-C.jpg", NothingFound),
        ("adobe-20220124-CA.jpg", NothingFound),
        ("adobe-20220124-XCA.jpg", CredentialBroken),
        ("adobe-20220124-E-dat-CA.jpg", CredentialBroken),
        ("adobe-20220124-E-sig-CA.jpg", CredentialBroken),
        ("adobe-20220124-E-uri-CA.jpg", CredentialBroken),
        ("adobe-20220124-CIE-sig-CA.jpg", CredentialBroken),
        ("nikon-20221019-building.jpeg", CredentialBroken),
        ("c2pa-rs_ocsp_trainedAlgorithmicMedia.jpg", DeclaresAi),
        ("000002025.png", NothingFound),
        ("mountains-1.png", NothingFound),
        ("sketch-mountains-input.jpg", NothingFound),
    ]
    .into();
    let mut files = Vec::new();
    for part in ["c2pa", "comfyui-png", "sd-v1-no-metadata"] {
        files.extend(std::fs::read_dir(folder.join(part)).unwrap().map(|entry| entry.unwrap().path()));
    }
    files.sort();
    let home = tempfile::tempdir().unwrap();
    let found = look(home.path(), &files, &[]);
    assert_eq!(found.len(), files.len());
    for (file, found) in files.iter().zip(&found) {
        let name = file.file_name().unwrap().to_str().unwrap();
        println!("{name}: {:?}, {:?}, {:?}", found.declaration, found.credential, found.signs);
        let expected = if file.parent().unwrap().ends_with("comfyui-png") { DeclaresAi } else { known[name] };
        assert_eq!(found.declaration, expected, "{name}");
        assert!(!matches!(found.credential, Credential::NotLooked { .. }), "{name}: {:?}", found.credential);
        let carries = name.contains("-C.jpg") || name.contains("24-CA.jpg") || name.contains("CIE") || name.contains("trained");
        assert_eq!(matches!(found.credential, Credential::Intact { trusted: false, .. }), carries, "{name}");
    }
}

#[cfg(feature = "provenance")]
#[test]
fn a_signer_is_trusted_by_the_list_of_the_user_and_by_nobody_else() {
    let Some(shared) = lupe::shared_data("a_signer_is_trusted_by_the_list_of_the_user") else { return };
    let file = shared.join("data/provenance-fixtures/c2pa/adobe-20220124-CA.jpg");
    let stream = std::fs::File::open(&file).unwrap();
    let reader = c2pa::Reader::from_context(c2pa::Context::new()).with_stream("image/jpeg", stream).unwrap();
    let chain = reader.active_manifest().unwrap().signature_info().unwrap().cert_chain().to_owned();
    let home = tempfile::tempdir().unwrap();
    // The chain in the file ends in the authority that signed the signer.
    let last = chain.rfind("-----BEGIN CERTIFICATE-----").unwrap();
    std::fs::write(home.path().join("mine.pem"), &chain[last..]).unwrap();
    std::fs::write(home.path().join("empty.pem"), "").unwrap();
    for (more, expected) in [(["--trust", "mine.pem"].as_slice(), true), (&[], false)] {
        let found = look(home.path(), std::slice::from_ref(&file), more);
        assert!(matches!(found[0].credential, Credential::Intact { trusted, .. } if trusted == expected), "{more:?}: {:?}", found[0]);
    }
    let refused = fail(home.path(), &["detect", file.to_str().unwrap(), "--trust", "empty.pem"]);
    assert!(refused.contains("empty.pem holds no certificate"), "{refused}");
}

#[test]
fn hostile_files_end_in_words_and_never_in_a_crash() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(home.path().join(name), bytes).unwrap();
    write("empty.png", b"");
    write("one.jpg", b"\xff");
    write("cut.png", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0");
    write("cut.jpg", b"\xff\xd8\xff\xe1\xff\xff");
    write("cut.webp", b"RIFF\xff\xff\xff\xffWEBPVP8X");
    write("text.jpg", "Kein Bild, nur Grüße.".as_bytes());
    // A megabyte of zeros in a kilobyte, a thousand times over.
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut packed, &vec![b'0'; 64 << 20]).unwrap();
    let bomb = [b"parameters\0\0".as_slice(), &packed.finish().unwrap()].concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, contents) in [(b"IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0].as_slice()), (b"zTXt", &bomb), (b"IEND", b"")] {
        png.extend(u32::try_from(contents.len()).unwrap().to_be_bytes());
        png.extend(kind);
        png.extend(contents);
        png.extend(crc32(&[kind.as_slice(), contents].concat()).to_be_bytes());
    }
    write("bomb.png", &png);
    let names = ["bomb.png", "cut.jpg", "cut.png", "cut.webp", "empty.png", "one.jpg", "text.jpg"];
    let files: Vec<PathBuf> = names.iter().map(|name| home.path().join(name)).collect();
    let found = look(home.path(), &files, &["--language", "en"]);
    assert_eq!(found.len(), names.len());
    for (name, found) in names.iter().zip(&found) {
        println!("{name}: {:?} {:?} {:?}", found.declaration, found.credential, found.unread);
        assert_eq!(found.declaration, Declaration::NothingFound, "{name}");
    }
    assert!(found[0].unread.iter().any(|line| line.contains("too long")), "{:?}", found[0].unread);
    let page = std::fs::read_to_string(home.path().join("seen/007-text.jpg.html")).unwrap();
    assert!(page.contains("The file declares nothing") && page.contains("That proves nothing"));
    let missing = lupe(home.path(), &["detect", "nowhere.png", "one.jpg"]).output().unwrap();
    let words = String::from_utf8(missing.stdout).unwrap();
    assert!(!missing.status.success() && words.contains("nowhere.png: cannot be read") && words.contains("one.jpg"), "{words}");
}

/// The checksum of PNG chunks (ISO 3309), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes
        .iter()
        .fold(!0u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }))
}
