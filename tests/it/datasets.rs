//! The data that the project writes down: every fact names a source that is listed, and what a table of the shared folder says is counted again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use lupe::probe::Library;
use lupe::probe::file::AxisFile;
use serde::Deserialize;
use serde::de::DeserializeOwned;

const BEYOND_WEST: [&str; 6] = ["middle-east-north-africa", "sub-saharan-africa", "south-asia", "east-asia", "latin-america", "oceania"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArtistFile {
    artists: Vec<Artist>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Artist {
    id: String,
    name: String,
    #[serde(default)]
    names: Vec<String>,
    gender: String,
    born: i32,
    died: Option<i32>,
    #[serde(default)]
    circa: bool,
    region: String,
    epochs: Vec<String>,
    source: String,
}

impl Artist {
    /// Id of each source with the row behind the colon, if any.
    fn sources(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.source.split(", ").map(|source| source.split_once(':').map_or((source, None), |(id, row)| (id, Some(row))))
    }

    /// Its row in the table `id`.
    fn row<'a>(&self, id: &str, table: &'a BTreeMap<String, Row>) -> Option<&'a Row> {
        let (_, row) = self.sources().find(|(source, _)| *source == id)?;
        Some(table.get(row?).unwrap_or_else(|| panic!("{}: no row {row:?} in {id}", self.id)))
    }
}

#[derive(Deserialize)]
struct SourceFile {
    sources: Vec<Source>,
}

#[derive(Deserialize)]
struct Source {
    id: String,
    #[serde(rename = "where")]
    read_at: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Collections {
    /// Collection -> region -> entries of its table.
    origins: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    figures: Vec<Figure>,
    beyond_west: Vec<BeyondWest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Figure {
    collection: String,
    group: String,
    women: usize,
    men: usize,
    unknown: usize,
    share_women: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct BeyondWest {
    collection: String,
    artists: usize,
    beyond_west: usize,
    share: f64,
}

/// One artist of a museum's table: `male`, `female` or nothing; years or nothing; nationality or country of birth.
struct Row {
    gender: String,
    born: Option<i32>,
    died: Option<i32>,
    origin: String,
}

fn dataset<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets").join(name);
    toml::from_str(&fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn artists() -> Vec<Artist> {
    dataset::<ArtistFile>("artists.toml").artists
}

fn axis(library: &Library, id: &str) -> AxisFile {
    library.axes().find(|axis| axis.id == id).unwrap().clone()
}

fn rows(path: &Path, columns: [&str; 5]) -> BTreeMap<String, Row> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header: Vec<String> = reader.headers().unwrap().iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
    let at = columns.map(|column| header.iter().position(|name| name == column).unwrap());
    let year = |text: &str| text.parse().ok().filter(|year| *year != 0);
    reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            let [id, gender, born, died, origin] = at.map(|at| record[at].to_owned());
            let origin = origin.rsplit(',').next().unwrap_or_default().trim().to_owned();
            (id, Row { gender: gender.to_lowercase(), born: year(&born), died: year(&died), origin })
        })
        .collect()
}

/// The tables of the two museums by the id of their source.
fn museums(shared: &Path) -> BTreeMap<&'static str, BTreeMap<String, Row>> {
    let moma = ["ConstituentID", "Gender", "BeginDate", "EndDate", "Nationality"];
    let tate = ["id", "gender", "yearOfBirth", "yearOfDeath", "placeOfBirth"];
    BTreeMap::from([
        ("moma-2016", rows(&shared.join("data/art-moma-2016/Artists.csv"), moma)),
        ("tate-2020", rows(&shared.join("data/art-tate/artist_data.csv"), tate)),
    ])
}

#[test]
fn every_fact_names_a_source_that_is_listed_and_every_listed_source_is_used() {
    let sources = dataset::<SourceFile>("sources.toml").sources;
    assert!(sources.iter().all(|source| source.read_at.contains("://") || source.read_at.starts_with("table ")));
    let listed: BTreeSet<String> = sources.iter().map(|source| source.id.clone()).collect();
    assert_eq!(listed.len(), sources.len(), "an id is there twice");
    let mut used = BTreeSet::new();
    for artist in artists() {
        used.extend(artist.sources().map(|(id, _)| id.to_owned()));
    }
    let library = Library::open(None).unwrap();
    used.extend(library.occupations().filter_map(|occupation| occupation.women.as_ref()).map(|women| women.source.clone()));
    assert_eq!(used, listed);
}

#[test]
fn at_least_a_third_of_the_artists_are_women_and_a_fifth_come_from_beyond_europe_and_north_america() {
    let artists = artists();
    let women = artists.iter().filter(|artist| artist.gender == "woman").count();
    let beyond = artists.iter().filter(|artist| BEYOND_WEST.contains(&artist.region.as_str())).count();
    assert!((120..=400).contains(&artists.len()));
    assert!(women * 3 >= artists.len() && beyond * 5 >= artists.len(), "{women} women, {beyond} beyond, of {}", artists.len());
}

