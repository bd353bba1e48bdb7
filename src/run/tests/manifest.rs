//! The manifest and its looks.

use super::*;

#[test]
fn the_manifest_pins_probes_models_seeds_and_versions() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (Hasher::new("a"), Hasher::new("b"));
    let card = Card::from([("parameters".to_owned(), "260 K".to_owned())]);
    let models = [PlannedModel { name: "B", backend: &b, card }, PlannedModel { name: "A", backend: &a, card: Card::new() }];
    let options = Options { seed: Some(11), auditor: Some("Städtisches Museum".into()), ..Options::default() };
    plan(folder.path(), "station", &probes(), &models, &options).unwrap();
    let manifest = Manifest::read(folder.path()).unwrap();
    assert_eq!(manifest.store, crate::store::STORE_VERSION);
    assert_eq!(manifest.suites, ["station"]);
    assert_eq!(manifest.auditor.as_deref(), Some("Städtisches Museum"));
    assert_eq!(manifest.label, folder.path().file_name().unwrap().to_str().unwrap());
    assert_eq!(manifest.models.iter().map(|model| model.name.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(manifest.models[1].card["parameters"], "260 K");
    assert_eq!(
        manifest.probes.iter().map(|probe| (probe.id.as_str(), probe.seed)).collect::<Vec<_>>(),
        [("erzählen", 11), ("messen", 11), ("wählen", 11)]
    );
    assert_eq!(manifest.plannings.len(), 1);
    assert_eq!(manifest.plannings[0].requests, 480);
}

#[test]
fn an_amendment_is_noted_with_its_date_and_what_it_added() {
    let folder = tempfile::tempdir().unwrap();
    plan_for(folder.path(), &probes()[..1], &[("A", &Hasher::new("a"))]).unwrap();
    let started = Manifest::read(folder.path()).unwrap().started;
    plan_all(folder.path());
    let manifest = Manifest::read(folder.path()).unwrap();
    assert_eq!(manifest.started, started);
    assert_eq!(manifest.plannings.iter().map(|planning| planning.requests).collect::<Vec<_>>(), [144, 480 - 144]);
}

#[test]
fn the_same_data_and_findings_again_are_no_new_look() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    let look = |responses: &str, findings: &str| {
        let (responses, findings) = (responses.to_owned(), findings.to_owned());
        let look = Look { date: clock(), responses, findings, parts: BTreeMap::new(), word_lists: BTreeMap::new() };
        Manifest::record_look(folder.path(), look).unwrap()
    };
    assert!(look("r1", "f1"));
    assert!(!look("r1", "f1"));
    assert!(look("r2", "f2"), "more data is a new look");
    assert!(look("r2", "f3"), "another way to analyse is a new look");
    assert!(!look("r1", "f1"));
    assert_eq!(Manifest::read(folder.path()).unwrap().looks.len(), 3);
    // Planning again keeps them.
    plan_all(folder.path());
    assert_eq!(Manifest::read(folder.path()).unwrap().looks.len(), 3);
}

#[test]
fn a_broken_or_newer_manifest_is_refused_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    let path = Manifest::path(folder.path());
    let good = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, good.replace("\"suites\"", "\"suits\"")).unwrap();
    let error = Manifest::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("manifest.json") && error.contains("suits"), "{error}");
    let store = |version: u32| format!("\"store\": {version}");
    let newer = crate::store::STORE_VERSION + 1;
    std::fs::write(&path, good.replace(&store(newer - 1), &format!("{}, \"news\": true", store(newer)))).unwrap();
    assert!(matches!(Manifest::read(folder.path()), Err(RunError::NewerStore { found, .. }) if found == newer));
}

#[test]
fn no_half_written_manifest_is_left_beside_the_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    let manifest = Manifest::read(folder.path()).unwrap();
    manifest.write(folder.path()).unwrap();
    assert_eq!(Manifest::read(folder.path()).unwrap(), manifest);
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().contains("tmp")), "{names:?}");
}
