use chrono::NaiveDateTime;
use serde_json::Value;

use super::*;

/// A file signed by another program, and what a PDF reader finds in it.
struct Sample {
    file: Vec<u8>,
    found: Value,
}

fn sample(name: &str) -> Sample {
    let folder =
        std::env::var("SAMPLES").unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/firma").to_owned());
    let read = |ending| std::fs::read(format!("{folder}/{name}.{ending}")).unwrap();
    Sample { file: read("pdf"), found: serde_json::from_slice(&read("json")).unwrap() }
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap().try_into().unwrap()
}

fn anchors() -> Vec<Certificate> {
    let all = Certificate::read_all(include_bytes!("../../../tests/data/firma/certificados.pem")).unwrap();
    all.into_iter().filter(Certificate::is_self_signed).collect()
}

fn day(text: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(&format!("{text} 00:00:00"), "%Y-%m-%d %H:%M:%S").unwrap().and_utc()
}

impl Sample {
    /// The sample as it was when it was so long.
    fn case<'a>(&'a self, length: usize, anchors: &'a [Certificate], now: DateTime<Utc>) -> Case<'a> {
        let signatures = self.found["signatures"].as_array().unwrap().iter().map(|one| {
            let [start, before, after, rest]: [usize; 4] =
                one["ranges"].as_array().unwrap().iter().map(number).collect::<Vec<_>>().try_into().unwrap();
            Signed {
                field: one["field"].as_str().unwrap().to_owned(),
                kind: if one["kind"] == "Sig" { Kind::Signature } else { Kind::DocumentTimestamp },
                cms: hex(std::str::from_utf8(&self.file[before..after]).unwrap()),
                covered: [start..start + before, after..after + rest],
                end: after + rest,
                declared: None,
            }
        });
        let evidence = self.found["evidence"].as_array().unwrap().iter().map(|one| {
            let all = |key: &str| one[key].as_array().unwrap().iter().map(|one| hex(one.as_str().unwrap())).collect();
            let certificates: Vec<Vec<u8>> = all("certificates");
            let certificates = certificates.iter().map(|der| Certificate::from_der(der).unwrap()).collect();
            Added {
                end: number(&one["end"]),
                evidence: Evidence { certificates, ocsps: all("ocsps"), crls: all("crls") },
            }
        });
        Case {
            file: &self.file[..length],
            signatures: signatures.filter(|one| one.end <= length).collect(),
            evidence: evidence.filter(|one| one.end <= length).collect(),
            anchors,
            now,
        }
    }

    fn judge(&self, now: &str) -> Vec<Judgement> {
        judge(&self.case(self.file.len(), &anchors(), day(now)))
    }
}

#[test]
fn explore() {
    for name in ["b", "t", "lt", "lta", "dos", "renovado", "revocado-t", "revocado", "vencido-t", "vencido"] {
        for now in ["2026-11-24", "2026-12-14", "2046-11-23", "2085-01-01"] {
            for one in sample(name).judge(now) {
                println!(
                    "{name} {now} {} {} {:?} {:?} {:?}",
                    one.field,
                    one.status,
                    one.sub_indication.map(|s| s.to_string()),
                    one.level.map(|l| l.to_string()),
                    one.proven
                );
                if now == "2026-11-24" {
                    for check in one.checks {
                        println!("      {} {:?}: {}", check.key, check.outcome, check.seen);
                    }
                }
            }
        }
    }
}
