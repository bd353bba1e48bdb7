use super::*;

#[test]
fn every_shipped_probe_and_suite_is_sound() {
    let library = Library::open(None).map_err(show).unwrap();
    library.check().map_err(show).unwrap();
    assert_eq!(library.suite("persona").unwrap().probes[0].prompts.len(), 6);
}

/// As a reader sees it in a terminal without colour.
fn show(errors: ProbeErrors) -> String {
    let mut text = String::new();
    let handler = miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::unicode_nocolor()).with_width(120);
    handler.render_report(&mut text, &errors).unwrap();
    println!("{text}");
    text
}
