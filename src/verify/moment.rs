//! Moments as PDF writes them (ISO 32000-1, 7.9.4).

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// The moment that `D:YYYYMMDDHHmmSSOHH'mm'` stands for; what is left out from the end is the least it can be.
#[must_use]
pub fn moment(text: &str) -> Option<DateTime<Utc>> {
    let rest = text.strip_prefix("D:")?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count().min(14);
    let (local, zone) = rest.split_at(digits);
    let part = |from: usize, to: usize, least: u32| match local.get(from..to) {
        Some(digits) => digits.parse().ok(),
        None if local.len() <= from => Some(least),
        None => None,
    };
    let day = NaiveDate::from_ymd_opt(local.get(0..4)?.parse().ok()?, part(4, 6, 1)?, part(6, 8, 1)?)?;
    let local = day.and_hms_opt(part(8, 10, 0)?, part(10, 12, 0)?, part(12, 14, 0)?)?.and_utc();
    let ahead = match zone.as_bytes() {
        [] | [b'Z', ..] => TimeDelta::zero(),
        [sign @ (b'+' | b'-'), ..] => {
            let mut numbers = zone.get(1..)?.split('\'').filter(|part| !part.is_empty()).map(str::parse::<i64>);
            let (hours, minutes) = (numbers.next()?.ok()?, numbers.next().transpose().ok()?.unwrap_or(0));
            if hours > 23 || minutes > 59 {
                return None;
            }
            TimeDelta::minutes((hours * 60 + minutes) * if *sign == b'-' { -1 } else { 1 })
        }
        _ => return None,
    };
    local.checked_sub_signed(ahead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_with_its_distance_from_utc() {
        let utc = |text| moment(text).map(|moment| moment.format("%Y-%m-%dT%H:%M:%S").to_string());
        assert_eq!(utc("D:20260302100000-05'00'").as_deref(), Some("2026-03-02T15:00:00"));
        assert_eq!(utc("D:20260302100000+01'30").as_deref(), Some("2026-03-02T08:30:00"));
        assert_eq!(utc("D:20260302100000Z").as_deref(), Some("2026-03-02T10:00:00"));
        assert_eq!(utc("D:2026").as_deref(), Some("2026-01-01T00:00:00"));
        for wrong in ["", "2026", "D:20261302", "D:202", "D:20260302100000x", "D:20260302100000+99'00'", "D:ñ"] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }
}
