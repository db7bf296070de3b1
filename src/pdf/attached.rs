//! The files inside a file: those that belong to the document as a whole (ISO 19005-3, 6.8).

use super::file::View;
use super::object::Object;

impl View<'_> {
    /// The bytes of the file of this name, if there is one that can be unpacked.
    #[must_use]
    pub fn attached(&self, name: &str) -> Option<Vec<u8>> {
        let (_, catalog) = self.catalog()?;
        let mut files = self.array(catalog, "AF")?.iter().filter_map(|file| self.resolve(file).as_dictionary());
        let file = files.find(|file| file.get("UF").and_then(Object::as_text).as_deref() == Some(name))?;
        self.stream(self.get(self.dictionary(file, "EF")?.get("F")?.as_reference()?)?)
    }
}
