//! Finds what silences in the text of a file.

use rustc_hash::FxHashMap;
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
            declarations: None,
            found: Self::default(),
            open: FxHashMap::default(),
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
    /// Sorted when first needed.
    declarations: Option<Declarations>,
    found: Suppressions,
    /// The codes that are disabled and not restored so far, with their place among the names.
    open: FxHashMap<Box<str>, usize>,
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
        let place = self.open.entry(name.code.clone());
        place.or_insert(names.len());
        names.push(name);
    }

    fn restore(&mut self, mut name: Name, end: u32) {
        let names = &mut self.found.names;
        if let Some(place) = self.open.remove(&name.code) {
            let opened = &mut names[place];
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
        let template = self.template;
        let declarations = self
            .declarations
            .get_or_insert_with(|| Declarations::of(template));
        let range = declarations.around(span);
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
        for open in self.open.into_values() {
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

/// The ids at the start of a text, parted by commas, with their places. What goes on in other characters
/// than those of ids is none, and ends the list.
fn ids(text: &str) -> Vec<(usize, &str)> {
    let is_of_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let ends = |rest: &str| {
        rest == "*/"
            || rest
                .chars()
                .next()
                .is_none_or(|c| matches!(c, ',' | ':' | ' ' | '\t' | '\r' | '\n'))
    };
    let mut ids = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(' ');
        let at = text.len() - rest.len();
        let (id, behind) = rest.split_at(rest.find(|c| !is_of_id(c)).unwrap_or(rest.len()));
        if !ends(behind) {
            return ids;
        }
        if !id.is_empty() {
            ids.push((at, id));
        }
        match behind.trim_start_matches(' ').strip_prefix(',') {
            Some(next) => rest = next,
            None => return ids,
        }
    }
}

/// Where resources and module calls stand, to look up what is around a place.
struct Declarations {
    /// Sorted by their starts, outer ones first.
    spans: Vec<Span>,
    /// For each the one around it.
    outer: Vec<Option<usize>>,
}

impl Declarations {
    fn of(template: &Template) -> Self {
        let resources = template.resources.iter().map(|resource| resource.span);
        let modules = template.modules.iter().map(|module| {
            let body = template.exprs[module.body.object].span;
            module.at.merge(body)
        });
        let mut spans: Vec<Span> = resources.chain(modules).collect();
        spans.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        let mut outer = Vec::with_capacity(spans.len());
        let mut open: Vec<usize> = Vec::new();
        for (number, span) in spans.iter().enumerate() {
            while open.last().is_some_and(|&last| spans[last].end < span.end) {
                open.pop();
            }
            outer.push(open.last().copied());
            open.push(number);
        }
        Self { spans, outer }
    }

    /// The innermost around a place.
    fn around(&self, place: Span) -> Option<Span> {
        let behind = self.spans.partition_point(|span| span.start <= place.start);
        let mut here = behind.checked_sub(1);
        while let Some(number) = here {
            if self.spans[number].encloses(place) {
                return Some(self.spans[number]);
            }
            here = self.outer[number];
        }
        None
    }
}
