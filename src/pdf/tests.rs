use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use proptest::prelude::*;

use super::parse::Reader;
use super::*;

/// A file of one page that shows nothing.
fn small() -> Vec<u8> {
    file(&[
        "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        "2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n",
        "3 0 obj\n<</Type/Page/Parent 2 0 R/Contents 4 0 R>>\nendobj\n",
        "4 0 obj\n<</Length 3>>\nstream\nq Q\nendstream\nendobj\n",
    ])
}

/// A file of these objects, numbered from 1.
pub(super) fn file<T: AsRef<[u8]>>(objects: &[T]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\x80\x80\x80\x80\n".to_vec();
    let mut table = vec![format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1)];
    for object in objects {
        table.push(format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend(object.as_ref());
    }
    let table = table.concat();
    let start = bytes.len();
    bytes.extend(
        format!("{table}trailer\n<</Size {}/Root 1 0 R/ID[<00><01>]>>\nstartxref\n{start}\n%%EOF", objects.len() + 1)
            .bytes(),
    );
    bytes
}

/// The same file with a page of another content.
fn updated(bytes: &[u8]) -> Vec<u8> {
    let file = File::read(bytes).unwrap();
    let mut update = Update::new(&file);
    let content = update.add(Body::Stream(Dictionary::default(), b"0 g".to_vec()));
    let page = file.now().pages()[0];
    let mut changed = page.value.as_dictionary().unwrap().clone();
    changed.set("Contents", Object::Reference(content));
    update.set(page.id, changed);
    update.finish().unwrap().0
}

fn fault(bytes: &[u8]) -> String {
    File::read(bytes).err().map(|fault| fault.what).unwrap_or_default()
}

fn with(bytes: &[u8], what: &str, other: &str) -> Vec<u8> {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    assert!(text.contains(what), "{what}");
    text.replacen(what, other, 1).chars().map(|c| c as u8).collect()
}

fn content(view: View) -> Vec<u8> {
    let page = view.pages()[0].value.as_dictionary().unwrap();
    view.stream(view.get(page.get("Contents").unwrap().as_reference().unwrap()).unwrap()).unwrap()
}

#[test]
fn an_update_goes_after_what_it_updates_and_the_older_state_can_still_be_read() {
    let first = small();
    let second = updated(&first);
    assert!(second.starts_with(&first));
    let file = File::read(&second).unwrap();
    let ends: Vec<_> = file.revisions().iter().map(|revision| revision.range.clone()).collect();
    // The line end that the update begins with is the end of the line before it.
    assert_eq!(ends, [0..first.len() + 1, first.len() + 1..second.len()]);
    assert_eq!(file.revisions()[0].marker, first.len());
    assert_eq!((content(file.as_of(1)), content(file.now())), (b"q Q".to_vec(), b"0 g".to_vec()));
    assert_ne!(file.as_of(1).trailer().unwrap().get("ID"), file.now().trailer().unwrap().get("ID"));
}

#[test]
fn an_update_begins_on_a_line_of_its_own() {
    let first = small();
    assert!(updated(&first)[first.len()..].starts_with(b"\n"));
    let ended = [first, b"\n".to_vec()].concat();
    assert!(updated(&ended)[ended.len()..].starts_with(b"3 0 obj"));
}

#[test]
fn a_file_made_anew_keeps_what_is_not_named_to_the_byte() {
    let first = small();
    let read = File::read(&first).unwrap();
    let page = read.now().pages()[0];
    let mut bodies = BTreeMap::new();
    let mut changed = page.value.as_dictionary().unwrap().clone();
    changed.set("Rotate", Object::Integer(90));
    bodies.insert(page.id.number, Body::from(changed));
    bodies.insert(9, Body::Object(Object::Boolean(true)));
    let made = rewrite(&read, &bodies).unwrap();
    let again = File::read(&made).unwrap();
    assert_eq!(again.revisions().len(), 1);
    assert_eq!(again.now().get(Id::new(9)).unwrap().value, Object::Boolean(true));
    for number in [1, 2, 4] {
        let [old, new] = [(&read, &first), (&again, &made)]
            .map(|(file, bytes)| &bytes[file.now().get(Id::new(number)).unwrap().range.clone()]);
        assert_eq!(old, new);
    }
}

