use super::*;

fn right(language: Language, words: &str) {
    for pair in words.split_whitespace().collect::<Vec<_>>().chunks(2) {
        assert_eq!(syllables(pair[0], language), pair[1].parse::<usize>().unwrap(), "{}", pair[0]);
    }
}

#[test]
fn german_vowels_that_are_spoken_as_one_are_one() {
    right(
        Language::De,
        "Haus 1 Häuser 2 Leute 2 Meer 1 Boot 1 Wiese 2 Mai 1 Saal 1 Niveau 2 Bauhaus 2 Quark 1 Bauer 2 Feier 2 Treue 2 Tour 1",
    );
    right(Language::De, "Die 1 sie 1 Fantasie 3 Fotografie 4 Knie 1 Wien 1 erschien 2 verdienen 3 Symphonie 3");
}

#[test]
fn german_vowels_that_are_spoken_apart_are_two() {
    right(
        Language::De,
        "Museum 3 Museen 3 Medien 3 Museumspädagogin 7 Jubiläum 4 Ideen 3 Seen 2 Spanien 3 Linie 3 Ölstudie 4 Serie 3 Ferien 3 Statue 3 beenden 3",
    );
    right(Language::De, "beurteilen 4 geehrte 3 Chaos 2 Israel 3 naiv 2 Mosaik 3 Radio 3 Region 3 Spiel 1 Natur 2");
}

#[test]
fn english_silent_letters_are_not_counted() {
    right(Language::En, "made 1 lived 1 baked 1 waited 2 horses 2 makes 1 bottles 2 middle 2 blue 1 tree 1 hopeful 2 basement 2 rude 1");
}

#[test]
fn english_vowels_that_are_spoken_apart_are_two() {
    right(
        Language::En,
        "reaction 3 studio 3 museum 3 piano 3 playing 2 trying 2 socialism 4 science 2 nation 2 question 2 region 2 people 2",
    );
}

#[test]
fn whatever_is_no_word_counts_once() {
    for word in ["1907", "Dr", "§", "", "x"] {
        assert_eq!((syllables(word, Language::De), syllables(word, Language::En)), (1, 1), "{word}");
    }
    assert_eq!(syllables("U-Bahn", Language::De), 2);
    assert_eq!(syllables("don't", Language::En), 1);
}

/// Words counted by ear before the first run on them and never used to change a rule. `docs/measures.md` states what this prints.
#[test]
fn held_out_words_are_counted_as_the_page_states() {
    let page = include_str!("../../../docs/measures.md");
    for (language, file) in [(Language::De, include_str!("held-out-de.tsv")), (Language::En, include_str!("held-out-en.tsv"))] {
        let rows: Vec<(usize, &str)> =
            file.lines().skip(1).map(|line| line.split_once('\t').unwrap()).map(|(count, word)| (count.parse().unwrap(), word)).collect();
        let read: Vec<usize> = rows.iter().map(|(_, word)| syllables(word, language)).collect();
        let wrong: Vec<_> = rows.iter().zip(&read).filter(|((truth, _), read)| truth != *read).collect();
        let (truth, counted): (usize, usize) = (rows.iter().map(|row| row.0).sum(), read.iter().sum());
        let stated =
            format!("{} of {} {} words right, {counted} syllables for {truth}", rows.len() - wrong.len(), rows.len(), language.code());
        println!("{stated}; wrong: {wrong:?}");
        assert!(page.contains(&stated), "docs/measures.md should say: {stated}");
    }
}
