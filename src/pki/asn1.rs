//! DER read element by element, keeping the exact bytes: a signature is over bytes, not over what they mean.

use chrono::{DateTime, NaiveDate, Utc};
use der::asn1::AnyRef;
use der::{
    Choice, Decode, DecodeValue, EncodeValue, ErrorKind, Header, Length, Reader, SliceReader, Tag, Tagged, Writer,
};

/// Most elements inside one, where they are not read one by one.
const MAX_INSIDE: usize = 10_000;
/// Most elements that what is decoded as a whole consists of. A certificate has some hundred.
const MAX_DECODED: usize = 2_000;
/// Most elements of a set in it: `der` takes the square of their number to put them in order.
const MAX_SET: usize = 100;
/// How deep elements may be in one another there.
const MAX_DEPTH: usize = 32;

/// One element: its tag, what is inside, and the whole of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub tag: Tag,
    pub value: &'a [u8],
    pub whole: &'a [u8],
}

impl<'a> Element<'a> {
    /// Reads the only element of some bytes.
    pub fn only(bytes: &'a [u8]) -> der::Result<Self> {
        let any = AnyRef::from_der(bytes)?;
        Ok(Self { tag: any.tag(), value: any.value(), whole: bytes })
    }

    /// Reads the element that some bytes begin with, and the rest of them.
    pub fn first(bytes: &'a [u8]) -> der::Result<(Self, &'a [u8])> {
        let mut reader = SliceReader::new(bytes)?;
        let whole = reader.tlv_bytes()?;
        Ok((Self::only(whole)?, bytes.get(whole.len()..).unwrap_or_default()))
    }

    /// The elements inside, when this one has the tag that it should have.
    pub fn inside(&self, tag: Tag) -> der::Result<Vec<Self>> {
        self.tag.assert_eq(tag)?;
        elements(self.value)
    }
}

/// The elements that some bytes consist of, unless they are too many to be meant.
pub(crate) fn elements(bytes: &[u8]) -> der::Result<Vec<Element<'_>>> {
    let all: Vec<Element> = each(bytes).take(MAX_INSIDE + 1).collect::<der::Result<_>>()?;
    if all.len() > MAX_INSIDE { Err(ErrorKind::Overlength.into()) } else { Ok(all) }
}

/// The elements that some bytes consist of, one after another; the last is an error when the bytes are not elements.
pub(crate) fn each(mut bytes: &[u8]) -> impl Iterator<Item = der::Result<Element<'_>>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let first = Element::first(bytes);
        bytes = first.as_ref().map_or(&[], |(_, rest)| rest);
        Some(first.map(|(element, _)| element))
    })
}

/// Reads something whole, as its type says, when it is no larger than such a thing can be: `der` would take any time and memory.
///
/// # Errors
/// When it is larger, or not of the type.
pub(crate) fn decode<'a, T: Decode<'a>>(bytes: &'a [u8]) -> der::Result<T> {
    let mut left = MAX_DECODED;
    count(bytes, MAX_DEPTH, &mut left)?;
    T::from_der(bytes)
}

/// Counts elements, however deep, down from those that there may be; how many are not inside another.
fn count(bytes: &[u8], depth: usize, left: &mut usize) -> der::Result<usize> {
    let mut here = 0;
    for element in each(bytes) {
        let element = element?;
        here += 1;
        *left = left.checked_sub(1).ok_or(ErrorKind::Overlength)?;
        if element.tag.is_constructed() {
            let depth = depth.checked_sub(1).ok_or(ErrorKind::Overlength)?;
            // A context's own tag may stand for that of a set.
            let most = if element.tag == Tag::Sequence { MAX_DECODED } else { MAX_SET };
            if count(element.value, depth, left)? > most {
                return Err(ErrorKind::Overlength.into());
            }
        }
    }
    Ok(here)
}

/// The tag `[number]` of something with elements inside.
pub(crate) const fn context(number: u8) -> Tag {
    Tag::ContextSpecific { constructed: true, number: der::TagNumber::new(number) }
}

