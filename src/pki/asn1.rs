//! DER read element by element, keeping the exact bytes: a signature is over bytes, not over what they mean.

use chrono::{DateTime, NaiveDate, Utc};
use der::asn1::AnyRef;
use der::{Choice, Decode, DecodeValue, EncodeValue, Header, Length, Reader, SliceReader, Tag, Tagged, Writer};

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

/// The elements that some bytes consist of.
pub(crate) fn elements(mut bytes: &[u8]) -> der::Result<Vec<Element<'_>>> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let (element, rest) = Element::first(bytes)?;
        all.push(element);
        bytes = rest;
    }
    Ok(all)
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

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let whole: Vec<u8> = elements(&bytes).into_iter().flatten().flat_map(|element| element.whole.to_vec()).collect();
            prop_assert!(whole.is_empty() || whole == bytes);
            let _ = Moment::from_der(&bytes);
        }
    }
}
