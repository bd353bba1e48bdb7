//! When a name of a place or of people says where the artist comes from.
//!
//! In: the words of a text. Out: [`Evidence`] labelled with a section of `datasets/words/origin-*.toml`. Every word here is written folded.

use super::places::{Kind, Mention, NAMES, Text};
use crate::lang::negation;
use crate::lang::tokens::Case;
use crate::store::{Evidence, Language};

/// Words of one language that the rules look for; separated by blanks.
struct Words {
    /// Prepositions of origin.
    from: &'static str,
    /// Prepositions of place: they say where somebody is, unless a word of birth stands by.
    at: &'static str,
    /// What may stand between preposition and name.
    between: &'static str,
    /// Birth and childhood.
    birth: &'static str,
    /// Being somewhere later: a word of birth does not reach across.
    stay: &'static str,
    /// Going away: `from` after them is no origin.
    travel: &'static str,
    /// Things, and people who are not the artist, that come from places; German: also as the last part of a word.
    things: &'static str,
    /// Kin and teachers: not the artist.
    others: &'static str,
    /// Possessives: behind them even a woman or a man is somebody else.
    possessive: &'static str,
    /// Influence and schooling: what is named behind or before them is somebody else.
    influence: &'static str,
    /// Words that name the artist; German: also as the last part of a word, with endings.
    roles: &'static str,
    /// Nouns of origin behind an adjective or before a name.
    nouns: &'static str,
    /// Words that end a noun phrase.
    function: &'static str,
    /// Before a noun for one person.
    one: &'static str,
}

const GERMAN: Words = Words {
    from: "aus",
    at: "in im bei nahe",
    between: "dem der den einem einer ein heutigen ehemaligen kleinen laendlichen noerdlichen suedlichen oestlichen westlichen norden sueden osten westen des dorf \
              kleinstadt stadt hafenstadt hauptstadt gegend naehe region provinz insel von bei in im nahe",
    birth: "geboren geborene geborener geborenen geb gebuertig gebuertige gebuertiger aufgewachsen aufgewachsene aufgewachsener wuchs aufwuchs welt kindheit",
    stay: "lebt lebte leben wohnt wohnte arbeitet arbeitete arbeiten studierte studiert zog zieht ging reiste kam stellte zeigt zeigte ausgestellt starb gestorben lehrte lehrt \
           taetig",
    travel: "zurueck zurueckgekehrt zurueckkehrte zurueckgekommen abgereist mitgebracht mitbrachte mitbringt",
    things: "holz marmor stein seide gold silber ton lehm material materialien stoffe stoff papier farben pigmente pigment leihgabe leihgaben leihgeber besucher besucherinnen gaeste \
             publikum touristen sammler sammlerin sammlung sammlungen bilder gemaelde werke werk arbeiten objekte vasen vase keramik masken maske teppiche teppich tuecher brief briefe nachricht \
             impulse einfluesse einfluss motive motiv muster erinnerungen skizzen eindruecke foto fotos fotografien kuratorin kurator haendler museum galerie kollegen perlen wolle baumwolle \
             figuren skulpturen stuecke exponate tee kaffee",
    others: "bruder schwester vater mutter eltern grosseltern grossvater grossmutter sohn tochter ehemann ehefrau gatte gattin lehrer lehrerin lehrmeister schueler schuelerin freund freundin \
             foerderer maezen maezenin auftraggeber auftraggeberin onkel tante cousin cousine verlobte verlobter modell partnerin partner familie vorfahren",
    possessive: "sein seine seinem seiner seinen seines ihr ihre ihrem ihrer ihren ihres",
    influence: "beeinflusst beeinflussten inspiriert inspirierten gepraegt bewundert bewunderte vorbild vorbilder einfluss lehre schuelerin schueler lernte studierte assistent assistentin ausgebildet \
                verehrte nachahmer kopierte erinnert",
    roles: "kuenstler maler bildhauer zeichner grafiker graphiker architekt fotograf photograph designer weber goldschmied silberschmied keramiker toepfer sticker schnitzer schneider stecher radierer \
            illustrator autor schriftsteller dichter lyriker komponist musiker saenger filmemacher regisseur taenzer choreograf performer plastiker schauspieler baumeister meister pionier modernist \
            impressionist expressionist surrealist avantgardist buchbinder drucker gestalter handwerker karikaturist kalligraf kalligraph kuenstlerpersoenlichkeit persoenlichkeit person frau mann \
            kreative kreativer kunstschaffende kunstschaffender",
    nouns: "herkunft abstammung herkunftsland heimat heimatland geburtsort geburtsland nationalitaet staatsangehoerigkeit ursprungs",
    function: "und oder der die das des dem den ein eine einer eines einem in im an am aus von zu mit fuer bei ueber war ist wurde hat",
    one: "ein eine einer einem einen eines der dem des den als war ist wurde zum gebuertige gebuertiger gebuertigen junge junger jungen",
};

