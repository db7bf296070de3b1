//! Drawings written by hand: what stays in its box, and what some program would let out or stumble over.

use std::cell::Cell;

use super::is_drawing;
use crate::pdf::{File, Id};
use crate::verify::tests::file;

/// From black to white.
const BLEND: &str = "<</FunctionType 2/Domain[0 1]/C0[0]/C1[1]/N 1>>";
/// Glyphs by their numbers in the font.
const IDENTITY: &str = "<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>";

/// A stream, of which these are the entries besides its length.
fn stream(entries: &str, data: &str) -> String {
    format!("<<{entries}/Length {}>>stream\n{data}\nendstream", data.len())
}

fn form(resources: &str, contents: &str) -> String {
    stream(&format!("/Subtype/Form/BBox[0 0 120 40]/Resources<<{resources}>>"), contents)
}

/// What is left of a budget after looking at the drawing that is object 2, with the others from 3 on; `None` if it is none.
fn left_of(budget: usize, objects: &[String]) -> Option<usize> {
    let all: Vec<&str> = std::iter::once("<</Type/Catalog>>").chain(objects.iter().map(String::as_str)).collect();
    let bytes = file(&all);
    let file = File::read(&bytes).expect("a file");
    let budget = Cell::new(budget);
    let is_new = |id: Id| id.number > 1;
    is_drawing(file.now(), file.now().get(Id::new(2))?, is_new, &budget).then_some(budget.get())
}

fn draws(objects: &[String]) -> bool {
    left_of(1 << 30, objects).is_some()
}

/// Whether a drawing may have these resources; the parts that they refer to are objects 3 and so on.
fn has(resources: &str, parts: &[String]) -> bool {
    draws(&[&[form(resources, "")], parts].concat())
}

#[track_caller]
fn each_is(expected: bool, cases: &[&str], holds: impl Fn(&str) -> bool) {
    for case in cases {
        assert_eq!(holds(case), expected, "{case}");
    }
}

#[test]
fn contents_draw_and_leave_all_as_they_found_it() {
    let contents = |contents: &str| draws(&[form("", contents)]);
    each_is(
        true,
        &[
            "",
            "% nada",
            "0 0 9 9 re W n 1 0 0 rg 0 0 m 9 0 l h f*",
            "q 1 0 0 1 0 0 cm 0 0 9 9 re f Q",
            "/Tx BMC q BT 0 Tr () Tj ET Q EMC",
            "/Span <</Lang (es)>> BDC EMC",
            "[] 0 d [3 0] 0 d",
            "/DeviceRGB cs 1 0 0 sc /Pattern CS",
            "0.5 w 2 J 1 j 3 Tr",
        ],
        contents,
    );
    each_is(
        false,
        &[
            "Q 0 0 900 900 re f",
            "q Q Q 0 0 900 900 re f q",
            "q",
            "BT Q ET",
            "BT q ET",
            "BT BT ET",
            "BT 1 0 0 1 0 0 cm ET",
            "BT 0 0 9 9 re f ET",
            "BT f ET",
            "(A) Tj",
            "5 5 Td",
            "BT ET [(A)] TJ",
            "BT",
            "ET",
            "EMC",
            "/OC <<>> BDC EMC",
            "/P <</MCID 0>> BDC EMC",
            "/OC /capa BDC EMC",
            "0 0 1 1 re W",
            "W",
            "W* n",
            "0 0 1 1 re W 0 0 9 9 re f",
            "-9000 -9000 18000 18000 re",
            "q 0 0 m 9 9 l Q",
            "0 0 m BT ET n",
            "BI /W 1 /H 1 /BPC 8 /CS /G ID x EI",
            "0 0 d0",
            "BX EX",
            "algo",
            "(",
        ],
        contents,
    );
}

#[test]
fn an_operator_takes_what_it_takes_and_no_more() {
    let contents = |contents: &str| draws(&[form("/XObject<</a 3 0 R/b 3 0 R>>", contents), form("", "")]);
    each_is(true, &["/a Do", "1 0 0 1 0 0 cm", "1 g", "BT [() -3 ()] TJ ET", "0.1 0.2 0.3 0.4 scn"], contents);
    each_is(
        false,
        &[
            "/a /b Do",
            "Do",
            "1 Do",
            "9 1 0 0 1 0 0 cm",
            "0 0 1 0 0 cm",
            "(1) g",
            "1 1 g",
            "BT [/a] TJ ET",
            "BT [1] Tj ET",
            "9",
            "/a 1 scn",
            "scn",
            "0 0 0 0 0 scn",
            "[0] 0 d",
            "[0.01 0.02] 0 d",
            "[-1 3] 0 d",
            "[3] 99999 d",
            "-1 w",
            "3 J",
            "7 Tr",
            "0 0 m 200000 0 l n",
            "1 0 0 0 0 0 cm",
            "100 0 0 100 0 0 cm 1000 0 0 1000 0 0 cm",
            "BT 1 1 1 1 0 0 Tm ET",
        ],
        contents,
    );
}

