//! A thousand ways of tampering with an archive of forty reports, drawn by a fixed seed: every one is found out. Whoever tampers with
//! the register brings all hashes after it up to date, and the catalogue too.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use seguimiento::archive::{Bag, CATALOGUE, Entry, Kept, REGISTER, Register, catalogue, verify};

use super::dice::Dice;
use super::{AUTHORITY, Archive, BTreeMap, REPORTS, renewed, verdict, wrong};

const TAMPERINGS: usize = 1_000;

type Kind = fn(&mut Victim, &mut Dice) -> String;

/// What is done, each as often as the others.
const KINDS: [(&str, Kind); 14] = [
    ("byte changed", byte_changed),
    ("file added", file_added),
    ("file removed", file_removed),
    ("file renamed", file_renamed),
    ("folder removed or renamed", folder_moved),
    ("files swapped between bags", files_swapped),
    ("bags swapped", bags_swapped),
    ("line removed", line_removed),
    ("lines reordered", lines_reordered),
    ("line rewritten", line_rewritten),
    ("version rolled back", rolled_back),
    ("version put in the place of another", version_replaced),
    ("bag forged with fresh manifests", bag_forged),
    ("end cut off", end_cut_off),
];

/// An archive that is being tampered with.
struct Victim {
    folder: PathBuf,
    /// As it was.
    files: BTreeMap<String, Vec<u8>>,
    entries: Vec<Entry>,
    /// What has to be put back, by how its paths begin.
    touched: BTreeSet<String>,
}

impl Victim {
    fn path(&mut self, path: &str) -> PathBuf {
        self.touched.insert(path.to_owned());
        self.folder.join(path)
    }

    fn write(&mut self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn bytes(&self, path: &str) -> Vec<u8> {
        self.files[path].clone()
    }

    /// Any file.
    fn any(&self, dice: &mut Dice) -> String {
        self.files.keys().nth(dice.below(self.files.len())).unwrap().clone()
    }

    /// The files of a bag, by their path in it.
    fn bag(&self, bag: &str) -> BTreeMap<String, Vec<u8>> {
        let prefix = format!("{bag}/");
        let inside = self.files.iter().filter_map(|(path, bytes)| Some((path.strip_prefix(&prefix)?, bytes)));
        inside.map(|(path, bytes)| (path.to_owned(), bytes.clone())).collect()
    }

    fn replace_bag(&mut self, bag: &str, files: &BTreeMap<String, Vec<u8>>) {
        fs::remove_dir_all(self.path(bag)).unwrap();
        for (path, bytes) in files {
            self.write(&format!("{bag}/{path}"), bytes);
        }
    }

    fn remove_bag(&mut self, entry: &Entry, left: &[Entry]) {
        fs::remove_dir_all(self.path(&entry.bag)).unwrap();
        let report = format!("{}/{}", entry.plan, entry.report);
        if !left.iter().any(|other| other.bag.starts_with(&report)) {
            fs::remove_dir(self.path(&report)).unwrap();
        }
        if !left.iter().any(|other| other.plan == entry.plan) {
            fs::remove_dir(self.path(&entry.plan)).unwrap();
        }
    }

    /// Writes the register anew with the hashes that fit, and the catalogue.
    fn rewrite(&mut self, entries: &[Entry]) {
        let mut register = Register::default();
        let mut text = String::new();
        for entry in entries {
            let head = register.head();
            text += &register.push(Entry { number: head.entries + 1, previous: head.digest, ..entry.clone() });
        }
        self.write(CATALOGUE, catalogue(&register.entries));
        self.write(REGISTER, text);
    }

    fn restore(&mut self) {
        for prefix in std::mem::take(&mut self.touched) {
            let path = self.folder.join(&prefix);
            if path.is_dir() {
                fs::remove_dir_all(&path).unwrap();
            } else if path.exists() {
                fs::remove_file(&path).unwrap();
            }
            let below = format!("{prefix}/");
            for (path, bytes) in self.files.iter().filter(|(path, _)| **path == prefix || path.starts_with(&below)) {
                let path = self.folder.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, bytes).unwrap();
            }
        }
    }
}

fn byte_changed(victim: &mut Victim, dice: &mut Dice) -> String {
    let path = victim.any(dice);
    let mut bytes = victim.bytes(&path);
    let at = dice.below(bytes.len());
    bytes[at] ^= u8::try_from(1 + dice.below(255)).unwrap();
    victim.write(&path, bytes);
    format!("byte {at} of {path}")
}

fn file_added(victim: &mut Victim, dice: &mut Dice) -> String {
    let beside = victim.any(dice);
    let name = ["nota.txt", ".oculto", "x.pdf", "data/otro.csv", "v9/bagit.txt"][dice.below(5)];
    let path = Path::new(&beside).parent().unwrap().join(name).to_str().unwrap().to_owned();
    let first_new =
        path.match_indices('/').map(|(at, _)| &path[..at]).find(|folder| !victim.folder.join(folder).exists());
    victim.touched.insert(first_new.unwrap_or(&path).to_owned());
    victim.write(&path, b"");
    path
}

