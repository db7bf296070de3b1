//! A report whose data were changed after it was made, and that the same three people signed all the same: the signatures hold, and
//! the content does not.

use chrono::TimeDelta;
use seguimiento::again::{Again, Content, ContentResult, Difference, Layouts, again};
use seguimiento::model::Role;
use seguimiento::pdf::{Body, Dictionary, File, Update};
use seguimiento::sign::Level;
use seguimiento::verify::judge::Status;
use seguimiento::verify::render::Verified;

use super::{SIGNED, person, signed_by, verdict};
use crate::again::with_carried;
use crate::authority;
use crate::support::desk;

#[test]
fn one_character_of_any_cell_is_named_with_its_action_and_its_column() {
    let cells = [
        ("plan.toml", "Abrir el", "Abrir al", "1", "ACCIÓN, PROGRAMA O PROYECTO ESTRATÉGICO"),
        ("plan.toml", "Cajas ordenadas", "Cajas ordeñadas", "2", "INDICADOR"),
        ("plan.toml", "2 audiencias", "3 audiencias", "3", "META"),
        ("plan.toml", "Recursos propios", "Recursos propias", "3", "FUENTE DE FINANCIACIÓN"),
        ("trimestre-1.toml", "Faltan 48", "Faltan 43", "2", "AVANCE CUALITATIVO"),
    ];
    for (file, old, new, action, heading) in cells {
        let mut forged = with_carried(&SIGNED.states[0], &[(file, old, new), ("informe.json", old, new)]);
        for (hour, role) in (1..).zip(Role::ALL) {
            let now = authority::now() + TimeDelta::hours(hour);
            let who = person(&SIGNED.authority, role);
            forged = signed_by(&SIGNED.authority, &forged, role, who, Level::BLT, now).unwrap();
        }
        assert_eq!(verdict(&forged).status, Status::TotalPassed, "three people signed it");
        let made = again("informe.pdf", &forged, desk(), Layouts::Known);
        let Again::Differs { at: Difference::Printed { action: told, column, page, data }, .. } = &made else {
            panic!("{old}: {made}")
        };
        assert_eq!((told.as_str(), column.as_str()), (action, heading));
        assert!(page.contains(old) && data.contains(new), "{made}");
    }
}

#[test]
fn a_page_that_was_replaced_before_anybody_signed_is_not_what_the_data_make() {
    let file = File::read(&SIGNED.states[0]).unwrap();
    let page = file.now().pages()[0].value.as_dictionary().unwrap();
    let mut update = Update::new(&file);
    let content = page.get("Contents").unwrap().as_reference().unwrap();
    update.set(content, Body::Stream(Dictionary::default(), b"0 0 m 99 99 l S".to_vec()));
    let mut changed = update.finish().unwrap().0;
    let content = Content::from(&again("informe.pdf", &changed, desk(), Layouts::Known));
    assert_eq!(content.result, ContentResult::Exact, "of the first revision alone");
    let verified = |pdf: &[u8]| Verified::new(String::new(), String::new(), verdict(pdf), content.clone(), None);
    assert_eq!(verified(&changed).content.result, ContentResult::Differs);

    let now = authority::now() + TimeDelta::hours(1);
    let who = person(&SIGNED.authority, Role::Elaboro);
    let refused = signed_by(&SIGNED.authority, &changed, Role::Elaboro, who, Level::BLT, now).unwrap_err();
    assert!(format!("{refused:#}").contains("alguien lo cambió después de generado"), "{refused:#}");
    changed.clone_from(&SIGNED.states[1]);
    assert_eq!(verified(&changed).content.result, ContentResult::Exact, "and a signature changes nothing");
}
