//! Where the source spells out secrets: the literals that the values of `@secure` parameters and of
//! properties which Azure calls sensitive are made of, be they defaults, variables, module arguments or values
//! of a parameter file. Whoever shows source text shows it masked. Texts that come out of other files are
//! not looked for.

mod outlined;
mod search;
mod secure;
mod shapes;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use tricep_syntax::text::{FileId, Location, Span};

pub use outlined::{Outlined, Outliner};

use super::Project;

impl Project {
    /// The secrets written in a file, in order; none overlap.
    pub fn secrets(&self, file: FileId) -> &[Span] {
        let all = self.secrets.get_or_init(|| search::search(self).spans);
        all.get(file.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// The outlines that secrets come out of: which literals of their users those are made of is known
    /// only when all of them is read. When there are none, the secrets of the project are settled.
    pub fn outlines_of_secrets(&mut self) -> BTreeSet<FileId> {
        let found = search::search(self);
        self.secrets = match found.outlines.is_empty() {
            true => OnceLock::from(found.spans),
            false => OnceLock::new(),
        };
        found.outlines
    }

    /// The text at a place as it may be shown.
    #[must_use]
    pub fn shown(&self, at: Location) -> Cow<'_, str> {
        let text = self.unit(at.file).text.get(at.span.range());
        let text = text.unwrap_or_default();
        let inside = |secret: &Span| {
            let start = secret.start.clamp(at.span.start, at.span.end);
            let end = secret.end.clamp(at.span.start, at.span.end);
            Span::new(start - at.span.start, end - at.span.start)
        };
        let secrets: Vec<Span> = self.secrets(at.file).iter().map(inside).collect();
        masked(text, &secrets)
    }

    /// The text of a file as it may be shown; every place in it is where it was.
    #[must_use]
    pub fn shown_file(&self, file: FileId) -> Cow<'_, str> {
        masked(&self.unit(file).text, self.secrets(file))
    }
}

/// The text with characters of the same width in place of those of secrets: neither byte offsets nor
/// columns of any encoding change. Line breaks stay.
fn masked<'t>(text: &'t str, secrets: &[Span]) -> Cow<'t, str> {
    if secrets.iter().all(|secret| secret.start == secret.end) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut shown = 0;
    for secret in secrets {
        let (start, end) = (secret.start as usize, secret.end as usize);
        // A place that is no border between characters is never written by the lexer.
        let (Some(before), Some(inside)) = (text.get(shown..start), text.get(start..end)) else {
            continue;
        };
        out.push_str(before);
        out.extend(inside.chars().map(mask));
        shown = end;
    }
    out.push_str(text.get(shown..).unwrap_or_default());
    Cow::Owned(out)
}

const fn mask(c: char) -> char {
    match (c, c.len_utf8()) {
        ('\n' | '\r', _) => c,
        (_, 1) => '*',
        (_, 2) => '\u{d7}',
        (_, 3) => '\u{2217}',
        _ => '\u{1f512}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_keeps_every_place_where_it_was() {
        let text = "a = 'b\r\né∗😀' c";
        let secret = Span::new(4, text.len() as u32 - 2);
        let shown = masked(text, &[secret]);
        assert_eq!(shown, "a = **\r\n×∗🔒* c");
        assert_eq!(shown.len(), text.len());
        let units = |text: &str| text.encode_utf16().count();
        assert_eq!(units(&shown), units(text));
    }
}
