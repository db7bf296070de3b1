//! Runs the literate cases of `tests/cases`: prose, edits to a small valid plan, and the findings expected of them.
//! `tests/cases/README.md` tells how they are written and how a change is accepted.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use seguimiento::diag::code;

use crate::support::Workspace;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");

/// A section of a Markdown file that holds an expectation.
struct Case {
    title: String,
    blocks: Vec<Block>,
    expected: String,
    /// The lines of the file between the fences of the expectation.
    at: std::ops::Range<usize>,
}

/// A fenced block that prepares the folder: its kind, the file it is about, its lines.
struct Block {
    kind: String,
    file: String,
    lines: Vec<String>,
}

#[test]
fn files_and_folders() {
    run("files");
}

#[test]
fn the_syntax_of_toml() {
    run("syntax");
}

#[test]
fn keys_and_values() {
    run("keys-and-values");
}

#[test]
fn the_characters_of_a_text() {
    run("text");
}

#[test]
fn the_plan() {
    run("plan");
}

#[test]
fn the_follow_up_of_a_trimestre() {
    run("follow-up");
}

#[test]
fn the_format() {
    run("format");
}

#[test]
fn twenty_planted_faults_are_found_in_one_run() {
    run("twenty");
    let [twenty] = &cases(&path("twenty"))[..] else { panic!("one case") };
    assert_eq!(twenty.expected.lines().count(), 20);
}

#[test]
fn the_changes_since_the_trimestre_before() {
    run_audit("changes");
}

#[test]
fn the_excepciones() {
    run_audit("waivers");
}

#[test]
fn the_spelling() {
    run_audit("spelling");
}

#[test]
fn the_names() {
    run_audit("names");
}

#[test]
fn the_wording() {
    run_audit("wording");
}

#[test]
fn what_the_percentages_say() {
    run_audit("progress");
}

#[test]
fn whether_a_narrative_is_of_its_own_trimestre() {
    run_audit("timing");
}

#[test]
fn what_must_not_be_published_of_a_person() {
    run_audit("personal");
}

#[test]
fn whether_the_amounts_fit_together() {
    run_audit("budget");
}

#[test]
fn every_file_of_cases_is_run_by_a_test() {
    let this = include_str!("cases.rs");
    for (folder, runner) in [("", "run"), ("audit", "run_audit")] {
        for family in files(folder) {
            assert!(this.contains(&format!("{runner}(\"{family}\")")), "no test runs {family}.md");
        }
    }
}