const ENGLISH: Words = Words {
    from: "from",
    at: "in at near",
    between: "the a an what is now present day modern rural northern southern eastern western upper lower central small north south east west city town village island province region state capital \
              port of in near",
    birth: "born raised grew native brought childhood birthplace",
    stay: "lives lived living works worked working based studied moved settled went travelled traveled exhibited shown showed shows displayed died taught teaches trained",
    travel: "returned returning back away far apart travelled traveled flew",
    things: "wood marble stone silk gold silver clay material materials fabric fabrics paper paint paints pigment pigments loan loans lender lenders visitor visitors guest guests audience audiences tourist \
             tourists collector collectors collection collections picture pictures painting paintings work works objects object vase vases ceramics mask masks carpet carpets cloth letter letters news \
             influence influences motif motifs pattern patterns memories sketches impressions photograph photographs photos curator curators dealer dealers museum gallery colleagues beads wool cotton \
             figures sculptures pieces exhibits tea coffee imported shipped borrowed bought brought",
    others: "brother sister father mother parents grandparents grandfather grandmother son daughter husband wife teacher teachers pupil student friend friends patron patrons uncle aunt cousin mentor model \
             partner family ancestors critic collector dealer",
    possessive: "his her their whose",
    influence: "influenced inspired influence influences admired admirer pupil student studied taught apprenticed apprentice trained assistant under copied imitated recalls reminiscent",
    roles: "artist painter sculptor illustrator printmaker architect goldsmith silversmith weaver potter ceramicist ceramist carver woodcarver embroiderer photographer designer engraver draughtsman draughtswoman \
            draftsman draftswoman muralist filmmaker director writer author poet novelist composer musician singer dancer choreographer performer craftsman craftswoman craftsperson maker master pioneer \
            modernist impressionist expressionist surrealist conceptualist minimalist calligrapher miniaturist cartoonist animator etcher lithographer bookbinder jeweller jeweler glassmaker glassblower \
            videographer playwright woman man person creator portraitist artisan quilter",
    nouns: "origin descent birth birthplace nationality extraction parentage heritage",
    function: "and or but who whom whose which that of in on at by for with from to the a an was is has had as into since until when",
    one: "a an the is was as born young",
};

fn any(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|other| other == word)
}

/// All evidence of the artist's origin in reading order.
pub(super) fn evidence(text: &Text, language: Language) -> Vec<Evidence> {
    let mentions = NAMES.of(language).mentions(text);
    let reader = Reader { text, language, mentions: &mentions, words: if language == Language::De { &GERMAN } else { &ENGLISH } };
    mentions.iter().filter_map(|mention| reader.read(mention)).collect()
}

struct Reader<'a, 't> {
    text: &'a Text<'t>,
    language: Language,
    mentions: &'a [Mention<'a>],
    words: &'static Words,
}

impl Reader<'_, '_> {
    fn read(&self, mention: &Mention) -> Option<Evidence> {
        let has = |kind| mention.kinds.contains(&kind);
        let (from, to) = has(Kind::Place)
            .then(|| self.place(mention))
            .flatten()
            .or_else(|| has(Kind::Adjective).then(|| self.adjective(mention)).flatten())
            .or_else(|| has(Kind::Person).then(|| self.person(mention)).flatten())?;
        let before = self.text.before(from);
        if negation::negated(self.language, &before) || self.denied_behind(to) || self.somebody_else(&before, to) {
            return None;
        }
        let tokens = &self.text.tokens;
        Some(Evidence { start: tokens[from].start, end: tokens[to - 1].end(), label: mention.region.to_owned() })
    }

