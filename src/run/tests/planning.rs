//! What a plan holds, and that it only grows.

use std::collections::BTreeSet;
use std::num::NonZeroU32;

use super::*;

#[test]
fn every_prompt_is_asked_of_every_model_as_often_as_the_probe_says() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan_all(folder.path());
    assert_eq!(plan.prompts.len(), 3 * 48);
    assert_eq!(plan.requests.len(), 2 * (48 * 3 + 48 + 48));
    assert!(plan.declined.is_empty());
    let in_packs: BTreeSet<&String> = plan.packs.iter().flat_map(|pack| &pack.requests).collect();
    assert_eq!(in_packs.len(), plan.requests.len());
    assert_eq!(plan.packs.iter().map(|pack| pack.requests.len()).sum::<usize>(), plan.requests.len());
}

#[test]
fn paired_prompts_and_all_models_share_a_seed_that_repeats_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan_all(folder.path());
    let mut seeds: BTreeMap<(&str, u32), BTreeSet<u64>> = BTreeMap::new();
    for request in &plan.requests {
        let prompt = plan.prompts.iter().find(|prompt| prompt.id == request.prompt).unwrap();
        seeds.entry((&prompt.pair, request.repeat)).or_default().insert(request.seed);
        assert!(request.seed < 1 << 53);
    }
    assert!(seeds.values().all(|seeds| seeds.len() == 1));
    let distinct: BTreeSet<u64> = seeds.values().flatten().copied().collect();
    assert_eq!(distinct.len(), seeds.len());
}

#[test]
fn a_pack_holds_one_templates_requests_for_one_model_in_id_order_below_the_cap() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan_all(folder.path());
    let request = |id: &String| &plan.requests[plan.requests.binary_search_by(|request| request.id.cmp(id)).unwrap()];
    let prompt = |id: &String| &plan.prompts[plan.prompts.binary_search_by(|prompt| prompt.id.cmp(id)).unwrap()];
    for pack in &plan.packs {
        assert!(pack.requests.is_sorted());
        assert!(pack.tokens <= 400, "{}", pack.tokens);
        assert_eq!(pack.id, hash_id(pack.requests.iter().map(String::as_str)));
        let place = |request: &Request| {
            let Prompt { probe, template, language, .. } = prompt(&request.prompt);
            (request.model.clone(), probe.clone(), template.clone(), *language)
        };
        let places: BTreeSet<_> = pack.requests.iter().map(request).map(place).collect();
        assert_eq!(places.len(), 1);
        assert_eq!(places.first().unwrap().0, pack.model);
    }
    assert!(plan.packs.iter().any(|pack| pack.requests.len() > 3), "prompts that share a prefix are answered together");
}

#[test]
fn a_request_above_the_cap_and_a_model_without_a_cap_get_packs_of_one() {
    let tiny = Hasher { pack_tokens: Some(1), ..Hasher::new("t") };
    let none = Hasher { pack_tokens: None, ..Hasher::new("n") };
    let plan = propose(&BTreeSet::new(), &probes(), &planned(&[("T", &tiny), ("N", &none)]), &Options::default()).unwrap();
    assert_eq!(plan.packs.len(), plan.requests.len());
    assert!(plan.packs.iter().all(|pack| pack.requests.len() == 1));
}

#[test]
fn planning_the_same_again_changes_nothing_and_a_dry_run_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (Hasher::new("a"), Hasher::new("b"));
    let dry = propose(&BTreeSet::new(), &probes(), &planned(&[("A", &a), ("B", &b)]), &Options::default()).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let first = plan_all(folder.path());
    assert_eq!(dry, first);
    let (before, manifest) = (digest(folder.path()).unwrap(), Manifest::read(folder.path()).unwrap());
    // Models and probes named in another order are the same plan.
    let turned: Vec<Probe> = probes().into_iter().rev().collect();
    let (second, added) = plan_for(folder.path(), &turned, &[("B", &b), ("A", &a)]).unwrap();
    assert_eq!((first, Added::default()), (second, added));
    assert_eq!(before, digest(folder.path()).unwrap());
    assert_eq!(manifest, Manifest::read(folder.path()).unwrap());
}

#[test]
fn amending_with_models_probes_and_repeats_adds_packs_and_reopens_none() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (Hasher::new("a"), Hasher::new("b"));
    let all = probes();
    let (before, _) = plan_for(folder.path(), &all[..1], &[("A", &a)]).unwrap();
    let more = Options { repeats: NonZeroU32::new(5), ..Options::default() };
    let (after, added) = plan(folder.path(), "test", &all, &planned(&[("A", &a), ("B", &b)]), &more).unwrap();
    assert!(before.packs.iter().all(|pack| after.packs.contains(pack)));
    assert!(before.requests.iter().all(|request| after.requests.contains(request)));
    assert_eq!(after.requests.len(), 2 * (48 * 5 + 48 + 48));
    assert_eq!(added.requests, after.requests.len() - before.requests.len());
    assert_eq!(added.packs, after.packs.len() - before.packs.len());
    // Asking for less takes nothing away.
    let (again, added) = plan_for(folder.path(), &all[..1], &[("B", &b)]).unwrap();
    assert_eq!((again, added), (after, Added::default()));
}