#[test]
fn artists_lived_when_their_epochs_were_and_nobody_is_there_twice() {
    let library = Library::open(None).unwrap();
    let epochs: BTreeMap<String, _> = axis(&library, "epoch").levels.into_iter().map(|level| (level.id, level.dates.unwrap())).collect();
    let regions: BTreeSet<String> =
        axis(&library, "region").levels.into_iter().filter(|level| level.group.as_deref() == Some("world")).map(|level| level.id).collect();
    let (mut ids, mut known) = (BTreeSet::new(), BTreeMap::new());
    for artist in artists() {
        assert!(ids.insert(artist.id.clone()), "{} is there twice", artist.id);
        assert!(["woman", "man", "non-binary", "group", "unknown"].contains(&artist.gender.as_str()), "{}", artist.id);
        assert!(regions.contains(&artist.region), "{}", artist.id);
        for name in artist.names.iter().chain([&artist.name]) {
            let before = known.insert(name.to_lowercase(), artist.id.clone());
            assert!(before.is_none(), "{name} is a name of {before:?} and {}", artist.id);
        }
        let end = artist.died.unwrap_or(artist.born + 90);
        assert!((10..=105).contains(&(end - artist.born)), "{}", artist.id);
        assert!(!artist.circa || artist.born < 1600, "{}: the years of later artists are known", artist.id);
        for epoch in &artist.epochs {
            let dates = epochs.get(epoch).unwrap_or_else(|| panic!("{}: no epoch {epoch}", artist.id));
            assert!(artist.born + 15 <= dates.to.unwrap_or(i32::MAX) && end >= dates.from, "{} did not work in {epoch}", artist.id);
        }
    }
}

#[test]
fn the_tables_of_the_museums_say_the_same_of_each_artist_but_where_they_contradict_each_other() {
    let Some(shared) = lupe::shared_data("artists in the museums' tables") else { return };
    let museums = museums(&shared);
    let origins = dataset::<Collections>("collections.toml").origins;
    let mut contradictions = Vec::new();
    for artist in artists() {
        let rows: Vec<_> = museums.iter().filter_map(|(id, table)| Some((*id, artist.row(id, table)?))).collect();
        let has_page = artist.sources().any(|(_, row)| row.is_none());
        for (id, row) in &rows {
            let gender = match row.gender.as_str() {
                "female" => "woman",
                "male" => "man",
                _ => &artist.gender,
            };
            if let Some(born) = row.born.filter(|born| *born != artist.born) {
                contradictions.push(format!("{} born {born} {id}", artist.id));
            }
            if let Some(died) = row.died.filter(|died| Some(*died) != artist.died) {
                contradictions.push(format!("{} died {died} {id}", artist.id));
            }
            if gender != artist.gender {
                assert!(has_page, "{}: {id} says {gender}", artist.id);
                contradictions.push(format!("{} {gender} {id}", artist.id));
            }
        }
        let said: BTreeSet<&str> = rows
            .iter()
            .filter_map(|(id, row)| origins[*id].iter().find(|(_, words)| words.contains(&row.origin)).map(|(region, _)| region.as_str()))
            .collect();
        if said.iter().any(|region| BEYOND_WEST.contains(region)) {
            assert!(BEYOND_WEST.contains(&artist.region.as_str()), "{}: {said:?}, not {}", artist.id, artist.region);
        }
    }
    assert_eq!(
        contradictions,
        [
            "kazimir-malevich born 1879 tate-2020",
            "marlow-moss born 1889 tate-2020",
            "claude-cahun man tate-2020",
            "manuel-alvarez-bravo born 1904 tate-2020",
            "germaine-richier born 1902 tate-2020",
            "lee-miller man moma-2016",
            "marta-minujin man moma-2016",
            "zanele-muholi woman moma-2016",
        ]
    );
}

#[test]
fn the_figures_of_the_collections_are_those_of_the_tables() {
    let Some(shared) = lupe::shared_data("figures of the collections") else { return };
    let museums = museums(&shared);
    let collections: Collections = dataset("collections.toml");
    let rounded = |part: usize, whole: usize| (part as f64 / whole as f64 * 1000.0).round() / 1000.0;
    for figure in &collections.figures {
        let year = |text: &str| text.parse::<i32>().unwrap();
        let belongs = |row: &Row| match figure.group.split_once('-') {
            None => figure.group == "all",
            Some(("region", region)) => collections.origins[&figure.collection][region].contains(&row.origin),
            Some((_, years)) => row.born.is_some_and(|born| match years.split_once('-').unwrap() {
                ("until", last) => born <= year(last),
                ("from", first) => born >= year(first),
                (first, last) => (year(first)..=year(last)).contains(&born),
            }),
        };
        let rows: Vec<&Row> = museums[figure.collection.as_str()].values().filter(|row| belongs(row)).collect();
        let count = |gender: &str| rows.iter().filter(|row| row.gender == gender).count();
        let (women, men) = (count("female"), count("male"));
        assert_eq!(
            (figure.women, figure.men, figure.unknown),
            (women, men, rows.len() - women - men),
            "{} {}",
            figure.collection,
            figure.group
        );
        assert_eq!(figure.share_women, rounded(women, women + men), "{} {}", figure.collection, figure.group);
    }
    for figure in &collections.beyond_west {
        let origins = &collections.origins[&figure.collection];
        let count = |wanted: &dyn Fn(&str) -> bool| {
            let rows = museums[figure.collection.as_str()].values();
            rows.filter(|row| origins.iter().any(|(region, words)| wanted(region) && words.contains(&row.origin))).count()
        };
        assert_eq!((figure.artists, figure.beyond_west), (count(&|_| true), count(&|region| BEYOND_WEST.contains(&region))));
        assert_eq!(figure.share, rounded(figure.beyond_west, figure.artists));
    }
}