fn file_removed(victim: &mut Victim, dice: &mut Dice) -> String {
    let path = victim.any(dice);
    fs::remove_file(victim.path(&path)).unwrap();
    path
}

fn file_renamed(victim: &mut Victim, dice: &mut Dice) -> String {
    let path = victim.any(dice);
    let to = format!("{path}{}", ["~", ".bak", "x"][dice.below(3)]);
    fs::rename(victim.path(&path), victim.path(&to)).unwrap();
    to
}

fn folder_moved(victim: &mut Victim, dice: &mut Dice) -> String {
    let entry = victim.entries[dice.below(victim.entries.len())].clone();
    let folder = match dice.below(4) {
        0 => entry.plan,
        1 => format!("{}/{}", entry.plan, entry.report),
        2 => entry.bag,
        _ => format!("{}/data/fuentes", entry.bag),
    };
    let to = format!("{folder}-2");
    if dice.below(2) == 0 {
        fs::remove_dir_all(victim.path(&folder)).unwrap();
    } else {
        fs::rename(victim.path(&folder), victim.path(&to)).unwrap();
    }
    folder
}

fn two(victim: &Victim, dice: &mut Dice) -> (Entry, Entry) {
    let one = dice.below(victim.entries.len());
    let other = (one + 1 + dice.below(victim.entries.len() - 1)) % victim.entries.len();
    (victim.entries[one].clone(), victim.entries[other].clone())
}

/// Two files that have the same place in their bags, or the reports themselves.
fn files_swapped(victim: &mut Victim, dice: &mut Dice) -> String {
    loop {
        let (one, other) = two(victim, dice);
        let prefix = format!("{}/", one.bag);
        let files: Vec<&str> = victim.files.keys().filter_map(|path| path.strip_prefix(&prefix)).collect();
        let inside = files[dice.below(files.len())].to_owned();
        let of_other = if inside == one.file { other.file } else { inside.clone() };
        let paths = [format!("{}/{inside}", one.bag), format!("{}/{of_other}", other.bag)];
        if let [Some(first), Some(second)] = paths.clone().map(|path| victim.files.get(&path).cloned())
            && first != second
        {
            victim.write(&paths[0], second);
            victim.write(&paths[1], first);
            return paths.join(" <> ");
        }
    }
}

fn bags_swapped(victim: &mut Victim, dice: &mut Dice) -> String {
    let (one, other) = two(victim, dice);
    let files = [victim.bag(&one.bag), victim.bag(&other.bag)];
    victim.replace_bag(&one.bag, &files[1]);
    victim.replace_bag(&other.bag, &files[0]);
    format!("{} <> {}", one.bag, other.bag)
}

/// With its bag or without it, with fresh hashes or without.
fn line_removed(victim: &mut Victim, dice: &mut Dice) -> String {
    let mut entries = victim.entries.clone();
    // The last one with its bag is an end that was cut off.
    let removed = entries.remove(dice.below(entries.len() - 1));
    if dice.below(2) == 0 {
        victim.remove_bag(&removed, &entries);
    }
    written(victim, &entries, dice);
    removed.bag
}

/// Writes a register of these entries, with fresh hashes or as they were.
fn written(victim: &mut Victim, entries: &[Entry], dice: &mut Dice) {
    if dice.below(3) == 0 {
        let lines: String = entries.iter().map(|entry| entry.line() + "\n").collect();
        victim.write(REGISTER, lines);
        victim.write(CATALOGUE, catalogue(entries));
    } else {
        victim.rewrite(entries);
    }
}

fn lines_reordered(victim: &mut Victim, dice: &mut Dice) -> String {
    let mut entries = victim.entries.clone();
    let one = dice.below(entries.len());
    let other = (one + 1 + dice.below(entries.len() - 1)) % entries.len();
    entries.swap(one, other);
    written(victim, &entries, dice);
    format!("{one} <> {other}")
}

fn line_rewritten(victim: &mut Victim, dice: &mut Dice) -> String {
    let mut entries = victim.entries.clone();
    let at = dice.below(entries.len());
    let entry = &mut entries[at];
    let what = dice.below(14);
    match what {
        0 => entry.moment += chrono::TimeDelta::seconds(1),
        1 => entry.title.push('.'),
        2 => entry.entity.push('.'),
        3 => entry.pages += 1,
        4 => entry.bytes -= 1,
        5 => entry.year += 1,
        6 => entry.quarter = entry.quarter % 4 + 1,
        7 => entry.cutoff = entry.cutoff.succ_opt().unwrap(),
        8 => entry.level = "B-T".into(),
        9 => entry.signatures[dice.below(3)].name.push('a'),
        10 => _ = entry.signatures.pop(),
        11 => entry.signatures[0].moment += chrono::TimeDelta::seconds(1),
        12 => entry.acronym = None,
        _ => entry.digest = entry.digest.chars().rev().collect(),
    }
    victim.rewrite(&entries);
    format!("field {what} of {}", entries[at].bag)
}

