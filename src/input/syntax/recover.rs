//! Lists that are never closed: found, and blanked out so that what follows is read for what it is.

/// Where lists open that are not closed before the next key or table header: at that line the parser would take
/// everything that follows for elements of the list.
pub fn unclosed_lists(text: &str) -> Vec<usize> {
    let mut unclosed = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(open) = opens_list(line) {
            let rest = &text[at + open..];
            if !closes(&rest[..list_end(rest)]) {
                unclosed.push(at + open);
            }
        }
        at += line.len();
    }
    unclosed
}

/// Where the list of a line `key = [` opens.
fn opens_list(line: &str) -> Option<usize> {
    let (key, value) = line.split_once('=')?;
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let opens = key.trim().chars().all(bare) && !key.trim().is_empty() && value.trim_start().starts_with('[');
    opens.then(|| line.len() - value.trim_start().len())
}

/// Where a list that opens at the beginning of `rest` must have ended: before the next line that holds a key, a table
/// header, or nothing.
fn list_end(rest: &str) -> usize {
    let mut at = 0;
    for (index, line) in rest.split_inclusive('\n').enumerate() {
        let trimmed = line.trim();
        let key = trimmed.split_once('=').is_some_and(|(key, _)| {
            let key = key.trim();
            !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
        });
        if index > 0 && (trimmed.is_empty() || key || trimmed.starts_with('[')) {
            break;
        }
        at += line.len();
    }
    at
}

/// Whether the brackets of a list, outside of its quoted texts and comments, are all closed.
fn closes(list: &str) -> bool {
    let (mut depth, mut quote, mut escaped, mut comment) = (0_usize, None, false, false);
    for c in list.chars() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some('"'), '\\') => escaped = true,
            (Some(open), _) if c == open || c == '\n' => quote = None,
            (Some(_), _) => {}
            (None, '\n') => comment = false,
            _ if comment => {}
            (None, '#') => comment = true,
            (None, '"' | '\'') => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') if depth <= 1 => return true,
            (None, ']') => depth -= 1,
            _ => {}
        }
    }
    false
}

/// The text with each of these lists blanked out, everything else at its place.
pub fn without_lists(text: &str, lists: &[usize]) -> String {
    let mut blanked = String::with_capacity(text.len());
    for &open in lists.iter().filter(|&&open| text.is_char_boundary(open)) {
        if open < blanked.len() {
            continue;
        }
        blanked.push_str(&text[blanked.len()..open]);
        let list = &text[open..open + list_end(&text[open..])];
        blanked.extend(list.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
    }
    blanked.push_str(&text[blanked.len()..]);
    blanked
}
