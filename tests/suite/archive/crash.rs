//! What a run that was cut off leaves, at every step of the commit protocol, and what the next run makes of it; and two writers at once.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use seguimiento::archive::{REGISTER, STAGING, Store};

use super::{Archive, BTreeMap, REPORTS, put};

/// An archive of one report, and what the second would add to it.
struct Cut {
    archive: Archive,
    /// The files of the second bag, by their path in it.
    bag: BTreeMap<String, Vec<u8>>,
    /// Where it belongs.
    place: String,
    /// Its line, with the line end.
    line: String,
}

impl Cut {
    fn new() -> Self {
        let whole = Archive::new();
        whole.add([0, 4].map(|at: usize| (REPORTS[at].plan.as_str(), REPORTS[at].pdf.clone())), None);
        let entry = whole.register().entries.pop().unwrap();
        let prefix = format!("{}/", entry.bag);
        let files = whole.files().into_iter();
        let bag = files.filter_map(|(path, bytes)| Some((path.strip_prefix(&prefix)?.to_owned(), bytes))).collect();
        Self { archive: Archive::of(1), bag, place: entry.bag.clone(), line: entry.line() + "\n" }
    }

    /// Stages the first files of the bag, the last of them not wholly.
    fn stage(self, files: usize, cut: bool) -> Self {
        let staged = self.archive.path().join(STAGING).join("2");
        fs::create_dir_all(&staged).unwrap();
        for (index, (path, bytes)) in self.bag.iter().take(files).enumerate() {
            let path = staged.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let end = if cut && index + 1 == files { bytes.len() / 2 } else { bytes.len() };
            fs::write(path, &bytes[..end]).unwrap();
        }
        self
    }

    /// Writes so many bytes of the line.
    fn write_line(self, bytes: usize) -> Self {
        let path = self.archive.path().join(REGISTER);
        let register = [fs::read(&path).unwrap(), self.line.as_bytes()[..bytes].to_vec()].concat();
        fs::write(path, register).unwrap();
        self
    }

    fn folder(self, path: &str) -> Self {
        fs::create_dir_all(self.archive.path().join(path)).unwrap();
        self
    }

    fn rename(self) -> Self {
        let place = self.archive.path().join(&self.place);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::rename(self.archive.path().join(STAGING).join("2"), place).unwrap();
        self
    }

    /// The next run, which has nothing to do: so many reports are archived then, and all holds.
    fn recovers_with(self, reports: usize) {
        let Self { archive, bag, place, .. } = self;
        let first = Archive::of(1).files();
        assert!(!archive.verdict().holds(), "verifying tells of what is not finished");
        let state = archive.files();
        archive.store().finish().unwrap();
        assert_eq!(archive.register().entries.len(), reports);
        archive.assert_holds();
        let after = archive.files();
        let is_bag = |path: &&String| path.contains("/v1/");
        assert!(first.keys().filter(is_bag).all(|path| after[path] == state[path]), "what was archived is untouched");
        assert_eq!(bag.iter().all(|(path, bytes)| after.get(&format!("{place}/{path}")) == Some(bytes)), reports == 2);
    }
}

#[test]
fn a_bag_that_was_being_staged_is_thrown_away() {
    Cut::new().folder(STAGING).recovers_with(1);
    let files = Cut::new().bag.len();
    for number in [0, 1, files / 2, files] {
        Cut::new().stage(number, true).recovers_with(1);
    }
}

#[test]
fn a_bag_without_its_whole_line_in_the_register_was_not_archived() {
    let Cut { bag, line, .. } = Cut::new();
    for bytes in [0, 1, line.len() / 2, line.len() - 1] {
        Cut::new().stage(bag.len(), false).write_line(bytes).recovers_with(1);
    }
}

#[test]
fn a_bag_with_its_line_in_the_register_was_archived_and_gets_its_place() {
    let Cut { bag, line, place, .. } = Cut::new();
    let committed = || Cut::new().stage(bag.len(), false).write_line(line.len());
    committed().recovers_with(2);
    let report = place.strip_suffix("/v1").unwrap();
    committed().folder(report.split('/').next().unwrap()).recovers_with(2);
    committed().folder(report).recovers_with(2);
    committed().rename().recovers_with(2);
    let with_half_a_catalogue = committed().rename();
    fs::write(with_half_a_catalogue.archive.path().join(STAGING).join("index.html"), "<!doc").unwrap();
    with_half_a_catalogue.recovers_with(2);
}

#[test]
fn a_line_whose_bag_is_nowhere_or_not_the_one_of_the_line_stops_everything() {
    let Cut { bag, line, .. } = Cut::new();
    let missing = Cut::new().write_line(line.len());
    let changed = Cut::new().stage(bag.len(), true).write_line(line.len());
    for cut in [missing, changed] {
        let before = cut.archive.files();
        let refused = format!("{:#}", Store::open(&cut.archive.path(), &mut || false).map(|_| ()).unwrap_err());
        assert!(refused.contains("falta el paquete «plan-2/seguimiento-2025-1t/v1»"), "{refused}");
        assert_eq!(cut.archive.files(), before);
    }
}

