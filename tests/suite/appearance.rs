//! The visible appearance of a signature, put into a real report.

use std::fs;
use std::path::Path;

use chrono::{TimeZone, Utc};
use seguimiento::assets::Assets;
use seguimiento::model::Role;
use seguimiento::pdf::{Dictionary, File, Id, Item, Object, Update, View};
use seguimiento::pipeline::{Desk, Format};
use seguimiento::sign::{Image, Shown, appearance};
use seguimiento::typeset::SignatureJob;
use serde_json::json;
use typst::foundations::Bytes;
use typst::layout::{Frame, FrameItem, Point};

use crate::support::{Workspace, desk};

/// A report with empty signature fields.
fn report(desk: &Desk) -> Vec<u8> {
    let plan = desk.read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("plans/ejemplo-2025"), None);
    let reports = plan.reports();
    let prepared = desk.prepare(&plan, &reports[0], false).unwrap();
    desk.compose(prepared).unwrap().export(Format::Pdf).unwrap().remove(0).bytes
}

/// The widget of a role, and the width and height of its box.
fn field(view: View<'_>, role: Role) -> (Id, &Dictionary, (f64, f64)) {
    let (_, catalog) = view.catalog().unwrap();
    let fields = view.array(view.dictionary(catalog, "AcroForm").unwrap(), "Fields").unwrap();
    let ids = fields.iter().filter_map(Object::as_reference);
    let found = ids.map(|id| (id, view.get(id).unwrap().value.as_dictionary().unwrap()));
    let (id, field) = found.into_iter().find(|(_, field)| field.get("T") == Some(&Object::text(role.name()))).unwrap();
    let corners: Vec<f64> =
        field.get("Rect").unwrap().as_array().unwrap().iter().filter_map(Object::as_number).collect();
    (id, field, (corners[2] - corners[0], corners[3] - corners[1]))
}

/// The report with what is shown in the field of its role.
fn shown_in(pdf: &[u8], desk: &Desk, shown: &Shown<'_>) -> Vec<u8> {
    let file = File::read(pdf).unwrap();
    let (id, field, size) = field(file.now(), shown.role);
    let mut update = Update::new(&file);
    let drawn = appearance(&mut update, desk, size, shown).unwrap();
    let mut field = field.clone();
    field.set("AP", Object::Dictionary(Dictionary::from([("N", Object::Reference(drawn))])));
    update.set(id, field);
    update.finish().unwrap().0
}

fn usual() -> Shown<'static> {
    Shown {
        role: Role::Elaboro,
        name: Some("María Fernanda Ñáñez Güiza"),
        post: Some("Profesional Especializada"),
        signer: "MARÍA FERNANDA ÑÁÑEZ GÜIZA",
        time: Utc.with_ymd_and_hms(2024, 7, 1, 2, 4, 5).unwrap(),
        reason: Some("Elaboración del informe"),
        place: Some("Bogotá, D. C."),
        image: None,
    }
}

#[test]
fn a_filled_field_is_the_empty_one_but_for_what_it_shows() {
    let pdf = report(desk());
    let signed = shown_in(&pdf, desk(), &usual());
    assert!(signed.starts_with(&pdf));
    let (before, after) = (File::read(&pdf).unwrap(), File::read(&signed).unwrap());
    let [(empty, _), (filled, drawing)] = [&before, &after].map(|file| {
        let view = file.now();
        let (_, field, _) = field(view, Role::Elaboro);
        let form = view.get(view.dictionary(field, "AP").unwrap().get("N").unwrap().as_reference().unwrap()).unwrap();
        (form.value.as_dictionary().unwrap(), String::from_utf8(view.raw(form).unwrap().to_vec()).unwrap())
    });
    let keys =
        |form: &Dictionary| form.iter().map(|(key, _)| String::from_utf8(key.to_vec()).unwrap()).collect::<Vec<_>>();
    assert_eq!(keys(empty), keys(filled), "no filter, no group");
    assert_eq!(empty.get("BBox"), filled.get("BBox"));
    assert!(drawing.contains("Tj") || drawing.contains("TJ"), "it draws text");
    assert!(
        !["BMC", "BDC", "/MCID"].iter().any(|mark| drawing.contains(mark)),
        "which is marked by the field's element alone"
    );
    let added = after.revisions()[1].objects.values().filter_map(|item| match item {
        Item::Object(object) => object.value.as_dictionary(),
        Item::Free => None,
    });
    for object in added.filter(|object| !object.is("Subtype", "Widget")) {
        let structure = ["StructParent", "StructParents", "Parent", "Annots", "Metadata"];
        assert!(structure.iter().all(|key| object.get(key).is_none()), "nothing of typst's own page: {object:?}");
    }
}