/// The names of the files of cases in a folder.
fn files(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(Path::new(CASES).join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let families = names.filter_map(|name| Some(name.strip_suffix(".md")?.to_owned()));
    families.filter(|family| family != "README").collect()
}

#[test]
fn every_code_is_demonstrated() {
    let audited = files("audit").into_iter().map(|family| format!("audit/{family}"));
    let families = files("").into_iter().filter(|family| family != "twenty").chain(audited);
    let cases = families.flat_map(|family| cases(&path(&family)));
    let expected: Vec<String> = cases.map(|case| case.expected).collect();
    // What needs a pipe, a device or a very long text is shown there, with its lines spelled out.
    let shown = expected.concat() + include_str!("reader.rs");
    let missing: BTreeSet<&str> = code::ALL
        .iter()
        .filter(|code| !shown.contains(&format!("{}[{}]: ", code.severity.word(), code.id)))
        .map(|code| code.id)
        .collect();
    assert!(missing.is_empty(), "no case shows {missing:?}");
}

#[test]
fn the_base_of_all_cases_is_a_sound_plan() {
    let base = Workspace::new();
    assert_eq!(base.findings_of_reports(), "");
    assert_eq!(base.read().reports().len(), 1);
}

#[test]
fn the_base_of_all_audits_leaves_nothing_to_ask() {
    assert_eq!(Workspace::for_audit().findings_of_audit(), "");
}

fn path(family: &str) -> PathBuf {
    Path::new(CASES).join(format!("{family}.md"))
}

/// Runs the cases of a file, or with `UPDATE_CASES=1` writes into it what they give.
fn run(family: &str) {
    run_with(family, findings);
}

/// As [`run`], for the files in `audit`.
fn run_audit(family: &str) {
    run_with(&format!("audit/{family}"), findings_of_audit);
}

fn run_with(family: &str, findings: fn(&Case) -> String) {
    let path = path(family);
    let cases = cases(&path);
    assert!(!cases.is_empty(), "{} holds no case", path.display());
    let found: Vec<String> = cases.iter().map(findings).collect();
    if std::env::var_os("UPDATE_CASES").is_some_and(|value| value == "1") {
        return accept(&path, &cases, &found);
    }
    let differing: Vec<String> = cases
        .iter()
        .zip(&found)
        .filter(|(case, found)| case.expected != **found)
        .map(|(case, found)| format!("## {}\nexpected:\n{}found:\n{found}", case.title, case.expected))
        .collect();
    assert!(differing.is_empty(), "{}\n{}", path.display(), differing.join("\n"));
}

/// The findings of a case, a line each.
fn findings(case: &Case) -> String {
    prepared(case, Workspace::new()).findings_of_reports()
}

/// The findings of the audit of a case, a line each.
fn findings_of_audit(case: &Case) -> String {
    prepared(case, Workspace::for_audit()).findings_of_audit()
}

/// A folder with the blocks of a case in it.
fn prepared(case: &Case, workspace: Workspace) -> Workspace {
    case.blocks.iter().fold(workspace, |workspace, block| {
        let beside_the_plans =
            |file: &str| ["report-templates/", "earlier/"].iter().any(|place| file.starts_with(place));
        let place = |file: &str| if beside_the_plans(file) { file.into() } else { format!("plans/base/{file}") };
        let file = place(&block.file);
        match block.kind.as_str() {
            "toml" | "typst" | "svg" => workspace.file(&file, block.lines.join("\n") + "\n"),
            "diff" => {
                let workspace = match block.file.strip_prefix("earlier/") {
                    _ if workspace.path(&file).exists() => workspace,
                    Some(own) => {
                        let base = fs::read(Path::new(CASES).join("audit/base").join(own)).unwrap();
                        workspace.file(&file, base)
                    }
                    None => workspace.copy(&file),
                };
                let text = fs::read_to_string(workspace.path(&file)).unwrap();
                workspace.file(&file, edited(text, block, &case.title))
            }
            "sh" => {
                block.lines.iter().fold(workspace, |workspace, line| match line.split(' ').collect::<Vec<_>>()[..] {
                    ["rm", file] => workspace.remove(&place(file)),
                    ["mv", old, new] => workspace.rename(&place(old), &place(new)),
                    ["mkdir", folder] => workspace.folder(&place(folder)),
                    _ => panic!("{}: only rm, mv and mkdir, not {line}", case.title),
                })
            }
            kind => panic!("{}: what is a block of {kind}?", case.title),
        }
    })
}

/// A text with the hunks of a diff applied, each where its old lines stand, which must be once.
fn edited(text: String, block: &Block, title: &str) -> String {
    block.lines.split(|line| line.starts_with("@@")).filter(|hunk| !hunk.is_empty()).fold(text, |text, hunk| {
        let side = |sign: char| -> String {
            let lines = hunk.iter().filter_map(|line| line.strip_prefix([' ', sign]));
            lines.flat_map(|line| [line, "\n"]).collect()
        };
        let (old, new) = (format!("\n{}", side('-')), format!("\n{}", side('+')));
        if old == "\n" {
            return text + new.trim_start_matches('\n');
        }
        let text = format!("\n{text}");
        assert_eq!(text.matches(&old).count(), 1, "{title}: these lines must stand once in {}:{old}", block.file);
        text.replace(&old, &new)[1..].to_owned()
    })
}

/// The cases of a Markdown file, in order.
fn cases(path: &Path) -> Vec<Case> {
    let markdown = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = markdown.lines().collect();
    let (mut cases, mut title, mut blocks) = (Vec::new(), String::new(), Vec::new());
    let mut at = 0;
    while at < lines.len() {
        if let Some(heading) = lines[at].strip_prefix("## ") {
            assert!(blocks.is_empty(), "«{title}» expects nothing");
            heading.clone_into(&mut title);
        } else if let Some(info) = lines[at].strip_prefix("```") {
            let (kind, file) = info.split_once(' ').unwrap_or((info, ""));
            let start = at + 1;
            at = (start..lines.len()).find(|&line| lines[line] == "```").expect("a fence that closes");
            let body: Vec<String> = lines[start..at].iter().map(|line| (*line).to_owned()).collect();
            if kind == "text" {
                let expected = body.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
                cases.push(Case { title: title.clone(), blocks: std::mem::take(&mut blocks), expected, at: start..at });
            } else {
                blocks.push(Block { kind: kind.to_owned(), file: file.to_owned(), lines: body });
            }
        }
        at += 1;
    }
    assert!(blocks.is_empty(), "«{title}» expects nothing");
    cases
}

/// Rewrites the expectations of a file.
fn accept(path: &Path, cases: &[Case], found: &[String]) {
    let markdown = fs::read_to_string(path).unwrap();
    let mut lines: Vec<&str> = markdown.lines().collect();
    for (case, found) in cases.iter().zip(found).rev() {
        lines.splice(case.at.clone(), found.lines());
    }
    fs::write(path, lines.join("\n") + "\n").unwrap();
}