#[test]
fn every_byte_is_accounted_for() {
    let good = updated(&small());
    for (what, other, said) in [
        ("%PDF-", " PDF-", "no comienza con"),
        ("2 0 obj", "7 0 obj", "que la tabla de referencias no conoce"),
        ("/Parent 2 0 R", "/A 1 /A 2    ", "dos veces la misma clave"),
        ("/Contents 4 0 R", "/Con#74e 4 0 R ", "esconde letras"),
        ("/Length 3", "/Length 2", "se esperaba «endstream»"),
        ("/Length 3", "/Largo  3", "no dice cuánto mide"),
        (" 00000 n", " 00001 n", "no conoce"),
        ("0000000000 65535", "000000000  65535", "mal escrita"),
        ("/Prev", "/Prex", "no conoce"),
    ] {
        let found = fault(&with(&good, what, other));
        assert!(found.contains(said), "{what} → {other}: {found}");
    }
    let between = |what: &str| {
        fault(&file(&["1 0 obj\nnull\nendobj\n", &format!("2 0 obj\nnull\nendobj\n{what}"), "3 0 obj\nnull\nendobj\n"]))
    };
    assert!(fault(&file(&["1 0 obj\n<</Length 9999>>\nstream\nx\nendstream\nendobj\n"])).contains("más corto"));
    assert_eq!(between(""), "");
    assert!(between("% oculto\n").contains("se esperaba un número"));
    assert!(between("8 0 obj\nnull\nendobj\n").contains("objeto 8 que la tabla de referencias no conoce"));
    assert!(fault(&[good.as_slice(), b" "].concat()).contains("después del final"));
    assert!(fault(&[good.as_slice(), &good].concat()).contains("después del final"));
    assert!(fault(&good[..good.len() - 7]).contains("cortado"));
    assert!(fault(b"").contains("no es un PDF"));
}

#[test]
fn an_object_that_says_to_be_another_is_not_found_under_its_number() {
    let read = small();
    let read = File::read(&read).unwrap();
    assert!(read.now().get(Id { number: 1, generation: 1 }).is_none());
    assert!(read.now().get(Id::new(99)).is_none());
}

#[test]
fn a_tree_of_pages_that_contains_itself_ends() {
    let bytes = file(&["1 0 obj\n<</Pages 2 0 R>>\nendobj\n", "2 0 obj\n<</Kids[2 0 R 2 0 R]>>\nendobj\n"]);
    assert!(File::read(&bytes).unwrap().now().pages().is_empty());
}

/// An update that takes the first object's place, written by hand: its object, its table, its trailer's end.
fn by_hand(object: &str, table: &str, end: &str) -> Vec<u8> {
    let mut bytes = small();
    let previous = File::read(&bytes).unwrap().revisions()[0].table;
    bytes.push(b'\n');
    let at = bytes.len();
    bytes.extend(object.bytes());
    let start = bytes.len();
    let table = table.replace("OFFSET", &format!("{at:010}"));
    let end = end.replace("START", &start.to_string()).replace("PREV", &previous.to_string());
    bytes.extend(table.bytes().chain(end.bytes()));
    bytes
}

const OBJECT: &str = "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n";
const TABLE: &str = "xref\n1 1\nOFFSET 00000 n \n";
const END: &str = "trailer\n<</Size 5/Root 1 0 R/Prev PREV>>\nstartxref\nSTART\n%%EOF\n";

