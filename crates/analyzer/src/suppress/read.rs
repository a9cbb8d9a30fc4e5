//! Finds what silences in the text of a file.

use tricep_semantic::template::Template;
use tricep_syntax::bicep::{Parsed, TriviaKind};
use tricep_syntax::text::{Encoding, LineIndex, Span};

use super::{Directive, Kind, Name, Suppressions};

/// The directives; nothing needs to stand between a keyword and the first code (the compiler's lexer).
const KEYWORDS: [(&str, Kind); 3] = [
    ("#disable-next-line", Kind::NextLine),
    ("#disable-diagnostics", Kind::Disable),
    ("#restore-diagnostics", Kind::Restore),
];
/// The spellings of a skip that Checkov knows.
const SKIPS: [&str; 3] = ["checkov:skip=", "bridgecrew:skip=", "cortex:skip="];

impl Suppressions {
    /// Reads what silences in a file.
    pub(crate) fn of(parsed: &Parsed, template: &Template) -> Self {
        let text: &str = parsed.text();
        let mut reader = Reader {
            text,
            lines: None,
            template,
            found: Self::default(),
            open: Vec::new(),
        };
        for trivia in parsed.tokens().trivia() {
            match trivia.kind {
                TriviaKind::Directive => reader.directive(trivia.span),
                TriviaKind::LineComment | TriviaKind::BlockComment => reader.comment(trivia.span),
            }
        }
        reader.finish()
    }
}

struct Reader<'a> {
    text: &'a str,
    /// Counted when first needed.
    lines: Option<LineIndex>,
    template: &'a Template,
    found: Suppressions,
    /// The names that are disabled and not restored so far, by their place among the names.
    open: Vec<usize>,
}

impl Reader<'_> {
    fn directive(&mut self, span: Span) {
        let text = self.text;
        let directive = &text[span.range()];
        let keyword = KEYWORDS
            .iter()
            .find(|(keyword, _)| directive.starts_with(keyword));
        let Some(&(keyword, kind)) = keyword else {
            return;
        };
        let number = self.found.directives.len();
        self.found.directives.push(Directive { span, kind });
        let line =
            (kind == Kind::NextLine).then(|| Span::new(span.start, self.end_of_next_line(span)));
        let start = span.start + keyword.len() as u32;
        for (at, code) in words(&directive[keyword.len()..]) {
            let start = start + at as u32;
            let name = Name {
                code: code.into(),
                at: Span::new(start, start + code.len() as u32),
                directive: number,
                range: line,
            };
            match kind {
                Kind::NextLine | Kind::Skip => self.found.names.push(name),
                Kind::Disable => self.disable(name),
                Kind::Restore => self.restore(name, span.end),
            }
        }
    }

    /// A code that is disabled already stays so; the second word changes nothing.
    fn disable(&mut self, name: Name) {
        let names = &mut self.found.names;
        if !self.open.iter().any(|&open| names[open].code == name.code) {
            self.open.push(names.len());
        }
        names.push(name);
    }

    fn restore(&mut self, mut name: Name, end: u32) {
        let names = &mut self.found.names;
        if let Some(place) = self
            .open
            .iter()
            .position(|&open| names[open].code == name.code)
        {
            let opened = &mut names[self.open.swap_remove(place)];
            let start = self.found.directives[opened.directive].span.start;
            let range = Span::new(start, end);
            opened.range = Some(range);
            // Both are needed, or neither is.
            name.range = Some(range);
        }
        names.push(name);
    }

    /// Checkov's comment counts in the innermost resource or module call around it.
    fn comment(&mut self, span: Span) {
        let comment = &self.text[span.range()];
        let skip = SKIPS
            .iter()
            .find_map(|skip| Some(comment.find(skip)? + skip.len()));
        let Some(start) = skip else { return };
        let number = self.found.directives.len();
        let range = self.declaration_around(span);
        let kind = Kind::Skip;
        self.found.directives.push(Directive { span, kind });
        for (at, id) in ids(&comment[start..]) {
            let start = span.start + (start + at) as u32;
            self.found.names.push(Name {
                code: id.into(),
                at: Span::new(start, start + id.len() as u32),
                directive: number,
                range,
            });
        }
    }

    fn declaration_around(&self, comment: Span) -> Option<Span> {
        let template = self.template;
        let resources = template.resources.iter().map(|resource| resource.span);
        let modules = template.modules.iter().map(|module| {
            let body = template.exprs[module.body.object].span;
            module.at.merge(body)
        });
        let around = resources
            .chain(modules)
            .filter(|span| span.encloses(comment));
        around.min_by_key(|span| span.len())
    }

    /// The place before the start of the line after the next one, as with the compiler.
    fn end_of_next_line(&mut self, directive: Span) -> u32 {
        let text = self.text;
        let lines = self.lines.get_or_insert_with(|| LineIndex::new(text));
        let line = lines
            .line_column(text, directive.start, Encoding::Utf8)
            .line;
        let next = lines.line_start(line + 2);
        next.map_or(text.len() as u32, |start| start.saturating_sub(1))
    }

    fn finish(mut self) -> Suppressions {
        for open in self.open {
            let name = &mut self.found.names[open];
            let start = self.found.directives[name.directive].span.start;
            name.range = Some(Span::new(start, self.text.len() as u32));
        }
        self.found
    }
}

/// The words of a text with their places.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let place = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split_ascii_whitespace()
        .map(move |word| (place(word), word))
}

/// The ids at the start of a text, parted by commas, with their places.
fn ids(text: &str) -> Vec<(usize, &str)> {
    let of_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let end = text
        .find(|c: char| !of_id(c) && c != ',' && c != ' ')
        .unwrap_or(text.len());
    let mut ids = Vec::new();
    let mut start = 0;
    for part in text[..end].split(',') {
        let id = part.trim_start();
        let at = start + part.len() - id.len();
        // What stands behind a blank is no part of it.
        let id = id.split(' ').next().unwrap_or_default();
        if !id.is_empty() {
            ids.push((at, id));
        }
        start += part.len() + 1;
    }
    ids
}