#[test]
fn a_name_is_that_of_a_resource_of_its_own() {
    let inner = |resources: &str| {
        let outer = form("/XObject<</x 3 0 R>>/ExtGState<</g<</ca 1>>>>", "/x Do");
        draws(&[outer, form(resources, "/g gs")])
    };
    assert!(inner("/ExtGState<</g<</ca 1>>>>"));
    assert!(!inner(""), "who draws has one of that name");
    each_is(false, &["/f 9 Tf", "/s sh", "/x Do", "/g gs", "/c cs", "/p scn"], |contents| draws(&[form("", contents)]));
}

#[test]
fn what_a_form_draws_counts_as_often_as_it_is_drawn() {
    // Each draws the next one so many times.
    let nested = |depth: usize, times: usize| {
        let outer = |next: usize| form(&format!("/XObject<</x {} 0 R>>", next + 3), &"/x Do ".repeat(times));
        let forms: Vec<String> = (0..depth - 1).map(outer).chain([form("", &"q Q ".repeat(10))]).collect();
        draws(&forms)
    };
    assert!(nested(8, 1));
    assert!(!nested(9, 1), "deeper than all programs go");
    assert!(nested(7, 3));
    assert!(!nested(7, 10), "a million times");
    let (small, large) = ("q Q ".repeat(1_000), "q Q ".repeat(600_000));
    assert!(draws(&[form("", &small)]));
    assert!(!draws(&[form("", &large)]));
}

/// What takes far longer than its bytes are many: some programs never end, and others leave out the rest of the page.
#[test]
fn a_drawing_is_no_more_work_than_one_is() {
    const FONT: &str = "/Subtype/Type1/FirstChar 65/LastChar 65/Widths[0]";
    let parts = [
        stream("/Subtype/Form/BBox[0 0 9 9]/Group<</S/Transparency>>", ""),
        stream("/Subtype/Image/Width 5000/Height 5000/BitsPerComponent 8/ColorSpace/DeviceGray", ""),
        stream("/Subtype/Image/Width 9/Height 9/BitsPerComponent 8/ColorSpace/DeviceGray/SMask 4 0 R", ""),
    ];
    let gradient = format!("<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 9 9]/Function {BLEND}>>");
    let resources = format!(
        "/XObject<</group 3 0 R/image 4 0 R/masked 5 0 R>>/Shading<</s {gradient}>>\
         /Pattern<</p<</PatternType 2/Shading {gradient}>>>>/Font<</f<<{FONT}>>>>/ExtGState<</g<</D[[0.1] 0]>>>>"
    );
    let times = |before: &str, what: &str, count: usize| {
        draws(&[&[form(&resources, &format!("{before} {}", what.repeat(count)))], parts.as_slice()].concat())
    };
    for (before, what, most) in [
        ("", "/group Do ", 120),
        ("", "/image Do ", 2),
        ("", "/masked Do ", 2),
        ("", "/s sh ", 480),
        ("/p scn", "0 0 9 9 re f ", 480),
        ("/p scn /f 9 Tf", "BT (AAAAAAAAAA) Tj ET ", 48),
        ("/f 9 Tf", "BT (AAAAAAAAAA) Tj ET ", 900),
        ("", "0 0 9 9 re W n ", 100),
        ("", "0 0 9 9 re f ", 13_000),
        ("[0.1] 0 d", "0 0 m 9000 0 l S ", 11),
        ("[0.1] 0 d", "0 0 4500 0 re S ", 11),
        ("[0.1] 0 d", "0 0 m 4500 0 l s ", 11),
        ("/g gs", "0 0 m 9000 0 l S ", 11),
    ] {
        assert!(times(before, what, most), "{what}");
        assert!(!times(before, what, most + most / 10 + 1), "{what}");
    }
    assert!(times("", "0 0 9 9 re f ", 10_000), "in no gradient");
    assert!(times("", "q 0 0 9 9 re W n Q ", 900), "one at a time");
    assert!(times("", "0 0 m 9000 0 l S ", 1_000), "without dashes");
}