/// Of what is not written as everybody writes it, programs think they know better, and look for objects wherever they like.
#[test]
fn tables_and_trailers_have_one_form() {
    let table = |table: &str| fault(&by_hand(OBJECT, table, END));
    let end = |end: &str| fault(&by_hand(OBJECT, TABLE, end));
    for honest in [TABLE, "xref\r\n1 1\r\nOFFSET 00000 n\r\n", "xref\n0 0\n1 1\nOFFSET 00000 n \n"] {
        assert_eq!(table(honest), "");
    }
    for odd in [
        TABLE.replace("xref\n", "xref\n\n"),
        TABLE.replace("xref\n", "xref\0"),
        TABLE.replace("1 1\n", "1 1\0\n"),
        format!("{TABLE}\n"),
        format!("{TABLE}\0"),
        format!("{TABLE}{:300}3 1\n0000000000 00000 f \n", ""),
        format!("{TABLE}3 0\n"),
        format!("{TABLE}4294967295 0\n"),
        format!("{TABLE}99999999999999999 0\n"),
    ] {
        assert_ne!(table(&odd), "", "{odd:?}");
    }
    for honest in
        [END.into(), END.replace('\n', "\r\n"), END.replace("trailer\n", "trailer "), END.replace(">>\n", ">>\n\n")]
    {
        assert_eq!(end(&honest), "", "{honest:?}");
    }
    for odd in [
        END.replace("startxref\n", "startxref\0"),
        END.replace("startxref\n", "startxref "),
        END.replace("startxref\n", "startxref\n\n"),
        END.replace("\n%%EOF", "%%EOF"),
        END.replace("\n%%EOF", "\0%%EOF"),
        END.replace(">>\nstart", ">>start"),
        END.replace("trailer\n", "trailer\0"),
        END.replace("1 0 R", "1 0R"),
        END.replace("1 0 R", "1\x0C0 R"),
        END.replace("1 0 R", "1 1 R"),
    ] {
        assert_ne!(end(&odd), "", "{odd:?}");
    }
    for odd in ["1 0obj", "1  0 obj", "1\n0 obj", "1 0\0obj", "1 1 obj"] {
        assert_ne!(fault(&by_hand(&OBJECT.replace("1 0 obj", odd), TABLE, END)), "", "{odd:?}");
    }
}

#[test]
fn numbers_that_some_programs_do_not_take_are_refused() {
    let free = |number: u64| {
        let table = format!("{TABLE}{number} 1\n0000000000 00000 f \n");
        fault(&by_hand(OBJECT, &table, &END.replace("/Size 5", &format!("/Size {}", number + 1))))
    };
    assert_eq!(free(1_000_000), "");
    for number in [1_000_001, 4_194_304, 2_147_483_647, 4_294_967_295, 4_294_967_296] {
        assert!(free(number).contains("demasiado altos"), "{number}");
    }
    assert_ne!(fault(&by_hand(&OBJECT.replace("2 0 R", "1000001 0 R"), TABLE, END)), "");
}

/// A program that rebuilds the table finds them there.
#[test]
fn an_update_has_no_objects_inside_of_others() {
    let with = |value: &str| {
        let object = OBJECT.replace("/Type/Catalog", &format!("/Type/Catalog/X {value}"));
        fault(&by_hand(&object, TABLE, END))
    };
    let honest = "(2 3 objetivos: 100 0objetos; obj endob 4 R)";
    for (value, hidden) in [
        (honest, false),
        ("(4 0 obj)", true),
        ("(\n4\n0\tobj<<>>)", true),
        ("(4 0obj)", true),
        ("(x endobj)", true),
        ("(x endstream)", true),
        ("(startxref 9)", true),
    ] {
        assert_eq!(with(value).contains("esconde objetos"), hidden, "{value}");
    }
    let file = |objects: &[&str]| fault(&file(objects));
    assert_eq!(file(&["1 0 obj\n(4 0 obj endobj)\nendobj\n"]), "", "the first revision is what everybody saw");
}

