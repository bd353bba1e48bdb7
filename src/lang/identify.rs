//! Which language a text is in: German, English or another.
//!
//! In: a text. Out: [`Found`], or why there is no reading. Every word votes: function words of German (its dialects and Low German among
//! them, for an answer in dialect is an answer in German), of English and of some neighbours; then letters and letter groups that one
//! of the languages has and the others hardly do. Words that two languages share vote for neither. Below 4 letters there is no reading
//! (`too-short`), nor where no word votes and the text is too short for that to mean anything (`unclear`).

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::tokens::{fold, tokens};

/// Letters below which a text has no language.
const FEWEST_LETTERS: usize = 4;
/// Words from which on a text without any known word is in another language.
const ENOUGH_WORDS: usize = 8;
/// Words that are read; the language of an answer does not hang on what stands behind them.
const WORDS_READ: usize = 150;

/// Language found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// German or one of its dialects.
    German,
    /// English.
    English,
    /// Neither.
    Other,
}

/// What [`detect`] says of a text.
type Detected = Result<Found, &'static str>;

thread_local! {
    /// The text read last, by its hash: one answer is asked for its language by every scorer in turn.
    static LAST: Cell<Option<(blake3::Hash, Detected)>> = const { Cell::new(None) };
}

/// Language of `text`, or why there is none.
pub fn detect(text: &str) -> Detected {
    let hash = blake3::hash(text.as_bytes());
    if let Some((_, found)) = LAST.get().filter(|(last, _)| *last == hash) {
        return found;
    }
    let found = vote(text);
    LAST.set(Some((hash, found)));
    found
}

fn vote(text: &str) -> Detected {
    let mut votes = [0.0; 3];
    let (mut words, mut letters, mut foreign_letters) = (0, 0, 0);
    let mut key = String::new();
    for token in tokens(text).take(WORDS_READ) {
        words += 1;
        for letter in token.text.chars().filter(|c| c.is_alphabetic()) {
            letters += 1;
            foreign_letters += usize::from(!is_latin(letter));
        }
        fold(token.text, &mut key);
        if let Some(&voice) = FUNCTION_WORDS.get(key.as_str()) {
            votes[voice as usize] += 1.0;
        } else if let Some((voice, weight)) = letters_of(token.text, &key) {
            votes[voice as usize] += weight;
        }
    }
    if letters < FEWEST_LETTERS {
        return Err("too-short");
    }
    if 2 * foreign_letters > letters {
        return Ok(Found::Other);
    }
    let [german, english, other] = votes;
    if german > english && german >= other {
        Ok(Found::German)
    } else if english > german && english >= other {
        Ok(Found::English)
    } else if other > german.max(english) || (words >= ENOUGH_WORDS && german == 0.0) {
        Ok(Found::Other)
    } else {
        Err("unclear")
    }
}