#[test]
fn what_it_takes_to_look_comes_off_the_budget() {
    let names: Vec<String> = (0..90).map(|number| format!("/x{number} 3 0 R")).collect();
    let drawing = [form(&format!("/XObject<<{}>>", names.concat()), ""), form("", &"q Q ".repeat(1_000))];
    let left = left_of(20_000, &drawing).expect("read once, whatever its names");
    assert!(left > 10_000, "{left}");
    assert_eq!(left_of(20_000 - left - 1, &drawing), None);
    assert_eq!(left_of(20_000 - left, &drawing), Some(0));
    let font = |bytes: usize| {
        left_of(10_000, &[form("/Font<</f<</Subtype/Type1/ToUnicode 3 0 R>>>>", ""), stream("", &" ".repeat(bytes))])
    };
    assert!(font(9_000).is_some() && font(10_000).is_none(), "and so does a part that is no drawing");
}

#[test]
fn a_drawing_has_nothing_in_it_that_reaches_beyond() {
    each_is(
        true,
        &["/ProcSet[/PDF]", "/ExtGState<</g<</ca 0.5/BM/Normal/D[[3] 0]>>>>", "/XObject<</x 3 0 R>>"],
        |resources| has(resources, &[form("", "q Q")]),
    );
    each_is(
        false,
        &[
            "/ExtGState<</g<</BM/Multiply>>>>",
            "/ExtGState<</g<</SMask<</TR/Identity>>>>>>",
            "/ExtGState<</g<</SMask<</S/Alpha/G 3 0 R>>>>>>",
            "/ExtGState<</g<</TR/Identity>>>>",
            "/ExtGState<</g<</ca 2>>>>",
            "/ExtGState<</g<</D[[0] 0]>>>>",
            "/Properties<</c<</Type/OCG>>>>",
            "/XObject<</x 1 0 R>>",
        ],
        |resources| has(resources, &[form("", "q Q")]),
    );
    let inner = |entries: &str| stream(&format!("/BBox[0 0 120 40]{entries}"), "");
    each_is(true, &["/Subtype/Form", "/Subtype/Form/Group<</S/Transparency/CS/DeviceRGB/K true>>"], |entries| {
        has("/XObject<</x 3 0 R>>", &[inner(entries)])
    });
    each_is(
        false,
        &[
            "/Subtype/PS",
            "/Subtype/Form/OC<<>>",
            "/Subtype/Form/Group<</S/Transparency/CS/Otro>>",
            "/Subtype/Form/Ref<<>>",
        ],
        |entries| has("/XObject<</x 3 0 R>>", &[inner(entries)]),
    );
    let masked = |group: &str| has("/ExtGState<</g<</SMask<</S/Luminosity/G 3 0 R>>>>>>", &[inner(group)]);
    assert!(masked("/Subtype/Form/Group<</S/Transparency/CS/DeviceGray>>"));
    assert!(!has("/XObject<</x 3 0 R>>", &[form("", "Q")]), "a form in a form");
}

#[test]
fn nothing_is_a_part_of_itself() {
    let loops = "/XObject<</x 2 0 R>>";
    assert!(!has(loops, &[]));
    assert!(!has("/ColorSpace<</c 3 0 R>>", &["[/Indexed 3 0 R 1 (abcdef)]".into()]));
    let forms = [form("/XObject<</x 4 0 R>>", "/x Do"), form("/XObject<</x 3 0 R>>", "/x Do")];
    assert!(!has("/XObject<</x 3 0 R>>", &forms));
}

