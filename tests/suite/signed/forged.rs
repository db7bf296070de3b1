//! A report whose data were changed after it was made, and that the same three people signed all the same: the signatures hold, and
//! the content does not.

use chrono::TimeDelta;
use seguimiento::again::{Again, Difference, Layouts, again};
use seguimiento::model::Role;
use seguimiento::sign::Level;
use seguimiento::verify::judge::Status;

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
