//! Who answers for an action is a unit of the directory.

use std::collections::HashSet;

use crate::audit::Subject;
use crate::audit::names::directory::Directory;
use crate::diag::{Finding, code, quoted};

/// `dependencia-desconocida`, for every element of `responsables`.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let directory = Directory::of(subject);
    if directory.units.is_empty() {
        return;
    }
    let known: HashSet<&str> = directory.units.iter().map(|unit| unit.name.value.as_str()).collect();
    for action in &subject.actions {
        for unit in action.record.texts("responsables").iter().filter(|unit| !known.contains(unit.value.as_str())) {
            let message = format!("«{}» no está en las dependencias de la entidad", quoted(&unit.value));
            let finding = Finding::new(&code::UNIT_UNKNOWN, unit.span, message)
                .label("no está en el directorio")
                .action(Some(action.number.value));
            findings.push(match directory.nearest(&unit.value) {
                Some(nearest) => finding
                    .related(nearest.name.span, "la más parecida del directorio")
                    .help(format!("si es la misma, escriba «{}»; si no, agréguela a dependencias", nearest.name.value)),
                None => finding.help("agréguela a dependencias, o escríbala como está allí"),
            });
        }
    }
}
