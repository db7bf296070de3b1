//! Abbreviations, whose full stop ends no sentence.

/// In lower case, without their stop. What is not here and is no word of the dictionary is taken for an abbreviation too.
const ABBREVIATIONS: &[&str] = &[
    "abr", "acad", "act", "adm", "admón", "admtivo", "adj", "adv", "afmo", "ago", "alc", "ampl", "ant", "ap", "apdo",
    "aprox", "apto", "arq", "art", "arts", "asoc", "atte", "av", "avda", "bibl", "bs", "bto", "cap", "caps", "cat",
    "cdad", "cel", "cía", "cm", "cód", "col", "coord", "corp", "cra", "cr", "ctv", "dec", "decr", "dep", "depto",
    "der", "diag", "dic", "dir", "doc", "dpto", "dptos", "dr", "dra", "dras", "dres", "dto", "ed", "eds", "edif", "ej",
    "ene", "entlo", "esc", "esp", "esq", "est", "etc", "exc", "excmo", "exp", "ext", "fac", "fca", "feb", "fed", "fig",
    "figs", "fol", "fols", "fr", "fund", "gob", "gral", "grl", "gte", "hab", "hno", "hnos", "ib", "ibíd", "íd", "ilmo",
    "imp", "inc", "incs", "ing", "insp", "inst", "int", "izq", "jr", "jul", "jun", "kr", "lám", "lic", "lit", "lits",
    "loc", "ltda", "mag", "mar", "máx", "may", "mg", "mgtr", "mín", "min", "mpio", "mun", "mz", "nac", "núm", "núms",
    "no", "nos", "nov", "nro", "nros", "ob", "obs", "oct", "of", "ofic", "op", "ord", "pág", "págs", "par", "párr",
    "párrs", "pbro", "pd", "ph", "pl", "plta", "pp", "ppal", "pral", "prof", "profa", "pról", "prov", "publ", "ref",
    "reg", "rep", "res", "resol", "reso", "rev", "rte", "sec", "secc", "secr", "seg", "sent", "sep", "sept", "sgt",
    "sig", "sigs", "sra", "sras", "sr", "sres", "srta", "ss", "sta", "sto", "subdir", "sup", "tel", "tels", "tfno",
    "tít", "tip", "tom", "trad", "trim", "ud", "uds", "univ", "urb", "usd", "vda", "vid", "vig", "vol", "vols", "vs",
    "vto",
];

/// Whether a word may stand before a stop that ends no sentence: an abbreviation, or a single letter.
pub fn is_abbreviation(word: &str) -> bool {
    word.chars().nth(1).is_none() || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}
