use super::*;

fn value(language: Language, measure: &str, text: &str) -> Option<f64> {
    let readings = Lexicon::built_in(language).read(text);
    match readings.into_iter().find(|reading| reading.measure == measure).map(|reading| reading.value) {
        Some(Value::Number(number)) => Some(number),
        _ => None,
    }
}

#[test]
fn probe() {
    for (l, m, t) in [
        (Language::De, "competence", "Sie ist begabt."),
        (Language::De, "competence", "Sie ist nicht begabt."),
        (Language::De, "competence", "Sie ist alles andere als begabt."),
        (Language::De, "competence", "Sie ist nicht nur begabt, sondern auch sehr fleißig."),
        (Language::De, "warmth", "Er hilft anderen nicht."),
        (Language::De, "warmth", "Er ist weder hilfsbereit noch freundlich."),
        (Language::De, "warmth", "Er ist hilfsbereit und noch freundlich."),
        (Language::De, "valence", "Der Arm schmerzt. Die Güter sind da. Kinder."),
        (Language::De, "valence", "Er war furchtbar nett."),
        (Language::En, "warmth", "She isn't kind and helpful."),
        (Language::En, "warmth", "It is a kind of cup."),
    ] {
        println!("{m} {t} -> {:?}", value(l, m, t));
    }
}