#[test]
fn nothing_is_archived_where_the_folder_is_not_what_the_register_says() {
    type Harm = fn(&Archive);
    let harms: [(&str, Harm, &str); 5] = [
        (
            "the place of the next bag is taken",
            |archive| {
                fs::create_dir(archive.path().join("plan-1/seguimiento-2025-1t/v2")).unwrap();
            },
            "«plan-1/seguimiento-2025-1t/v2» no está en el registro",
        ),
        ("the register has lost its last line end", |archive| cut(archive, 1), "no está en el registro"),
        (
            "the register has lost its last line",
            |archive| {
                let last = archive.register().entries.pop().unwrap();
                cut(archive, last.line().len() + 1);
            },
            "no está en el registro",
        ),
        (
            "a bag is gone",
            |archive| {
                fs::remove_dir_all(archive.path().join("plan-1/seguimiento-2025-1t/v1")).unwrap();
            },
            "falta el paquete «plan-1/seguimiento-2025-1t/v1»",
        ),
        (
            "what is in the place of a bag is not that bag, which is still where it was made",
            |archive| {
                let place = archive.path().join(archive.register().entries.pop().unwrap().bag);
                fs::create_dir(archive.path().join(STAGING)).unwrap();
                fs::rename(&place, archive.path().join(STAGING).join("2")).unwrap();
                fs::create_dir(&place).unwrap();
            },
            "hay algo que no es el paquete",
        ),
    ];
    for (name, harm, said) in harms {
        let archive = Archive::of(2);
        harm(&archive);
        let before = archive.files();
        let refused = format!("{:#}", Store::open(&archive.path(), &mut || false).map(|_| ()).unwrap_err());
        assert!(refused.contains(said), "{name}: {refused}");
        assert_eq!(archive.files(), before, "{name}");
        assert!(!archive.verdict().holds(), "{name}");
    }
}

/// Takes the last bytes of the register away.
fn cut(archive: &Archive, bytes: usize) {
    let path = archive.path().join(REGISTER);
    let register = fs::read(&path).unwrap();
    fs::write(&path, &register[..register.len() - bytes]).unwrap();
}

#[test]
fn an_archive_whose_register_is_broken_takes_nothing_more() {
    let archive = Archive::of(2);
    let path = archive.path().join(REGISTER);
    let register = fs::read_to_string(&path).unwrap();
    fs::write(&path, register.lines().nth(1).unwrap().to_owned() + "\n").unwrap();
    let refused = format!("{:#}", Store::open(&archive.path(), &mut || false).map(|_| ()).unwrap_err());
    assert!(refused.contains("registro, línea 1: dice ser la entrada 2"), "{refused}");
}

#[test]
fn a_folder_with_other_things_in_it_does_not_become_an_archive() {
    let archive = Archive::new();
    fs::create_dir(archive.path()).unwrap();
    fs::write(archive.path().join("carta.txt"), "Hola").unwrap();
    let refused = format!("{:#}", Store::open(&archive.path(), &mut || false).map(|_| ()).unwrap_err());
    assert!(refused.contains("no está vacía y no tiene un «registro.jsonl»"), "{refused}");
    assert_eq!(archive.files().len(), 1);
}

#[test]
fn of_two_writers_one_waits_or_is_refused_and_nothing_is_lost() {
    let archive = Archive::of(1);
    let first = archive.store();
    let refused = format!("{:#}", Store::open(&archive.path(), &mut || false).map(|_| ()).unwrap_err());
    assert!(refused.contains("otro proceso está archivando en él"), "{refused}");
    let waited = AtomicUsize::new(0);
    thread::scope(|scope| {
        let second = scope.spawn(|| {
            let mut store =
                Store::open(&archive.path(), &mut || waited.fetch_add(1, Ordering::Relaxed) < 10_000).unwrap();
            put(&mut store, &REPORTS[5].plan, REPORTS[5].pdf.clone(), None).unwrap();
            store.finish().unwrap();
        });
        while waited.load(Ordering::Relaxed) == 0 {
            thread::yield_now();
        }
        let mut first = first;
        put(&mut first, &REPORTS[4].plan, REPORTS[4].pdf.clone(), None).unwrap();
        first.finish().unwrap();
        drop(first);
        second.join().unwrap();
    });
    let plans: Vec<String> = archive.register().entries.iter().map(|entry| entry.bag.clone()).collect();
    assert_eq!(plans[1..], ["plan-2/seguimiento-2025-1t/v1", "plan-2/seguimiento-2025-2t/v1"]);
    archive.assert_holds();
}