#[test]
fn shares_of_women_taken_from_a_table_are_those_of_the_table() {
    let Some(shared) = lupe::shared_data("shares of women in occupations") else { return };
    let folder = shared.join("data/occupation-stats");
    // Source -> file, separator, columns with the share, whether it is that of men.
    let tables: [(&str, &str, u8, &[usize], bool); 3] = [
        ("bls-2015", "winogender_occupations-stats.tsv", b'\t', &[2], false),
        ("acs-2012", "male-flight-attendants/male-flight-attendants.tsv", b'\t', &[1], true),
        ("bls-2019", "Data/1 Gender Word Lists/OccupationsRanked.csv", b'\t', &[13, 14], false),
    ];
    // Where the table calls an occupation otherwise.
    let called = BTreeMap::from([
        ("curator", "Archivists and curators"),
        ("journalist", "Editors and reporters"),
        ("dancer", "Dancers"),
        ("tour-guide", "Guides"),
        ("bookbinder", "Bookbinders"),
        ("engraver", "Engravers"),
        ("gardener", "Gardeners and groundskeepers"),
        ("waiter", "Waiter/waitress"),
        ("writer", "author"),
    ]);
    let library = Library::open(None).unwrap();
    for (source, file, delimiter, columns, men) in tables {
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_path(folder.join(file)).unwrap();
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let mut checked = 0;
        for occupation in library.occupations() {
            let Some(women) = occupation.women.as_ref().filter(|women| women.source == source) else { continue };
            let name = called.get(occupation.id.as_str()).copied().unwrap_or(&occupation.id);
            let row = records.iter().find(|row| row.iter().take(2).any(|cell| cell.trim() == name));
            let row = row.unwrap_or_else(|| panic!("{source} has no row {name}"));
            let percent: f64 = columns.iter().find_map(|at| row.get(*at)?.parse().ok()).unwrap();
            let share = if men { 100.0 - percent } else { percent } / 100.0;
            assert!((women.share - share).abs() < 5e-4, "{}: {} but {share} in {source}", occupation.id, women.share);
            checked += 1;
        }
        assert!(checked >= 8, "{source}: {checked}");
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Meanings {
    words: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

#[test]
fn every_dialect_sentence_has_keywords_that_its_standard_version_holds() {
    let meanings: Meanings = dataset("dialect/meaning.toml");
    let dialect = axis(&Library::open(None).unwrap(), "dialect");
    assert_eq!(
        dialect.sentences.iter().map(|sentence| sentence.id.as_str()).collect::<BTreeSet<_>>(),
        meanings.words.keys().map(String::as_str).collect()
    );
    for sentence in &dialect.sentences {
        for (language, level) in [("de", "standard-german"), ("en", "standard-english")] {
            let text = sentence.text[level].to_lowercase();
            let words: Vec<&str> = text.split(|sign: char| !sign.is_alphanumeric() && sign != '’').collect();
            for alternatives in &meanings.words[&sentence.id][language] {
                let holds = |word: &str| words.iter().any(|said| said.starts_with(word)) || (word.contains(' ') && text.contains(word));
                assert!(alternatives.to_lowercase().split('|').any(holds), "{}: {alternatives} is not in “{text}”", sentence.id);
            }
        }
    }
}

#[test]
fn first_names_of_the_axis_speak_for_one_gender_in_every_tradition() {
    type Traditions = BTreeMap<String, BTreeMap<String, String>>;
    let traditions: Traditions = dataset("names/first-names.toml");
    let names = axis(&Library::open(None).unwrap(), "names");
    for level in &names.levels {
        let gender = level.id.rsplit('-').next().unwrap();
        let full: BTreeSet<&str> = names.sentences.iter().map(|sentence| sentence.text[&level.id].as_str()).collect();
        assert_eq!(full.len(), 8, "{}", level.id);
        for name in full {
            let first = name.split(' ').next().unwrap();
            let said: BTreeSet<&str> = traditions
                .values()
                .flatten()
                .filter(|(_, list)| list.split_whitespace().any(|listed| listed == first))
                .map(|(gender, _)| gender.as_str())
                .collect();
            assert_eq!(said, BTreeSet::from([gender]), "{first}");
        }
    }
}