/// Latin letters with the accents of Western and Central European languages.
fn is_latin(letter: char) -> bool {
    letter.is_ascii() || matches!(letter, 'ª' | 'º' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// What letters say about a word that is no function word. Weights are set by hand: an umlaut says a lot, an ending little.
fn letters_of(word: &str, key: &str) -> Option<(Found, f64)> {
    let accented = word.chars().find_map(|c| match c {
        'ä' | 'ö' | 'ü' | 'ß' | 'Ä' | 'Ö' | 'Ü' | 'ẞ' => Some((Found::German, 0.8)),
        'à' | 'á' | 'â' | 'ã' | 'ç' | 'è' | 'é' | 'ê' | 'ë' | 'ì' | 'í' | 'î' | 'ï' | 'ñ' | 'ò' | 'ó' | 'ô' | 'õ' | 'ù' | 'ú' | 'û'
        | 'ø' | 'å' | 'ł' | 'ş' | 'ğ' | 'ı' | 'č' | 'š' | 'ž' | 'ř' | 'ě' | 'ą' | 'ę' | 'ő' | 'ű' => {
            Some((Found::Other, 0.5))
        }
        _ => None,
    });
    if accented.is_some() || key.len() < 4 {
        return accented;
    }
    let ends = |endings: &[&str]| endings.iter().any(|ending| key.ends_with(ending));
    let has = |parts: &[&str]| parts.iter().any(|part| key.contains(part));
    if ends(&[
        "keit", "heit", "schaft", "lich", "liche", "lichen", "isch", "ische", "ischen", "ung", "ungen", "chen", "igen", "zeug", "iert",
    ]) || has(&["sch", "cht", "pf", "tz", "zw", "kz", "euch"]) && !has(&["school", "scheme", "schedul", "yacht"])
    {
        Some((Found::German, 0.5))
    } else if ends(&["ing", "tion", "ness", "ful", "ous", "ously", "able", "ight", "ought", "ould", "ings", "edly", "ally"])
        || has(&["wh", "'s", "n't", "'re", "'ll", "'ve", "'m"])
    {
        Some((Found::English, 0.4))
    } else if ends(&["cion", "ciones", "zione", "zioni", "mente", "ment", "aux", "eux", "ção", "ijk", "heid", "owie", "ami", "ych"])
        || has(&["'a", "qu'", "l'", "d'"])
    {
        Some((Found::Other, 0.4))
    } else if ends(&["en", "ern", "eln", "elt", "ert", "ein", "eit"]) {
        Some((Found::German, 0.2))
    } else {
        None
    }
}

/// Folded function word -> language; words that two of them share are absent.
static FUNCTION_WORDS: LazyLock<HashMap<String, Found>> = LazyLock::new(|| {
    let lists = [(Found::German, GERMAN), (Found::German, DIALECTS), (Found::English, ENGLISH), (Found::Other, OTHER)];
    let mut words = HashMap::new();
    let mut key = String::new();
    for (language, list) in lists {
        for word in list.split_whitespace() {
            fold(word, &mut key);
            words.insert(key.clone(), language);
        }
    }
    SHARED.split_whitespace().for_each(|word| {
        words.remove(word);
    });
    words
});

const GERMAN: &str = "der die das den dem des ein eine einen einem einer eines und oder aber sondern ich du er sie wir ihr es mich mir dich dir ihn \
    ihm uns euch ihnen mein meine meinen meinem meiner dein deine deinen deiner sein seine seinen seinem seiner ihre ihren ihrem ihrer unser unsere \
    euer nicht kein keine keinen keinem keiner ist sind bin bist war waren wird werden wurde wurden habe hast hat haben hatte hatten kann kannst \
    koennen konnte muss muessen soll sollen will wollen darf duerfen mag moechte moechten mit von vom zu zum zur bei beim nach aus auf fuer gegen ohne \
    um ueber unter vor zwischen durch bis seit waehrend wegen dass weil wenn ob als wie was wer wo wann warum wieso welche welcher welches \
    wieviel wieviele auch nur noch schon sehr immer wieder mehr viel viele alle alles man sich dann hier dort heute morgen gestern jetzt diese \
    dieser dieses diesen diesem jede jeder jedes ja nein bitte danke gibt gib zeig zeige mach mache stell stelle stelle spiel spiele such suche \
    finde fuege lass loesche erinnere sag sage fuer im ins am ans jahre jahr uhr tag woche gut ganz ab zwei drei neue neuen hallo wetter \
    buch lied wecker etwas nichts doch eben also";

/// Short words of Low German, Swiss German, Bavarian, Swabian, South Tyrolean, Ruhrdeutsch and Berlinerisch.
const DIALECTS: &str = "ma vu af zoag heint weart wearts werds werd sog olle moan wecka wegga ik ick ikke dat wat nich nüms un oder op för mit vun bi se hett weer sünd bün ok nu denn uns mien dien sien ned net \
    nit nisch koa koan koane koi koin kei kai keis nöd nid ois oans ebbes eppes i'm mia mir ihr d'r a an af auf fia fir für vo vom zua zum \
    hob hom hot hat han hend hond hesch isch is san sand sein bisch i mi di eahm eam und oba aba aso scho schee guad morng moang heit heid \
    hüt hüüt haut wia wie wos wås ma mer mr s'isch ds dr de d'wecker gell gäll wär chan cha chönd chasch chli öpis öppis uf uff jetz jetza \
    itz iatz noch nåch nomoi wea wer weard werd des dei mei sei mein gib mol moi mal tua tuat tue dua mach mached isses hasse kannste biste haste jibt jut \
    ooch keen keene een eene eenen meen dit wa nüscht nüscht kieken jehen";

const ENGLISH: &str = "the a an and or but of to in on at by for with from is are was were be been being am i you he she it we they me him \
    her us them my your his its our their this that these those there here not no yes do does did have has had will would can could should may \
    might must shall what which who whom whose when where why how if because as than then so such into about over under after before between \
    through during without very also more most some any all each every many much other another only just too out up down please thanks set give tell remind make get want need rate weather find my show play add like tomorrow today time year years i'm don't doesn't isn't can't it's let's";

const OTHER: &str = "le la les des du un une et est dans pour que qui sur avec pas plus ce cette sont au aux il elle nous vous je tu mon ma mes \
    son sa ses leur mais ou donc car ne se en y el los las del al una uno por con para como pero su sus lo mas es esta este son fue muy no hay \
    il lo gli della dello delle degli dei di da nel nella che non sono per piu anche come ma questo questa era essere ha het een van ik niet dat \
    zijn voor op te aan ook maar bij naar wordt werd deze dit hij zij wij jullie heeft och att det som inte jag han hon ar av till pa den ett og \
    ikke jeg er af til paa i na w z nie sie jest do ze jak co ale tak os as um uma nao com mais foi ser ve bir bu da icin ile olan je se na v ze";

/// Words of more than one of the languages above.
const SHARED: &str = "in am an was war will hat die so also den des man mit du un es an as er der se i a me no do la le il al da en dat op op wat dit \
    de son car on sand has gut net is hot fit han mir uns wie mal des ist' most must band an' den under hier i'm dr sein ser ze te te pa jut \
    for at we he to bin one mag up do set get aber sie un' mi di co ok her up dann is bei af av im ab bis um et es er til' och han'";