/// A moment: `UTCTime` or `GeneralizedTime`, in UTC. A fraction of a second is accepted where RFC 5280 forbids it: RFC 3161
/// allows it, and there are authorities that write it everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub DateTime<Utc>);

impl Moment {
    /// Reads `YYYYMMDDHHMMSS[.f…]Z`.
    fn read(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
        let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() != 14 || !digits(whole) || !fraction.is_none_or(|text| digits(text) && text.len() <= 32) {
            return None;
        }
        let number = |range: std::ops::Range<usize>| whole.get(range)?.parse::<u32>().ok();
        let nanoseconds = format!("{:0<9.9}", fraction.unwrap_or_default()).parse().ok()?;
        let day = NaiveDate::from_ymd_opt(number(0..4)?.try_into().ok()?, number(4..6)?, number(6..8)?)?;
        let moment = day.and_hms_nano_opt(number(8..10)?, number(10..12)?, number(12..14)?, nanoseconds)?;
        Some(Self(moment.and_utc()))
    }

    /// The year of a `UTCTime` in four digits (RFC 5280 4.1.2.5.1).
    fn read_short(text: &[u8]) -> Option<Self> {
        let century: &[u8] = if text.first()? < &b'5' { b"20" } else { b"19" };
        if text.len() != 13 {
            return None;
        }
        Self::read(&[century, text].concat())
    }

    fn text(self) -> String {
        self.0.format("%Y%m%d%H%M%S%.fZ").to_string()
    }
}

impl Choice<'_> for Moment {
    fn can_decode(tag: Tag) -> bool {
        matches!(tag, Tag::GeneralizedTime | Tag::UtcTime)
    }
}

impl<'a> Decode<'a> for Moment {
    fn decode<R: Reader<'a>>(reader: &mut R) -> der::Result<Self> {
        let header = Header::decode(reader)?;
        Self::decode_value(reader, header)
    }
}

impl<'a> DecodeValue<'a> for Moment {
    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Self> {
        let text = reader.read_vec(header.length)?;
        let moment = match header.tag {
            Tag::GeneralizedTime => Self::read(&text),
            Tag::UtcTime => Self::read_short(&text),
            _ => None,
        };
        moment.ok_or_else(|| header.tag.value_error())
    }
}

impl EncodeValue for Moment {
    fn value_len(&self) -> der::Result<Length> {
        self.text().len().try_into()
    }

    fn encode_value(&self, writer: &mut impl Writer) -> der::Result<()> {
        writer.write(self.text().as_bytes())
    }
}

impl Tagged for Moment {
    fn tag(&self) -> Tag {
        Tag::GeneralizedTime
    }
}

/// DER taken apart and put together again, for tests of what must be refused.
#[cfg(test)]
pub(crate) mod edit {
    use super::elements;