#[test]
fn fonts_are_of_outlines_and_no_programs() {
    let undescribed = |descendant: &str| {
        format!("/Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</CIDSystemInfo {IDENTITY}{descendant}>>]")
    };
    let composite = |descendant: &str| undescribed(&format!("/FontDescriptor<<>>{descendant}"));
    let of_other = |encoding: &str, collection: &str| {
        let descendant = format!("/Subtype/CIDFontType2/FontDescriptor<<>>/CIDSystemInfo {collection}");
        format!("/Subtype/Type0/Encoding{encoding}/DescendantFonts[<<{descendant}>>]")
    };
    let font = |entries: &str| {
        has(&format!("/Font<</f<<{entries}>>>>"), &[stream("/Type/CMap", ""), stream("/UseCMap/H", "")])
    };
    each_is(
        true,
        &[
            "/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding",
            "/Subtype/TrueType/ToUnicode 3 0 R/FontDescriptor<</FontFile2 3 0 R/CIDSet 3 0 R>>/Encoding<</Differences[65/A]>>",
            "/Subtype/Type1/Encoding/MacRomanEncoding/FontDescriptor<</Flags 32/FontBBox[0 0 9 9]/Ascent 9>>",
            &composite("/Subtype/CIDFontType2/CIDToGIDMap/Identity"),
            &composite("/Subtype/CIDFontType2/CIDToGIDMap 3 0 R/DW 500/W[1[500 600]4 9 700]"),
            &of_other("/Identity-H", IDENTITY),
        ],
        font,
    );
    each_is(
        false,
        &[
            "/Subtype/Type3",
            "/Subtype/Type1/CharProcs<<>>",
            "/Subtype/Type1/FontDescriptor<</FontFile 3 0 R>>",
            "/Subtype/TrueType/ToUnicode 4 0 R",
            "/Subtype/Type1/Encoding/OtraEncoding",
            "/Subtype/Type1/Encoding<</Differences[300/A]>>",
            "/Subtype/Type1/Encoding<</Otro 1>>",
            "/Subtype/Type1/FontDescriptor<</Ascent/Alto>>",
            "/Subtype/Type1/FontDescriptor<</FontBBox[0 0 9]>>",
            "/Subtype/Type1/FontDescriptor 3",
            "/Subtype/Type0/Encoding/Identity-H/DescendantFonts[]",
            &of_other(" 3 0 R", IDENTITY),
            &of_other("/Identity-V", IDENTITY),
            &of_other("/UniCNS-UCS2-H", IDENTITY),
            &of_other("/Identity-H", "<<>>"),
            &of_other("/Identity-H", "<</Registry/Adobe/Ordering/Identity/Supplement 0>>"),
            &composite("/Subtype/CIDFontType2/CIDToGIDMap/Otro"),
            &composite("/Subtype/CIDFontType2/DW2[880]"),
            &composite("/Subtype/CIDFontType2/W2[]"),
            &composite("/Subtype/CIDFontType2/W[1[500 600]2[700]]"),
            &composite("/Subtype/CIDFontType2/W[5 5 500 4 4 500]"),
            &composite("/Subtype/CIDFontType2/W[5 4 500]"),
            "/Subtype/Type1/FirstChar 65/LastChar 65/Widths[(a)]",
            "/Subtype/Type1/FirstChar -1/LastChar 0/Widths[500 500]",
            &composite("/Subtype/CIDFontType2/W[1]"),
            &composite("/Subtype/CIDFontType2/W[1 99999 500]"),
            &composite("/Subtype/CIDFontType2/W[0 65535 500 0 65535 500]"),
            &composite("/Subtype/Type3"),
            &undescribed("/Subtype/CIDFontType0/FontDescriptor<</FontFile 3 0 R>>"),
            &undescribed("/Subtype/CIDFontType2"),
            &composite("/Subtype/CIDFontType2/DW 500.5"),
        ],
        font,
    );
}

