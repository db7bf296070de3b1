//! Verdicts as people and programs get them.

use chrono::TimeDelta;
use seguimiento::again::{Content, Layouts, again};
use seguimiento::verify::render::{Verified, human, json};

use super::{SIGNED, deceptions, verdict};
use crate::authority;
use crate::support::desk;

fn verified(pdf: &[u8]) -> Verified {
    let content = Content::from(&again("informe.pdf", pdf, desk(), Layouts::Known));
    Verified::new("informe.pdf".into(), "0".repeat(64), verdict(pdf), content, None)
}

#[test]
fn a_report_that_three_people_signed() {
    insta::assert_snapshot!(human(&verified(SIGNED.last()), false));
}

#[test]
fn a_report_whose_page_somebody_changed_afterwards() {
    let changed = deceptions::deceptions(SIGNED.last());
    let changed = changed.iter().find(|one| one.name == "a page's content replaced").unwrap();
    insta::assert_snapshot!(human(&verified(&changed.bytes), false));
}

#[test]
fn a_file_that_was_cut_short() {
    insta::assert_snapshot!(human(&verified(&SIGNED.last()[..100_000]), false));
}

#[test]
fn for_programs() {
    insta::assert_snapshot!(json(&[verified(&SIGNED.states[1])], authority::now() + TimeDelta::days(1)));
}

#[test]
fn colours_say_nothing_that_words_do_not() {
    let coloured = human(&verified(SIGNED.last()), true);
    let plain: String = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap().replace_all(&coloured, "").into_owned();
    assert_eq!(plain, human(&verified(SIGNED.last()), false));
    assert_ne!(plain, coloured);
}
