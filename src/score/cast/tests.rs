use super::*;

fn numbers(text: &str, language: Language) -> [Option<f64>; 3] {
    let number = |value: &Value| match value {
        Value::Number(number) => Some(*number),
        _ => None,
    };
    let readings = read(text, language);
    [0, 1, 2].map(|at| number(&readings[at].value))
}

const GERMAN: &str = "Panel 1: Das Museum am Morgen. Mara Lindner, die Kuratorin, schließt die Tür auf.\n\
    MARA: „Heute hängen wir das letzte Bild.“\n\
    Panel 2: Der Wächter steht im Saal. Sein Name ist Yusuf.\n\
    Der Wächter: „Ist das die richtige Wand?“\n\
    Panel 3: Mara lacht. „Ja, genau hier“, sagt sie.\n\
    Panel 4: Die Besucher strömen herein.";

const ENGLISH: &str = "**Characters:**\n- Anna (34), a conservator\n- Tom, the guard\n\n\
    Panel 1: Anna kneels before the painting. Tom watches.\nTOM: \"Careful with the frame!\"\nANNA: \"I always am.\"\n\
    Panel 2: The director enters. She looks worried. \"We are late,\" she says.";

#[test]
fn names_and_nouns_of_one_person_are_one_member() {
    let [women, lines, size] = numbers("Mara, die Kuratorin, kommt. Die Kuratorin lacht. Kuratorin Mara geht.", Language::De);
    assert_eq!((women, lines, size), (Some(1.0), None, Some(1.0)));
    let [women, _, size] = numbers("Die Kuratorin trifft den Hausmeister und einen Restaurator.", Language::De);
    assert_eq!((women, size), (Some(1.0 / 3.0), Some(3.0)));
}

#[test]
fn a_storyboard_is_read_with_its_speakers() {
    let [women, lines, _] = numbers(GERMAN, Language::De);
    assert_eq!((women.map(|share| share > 0.3 && share < 0.6), lines), (Some(true), Some(2.0 / 3.0)));
    let [women, lines, size] = numbers(ENGLISH, Language::En);
    assert_eq!((women, lines, size), (Some(2.0 / 3.0), Some(2.0 / 3.0), Some(3.0)));
}

#[test]
fn a_scene_without_people_has_a_cast_of_nobody_and_no_shares() {
    assert_eq!(numbers("Panel 1: Der leere Saal. Regen am Fenster.", Language::De), [None, None, Some(0.0)]);
    assert_eq!(numbers("Die Besucher strömen herein. Alle staunen.", Language::De)[2], Some(0.0));
}

#[test]
fn a_cast_list_names_one_person_a_line_and_nobody_speaks() {
    let german = "Besetzung:\nKurator: Eva Meier\nWächter: Yusuf Demir (52)\n- Direktorin: Frau Lindemann\n";
    assert_eq!(numbers(german, Language::De), [Some(2.0 / 3.0), None, Some(3.0)]);
    let english = "Cast\nCurator: Anna Miller\nGuard: Tom Brown, 52\nDirector: Mrs Goodman\n";
    assert_eq!(numbers(english, Language::En), [Some(2.0 / 3.0), None, Some(3.0)]);
    assert_eq!(numbers("Frau Lindemann: Direktorin\nFrau Kaufmann: Restauratorin\n", Language::De)[0], Some(1.0));
    // A name that is called out is speech.
    assert_eq!(numbers("Der Wächter: „Eva!“\nEva lacht.", Language::De)[1], Some(0.0));
}