/// Where programs know another width, each shows what comes after in another place.
#[test]
fn text_is_in_fonts_whose_widths_all_programs_know() {
    let shows = |font: &str, text: &str| {
        let resources = format!("/Font<</f<<{font}>>>>");
        draws(&[form(&resources, &format!("BT /f 10 Tf 5 5 Td {text} Tj ET")), stream("", "x")])
    };
    let composite = format!(
        "/Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</Subtype/CIDFontType2/CIDSystemInfo {IDENTITY}/FontDescriptor<<>>/W[1[500]]>>]"
    );
    let courier = |missing: &str| {
        let told = "/Subtype/Type1/BaseFont/Courier/FirstChar 32/LastChar 32/Widths[600]";
        format!("{told}/FontDescriptor<</MissingWidth {missing}>>")
    };
    for (font, text) in [
        ("/Subtype/Type1/BaseFont/Helvetica", "(Ana)"),
        ("/Subtype/Type1/BaseFont/Times-Italic/Encoding/WinAnsiEncoding", "(Mar\\355a)"),
        ("/Subtype/TrueType/FirstChar 65/LastChar 66/Widths[500 600]", "(ABBA)"),
        (&courier("600"), "(Ana Rojas)"),
        ("/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[65/B 67/D/E]>>", "(Bello)"),
        ("/Subtype/Type1/BaseFont/Helvetica/Encoding<</BaseEncoding/WinAnsiEncoding>>", "(Mar\\355a)"),
        (&composite, "<00010002>"),
    ] {
        assert!(shows(font, text), "{font}");
        assert!(shows(font, "()"), "{font}");
    }
    for (font, text) in [
        ("/Subtype/TrueType/BaseFont/Helvetica", "(Ana)"),
        ("/Subtype/Type1/BaseFont/Otra", "(Ana)"),
        ("/Subtype/Type1/BaseFont/Helvetica", "(Mar\\355a)"),
        ("/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[65/B 67/D/E]>>", "(A)"),
        ("/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[65/B 67/D/E]>>", "(D)"),
        ("/Subtype/Type1/BaseFont/Helvetica/Encoding<</BaseEncoding/MacRomanEncoding>>", "(\\355)"),
        ("/Subtype/Type1/BaseFont/Helvetica/FontDescriptor<</FontFile3 3 0 R>>", "(A)"),
        ("/Subtype/TrueType/FirstChar 66/LastChar 66/Widths[500]", "(A)"),
        (&courier("500"), "(Ana)"),
        ("/Subtype/Type1/BaseFont/Helvetica/FontDescriptor<</MissingWidth 500>>", "(Ana)"),
        (&composite, "<000100>"),
    ] {
        assert!(!shows(font, text), "{font}");
        assert!(shows(font, "()"), "{font}");
    }
    for widths in [
        "/FirstChar 65/LastChar 65/Widths[500 600]",
        "/FirstChar 65/LastChar 66/Widths[500]",
        "/FirstChar 65/Widths[500]",
        "/FirstChar 65/LastChar 64/Widths[]",
        "/LastChar 65/Widths[500]",
        "/FirstChar 65/LastChar 65",
        "/Widths[500]",
        "/FirstChar 65/LastChar 65/Widths[/A]",
    ] {
        assert!(!shows(&format!("/Subtype/Type1/BaseFont/Helvetica{widths}"), "()"), "{widths}");
    }
}