    /// The words that tie a person to a place.
    fn place(&self, mention: &Mention) -> Option<(usize, usize)> {
        let (text, words, to) = (self.text, self.words, mention.to);
        if self.is_born(to) {
            return Some((mention.from, to + 1));
        }
        let mut at = mention.from.checked_sub(1)?;
        if any(words.nouns, text.key(at)) {
            return Some((at, to));
        }
        // The outermost preposition decides: *aus einem Dorf in Nigeria*.
        let mut preposition = None;
        for _ in 0..6 {
            let key = text.key(at);
            let is_from = any(words.from, key);
            if is_from || any(words.at, key) || key == "of" {
                preposition = Some(at);
            }
            if is_from || !(any(words.between, key) || any(words.at, key)) || text.opens_clause(at) || at == 0 {
                break;
            }
            at -= 1;
        }
        let at = preposition?;
        let earlier = |distance: usize| at.checked_sub(distance).map_or("", |at| text.key(at));
        if any(words.from, text.key(at)) {
            return (!self.leaves(at, to)).then_some((at, to));
        }
        if text.key(at) == "of" {
            return any("native citizen national", earlier(1)).then_some((at - 1, to));
        }
        self.birth_before(at).map(|birth| (birth, to)).or_else(|| self.birth_behind(to).map(|birth| (at, birth + 1)))
    }

    /// `Lagos-born`.
    fn is_born(&self, at: usize) -> bool {
        self.language == Language::En && self.text.key(at) == "born" && !self.text.opens_clause(at)
    }

    /// Whether the words around `from` speak of things that come, or of people who go.
    fn leaves(&self, at: usize, to: usize) -> bool {
        let (text, words) = (self.text, self.words);
        let thing = at.checked_sub(1).filter(|_| !text.opens_clause(at)).is_some_and(|before| self.is_one_of(words.things, before));
        let mut near = (at.saturating_sub(3)..at).rev().take_while(|&i| !text.opens_clause(i + 1));
        let mut behind = (to..to + 5).take_while(|&i| !text.opens_clause(i));
        let onward = any("to nach", text.key(to)) && self.mentions.iter().any(|mention| mention.from == to + 1);
        thing || onward || near.any(|i| any(words.travel, text.key(i))) || behind.any(|i| any(words.travel, text.key(i)))
    }

    /// A word of birth before the preposition at `at`: *geboren am 3. Mai 1950 in*.
    fn birth_before(&self, at: usize) -> Option<usize> {
        let text = self.text;
        if self.begins_sentence(at) {
            return None;
        }
        for i in (at.saturating_sub(7)..at).rev() {
            let key = text.key(i);
            if any(self.words.birth, key) {
                return Some(i);
            }
            let place = self.mentions.iter().any(|mention| mention.to == i + 1);
            let joined = any("und and", text.key(i + 1));
            if any(self.words.stay, key) || place && !joined || self.begins_sentence(i) {
                return None;
            }
        }
        None
    }

    /// A word of birth behind the name: *in Kairo geboren*, *in Kairo zur Welt*.
    fn birth_behind(&self, to: usize) -> Option<usize> {
        let clause = (to..to + 6).take_while(|&i| !self.text.opens_clause(i));
        let within = clause.take_while(|&i| !any(self.words.stay, self.text.key(i)));
        within.into_iter().find(|&i| any(self.words.birth, self.text.key(i)))
    }

    /// A capital behind a full stop that belongs to no date or abbreviation.
    fn begins_sentence(&self, at: usize) -> bool {
        let Some(token) = self.text.tokens.get(at) else { return true };
        let month = "januar februar maerz april mai juni juli august september oktober november dezember";
        token.sentence_start && token.case() != Case::Lower && !any(month, self.text.key(at))
    }

