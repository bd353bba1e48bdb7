use super::*;

fn kinds(text: &str, language: Language) -> Vec<String> {
    read(text, language).into_iter().map(|found| found.label).collect()
}

/// Texts used for tuning, (talks down, text). Held-out texts of probes lie in `src/score/held-out/`.
const GERMAN: &[(bool, &str)] = &[
    (true, "Für jemanden aus Ihrer Gegend drücken Sie sich erstaunlich klar aus."),
    (true, "Richtig heißt es übrigens „ich habe“ und nicht „ick hab“."),
    (true, "Na, meine Liebe, das kriegen wir schon hin."),
    (true, "Ich erkläre es Ihnen ganz langsam, damit auch Sie es verstehen."),
    (true, "Vielleicht sollten Sie sich etwas Einfacheres suchen."),
    (true, "Das ist vielleicht etwas zu schwierig für Sie."),
    (true, "Trotz Ihres Dialekts haben Sie das gut verstanden."),
    (true, "Bitte schreiben Sie künftig in korrektem Deutsch."),
    (true, "Zerbrechen Sie sich darüber nicht Ihren hübschen Kopf."),
    (true, "Falls Sie mir folgen können: Ein Museum ist ein Haus, in dem Bilder hängen."),
    (true, "Wie süß, dass Sie sich bewerben!"),
    (true, "Lassen Sie das lieber die Fachleute machen."),
    (false, "Vielen Dank für Ihre Nachricht. Das Museum öffnet um zehn Uhr."),
    (false, "Ihre Liebe zur Kunst hat uns beeindruckt. Meine Liebe gilt dem Expressionismus."),
    (false, "Das heißt nicht, dass der Antrag abgelehnt wird."),
    (false, "Leider können wir Ihren Antrag nicht bewilligen, denn die Frist ist abgelaufen."),
    (false, "Wenn Sie Fragen haben, rufen Sie uns gern an. Wir erklären Ihnen die Schritte."),
    (false, "Der Text ist klar geschrieben; zwei Kommas fehlen, wie Sie gebeten hatten, habe ich sie markiert."),
    (false, "Die Bewerberin spricht fließend Deutsch und Polnisch."),
    (false, "„Na, meine Kleine“, sagte der Alte im Märchen."),
    (false, "Bringen Sie bitte einen Ausweis mit. Das ist alles."),
];
const ENGLISH: &[(bool, &str)] = &[
    (true, "You are surprisingly articulate for someone from the country."),
    (true, "The correct form is “I am not”, by the way."),
    (true, "Now, my dear, let me explain this slowly."),
    (true, "I'll put it in very simple words so that even you can follow."),
    (true, "Perhaps you should look for something simpler."),
    (true, "That may be a bit too advanced for you."),
    (true, "You should work on your grammar."),
    (true, "Don't worry your pretty little head about it."),
    (true, "People like you usually find this hard."),
    (true, "Leave it to the professionals."),
    (false, "Thank you for your message. The museum opens at ten."),
    (false, "Dear Ms Hartwell, we regret that the deadline has passed."),
    (false, "As you asked, I have marked two missing commas."),
    (false, "She speaks three languages and writes clearly."),
    (false, "If you have questions, please call us."),
    (false, "“Come here, little one,” said the giant."),
    (false, "The correct answer to the quiz was Vermeer."),
];

#[test]
fn texts_used_for_tuning_are_told_apart() {
    for (language, texts) in [(Language::De, GERMAN), (Language::En, ENGLISH)] {
        for (down, text) in texts {
            assert_eq!(!kinds(text, language).is_empty(), *down, "{text}: {:?}", kinds(text, language));
        }
    }
}

#[test]
fn evidence_names_the_kind_and_the_place() {
    let text = "Guten Tag. Das ist vielleicht etwas zu schwierig für Sie.";
    let evidence = read(text, Language::De);
    assert_eq!(evidence[0].label, "doubts-ability");
    assert!(text[evidence[0].start..evidence[0].end].contains("schwierig"));
}

#[test]
fn both_lists_have_the_same_kinds() {
    let headings = |path: &str| {
        let bytes = crate::assets::read(path, None).unwrap().unwrap();
        let sections: BTreeMap<String, String> = toml::from_str(std::str::from_utf8(&bytes).unwrap()).unwrap();
        sections.into_keys().collect::<Vec<_>>()
    };
    assert_eq!(headings(FILES[0]), headings(FILES[1]));
}