#[test]
fn text_stands_in_the_box() {
    let fonts = format!(
        "/Font<</f<</Subtype/Type1/BaseFont/Helvetica>>/w<</Subtype/Type1/FirstChar 65/LastChar 68/Widths[500 90000 -90000 0.9]>>\
        /d<</Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</Subtype/CIDFontType2/CIDSystemInfo {IDENTITY}\
        /FontDescriptor<<>>/DW 500/W[1[700 90000] 7 9 90000]>>]>>>>"
    );
    let shows = |contents: &str| draws(&[form(&fonts, contents)]);
    let text = |text: &str| shows(&format!("BT {text} ET"));
    each_is(
        true,
        &[
            "/f 10 Tf 5 5 Td (Firmado por) Tj 0 10 Td (Ana) Tj",
            "/f 10 Tf 12 TL 1 0 0 1 5 30 Tm (Firmado por) Tj T* (Ana) Tj (Rojas) '",
            "/f 10 Tf -5 -1 Td (A) Tj",
            "/f 10 Tf 1500 0 Td -1495 5 Td (A) Tj",
            "/f 10 Tf 5 5 Td [(A)-2000(n)500(a)] TJ 0 0 (b) \"",
            "/f 10 Tf -500 300 Td () Tj 505 -295 Td (Ana) Tj",
            "/w 10 Tf 5 5 Td (AAA) Tj",
            &format!("/w 10 Tf 5 5 Td ({}) Tj (A) Tj", "D".repeat(900)),
            &format!("/w 10 Tf 5 5 Td {} (A) Tj", "(DDDDDDDD) Tj 0 0 Td ".repeat(900)),
            &format!("/f 10 Tf 5 5 Td {}", "0 0 Td (A) Tj ".repeat(3_000)),
            "/f 10 Tf 5 5 Td (q Q) Tj",
            "/d 10 Tf 5 5 Td <000100000001> Tj",
        ],
        text,
    );
    each_is(
        false,
        &[
            "/f 10 Tf -500 300 Td (A) Tj",
            "3 Tr /f 10 Tf 5 300 Td (A) Tj",
            "/f 10 Tf 1 0 0 1 5 -90 Tm (A) Tj",
            "/f 10 Tf 5 5 Td (Firmado digitalmente por Ana) Tj",
            "/f 10 Tf 0 1 -1 0 5 5 Tm (Firmado por) Tj",
            "/f 10 Tf 5 5 Td [(A)-20000(B)] TJ",
            "/f 10 Tf 300 TL 5 5 Td (A) Tj (B) '",
            "/f 10 Tf 5 5 Td (A) Tj 0 300 TD (B) Tj",
            "/f 10 Tf 5 5 Td (A) Tj 300 Ts (B) Tj",
            "/f 10 Tf 5 5 Td 300 Tc (AB) Tj",
            "/f 10 Tf 5 5 Td 300 Tw (A B) Tj",
            "/f 10 Tf 5 5 Td 9000 Tz (AB) Tj",
            "/f 10 Tf 5 5 Td 300 0 (A B) \"",
            "/f 10 Tf 99999999999999999999 0 0 1 99999999999999999999 0 Tm (A) Tj",
            "/f 10 Tf -8 5 Td (A) Tj",
            "/f 10 Tf 5 -3 Td (A) Tj",
            "/f 90 Tf 5 5 Td (I) Tj",
            "/f 10 Tf -1 0 0 1 5 5 Tm (AA) Tj",
            "/f 10 Tf 3000 0 Td -2995 5 Td (A) Tj",
            "/w 10 Tf 5 5 Td (AB) Tj",
            "/w 10 Tf 5 5 Td (BA) Tj",
            "/w 10 Tf 5 5 Td (CA) Tj",
            "/d 10 Tf 5 5 Td <00010002> Tj",
            "/d 10 Tf 5 5 Td <00020000> Tj",
            "/d 10 Tf 5 5 Td <00080000> Tj",
            "5 5 Td (A) Tj",
            &format!("/w 10 Tf 5 5 Td ({}) Tj (A) Tj", "D".repeat(8_000)),
            &format!("/f 10 Tf 5 5 Td {}", "0 0 Td (A) Tj ".repeat(6_000)),
        ],
        text,
    );
    let turned = format!("/Subtype/Form/BBox[120 40 0 0]/Resources<<{fonts}>>");
    assert!(draws(&[stream(&turned, "BT /f 10 Tf 5 5 Td (Firmado por) Tj ET")]), "corners in another order");
    assert!(!draws(&[stream(&turned, "BT /f 10 Tf 5 90 Td (Firmado por) Tj ET")]));
    let of_size = |corners: &str| draws(&[stream(&format!("/Subtype/Form/BBox[{corners}]"), "")]);
    each_is(true, &["0 0 5 5", "9 0 0 9"], of_size);
    each_is(false, &["0 0 4.9 100", "0 0 100 4.9", "0 0 0 0"], of_size);
    assert!(shows("q 1 0 0 1 0 300 cm Q BT /f 10 Tf (A) Tj ET"));
    assert!(!shows("1 0 0 1 0 300 cm BT /f 10 Tf (A) Tj ET"));
    let nested = |contents: &str| {
        let masked = "/ExtGState<</g<</SMask<</S/Alpha/G 4 0 R>>>>>>";
        let group = format!("/Subtype/Form/Group<</S/Transparency>>/BBox[0 0 9 9]/Resources<<{fonts}>>");
        let inner = [form(&fonts, "BT /f 10 Tf (A) Tj ET"), stream(&group, "BT /f 10 Tf (A) Tj ET")];
        draws(&[&[form(&format!("/XObject<</x 3 0 R>>{masked}"), contents)], inner.as_slice()].concat())
    };
    each_is(true, &["/x Do", "q 0.1 0 0 0.1 5 5 cm /x Do Q /x Do", "/g gs", "q 300 Ts Q /x Do 300 Ts"], nested);
    each_is(
        false,
        &["q 1 0 0 1 0 300 cm /x Do Q", "1 0 0 1 0 300 cm /g gs", "300 Ts /x Do", "9 TL /x Do", "50 Tz /g gs"],
        nested,
    );
}