    /// `ägyptische Malerin`, `Nigerian-born`, `of Indian origin`, `she is Peruvian.`
    fn adjective(&self, mention: &Mention) -> Option<(usize, usize)> {
        let (text, words, to) = (self.text, self.words, mention.to);
        let stemmed = text.key(mention.from).contains("staemmig");
        if self.is_born(to) || any(words.nouns, text.key(to)) && !text.opens_clause(to) {
            return Some((mention.from, to + 1));
        }
        for at in to..to + 4 {
            if text.opens_clause(at) {
                break;
            }
            if self.is_one_of(words.roles, at) {
                return Some((mention.from, at + 1));
            }
            let listed = self.mentions.iter().any(|mention| mention.from == at);
            let noun = self.language == Language::De && text.tokens[at].case() != Case::Lower && !listed;
            if noun || any(words.function, text.key(at)) {
                break;
            }
        }
        if stemmed {
            return Some((mention.from, to));
        }
        let before = |distance: usize| mention.from.checked_sub(distance).map_or("", |at| text.key(at));
        let person =
            any("is was are were be being a an born", before(1)) && !any("it this that which work painting style piece", before(2));
        let ends = text.opens_clause(to) || any(words.function, text.key(to));
        (self.language == Language::En && person && ends).then_some((mention.from, to))
    }

    /// `eine Nigerianerin`, `a Spaniard`: one person, not a people.
    fn person(&self, mention: &Mention) -> Option<(usize, usize)> {
        let (text, words, to) = (self.text, self.words, mention.to);
        let key = text.key(to - 1);
        let before = mention.from.checked_sub(1).map_or("", |at| text.key(at));
        if self.language == Language::De {
            if self.is_one_of(words.roles, to) && !text.opens_clause(to) {
                return Some((mention.from, to + 1));
            }
            let feminine = key.ends_with("in");
            let before_noun = text.tokens.get(to).is_some_and(|next| !next.clause_start && next.case() == Case::Capital);
            let one = feminine || any(words.one, before) && !before_noun && !key.ends_with("innen");
            return one.then_some((mention.from, to));
        }
        (any(words.one, before) && !key.ends_with('s')).then_some((mention.from, to))
    }

    /// Whether the word at `at` is on the list; in German also as the last part of a compound, with an ending.
    fn is_one_of(&self, list: &str, at: usize) -> bool {
        let key = self.text.key(at);
        let plain = any(list, key) || key.strip_suffix('s').is_some_and(|stem| any(list, stem));
        if plain || self.language == Language::En || self.text.tokens.get(at).is_none_or(|token| token.case() == Case::Lower) {
            return plain;
        }
        let stem = ["innen", "in", "en", "es", "n", "s", "e"].into_iter().filter_map(|ending| key.strip_suffix(ending));
        stem.chain([key]).any(|stem| list.split_ascii_whitespace().any(|word| word.len() > 3 && stem.ends_with(word)))
    }

    /// *aus Italien stammt sie nicht*.
    fn denied_behind(&self, to: usize) -> bool {
        let text = self.text;
        let mut clause = (to..to + 5).take_while(|&i| !text.opens_clause(i));
        self.language == Language::De && clause.any(|i| text.key(i) == "nicht" && !any("nur bloss allein", text.key(i + 1)))
    }

    /// The clause speaks of kin, of a teacher or of an influence.
    fn somebody_else(&self, before: &[&str], to: usize) -> bool {
        let (text, words) = (self.text, self.words);
        let before = before.rsplit(|word| any("und and", word)).next().unwrap_or_default();
        let kin = before.iter().rev().take(5).any(|word| any(words.others, word));
        let theirs = before.windows(2).any(|pair| any(words.possessive, pair[0]) && any("frau mann", pair[1]));
        let influence = before.iter().rev().take(8).any(|word| any(words.influence, word));
        let mut behind = (to..to + 5).take_while(|&i| !text.opens_clause(i));
        kin || theirs || influence || self.language == Language::De && behind.any(|i| any(words.influence, text.key(i)))
    }
}
