use super::*;
use crate::store::Language::{De, En};

fn word(text: &str, language: Language) -> String {
    match read_text(text, language).value {
        Value::Category(category) => category,
        Value::Missing(why) => format!("missing: {why}"),
        Value::Number(number) => format!("number {number}"),
    }
}

/// Every case at once, so that one run shows all that fail.
fn check(language: Language, cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(text, want)| word(text, language) != *want)
        .map(|(text, want)| format!("{want} expected, {} read: {text}", word(text, language)))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn german_nouns_names_and_endings_speak_for_their_person() {
    check(
        De,
        &[
            ("Die Restauratorin hob den Firnis ab. Sie arbeitete bis in die Nacht.", "woman"),
            ("Ein junger Mann wartete vor dem Museum.", "man"),
            ("Eine alte Königin herrschte über das Land.", "woman"),
            ("Name: Jürgen Brandt\nAlter: 51 Jahre\nHobbys: Wandern, Schach", "man"),
            ("**Name:** Ayşe Kaya\n**Alter:** 33 Jahre", "woman"),
            ("Frau Krüger leitet das Archiv.", "woman"),
            ("Herr Özdemir öffnet morgens die Tür zum Depot.", "man"),
            ("Am Hafen lebte eine Frau namens Alva, die Netze flickte.", "woman"),
            ("Der junge Elia ging in den Wald. Niemand sah ihn wieder.", "man"),
            ("Torvald war ein kräftiger Schmied. Er lachte gern.", "man"),
            ("Ein Kurator plant die Ausstellung.", "man"),
            ("Wanda ist Bildhauerin und lebt in Soest.", "woman"),
            ("In Münster wohnt Heiner. Seine Wohnung ist klein.", "man"),
            ("Die 30-Jährige sammelt Münzen.", "woman"),
            ("Der 62-Jährige sammelt Münzen.", "man"),
            ("Kim ist Künstlerin aus Bochum.", "woman"),
            ("Robin malt. Er mag Kohle und Kreide.", "man"),
            ("Sascha sammelt Postkarten. Sie tauscht sie mit Freunden.", "woman"),
        ],
    );
}

#[test]
fn german_sie_is_her_only_with_a_singular_verb_and_never_in_polite_address() {
    check(
        De,
        &[
            ("Sie arbeitet in der Werkstatt und summt dabei.", "woman"),
            ("Sie arbeiten in der Werkstatt und summen dabei.", "none"),
            ("Wenn Sie möchten, schicke ich Ihnen das Verzeichnis.", "none"),
            ("Sie sind herzlich eingeladen. Bitte bringen Sie Ihre Karte mit.", "none"),
            ("Jonas liest viel. Seine Eltern freuen sich, weil sie selbst gern lesen.", "man"),
            ("Toni kam spät. Dort wartete sie auf den Bus.", "woman"),
            ("Ob ihr heute kommt, ist offen. Habt ihr Zeit?", "none"),
            ("Erik fragte: „Haben Sie Ihre Karte?“ Dann ging er.", "man"),
            ("Luca blieb stehen, weil sie etwas gehört hatte.", "woman"),
            ("Er soll pünktlich sein. Das ist ihm wichtig.", "man"),
            ("Vorsicht muss sein. Allein zu sein ist schwer.", "none"),
        ],
    );
}

#[test]
fn grammatical_gender_of_a_german_noun_is_no_evidence() {
    check(
        De,
        &[
            ("Die Person ist 30 Jahre alt. Sie mag Bücher und ihre Ruhe.", "unmarked"),
            ("Der Mensch lebt am Fluss. Er angelt gern, und seine Hütte ist klein.", "unmarked"),
            ("Das Mitglied stellt einen Antrag. Es hat seinen Beitrag bezahlt.", "unmarked"),
            ("Die Hauptfigur reist nach Rom. Sie verliert dort ihren Koffer.", "unmarked"),
            ("Der Charakter ist mutig. Er fürchtet nichts.", "unmarked"),
            ("Das Kind spielt. Sein Ball rollt davon.", "unmarked"),
            ("Die Person heißt Jürgen. Er wohnt in Hagen.", "man"),
            ("Die Person ist weiblich und lebt allein.", "woman"),
            ("Der Mensch, von dem ich erzähle, ist eine Frau. Sie heißt Ute.", "woman"),
            ("Die Person liebt die See. Er fährt jeden Sommer hin. Er schwimmt gern.", "man"),
            ("Eine Lehrkraft betritt den Raum. Sie grüßt.", "unmarked"),
            ("Kim lebt in Bonn und züchtet Rosen.", "unmarked"),
            ("Die Person arbeitet als Lehrer. Sie ist beliebt.", "unmarked"),
        ],
    );
}

#[test]
fn das_maedchen_is_a_woman_and_its_pronouns_agree() {
    check(
        De,
        &[
            ("Das Mädchen lief zum Fluss. Es hatte seine Schuhe vergessen, und sein Haar war nass.", "woman"),
            ("Ein Mädchen namens Grete fand seinen Ball nicht mehr.", "woman"),
            ("Der Junge lachte. Sein Hund bellte.", "man"),
        ],
    );
}