#[test]
fn the_same_signature_is_drawn_with_the_same_bytes() {
    let pdf = report(desk());
    let first = shown_in(&pdf, desk(), &usual());
    assert!(first == shown_in(&pdf, &Desk::new(Assets::new(Workspace::empty().path(""))).unwrap(), &usual()));
    assert!(first != shown_in(&pdf, desk(), &Shown { reason: None, ..usual() }));
}

#[test]
fn what_is_said_stays_in_the_box_however_long_it_is_and_however_small_the_box() {
    let long = "Unapalabralarguísimaquenotermina y otras más cortas. ".repeat(2000);
    for size in [(124.7, 45.4), (60.0, 20.0), (400.0, 36.0)] {
        for said in ["corto", &long] {
            let data = json!({
                "rol": "elaboro", "titulo": "Elaboró", "nombre": said, "cargo": said, "firmante": format!("{said}!"),
                "fecha": "30/06/2024 15:04:05 −05:00", "motivo": said, "lugar": said, "imagen": null,
                "ancho": size.0, "alto": size.1,
            });
            let job = SignatureJob { data: Bytes::new(serde_json::to_vec(&data).unwrap()), image: None };
            let document = desk().compose_signature(&job).map_err(|faults| faults.findings).unwrap();
            let [page] = document.pages() else { panic!("{} pages", document.pages().len()) };
            let lines = lines(&page.frame, 0.0);
            if size.0 < 100.0 {
                continue; // what does not fit at all is cut off at the edge
            }
            assert!(lines.iter().all(|(bottom, _)| *bottom <= size.1), "{lines:?}");
            let text: String = lines.into_iter().map(|(_, text)| text).collect();
            assert_eq!(text.contains('…'), said.len() > 10, "{text}");
        }
    }
}

/// The lines of text of a frame, each with where it stands, in points from above.
fn lines(frame: &Frame, above: f64) -> Vec<(f64, String)> {
    let of_item = |(at, item): &(Point, FrameItem)| match item {
        FrameItem::Group(group) => lines(&group.frame, above + at.y.to_pt()),
        FrameItem::Text(text) => vec![(above + at.y.to_pt(), text.text.to_string())],
        _ => Vec::new(),
    };
    frame.items().flat_map(of_item).collect()
}

#[test]
fn a_name_in_the_certificate_that_no_font_draws_stops_nobody_from_signing() {
    let pdf = report(desk());
    let signed = shown_in(&pdf, desk(), &Shown { name: None, signer: "Ana\u{202E} 漢\nRuiz", ..usual() });
    assert!(signed == shown_in(&pdf, desk(), &Shown { name: None, signer: "Ana? ? Ruiz", ..usual() }));
}

#[test]
fn an_image_is_drawn_beside_the_text() {
    let file = |path: &str| fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let pdf = report(desk());
    for bytes in [file("plans/ejemplo-2025/logo.svg"), file("tests/reference/ejemplo-2025-1t-p2.png")] {
        let image = Image::new(bytes).unwrap();
        let with = shown_in(&pdf, desk(), &Shown { image: Some(&image), ..usual() });
        assert!(with.len() > shown_in(&pdf, desk(), &usual()).len());
    }
    assert!(Image::new(b"no es una imagen".to_vec()).is_none());
    assert!(Image::new(b"\xFF\xD8\xFF".to_vec()).is_none());
}

#[test]
fn the_office_changes_the_appearance_as_any_other_file_of_its_layout() {
    let own = |text: &str| {
        let workspace = Workspace::empty().file("report-templates/comun/firma.typ", text);
        Desk::new(Assets::new(workspace.path(""))).map(|desk| (workspace, desk)).unwrap()
    };
    let pdf = report(desk());
    let (_folder, desk_of_office) = own("#let firma(datos) = [#datos.titulo: #datos.nombre]");
    assert!(shown_in(&pdf, &desk_of_office, &usual()) != shown_in(&pdf, desk(), &usual()));
    assert!(report(&desk_of_office) == pdf, "and the report stays as it was");

    let refused = |text: &str| {
        let (_folder, desk) = own(text);
        let file = File::read(&pdf).unwrap();
        let drawn = appearance(&mut Update::new(&file), &desk, (124.0, 45.0), &usual());
        format!("{:#}", drawn.unwrap_err())
    };
    assert_eq!(
        refused("#let firma(datos) = datos.nada"),
        "no se pudo componer la firma visible: report-templates/comun/firma.typ:1:27: error[plantilla-con-error]: \
         typst no pudo componer la plantilla: dictionary does not contain key \"nada\""
    );
    assert!(refused("#let otra = 1").contains("comun/firma.typ no define la función «firma»"));
    assert!(refused("#let firma(datos) = [uno #pagebreak() dos]").contains("no cabe en su recuadro"));
}