/// The second versions, of which there are some.
fn a_second(victim: &Victim, dice: &mut Dice) -> Entry {
    let second: Vec<&Entry> = victim.entries.iter().filter(|entry| entry.version == 2).collect();
    second[dice.below(second.len())].clone()
}

/// As if the second version had never been.
fn rolled_back(victim: &mut Victim, dice: &mut Dice) -> String {
    let second = a_second(victim, dice);
    if second == *victim.entries.last().unwrap() {
        return end_cut_off(victim, dice);
    }
    let entries: Vec<Entry> = victim.entries.iter().filter(|entry| entry.bag != second.bag).cloned().collect();
    victim.remove_bag(&second, &entries);
    victim.rewrite(&entries);
    second.bag
}

/// The files of the first version under the name of the second, with a register that fits or without.
fn version_replaced(victim: &mut Victim, dice: &mut Dice) -> String {
    let second = a_second(victim, dice);
    let first = second.bag.replace("/v2", "/v1");
    let files = victim.bag(&first);
    victim.replace_bag(&second.bag, &files);
    if dice.below(2) == 0 {
        let mut entries = victim.entries.clone();
        let old = entries.iter().find(|entry| entry.bag == first).unwrap().clone();
        let entry = entries.iter_mut().find(|entry| entry.bag == second.bag).unwrap();
        let (bag, version, reason) = (entry.bag.clone(), entry.version, entry.reason.clone());
        *entry = Entry { bag, version, reason, ..old };
        victim.rewrite(&entries);
    }
    second.bag
}

/// A file of a bag changed, its manifests made anew, the register and all hashes after it too.
fn bag_forged(victim: &mut Victim, dice: &mut Dice) -> String {
    let mut entries = victim.entries.clone();
    // Of the last one, what follows from nothing else could be forged so; that is for the head that somebody keeps.
    let at = dice.below(entries.len() - 1);
    let mut files = victim.bag(&entries[at].bag);
    let info = files["bag-info.txt"].clone();
    files.retain(|path, _| path.starts_with("data/"));
    let path = files.keys().nth(dice.below(files.len())).unwrap().clone();
    let bytes = files.get_mut(&path).unwrap();
    let byte = dice.below(bytes.len());
    bytes[byte] ^= 1;
    let bag = Bag::new(files, info);
    entries[at].bag_digest = bag.digest();
    victim.replace_bag(&entries[at].bag.clone(), &bag.files);
    victim.rewrite(&entries);
    format!("byte {byte} of {path} in {}", entries[at].bag)
}

/// The last entries with their bags: a smaller archive in which everything holds.
fn end_cut_off(victim: &mut Victim, dice: &mut Dice) -> String {
    let mut entries = victim.entries.clone();
    let left = dice.below(entries.len());
    while entries.len() > left {
        let removed = entries.pop().unwrap();
        victim.remove_bag(&removed, &entries);
    }
    victim.rewrite(&entries);
    format!("after {left}")
}

#[test]
fn a_thousand_tamperings_are_all_found_out() {
    let archive = Archive::of(40);
    let renewals = [3, 11, 19, 26, 33].map(|at: usize| (REPORTS[at].plan.as_str(), renewed(&REPORTS[at].pdf)));
    assert!(archive.add(renewals, Some("Se renovó el sello")).iter().all(Result::is_ok));
    let register = archive.register();
    let kept = Kept { head: register.head(), token: None };
    let mut victim =
        Victim { folder: archive.path(), files: archive.files(), entries: register.entries, touched: BTreeSet::new() };
    let whole = verdict(&archive.path(), Some(&kept));
    assert_eq!(wrong(&whole), [""; 0]);
    // First what was changed at all, which costs little; whatever that does not find has to be found by proving everything.
    let unchanged = |kept: Option<&Kept>| {
        verify(&archive.path(), None, kept.map(|kept| (kept, AUTHORITY.1.as_slice())), &|| ()).holds()
    };
    let mut dice = Dice::new(7);
    for number in 0..TAMPERINGS {
        let (kind, tamper) = KINDS[number % KINDS.len()];
        let what = tamper(&mut victim, &mut dice);
        // Only the end that is cut off leaves nothing inside to notice it by.
        let kept = (kind == "end cut off" || kind == "version rolled back").then_some(&kept);
        let undetected = unchanged(kept) && verdict(&archive.path(), kept).holds();
        assert!(!undetected, "{kind}: {what}");
        victim.restore();
    }
    assert!(unchanged(Some(&kept)), "everything was put back");
}