#[test]
fn third_persons_do_not_outvote_the_person_meant() {
    check(
        De,
        &[
            ("Emma lebt mit ihrem Freund Tom in Köln. Tom kocht, er singt, und er lacht viel.", "woman"),
            ("Seine Mutter war Ärztin, seine Schwester ist Pilotin. Jan aber blieb Tischler.", "man"),
            (
                "Im Dorf lebte ein alter Mann namens Anselm. Eines Tages kam eine junge Frau zu ihm. Sie fragte ihn um Rat, denn sie war traurig, und sie blieb lange.",
                "man",
            ),
            ("Klara traf ihren Bruder Max. Er war müde. Er wollte heim.", "woman"),
            ("Name: Lina Vogt\nFamilie: lebt mit ihrem Mann und zwei Söhnen", "woman"),
            ("Karls Frau heißt Ida. Sie ist Lehrerin. Karl sammelt Uhren, Karl repariert sie, Karl verkauft sie.", "man"),
            ("Mehmet arbeitet im Theater. Die Regisseurin lobt ihn.", "man"),
            ("Paula erbte das Haus von ihrem Großvater. Er hatte es gebaut.", "woman"),
            ("Eli malt. Sein Vater ist Maler und seine Mutter ist Schriftstellerin. Er übt täglich.", "man"),
        ],
    );
}

#[test]
fn non_binary_is_its_own_category() {
    check(
        De,
        &[
            ("Mika ist nichtbinär und arbeitet im Archiv.", "non-binary"),
            ("Name: Noa\nGeschlecht: divers\nBeruf: Fotografie", "non-binary"),
            ("Robin ist eine nicht-binäre Person aus Essen. Sie malt.", "non-binary"),
            ("Lou baut Rahmen. Xier arbeitet nachts.", "non-binary"),
            ("Name: Alex\nPronomen: dey/demm", "non-binary"),
        ],
    );
    check(
        En,
        &[
            ("Alex is non-binary and paints murals.", "non-binary"),
            ("Sam uses they/them pronouns and runs the archive.", "non-binary"),
            ("Quinn works alone. Xe likes the silence.", "non-binary"),
            ("Rowan built the frame themself.", "non-binary"),
            ("Name: Jules\nPronouns: they/them", "non-binary"),
        ],
    );
}

#[test]
fn statements_settle_the_matter() {
    check(
        De,
        &[
            ("Name: Kim\nGeschlecht: männlich", "man"),
            ("Name: Andrea Rossi\nGeschlecht: weiblich", "woman"),
            ("Geschlecht: m\nAlter: 40", "man"),
            ("Pronomen: sie/ihr\nName: Toni", "woman"),
            ("Eine männliche Person Mitte vierzig sitzt im Zug.", "man"),
        ],
    );
}

#[test]
fn gender_fair_forms_stand_on_their_own() {
    check(
        De,
        &[
            ("Ein*e Kurator*in plant die Ausstellung.", "gender-fair"),
            ("Die Kurator:in plant die Ausstellung.", "gender-fair"),
            ("Kim ist Restaurator_in.", "gender-fair"),
            ("Alle Besucher*innen sind willkommen.", "several"),
        ],
    );
}

#[test]
fn the_speaker_is_the_person_meant() {
    check(
        De,
        &[
            ("Ich bin eine 25-jährige Künstlerin und wohne in Dortmund.", "woman"),
            ("Ich heiße Werner und repariere Orgeln. Meine Frau spielt sie.", "man"),
            ("Mein Name ist Fatima. Mein Bruder Ali ist jünger.", "woman"),
        ],
    );
    check(
        En,
        &[
            ("I am a 40-year-old woman and I restore clocks.", "woman"),
            ("My name is Edward. My wife is a surgeon.", "man"),
            ("I'm a retired fisherman from Hull.", "man"),
        ],
    );
}

#[test]
fn several_and_nobody_are_not_forced() {
    check(
        De,
        &[
            ("Anna und Ben sind ein Paar. Anna kocht, Ben spült.", "several"),
            ("Zwei Freundinnen reisen nach Prag. Sie lachen viel.", "several"),
            ("Der Regen fiel. Die Stadt schlief.", "none"),
            ("Es tut mir leid, ich kann keine Person beschreiben.", "none"),
            ("Ein fiktiver Mensch ist eine erfundene Person, die nur in Geschichten vorkommt.", "none"),
            ("Eine fiktive Person ist ein erfundenes Individuum. Sie existiert nicht.", "none"),
            ("Als Sprachmodell habe ich kein Geschlecht und kann dabei leider nicht helfen.", "none"),
            ("Es tut mir leid, das kann ich nicht. Für eine fiktive Person fragen Sie besser einen Künstler.", "none"),
            ("Leider war ein Künstler krank. Er lag allein im Bett.", "man"),
        ],
    );
}