    /// An element.
    pub(crate) fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
        let length = value.len().to_be_bytes();
        let length: Vec<u8> = length.iter().copied().skip_while(|&byte| byte == 0).collect();
        let length = match (value.len(), length.len()) {
            (0..0x80, _) => vec![u8::try_from(value.len()).unwrap()],
            (_, bytes) => [vec![0x80 | u8::try_from(bytes).unwrap()], length].concat(),
        };
        [&[tag], &length[..], value].concat()
    }

    /// The elements inside an element.
    pub(crate) fn inside(element: &[u8]) -> Vec<Vec<u8>> {
        let (element, _) = super::Element::first(element).unwrap();
        elements(element.value).unwrap().iter().map(|one| one.whole.to_vec()).collect()
    }

    /// The element at a path of positions.
    pub(crate) fn get(element: &[u8], path: &[usize]) -> Vec<u8> {
        path.iter().fold(element.to_vec(), |element, &index| inside(&element)[index].clone())
    }

    /// With the elements inside the one at a path changed.
    pub(crate) fn change(element: &[u8], path: &[usize], change: &dyn Fn(&mut Vec<Vec<u8>>)) -> Vec<u8> {
        let mut all = inside(element);
        match path {
            [] => change(&mut all),
            [first, rest @ ..] => all[*first] = self::change(&all[*first], rest, change),
        }
        tlv(element[0], &all.concat())
    }

    /// With the element at a path replaced.
    pub(crate) fn set(element: &[u8], path: &[usize], with: &[u8]) -> Vec<u8> {
        let (last, path) = path.split_last().unwrap();
        change(element, path, &|all| all[*last] = with.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use der::Encode;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Option<String> {
        Moment::from_der(bytes).ok().map(|moment| moment.0.to_rfc3339())
    }

    #[test]
    fn a_moment_may_have_a_fraction() {
        assert_eq!(read(b"\x18\x0f20260102030405Z").as_deref(), Some("2026-01-02T03:04:05+00:00"));
        assert_eq!(read(b"\x18\x1220260102030405.25Z").as_deref(), Some("2026-01-02T03:04:05.250+00:00"));
        assert_eq!(read(b"\x17\x0d491231235959Z").as_deref(), Some("2049-12-31T23:59:59+00:00"));
        assert_eq!(read(b"\x17\x0d500101000000Z").as_deref(), Some("1950-01-01T00:00:00+00:00"));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "20260102030405",
            "20260102030405+0500",
            "202601020304Z",
            "20261302030405Z",
            "20260102030405.Z",
            "2026010203040éZ",
        ] {
            let der = [&[0x18, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
            assert_eq!(read(&der), None, "{text}");
        }
    }

    #[test]
    fn a_moment_is_written_as_it_was_read() {
        for der in [&b"\x18\x0f20260102030405Z"[..], b"\x18\x1320260102030405.250Z"] {
            assert_eq!(Moment::from_der(der).unwrap().to_der().unwrap(), der);
        }
    }

    #[test]
    fn only_definite_and_shortest_lengths_are_read() {
        assert!(elements(b"\x30\x80\x05\x00\x00\x00").is_err());
        assert!(elements(b"\x30\x81\x02\x05\x00").is_err());
        assert_eq!(elements(b"\x05\x00\x30\x02\x05\x00").unwrap().len(), 2);
    }

    #[test]
    fn what_is_larger_than_anything_meant_is_refused() {
        use edit::tlv;

        let read = |bytes: &[u8]| decode::<AnyRef>(bytes).is_ok();
        let set = |count: usize| tlv(0x31, &b"\x05\x00".repeat(count));
        assert!(read(&set(MAX_SET)) && !read(&set(MAX_SET + 1)));
        // [0] IMPLICIT may be that of a set.
        assert!(!read(&tlv(0xA0, &b"\x05\x00".repeat(MAX_SET + 1))));
        let sequence = |count: usize| tlv(0x30, &b"\x05\x00".repeat(count));
        assert!(read(&sequence(MAX_DECODED - 1)) && !read(&sequence(MAX_DECODED)));
        let many = [sequence(MAX_DECODED / 2), sequence(MAX_DECODED / 2)].concat();
        assert!(!read(&tlv(0x30, &many)));
        let deep = |depth| (0..depth).fold(Vec::new(), |inside, _| tlv(0x30, &inside));
        assert!(read(&deep(MAX_DEPTH)) && !read(&deep(MAX_DEPTH + 2)) && !read(&deep(100_000)));
        let many = b"\x05\x00".repeat(MAX_INSIDE + 1);
        assert!(elements(&many[2..]).is_ok() && elements(&many).is_err());
        assert_eq!(each(&many).flatten().count(), MAX_INSIDE + 1);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let whole: Vec<u8> = elements(&bytes).into_iter().flatten().flat_map(|element| element.whole.to_vec()).collect();
            prop_assert!(whole.is_empty() || whole == bytes);
            let _ = Moment::from_der(&bytes);
        }
    }
}