#[test]
fn colours_are_of_spaces_that_signers_have() {
    let profiles = [stream("/N 3/Alternate/DeviceRGB", "x"), stream("/N 2", "x"), stream("/N 3/Alternate 3 0 R", "x")];
    let space = |space: &str| has(&format!("/ColorSpace<</c {space}>>"), &profiles);
    each_is(
        true,
        &[
            "/DeviceCMYK",
            "/Pattern",
            "[/ICCBased 3 0 R]",
            "[/CalRGB<</WhitePoint[0.95 1 1.09]/Gamma[2.2 2.2 2.2]>>]",
            "[/Lab<</WhitePoint[0.95 1 1.09]/Range[-100 100 -100 100]>>]",
            "[/Indexed/DeviceRGB 1(abcdef)]",
            "[/Indexed[/ICCBased 3 0 R]0(abc)]",
        ],
        space,
    );
    each_is(
        false,
        &[
            "/Otro",
            "[/Pattern/DeviceRGB]",
            "[/ICCBased 4 0 R]",
            "[/ICCBased 5 0 R]",
            "[/ICCBased 9 0 R]",
            "[/CalRGB<<>>]",
            "[/CalGray<</WhitePoint[0 0 0]>>]",
            "[/Indexed[/Indexed/DeviceRGB 0(abc)]0(a)]",
            "[/Indexed/Pattern 0(abc)]",
            "[/Indexed/DeviceRGB 1(abcde)]",
            "[/Indexed/DeviceRGB 256(abc)]",
            "[/Indexed/DeviceRGB -1(abc)]",
            "[/Separation/Negro/DeviceGray<</FunctionType 2/Domain[0 1]/C0[0]/C1[1]/N 1>>]",
        ],
        space,
    );
}

#[test]
fn gradients_run_along_a_line_or_between_circles() {
    let shading = |entries: &str| {
        let entries = format!("/ColorSpace/DeviceGray/Function {BLEND}{entries}");
        let in_pattern = format!("/Pattern<</p<</PatternType 2/Shading<<{entries}>>>>>>");
        let by_name = has(&format!("/Shading<</s<<{entries}>>>>"), &[]);
        assert_eq!(has(&in_pattern, &[]), by_name, "a pattern of it");
        by_name
    };
    each_is(
        true,
        &["/ShadingType 2/Coords[0 0 9 9]/Extend[true true]", "/ShadingType 3/Coords[0 0 0 5 5 9]/AntiAlias false"],
        shading,
    );
    each_is(
        false,
        &[
            "/ShadingType 3/Coords[0 0 -1 5 5 9]",
            "/ShadingType 3/Coords[0 0 1 5 5 -9]",
            "/ShadingType 3/Coords[0 0 1 5]",
            "/ShadingType 2/Coords[0 0 9 100000]",
            "/ShadingType 2/Coords[0 0 9 9]/Domain[0 1]",
            "/ShadingType 2/Coords[0 0 9 9]/Background[0]",
            "/ShadingType 2/Coords[0 0 9 9]/BBox[0 0 0 0]",
            "/ShadingType 1",
            "/ShadingType 9/Coords[0 0 9 9]",
        ],
        shading,
    );
    let turned = |matrix: &str| {
        let shading = format!("<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 9 9]/Function {BLEND}>>");
        has(&format!("/Pattern<</p<</PatternType 2/Shading {shading}/Matrix {matrix}>>>>"), &[])
    };
    each_is(true, &["[1 0 0 1 0 0]", "[0 1 -1 0 20 20]"], turned);
    each_is(false, &["[0 0 0 0 0 0]", "[1 1 1 1 0 0]", "[1 0 0 1 0]", "[1 0 0 1 0 99999]", "1"], turned);
    each_is(false, &["<</PatternType 1>>", "<</PatternType 2>>", "3 0 R"], |pattern| {
        has(&format!("/Pattern<</p {pattern}>>"), &[form("", "")])
    });
}

#[test]
fn gradients_pass_from_one_colour_to_the_next() {
    let function = |function: &str| {
        let shading = format!("<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 9 9]/Function {function}>>");
        has(&format!("/Shading<</s {shading}>>"), &[stream("/FunctionType 4/Domain[0 1]/Range[0 1]", "{}")])
    };
    let joined = |rest: &str, of: &str| format!("<</FunctionType 3/Domain[0 1]/Functions[{of}]{rest}>>");
    let two = format!("{BLEND}{BLEND}");
    each_is(true, &[BLEND, &joined("/Bounds[0.5]/Encode[0 1 1 0]", &two)], function);
    each_is(
        false,
        &[
            "3 0 R",
            "<</FunctionType 2/Domain[0 1]/C0[0]/C1[1 1]/N 1>>",
            "<</FunctionType 2/Domain[0 1]/C0[0]/C1[1]/N -1>>",
            "<</FunctionType 2/Domain[1 0]/C0[0]/C1[1]/N 1>>",
            "<</FunctionType 2/Domain[0 1]/N 1>>",
            "[]",
            &joined("/Bounds[]/Encode[0 1 0 1]", &two),
            &joined("/Bounds[2]/Encode[0 1 0 1]", &two),
            &joined("/Bounds[(a)]/Encode[0 1 0 1]", &two),
            &joined("/Bounds[0.5]/Encode[0 1]", &two),
            &joined("/Bounds[]/Encode[]", ""),
            &joined("/Bounds[]/Encode[0 1]", &joined("/Bounds[]/Encode[0 1]", BLEND)),
        ],
        function,
    );
}