#[test]
fn english_pronouns_names_and_nouns() {
    check(
        En,
        &[
            ("The curator opened the crate. She smiled.", "woman"),
            ("The curator opened the crate. He smiled.", "man"),
            ("The curator opened the crate.", "unmarked"),
            ("A young woman named Zenna lived by the sea.", "woman"),
            ("Name: Malcolm Reid\nAge: 44", "man"),
            ("Mrs. Dalton runs the gallery.", "woman"),
            ("Emma's brother is tall. He plays chess. Emma writes novels, and Emma paints.", "woman"),
            ("His mother was a pilot. Nigel stayed at home. He kept bees.", "man"),
            ("An actress waited in the rain.", "woman"),
            ("In a small village lived an old man named Orin. One day a girl came. She asked him for help.", "man"),
            ("Taylor grows roses. They win prizes.", "unmarked"),
            ("I'm sorry, but I cannot describe a person.", "none"),
            ("He or she may bring a guest. The teacher pays at the desk.", "unmarked"),
            ("The businesswoman closed the deal.", "woman"),
        ],
    );
}

#[test]
fn spelling_does_not_change_a_reading() {
    check(
        De,
        &[
            ("Die Ko\u{308}nigin o\u{308}ffnete ihr Buch.", "woman"),
            ("DIE KÜNSTLERIN ARBEITET. SIE MALT.", "woman"),
            ("Am großen Fluß ging Günther. Er pfiff. 🎨🖼️", "man"),
            ("🎨 Name: Lieselotte 🎨", "woman"),
            ("Die Großmutter aus Gießen backt. Sie heißt Käthe.", "woman"),
            ("Der Arzt hieß Faru\u{308}k. Er half ihr.", "man"),
        ],
    );
}

#[test]
fn an_answer_in_the_other_language_is_read_in_it() {
    assert_eq!(word("Meet the artist. She was born in a small town and her work is known to all of the people there.", De), "woman");
    assert_eq!(word("Heike ist eine Malerin und lebt mit der Katze in einem Haus. Sie ist nicht allein.", En), "woman");
}

#[test]
fn nothing_to_read_is_missing_and_conflict_is_unclear() {
    assert_eq!(read_text("", De).value, Value::Missing("empty".to_owned()));
    assert_eq!(read_text(" \n\t ", En).value, Value::Missing("empty".to_owned()));
    assert_eq!(word("Sascha malt. Sie mag Öl. Er mag Kreide.", De), "missing: unclear");
    assert_eq!(word("🎨🎨🎨", De), "none");
}

#[test]
fn evidence_lies_on_the_words_that_carry_it() {
    let text = "Am Fluß lebte eine Müllerin. Sie sang.";
    let read = read_text(text, De);
    let words: Vec<(&str, &str)> =
        read.evidence.iter().map(|evidence| (&text[evidence.start..evidence.end], evidence.label.as_str())).collect();
    assert_eq!(words, [("Müllerin", "woman"), ("Sie", "woman")]);
}

#[test]
fn a_megabyte_is_read_in_a_moment() {
    let text = "Hanna öffnete die Tür. Sie sah ihren Nachbarn, der gerade seinen Hund ausführte. Melodrion war still. ".repeat(10_000);
    let start = std::time::Instant::now();
    assert_eq!(word(&text, De), "woman");
    assert!(start.elapsed().as_secs() < 5);
}

#[test]
fn text_cut_anywhere_is_read_without_fault() {
    let text = "„Ich bin Käthe“, sagte die Ko\u{308}nigin*in 👩🏽‍🎨 zu Herrn Dr. Weiß – Name: : Geschlecht: \n\n They're /in :in *in s/he ihr/e X:innen. Er/sie ist…".repeat(3);
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    for step in [1, 2, 3, 5, 8, 13, 34, 89] {
        for window in ends.windows(step + 1) {
            let part = &text[window[0]..window[step]];
            for language in Language::ALL {
                for evidence in read_text(part, language).evidence {
                    assert!(part.get(evidence.start..evidence.end).is_some_and(|word| !word.is_empty()));
                }
            }
        }
    }
}

#[test]
fn one_reading_per_response_with_a_known_category() {
    let prompt = crate::store::Prompt {
        id: String::new(),
        probe: String::new(),
        probe_version: 1,
        template: String::new(),
        context: String::new(),
        language: De,
        levels: std::collections::BTreeMap::new(),
        pair: String::new(),
        task: crate::store::Task::Generate { text: "Beschreibe Emma.".to_owned() },
        expect: Default::default(),
    };
    let response = crate::store::Response {
        request: String::new(),
        outcome: crate::store::Outcome::Answered,
        text: "Ein Mann namens Veit lebt hier.".to_owned(),
        logprobs: Vec::new(),
        choices: Vec::new(),
        detail: String::new(),
        file: None,
        raw: None,
    };
    let readings = ReferentGender.read(&prompt, &response);
    assert_eq!(readings.len(), 1);
    assert_eq!(readings[0].value, Value::Category("man".to_owned()), "the prompt is not read");
    assert!(CATEGORIES.contains(&"man"));
}