#[test]
fn an_update_says_itself_how_long_its_streams_are() {
    let with = |length: &str| {
        let object = format!("1 0 obj\n<</Length {length}>>\nstream\nq Q\nendstream\nendobj\n");
        let last = object.len();
        let object = format!("{object}4 0 obj\n3\nendobj\n");
        let file = by_hand(&object, &format!("{TABLE}4 1\nPLACE 00000 n \n"), END);
        let at = small().len() + 1 + last;
        self::with(&file, "PLACE", &format!("{at:010}"))
    };
    assert_eq!(fault(&with("3")), "");
    assert!(fault(&with("4 0 R")).contains("no dice cuánto mide"));
    let first = ["1 0 obj\n<</Length 2 0 R>>\nstream\nq Q\nendstream\nendobj\n", "2 0 obj\n3\nendobj\n"];
    assert_eq!(fault(&self::file(&first)), "");
}

#[test]
fn what_stands_too_deep_is_refused_and_does_not_overflow() {
    let deep = format!("1 0 obj\n{}{}\nendobj\n", "[".repeat(100_000), "]".repeat(100_000));
    assert!(fault(&file(&[&deep])).contains("demasiados niveles"));
}

fn packed(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// A file whose objects and references are compressed, as other programs write them: the references by rows with PNG's `Up`.
fn compressed() -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let stream = |dictionary: &str, data: &[u8]| {
        let data = packed(data);
        let head = format!("<<{dictionary}/Filter/FlateDecode/Length {}>>\nstream\n", data.len());
        [head.as_bytes(), &data, b"\nendstream\nendobj\n"].concat()
    };
    let objects = "1 0 2 20 <</Pages 2 0 R>>   <</Kids[]>>";
    let pack = bytes.len();
    bytes.extend(b"3 0 obj\n");
    bytes.extend(stream("/Type/ObjStm/N 2/First 9", objects.replace("1 0 2 20 ", "1 0 2 19 ").as_bytes()));
    let table = bytes.len();
    let mut rows = Vec::new();
    let mut above = [0_u8; 4];
    let byte = |at: usize| u8::try_from(at).unwrap();
    for row in [[0, 0, 0, 255], [2, 0, 3, 0], [2, 0, 3, 1], [1, 0, byte(pack), 0], [1, 0, byte(table), 0]] {
        rows.push(2);
        rows.extend(row.iter().zip(above).map(|(byte, up)| byte.wrapping_sub(up)));
        above = row;
    }
    bytes.extend(b"4 0 obj\n");
    bytes.extend(stream("/Type/XRef/Size 5/W[1 2 1]/Root 1 0 R/DecodeParms<</Predictor 12/Columns 4>>", &rows));
    bytes.extend(format!("startxref\n{table}\n%%EOF\n").bytes());
    bytes
}

#[test]
fn compressed_references_and_objects_are_read() {
    let bytes = compressed();
    let file = File::read(&bytes).unwrap();
    assert!(!file.revisions()[0].classic);
    let (id, catalog) = file.now().catalog().unwrap();
    assert_eq!((id, file.now().dictionary(catalog, "Pages").unwrap().iter().count()), (Id::new(1), 1));
    assert!(Update::new(&file).finish().is_err(), "an update has the form of what it continues");
}

#[test]
fn a_table_that_is_a_stream_is_no_object_of_the_document() {
    let used = |reference: &str| {
        let mut bytes = b"%PDF-1.7\n1 0 obj\n<</Pages ".to_vec();
        bytes.extend(format!("{reference}>>\nendobj\n").bytes());
        let table = bytes.len();
        let rows = [[0, 0, 255], [1, 9, 0], [1, u8::try_from(table).unwrap(), 0]].concat();
        bytes.extend(b"2 0 obj\n<</Type/XRef/Size 3/W[1 1 1]/Root 1 0 R/Length 9>>\nstream\n");
        bytes.extend(&rows);
        bytes.extend(format!("\nendstream\nendobj\nstartxref\n{table}\n%%EOF\n").bytes());
        fault(&bytes)
    };
    assert_eq!(used("1 0 R"), "");
    assert!(used("2 0 R").contains("usa como objeto una tabla"));
}

