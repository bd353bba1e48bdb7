//! Workers: what they skip, what they survive, how they stop.

use std::cell::Cell;
use std::sync::atomic::Ordering;

use super::*;

/// A run of model `A` alone, worked by `model`, then by a healthy one.
fn sick_then_healthy(model: &Hasher) -> (Summary, String) {
    let folder = tempfile::tempdir().unwrap();
    plan_for(folder.path(), &probes(), &[("A", &Hasher::new("a"))]).unwrap();
    let mut open_sick = |_: &str| Ok(Box::new(model.clone()) as Box<dyn Backend>);
    let summary = work(folder.path(), Share::ALL, &mut open_sick, &AtomicBool::new(false), &mut |_| {}).unwrap();
    let text = merge(folder.path()).unwrap_err().to_string();
    // What the sick model left behind is completed, not repeated.
    let healthy = work_share(folder.path(), Share::ALL);
    assert_eq!(healthy.packs, summary.problems.len());
    assert_eq!(healthy.already, summary.requests);
    merge(folder.path()).unwrap();
    let whole = tempfile::tempdir().unwrap();
    plan_for(whole.path(), &probes(), &[("A", &Hasher::new("a"))]).unwrap();
    work_share(whole.path(), Share::ALL);
    merge(whole.path()).unwrap();
    assert_eq!(digest(whole.path()).unwrap(), digest(folder.path()).unwrap());
    (summary, text)
}

#[test]
fn packs_that_fail_are_listed_and_the_others_go_on() {
    let (summary, text) = sick_then_healthy(&Hasher { error_on: Some('7'), ..Hasher::new("a") });
    assert!(!summary.problems.is_empty() && summary.packs > 0);
    assert!(text.contains("model `A`") && text.contains("out of memory"), "{text}");
}

#[test]
fn a_model_that_breaks_down_costs_its_pack_and_is_opened_again() {
    let (summary, text) = sick_then_healthy(&Hasher { panic_on: Some('7'), ..Hasher::new("a") });
    assert!(!summary.problems.is_empty() && summary.packs > 0);
    assert!(text.contains("the tensor has the wrong shape"), "{text}");
}

#[test]
fn a_model_that_cannot_be_opened_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan_all(folder.path());
    let mut open = |name: &str| match name {
        "A" => Err(ModelError::Unknown { name: name.into(), help: "there are B and C".into() }),
        _ => open(name),
    };
    let summary = work(folder.path(), Share::ALL, &mut open, &AtomicBool::new(false), &mut |_| {}).unwrap();
    assert_eq!(summary.packs, plan.packs.iter().filter(|pack| pack.model == "B").count());
    assert_eq!(summary.packs + summary.problems.len(), plan.packs.len());
    let text = merge(folder.path()).unwrap_err().to_string();
    assert!(text.contains("model `A`") && text.contains("there are B and C") && !text.contains("model `B`"), "{text}");
}

#[test]
fn a_model_other_than_planned_is_not_asked() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    let mut other = |_: &str| Ok(Box::new(Hasher::new("x")) as Box<dyn Backend>);
    let summary = work(folder.path(), Share::ALL, &mut other, &AtomicBool::new(false), &mut |_| {}).unwrap();
    assert_eq!(summary.packs, 0);
    assert!(summary.problems.iter().all(|problem| problem.message.contains("not the one that was planned")));
}

/// Answers, then spoils what it says.
struct Spoiler(Hasher, fn(&mut Vec<Response>));

impl Backend for Spoiler {
    fn fingerprint(&self) -> &str {
        self.0.fingerprint()
    }

    fn abilities(&self) -> Abilities {
        self.0.abilities()
    }

    fn answer(&mut self, pack: &[Ask<'_>]) -> Result<Vec<Response>, ModelError> {
        let mut responses = self.0.answer(pack)?;
        self.1(&mut responses);
        Ok(responses)
    }
}

fn spoiled(spoil: fn(&mut Vec<Response>)) -> (Summary, Vec<Response>) {
    let folder = tempfile::tempdir().unwrap();
    plan_for(folder.path(), &probes(), &[("A", &Hasher::new("a"))]).unwrap();
    let mut open = |_: &str| Ok(Box::new(Spoiler(Hasher::new("a"), spoil)) as Box<dyn Backend>);
    let summary = work(folder.path(), Share::ALL, &mut open, &AtomicBool::new(false), &mut |_| {}).unwrap();
    gather(folder.path()).unwrap();
    (summary, Run::open(folder.path()).unwrap().responses().unwrap())
}

#[test]
fn an_answer_missing_or_in_the_wrong_place_is_a_problem_not_a_response() {
    for spoil in [
        |r: &mut Vec<Response>| {
            r.pop();
        },
        |r: &mut Vec<Response>| r[0].request = "other".into(),
    ] {
        let (summary, responses) = spoiled(spoil);
        assert!(responses.is_empty() && !summary.problems.is_empty());
    }
}

#[test]
fn a_number_that_is_none_makes_the_answer_failed() {
    let (_, responses) = spoiled(|responses| {
        for response in responses {
            response.logprobs.iter_mut().take(1).for_each(|number| *number = f64::NAN);
            response.choices.iter_mut().for_each(|choice| choice.neutral_logprob = f64::NEG_INFINITY);
        }
    });
    assert_eq!(responses.len(), 48 * 5);
    assert!(responses.iter().all(|response| response.outcome == Outcome::Failed && response.detail.contains("not a finite number")));
}

#[test]
fn a_stop_takes_effect_after_the_current_pack_and_the_rest_follows_later() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan_all(folder.path());
    let stop = AtomicBool::new(false);
    let packs = Cell::new(0);
    let mut report = |event: &Event| {
        packs.set(packs.get() + usize::from(matches!(event, Event::Pack { .. })));
        stop.store(packs.get() == 5, Ordering::SeqCst);
    };
    let summary = work(folder.path(), Share::ALL, &mut open, &stop, &mut report).unwrap();
    assert!(summary.stopped);
    assert_eq!(summary.packs, 5);
    let rest = run_here(folder.path(), &mut open, &AtomicBool::new(false), &mut Meter::silent()).unwrap();
    assert_eq!((rest.packs, rest.already, rest.stopped), (plan.packs.len() - 5, summary.requests, false));
    assert_eq!(digest(folder.path()).unwrap(), uninterrupted());
}

#[test]
fn a_run_that_is_finished_opens_no_model() {
    let folder = tempfile::tempdir().unwrap();
    plan_all(folder.path());
    let mut never = |_: &str| -> Result<Box<dyn Backend>, ModelError> { panic!("opened") };
    work_share(folder.path(), Share::ALL);
    let again = work(folder.path(), Share::ALL, &mut never, &AtomicBool::new(false), &mut |_| {}).unwrap();
    assert_eq!((again.packs, again.already), (0, 2 * 240));
    let again = run_here(folder.path(), &mut never, &AtomicBool::new(false), &mut Meter::silent()).unwrap();
    assert_eq!((again.packs, again.already), (0, 2 * 240));
}

#[test]
fn working_where_nothing_is_planned_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let error = work(folder.path(), Share::ALL, &mut open, &AtomicBool::new(false), &mut |_| {}).unwrap_err();
    assert!(matches!(error, RunError::NoRun { .. }), "{error}");
}