#[test]
fn what_a_model_declines_or_lacks_is_failed_with_its_reason_and_never_asked() {
    let folder = tempfile::tempdir().unwrap();
    let words_only = Abilities { given_logprobs: false, ..Hasher::new("a").abilities };
    let shy = Hasher { declines: Some("Vorlage 1"), abilities: words_only, ..Hasher::new("a") };
    let (plan, added) = plan_for(folder.path(), &probes(), &[("A", &shy)]).unwrap();
    // A third of the stories, every choice and every log-likelihood.
    assert_eq!(plan.declined.len(), 48 + 48 + 48);
    assert_eq!(added.declined, plan.declined.len());
    assert_eq!(plan.requests.len(), 48 * 3 + 48 + 48);
    work_share(folder.path(), Share::ALL);
    merge(folder.path()).unwrap();
    let joined = Run::open(folder.path()).unwrap().joined().unwrap();
    for (request, prompt, response) in &joined.rows {
        let asked = joined.prompts[*prompt].probe == "erzählen" && !joined.prompts[*prompt].task.text().contains("Vorlage 1");
        assert_eq!(response.outcome, if asked { Outcome::Answered } else { Outcome::Failed });
        assert_eq!(plan.declined.get(&request.id).map(String::as_str), (!asked).then_some(response.detail.as_str()));
    }
    let reasons: BTreeSet<&String> = plan.declined.values().collect();
    assert_eq!(reasons.len(), 2, "{reasons:?}");
}

#[test]
fn a_recording_is_asked_as_often_as_it_answered() {
    let few = Hasher { recorded: Some(2), pack_tokens: None, ..Hasher::new("few") };
    let many = Hasher { recorded: Some(9), pack_tokens: None, ..Hasher::new("many") };
    let none = Hasher { recorded: Some(0), pack_tokens: None, ..Hasher::new("none") };
    let models = planned(&[("few", &few), ("many", &many), ("none", &none)]);
    let plan = propose(&BTreeSet::new(), &[probe("p", 3, generate)], &models, &Options::default()).unwrap();
    let count = |name: &str| plan.requests.iter().filter(|request| request.model == name).count();
    assert_eq!((count("few"), count("many"), count("none")), (48 * 2, 48 * 9, 48 * 3));
    assert_eq!(plan.declined.len(), 48 * 3, "what was never recorded stays in the ledger");
}

#[test]
fn a_task_that_draws_nothing_is_asked_once_however_many_repeats() {
    let a = Hasher::new("a");
    let often = Options { repeats: NonZeroU32::new(50), ..Options::default() };
    let plan = propose(&BTreeSet::new(), &[probe("p", 9, choose)], &planned(&[("A", &a)]), &often).unwrap();
    assert_eq!(plan.requests.len(), 48);
}

#[test]
fn the_same_model_under_two_names_is_refused() {
    let (one, two) = (Hasher::new("a"), Hasher::new("a"));
    let folder = tempfile::tempdir().unwrap();
    let error = plan_for(folder.path(), &probes(), &[("A", &one), ("A2", &two)]).unwrap_err();
    assert!(matches!(error, RunError::SameModel { .. }), "{error}");
    plan_for(folder.path(), &probes(), &[("A", &one)]).unwrap();
    let error = plan_for(folder.path(), &probes(), &[("A2", &two)]).unwrap_err();
    assert!(matches!(error, RunError::SameModel { .. }), "{error}");
}

#[test]
fn a_changed_model_probe_or_seed_is_refused_and_leaves_the_run_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    let before = (digest(folder.path()).unwrap(), Manifest::read(folder.path()).unwrap());
    let (a, changed) = (Hasher::new("a"), Hasher::new("a, trained further"));
    let error = plan_for(folder.path(), &probes(), &[("A", &changed)]).unwrap_err();
    assert!(matches!(error, RunError::ModelChanged { .. }), "{error}");
    let mut edited = probes();
    edited[0].hash = "other".into();
    let error = plan_for(folder.path(), &edited, &[("A", &a)]).unwrap_err();
    assert!(matches!(error, RunError::ProbeChanged { what: "file hash", .. }), "{error}");
    let reseeded = Options { seed: Some(8), ..Options::default() };
    let error = plan(folder.path(), "test", &probes(), &planned(&[("A", &a)]), &reseeded).unwrap_err();
    assert!(matches!(error, RunError::ProbeChanged { what: "seed", .. }), "{error}");
    assert_eq!(before, (digest(folder.path()).unwrap(), Manifest::read(folder.path()).unwrap()));
}

#[test]
fn shards_that_start_at_once_each_plan_and_all_get_the_same_plan() {
    let folder = tempfile::tempdir().unwrap();
    let plans: Vec<Plan> = std::thread::scope(|scope| {
        let shards: Vec<_> = (1..=4)
            .map(|index| {
                let path = folder.path();
                scope.spawn(move || {
                    let plan = plan_all(path);
                    work_share(path, Share::new(index, 4).unwrap());
                    plan
                })
            })
            .collect();
        shards.into_iter().map(|shard| shard.join().unwrap()).collect()
    });
    assert!(plans.iter().all(|plan| *plan == plans[0]));
    assert_eq!(Manifest::read(folder.path()).unwrap().plannings.len(), 1);
    merge(folder.path()).unwrap();
    assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
}

#[test]
fn the_same_plan_may_be_made_while_workers_work() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan_all(folder.path());
    let _worker = crate::run::folder::Lock::shared(folder.path()).unwrap();
    assert_eq!(plan_all(folder.path()), plan);
}

#[test]
fn an_empty_plan_is_a_complete_run() {
    let folder = tempfile::tempdir().unwrap();
    plan_for(folder.path(), &[], &[]).unwrap();
    assert_eq!(work_share(folder.path(), Share::ALL), Summary::default());
    merge(folder.path()).unwrap();
    let joined = Run::open(folder.path()).unwrap().joined().unwrap();
    assert!(joined.rows.is_empty() && joined.open.is_empty() && joined.prompts.is_empty());
}