#[test]
fn texts_for_people_are_read_in_each_of_their_encodings() {
    let text = |bytes: &[u8]| Object::Text(bytes.to_vec()).as_text().unwrap();
    assert_eq!(text(b"Acci\xF3n 2024 \x85 II"), "Acción 2024 – II");
    assert_eq!(text(b"\xFE\xFF\0A\x01\x41"), "AŁ");
    assert_eq!(text(b"\xEF\xBB\xBFA\xC3\xB1o"), "Año");
    for written in ["Elaboró", "plain", "(¡ya!)", "𝄞"] {
        assert_eq!(Object::text(written).as_text().unwrap(), written);
    }
}

/// A file with so many updates more, each of which says anew what its object 9 is: the number of the update, from 0.
fn renewed(mut bytes: Vec<u8>, times: usize) -> Vec<u8> {
    let mut previous = File::read(&bytes).unwrap().revisions()[0].table;
    bytes.push(b'\n');
    for update in 0..times {
        let object = bytes.len();
        bytes.extend(format!("9 0 obj\n{update}\nendobj\n").bytes());
        let table = bytes.len();
        let trailer = format!("trailer\n<</Size 10/Root 1 0 R/Prev {previous}>>\nstartxref\n{table}\n%%EOF\n");
        bytes.extend(format!("xref\n9 1\n{object:010} 00000 n \n{trailer}").bytes());
        previous = table;
    }
    bytes
}

#[test]
fn of_hundreds_of_revisions_each_is_still_what_it_was() {
    let bytes = renewed(small(), 300);
    let file = File::read(&bytes).unwrap();
    assert_eq!(file.as_of(1).get(Id::new(9)), None);
    for update in 0..300_u16 {
        let value = &file.as_of(usize::from(update) + 2).get(Id::new(9)).unwrap().value;
        assert_eq!(value, &Object::Integer(i64::from(update)));
    }
    assert_eq!((file.referred(2), file.referred(9)), (Some(0), None));
}

#[test]
fn more_than_can_be_looked_at_in_time_is_refused() {
    assert!(fault(&renewed(small(), 500)).contains("demasiadas revisiones"));
    let references = format!("1 0 obj\n[{}]\nendobj\n", "1 0 R ".repeat(200_000));
    assert_eq!(fault(&renewed(file(&[&references]), 1)), "");
    assert!(fault(&renewed(file(&[&references]), 200)).contains("demasiados objetos para tantas revisiones"));
    let numbers = format!("1 0 obj\n[{}]\nendobj\n", "0 ".repeat(1_600_000));
    assert_eq!(fault(&renewed(file(&[&numbers]), 1)), "");
    assert!(fault(&renewed(file(&[&numbers]), 200)).contains("demasiados objetos para tantas revisiones"));
}

#[test]
fn what_unpacks_to_far_more_than_it_is_is_refused() {
    let bomb = packed(&vec![b' '; 17 << 20]);
    let mut bytes = b"%PDF-1.7\n1 0 obj\n".to_vec();
    bytes.extend(format!("<</Type/ObjStm/N 0/First 0/Filter/FlateDecode/Length {}>>\nstream\n", bomb.len()).bytes());
    bytes.extend(&bomb);
    bytes.extend(b"\nendstream\nendobj\n");
    let table = bytes.len();
    bytes.extend(format!("xref\n1 1\n0000000009 00000 n \ntrailer\n<</Size 2>>\nstartxref\n{table}\n%%EOF\n").bytes());
    assert!(fault(&bytes).contains("demasiado grandes"));
}