#[test]
fn images_are_compressed_in_one_step_and_masked_by_others_that_are_not() {
    const PLAIN: &str = "/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray";
    let parts = [
        "/Subtype/Image/Width 1/Height 1/ImageMask true",
        PLAIN,
        &format!("{PLAIN}/SMask 5 0 R"),
        "/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceRGB",
    ];
    let image = |entries: &str| {
        let parts = parts.map(|part| stream(part, "x"));
        has("/XObject<</x 3 0 R>>", &[&[stream(entries, "x")], parts.as_slice()].concat())
    };
    let plain = |entries: &&str| image(&format!("{PLAIN}{entries}"));
    each_is(
        true,
        &[
            "",
            "/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors 3/Columns 9>>",
            "/Decode[1 0]",
            "/Mask[0 0]",
            "/Mask 4 0 R",
            "/SMask 5 0 R",
        ],
        |entries| plain(&entries),
    );
    each_is(
        false,
        &[
            "/Filter/JBIG2Decode",
            "/Filter/DCTDecode",
            "/Filter[/FlateDecode/DCTDecode]",
            "/Filter/FlateDecode/DecodeParms<</Columns -1>>",
            "/Mask 5 0 R",
            "/Mask 6 0 R",
            "/SMask 4 0 R",
            "/SMask 6 0 R",
            "/SMask 7 0 R",
            "/Matte[0]",
            "/OC<<>>",
            "/Alternates[]",
            "/OPI<<>>",
            "/Decode[(a)]",
        ],
        |entries| plain(&entries),
    );
    each_is(
        false,
        &[
            "/Subtype/Image",
            "/Subtype/Image/Width 0/Height 1/ColorSpace/DeviceGray",
            "/Subtype/Image/Width 100000/Height 100000/ColorSpace/DeviceGray",
            "/Subtype/Image/Width 1/Height 1/BitsPerComponent 8",
            "/Subtype/Image/Width 1/Height 1/BitsPerComponent 3/ColorSpace/DeviceGray",
            "/Subtype/Image/Width 1/Height 1/ColorSpace/Pattern",
        ],
        image,
    );
}

#[test]
fn what_text_means_is_letters() {
    let table = |body: &str| {
        let around = ["/CIDInit /ProcSet findresource begin 12 dict begin begincmap ", " endcmap end end"].join(body);
        let font = "/Font<</f<</Subtype/Type1/BaseFont/Helvetica/ToUnicode 3 0 R>>>>";
        draws(&[form(font, ""), stream("", &around)])
    };
    each_is(
        true,
        &[
            "1 begincodespacerange <00> <FF> endcodespacerange 2 beginbfchar <01> <0041> <02> <D83DDE00> endbfchar",
            "1 beginbfrange <0041> <005A> <0041> endbfrange",
            "1 beginbfrange <41> <42> [<0041> <006600660069>] endbfrange",
            "CMapName currentdict /CMap defineresource pop",
        ],
        table,
    );
    each_is(
        false,
        &[
            "1 beginbfchar <01> <000C> endbfchar",
            "1 beginbfchar <01> <0041000A> endbfchar",
            "1 beginbfchar <01> <2028> endbfchar",
            "1 beginbfchar <01> <202E> endbfchar",
            "1 beginbfchar <01> <D800> endbfchar",
            "1 beginbfchar <01> <41> endbfchar",
            "1 beginbfchar <01> endbfchar",
            "1 beginbfrange <20> <9F> <0020> endbfrange",
            "1 beginbfrange <00> <01> [<0041> <000D>] endbfrange",
            "1 beginbfrange <02> <01> <0041> endbfrange",
            "1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange",
            "2 beginbfrange <0000> <FFFE> <4E00> <0000> <FFFE> <4E00> endbfrange",
            "/Otro usecmap",
            "{ (a) } loop",
        ],
        table,
    );
    let said = |words: &str| draws(&[form("", &format!("/Span <</ActualText {words}>> BDC EMC"))]);
    each_is(true, &["(Ana)", "<FEFF00D1>", "()"], said);
    each_is(false, &["(Ana\\nRojas)", "(\\f)", "<FEFF000C>", "<FEFF202E>"], said);
}