/// What programs read in different ways: some cut long numbers, some take the first of two parameters, some none.
#[test]
fn numbers_and_compression_that_can_be_misread_are_refused() {
    let object = |text: &str| fault(&file(&[&format!("1 0 obj\n{text}\nendobj\n")]));
    assert_eq!(object("[1 0 R 10 -1 +1 0.5]"), "");
    assert!(object("[0001 0 R]").contains("no es ningún objeto"));
    assert!(object(&"0".repeat(300)).contains("demasiado largo"));
    assert!(object(&format!("/{}", "A".repeat(300))).contains("demasiado largo"));
    let unpacked = |entries: &str| {
        let data = packed(&[2, b'a', b'b', 2, 1, 1]);
        let text = format!("<</Filter/FlateDecode{entries}>>");
        let dictionary = Reader::new(text.as_bytes(), 0).object().unwrap();
        super::unpack::unpack(dictionary.as_dictionary().unwrap(), &data, 100)
    };
    assert_eq!(unpacked("/DecodeParms<</Predictor 12/Columns 2>>").as_deref(), Some(b"abbc".as_slice()));
    for misread in [
        "/DecodeParms<</Predictor 12/Columns 1/Colors 2>>",
        "/DecodeParms<</Predictor 12/Columns 4/BitsPerComponent 4>>",
        "/DecodeParms<</Predictor 12.0/Columns 2>>",
        "/DecodeParms<</Predictor 12/Columns 9223372036854775807>>",
        "/DecodeParms<</Predictor 1 0 R/Columns 2>>",
        "/DecodeParms 1 0 R",
        "/DecodeParms[null <</Predictor 12/Columns 2>>]",
        "/DecodeParms[<</Predictor 12/Columns 2>>]",
        "/F(otro)",
    ] {
        assert_eq!(unpacked(misread), None, "{misread}");
    }
}

fn objects() -> impl Strategy<Value = Object> {
    let number = (-999_i64..999, 0_u32..9999).prop_map(|(whole, part)| Object::Real(format!("{whole}.{part:04}")));
    let leaf = prop_oneof![
        Just(Object::Null),
        any::<bool>().prop_map(Object::Boolean),
        any::<i64>().prop_map(Object::Integer),
        number,
        // A name has no byte 0 (7.3.5).
        prop::collection::vec(1_u8.., 0..9).prop_map(Object::Name),
        prop::collection::vec(any::<u8>(), 0..30).prop_map(Object::Text),
        (1_u32..1_000_000).prop_map(|number| Object::Reference(Id::new(number))),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let entries = prop::collection::btree_map("[A-Z][a-z]{0,5}", inner.clone(), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Object::Array),
            entries.prop_map(|entries| {
                let mut dictionary = Dictionary::default();
                for (key, value) in entries {
                    dictionary.set(&key, value);
                }
                Object::Dictionary(dictionary)
            }),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(object in objects()) {
        let mut bytes = Vec::new();
        write_object(&mut bytes, &object);
        let mut reader = Reader::new(&bytes, 0);
        prop_assert_eq!(reader.object().unwrap(), object);
        prop_assert_eq!(reader.at, bytes.len());
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Reader::new(&bytes, 0).object();
        let _ = File::read(&[b"%PDF-1.7\n", bytes.as_slice()].concat());
    }

    #[test]
    fn no_damage_to_a_file_makes_the_reader_panic(at in 0_usize..500, byte: u8, compress: bool) {
        let mut bytes = if compress { compressed() } else { updated(&small()) };
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = File::read(&bytes);
    }
}

#[test]
fn a_name_has_no_signs_that_some_programs_take_for_white_space() {
    let named = |byte: u8| {
        let mut object = b"1 0 obj\n<</A".to_vec();
        object.extend([byte, b'B']);
        object.extend(b" 1>>\nendobj\n");
        Reader::new(&object, 0).indirect(&|_| None).map(|_| ()).map_err(|fault| fault.what)
    };
    assert_eq!(named(b'x'), Ok(()));
    for byte in [0x01, 0x0B, 0x7F, 0x80, 0xA0, 0xC3, 0xFF] {
        assert_eq!(named(byte), Err("un nombre tiene signos que deben ir detrás de «#»".into()), "{byte:#04x}");
    }
}
