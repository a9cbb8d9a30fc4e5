//! Edits in terms of values become edits of the text: as small as can be, no comment lost, laid out as
//! their neighbours are. What cannot be written safely is not written at all.

use tricep_rules::{Edit, Literal};
use tricep_syntax::text::Span;

use super::document::{Document, Member, Object, Spelling};
use super::gap::Gap;
use super::layout::{Layout, is_within_a_line};
use super::literal::{Language, is_identifier};

/// A change of the text of one file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Change {
    /// The bytes that go; empty where text is only put in.
    pub(super) span: Span,
    /// What comes in their place.
    pub(super) text: String,
    /// The member that is added, where others may be added at the same place.
    pub(super) adds: Option<String>,
}

impl Change {
    fn replacement(span: Span, text: String) -> Self {
        Self {
            span,
            text,
            adds: None,
        }
    }

    fn insertion(at: u32, text: String) -> Self {
        Self::replacement(Span::at(at), text)
    }

    fn of_member(self, name: &str) -> Self {
        Self {
            adds: Some(name.to_ascii_lowercase()),
            ..self
        }
    }
}

/// The change of the text that an edit is; `None` where it cannot be made.
pub(super) fn write(document: &Document, edit: &Edit) -> Option<Change> {
    match edit {
        Edit::Replace { at, value } => replace(document, at.span, &[], value),
        Edit::Add {
            object,
            path,
            value,
        } => add(document, object.span, path, value),
        Edit::Rename { at, name } => rename(document, at.span, name),
        Edit::Remove { at } => remove(document, at.span),
        Edit::Text { at, text } => {
            let is_there = document.text().get(at.span.range()).is_some();
            is_there.then(|| Change::replacement(at.span, text.clone()))
        }
    }
}

/// Writes a value, within objects for the names of `path`, in place of another.
fn replace(document: &Document, at: Span, path: &[&str], value: &Literal) -> Option<Change> {
    if !document.is_value(at) || document.has_comment(at) {
        return None;
    }
    let layout = layout_at(document, at.start);
    let text = document.language.nested(path, value, &layout);
    Some(Change::replacement(at, text))
}

fn layout_at(document: &Document, offset: u32) -> Layout {
    match is_within_a_line(document.text(), offset) {
        true => Layout::Inline,
        false => Layout::Lines(document.habits.lines_at(document.text(), offset)),
    }
}

fn add(document: &Document, at: Span, path: &[&str], value: &Literal) -> Option<Change> {
    let object = document.object(at)?;
    let (name, rest) = path.split_first()?;
    // ARM minds no letter case in names.
    let is_it = |member: &&Member| {
        let known = member.name.as_deref();
        known.is_some_and(|known| known.eq_ignore_ascii_case(name))
    };
    match object.members.iter().rfind(is_it) {
        Some(member) if document.is_null(member.value) => {
            replace(document, member.value, rest, value)
        }
        // Another fix has added the object around it.
        Some(member) if !rest.is_empty() => add(document, member.value, rest, value),
        Some(_) => None,
        None => match object.members.last() {
            Some(last) => add_behind(document, &object, last, path, value),
            None => add_to_empty(document, &object, path, value),
        },
    }
}

/// Adds a member behind the last one, on a line of its own if that has one.
fn add_behind(
    document: &Document,
    object: &Object,
    last: &Member,
    path: &[&str],
    value: &Literal,
) -> Option<Change> {
    let name = path.first()?;
    let (text, language) = (document.text(), document.language);
    let end = last.span.end;
    let gap = Gap::read(text, Span::new(end, object.end_of_gap))?;
    let Some(line_break) = gap.line_break else {
        let member = language.member(path, value, &Layout::Inline);
        let blank = if is_tight(document, last) { "" } else { " " };
        return Some(Change::insertion(end, format!(",{blank}{member}")).of_member(name));
    };
    let first_on_line = |member: &&Member| is_first_on_line(text, member.span.start);
    let neighbour = [Some(last), object.members.first()].into_iter().flatten();
    let neighbour = neighbour.clone().find(first_on_line).unwrap_or(last);
    let habits = &document.habits;
    let lines = habits.lines_beside(text, object.span.start, neighbour.span);
    let start = lines.next();
    let member = language.member(path, value, &Layout::Lines(lines));
    let added = format!("{start}{member}");
    let change = match (language, gap.comma) {
        (Language::Bicep, Some(_)) => return None,
        (Language::Bicep, None) => Change::insertion(line_break, added),
        // A comma behind the last member serves the new one.
        (_, _) if !gap.comment_on_line => Change::insertion(end, format!(",{added}")),
        (_, Some(comma)) if comma < line_break => {
            Change::insertion(line_break, format!("{added},"))
        }
        (_, Some(_)) => return None,
        // The comment stays with what it is about.
        (_, None) => {
            let rest = Span::new(end, line_break);
            let comment = text.get(rest.range())?;
            return Some(Change::replacement(rest, format!(",{comment}{added}")));
        }
    };
    Some(change.of_member(name))
}

/// Whether JSON is written without blanks.
fn is_tight(document: &Document, member: &Member) -> bool {
    let before = document.text().get(..member.value.start as usize);
    document.language != Language::Bicep && before.is_some_and(|before| before.ends_with(':'))
}

fn is_first_on_line(text: &str, offset: u32) -> bool {
    let before = text.get(..offset as usize).unwrap_or_default();
    let before = before.trim_end_matches([' ', '\t']);
    before.is_empty() || before.ends_with(['\r', '\n'])
}

fn add_to_empty(
    document: &Document,
    object: &Object,
    path: &[&str],
    value: &Literal,
) -> Option<Change> {
    let (text, language) = (document.text(), document.language);
    let within = Span::new(object.span.start + 1, object.end_of_gap);
    let gap = Gap::read(text, within)?;
    let inline = || language.member(path, value, &Layout::Inline);
    let outer = document.habits.lines_at(text, object.span.start);
    let lines = outer.inner();
    let on_lines = || {
        let start = lines.next();
        let member = language.member(path, value, &Layout::Lines(lines.clone()));
        format!("{start}{member}")
    };
    if gap.comma.is_some() {
        return None;
    }
    if let Some(line_break) = gap.line_break {
        return Some(Change::insertion(line_break, on_lines()));
    }
    if gap.comment {
        return Some(Change::insertion(within.start, format!(" {}", inline())));
    }
    let text = match is_within_a_line(text, object.span.start) {
        true => format!(" {} ", inline()),
        false => format!("{}{}", on_lines(), outer.next()),
    };
    Some(Change::replacement(within, text))
}

fn rename(document: &Document, at: Span, name: &str) -> Option<Change> {
    let text = match document.spelling(at)? {
        Spelling::Word if is_identifier(name) => name.to_owned(),
        // A text may be a key or a value: it stays one.
        Spelling::Word | Spelling::Quoted => {
            let name = Literal::Text(name.to_owned());
            document.language.value(&name, &Layout::Inline)
        }
        Spelling::Key => document.language.key(name),
    };
    Some(Change::replacement(at, text))
}

/// Takes an element and what separates it from its neighbour out of a list.
fn remove(document: &Document, at: Span) -> Option<Change> {
    let text = document.text();
    let element = document.element(at)?;
    if document.has_comment(at) {
        return None;
    }
    let inside = Span::new(element.list.start + 1, element.list.end.saturating_sub(1));
    let start = element.before.map_or(inside.start, |before| before.end);
    let end = element.after.map_or(inside.end, |after| after.start);
    let gap_before = Gap::read(text, Span::new(start, at.start))?;
    let gap_after = Gap::read(text, Span::new(at.end, end))?;
    let span = match (element.before, element.after) {
        (_, Some(after)) if !gap_after.comment => Span::new(at.start, after.start),
        (before, Some(_)) => before_comment(text, with_comma(at, gap_after)?, before.is_none()),
        (Some(before), None) if !gap_before.comment => Span::new(before.end, at.end),
        // Bicep needs no comma between lines.
        (Some(_), None) if gap_before.comma.is_none() => with_line(text, at),
        (Some(_), None) => return None,
        (None, None) if !gap_before.comment && !gap_after.comment => inside,
        (None, None) => with_line(text, with_comma(at, gap_after)?),
    };
    Some(Change::replacement(span, String::new()))
}

/// What is taken out in front of a comment, with the blanks up to it: the comment, or what stands on the
/// next lines, takes its place. Blanks before belong to a neighbour unless it `is_first`.
fn before_comment(text: &str, span: Span, is_first: bool) -> Span {
    let behind = text.get(span.end as usize..).unwrap_or_default();
    let rest = behind.trim_start_matches([' ', '\t']);
    let is_line_end = rest.starts_with(['\r', '\n']);
    if is_first_on_line(text, span.start) {
        let rest = match is_line_end {
            true => rest.trim_start_matches([' ', '\t', '\r', '\n']),
            false => rest,
        };
        return Span::new(span.start, (text.len() - rest.len()) as u32);
    }
    let end = match is_line_end {
        true => (text.len() - rest.len()) as u32,
        false => span.end,
    };
    let before = text.get(..span.start as usize).unwrap_or_default();
    let start = match is_first {
        true => before.trim_end_matches([' ', '\t']).len() as u32,
        false => span.start,
    };
    Span::new(start, end)
}

/// What is taken out at the end of a list, with its line if nothing else stands there, else with the
/// blanks before it.
fn with_line(text: &str, span: Span) -> Span {
    let before = text.get(..span.start as usize).unwrap_or_default();
    let before = before.trim_end_matches([' ', '\t']);
    let behind = text.get(span.end as usize..).unwrap_or_default();
    let rest = behind.trim_start_matches([' ', '\t']);
    let line_break = match rest {
        _ if rest.starts_with("\r\n") => Some(2),
        _ if rest.starts_with(['\r', '\n']) => Some(1),
        _ => None,
    };
    let behind = text.len() - rest.len();
    match (is_first_on_line(text, span.start), line_break) {
        (true, Some(length)) => Span::new(before.len() as u32, (behind + length) as u32),
        (true, None) if rest.starts_with('/') => Span::new(span.start, behind as u32),
        (true, None) => span,
        (false, Some(_)) => Span::new(before.len() as u32, behind as u32),
        (false, None) => Span::new(before.len() as u32, span.end),
    }
}

/// An element with the comma directly behind it; `None` where a comment stands between them.
fn with_comma(at: Span, gap: Gap) -> Option<Span> {
    match gap.comma {
        Some(comma) => (comma == at.end).then_some(Span::new(at.start, comma + 1)),
        None => Some(at),
    }
}

#[cfg(test)]
mod tests {
    use tricep_syntax::text::{FileId, Location, Source};

    use super::*;

    fn at(text: &str, needle: &str) -> Location {
        let start = text.rfind(needle).unwrap();
        Location {
            file: FileId(0),
            span: Span::new(start as u32, (start + needle.len()) as u32),
        }
    }

    /// The text with an edit made; nothing if it cannot be made.
    fn made(path: &str, text: &str, edit: &Edit) -> Option<String> {
        let change = write(&Document::of(&Source::new(path, text)), edit)?;
        let mut text = text.to_owned();
        text.replace_range(change.span.range(), &change.text);
        Some(text)
    }

    /// Adds `true` at a path to the object that starts at the last `{` with nothing but members behind.
    fn added(path: &str, text: &str, object: &str, names: &[&'static str]) -> Option<String> {
        let edit = Edit::Add {
            object: at(text, object),
            path: names.to_vec(),
            value: Literal::Bool(true),
        };
        made(path, text, &edit)
    }

    /// In a file that is one variable, adds `k: true` to its value.
    fn bicep(object: &str, names: &[&'static str]) -> Option<String> {
        let text = format!("var x = {object}\n");
        let new = added("a.bicep", &text, object, names)?;
        Some(new.strip_prefix("var x = ")?.trim_end().to_owned())
    }

    fn json(object: &str, names: &[&'static str]) -> Option<String> {
        added("a.json", object, object, names)
    }

    #[track_caller]
    fn is(made: Option<String>, wanted: &str) {
        assert_eq!(made.as_deref(), Some(wanted));
    }

    #[test]
    fn members_of_bicep_are_added_behind_the_last_line() {
        is(bicep("{\n  a: 1\n}", &["k"]), "{\n  a: 1\n  k: true\n}");
        is(
            bicep("{\n\ta: 1 // why\n\t// end\n}", &["k"]),
            "{\n\ta: 1 // why\n\tk: true\n\t// end\n}",
        );
        is(
            bicep("{\r\n    a: 1 /* x\n y */ \r\n}", &["k", "l"]),
            "{\r\n    a: 1 /* x\n y */ \r\n    k: {\r\n        l: true\r\n    }\r\n}",
        );
        is(
            bicep("{ a: 1\n  b: 2\n}", &["k"]),
            "{ a: 1\n  b: 2\n  k: true\n}",
        );
        is(bicep("{ a: 1\n}", &["k"]), "{ a: 1\n  k: true\n}");
    }

    #[test]
    fn members_of_one_line_stay_on_it() {
        is(bicep("{ a: 1 }", &["k", "l"]), "{ a: 1, k: { l: true } }");
        is(bicep("{ a: 1, }", &["k"]), "{ a: 1, k: true, }");
        is(
            bicep("{ a: 1 /* c */ }", &["k"]),
            "{ a: 1, k: true /* c */ }",
        );
        is(json("{\"a\":1}", &["k"]), "{\"a\":1,\"k\": true}");
        is(json("{ \"a\": 1 }", &["k"]), "{ \"a\": 1, \"k\": true }");
    }

    #[test]
    fn empty_objects_are_opened() {
        is(bicep("{}", &["k"]), "{\n  k: true\n}");
        is(bicep("{   }", &["k"]), "{\n  k: true\n}");
        is(bicep("{\n}", &["k"]), "{\n  k: true\n}");
        is(bicep("{ // c\n}", &["k"]), "{ // c\n  k: true\n}");
        is(bicep("{\n  // c\n}", &["k"]), "{\n  k: true\n  // c\n}");
        is(bicep("{ /* c */ }", &["k"]), "{ k: true /* c */ }");
        is(json("{}", &["k"]), "{\n  \"k\": true\n}");
        let text = "var x = { a: {} }";
        is(
            added("a.bicep", text, "{}", &["k"]),
            "var x = { a: { k: true } }",
        );
    }

    #[test]
    fn members_of_json_get_their_commas() {
        is(
            json("{\r\n\t\"a\": 1\r\n}", &["k", "l"]),
            "{\r\n\t\"a\": 1,\r\n\t\"k\": {\r\n\t\t\"l\": true\r\n\t}\r\n}",
        );
        is(
            json("{\n  \"a\": 1 // why\n}", &["k"]),
            "{\n  \"a\": 1, // why\n  \"k\": true\n}",
        );
        is(
            json("{\n  \"a\": 1, // why\n}", &["k"]),
            "{\n  \"a\": 1, // why\n  \"k\": true,\n}",
        );
        is(
            json("{\n  \"a\": 1,\n}", &["k"]),
            "{\n  \"a\": 1,\n  \"k\": true,\n}",
        );
        is(
            json("{\n  \"a\": 1\n  // why\n}", &["k"]),
            "{\n  \"a\": 1,\n  \"k\": true\n  // why\n}",
        );
    }

    #[test]
    fn keys_that_are_there_are_not_given_twice() {
        is(bicep("{\n  K: null\n}", &["k"]), "{\n  K: true\n}");
        is(
            bicep("{\n  k: null // c\n}", &["k", "l"]),
            "{\n  k: {\n    l: true\n  } // c\n}",
        );
        is(
            bicep("{\n  k: {\n    m: 1\n  }\n}", &["k", "l"]),
            "{\n  k: {\n    m: 1\n    l: true\n  }\n}",
        );
        assert_eq!(bicep("{\n  k: false\n}", &["k"]), None);
        assert_eq!(bicep("{\n  k: x\n}", &["k", "l"]), None);
        is(json("{\"K\": null}", &["k"]), "{\"K\": true}");
    }

    #[test]
    fn a_comma_that_is_a_mistake_is_not_built_upon() {
        assert_eq!(bicep("{\n  a: 1,\n}", &["k"]), None);
        assert_eq!(json("{,}", &["k"]), None);
    }

    #[test]
    fn members_go_before_nested_resources() {
        let body = "{\n  name: 'x'\n\n  resource d 'e' = {\n    name: 'y'\n  }\n}";
        let text = format!("resource a 'b@c' = {body}\n");
        is(
            added("a.bicep", &text, body, &["k"]),
            &text.replace("'x'\n", "'x'\n  k: true\n"),
        );
    }

    fn replaced(path: &str, text: &str, needle: &str, value: Literal) -> Option<String> {
        let at = at(text, needle);
        made(path, text, &Edit::Replace { at, value })
    }

    #[test]
    fn values_are_replaced_and_comments_kept() {
        let list = || Literal::List(vec![Literal::Text("a'b".to_owned()), Literal::Int(2)]);
        is(
            replaced("a.bicep", "var x = {\n\ty: [] // c\n}", "[]", list()),
            "var x = {\n\ty: [\n\t\t'a\\'b'\n\t\t2\n\t] // c\n}",
        );
        is(
            replaced("a.bicep", "var x = { y: [] }", "[]", list()),
            "var x = { y: ['a\\'b', 2] }",
        );
        is(
            replaced(
                "a.json",
                "{\n  \"y\": [\"http://x\"]\n}",
                "[\"http://x\"]",
                list(),
            ),
            "{\n  \"y\": [\n    \"a'b\",\n    2\n  ]\n}",
        );
        let commented = "[ /* c */ ]";
        assert_eq!(
            replaced(
                "a.bicep",
                &format!("var x = {commented}"),
                commented,
                list()
            ),
            None
        );
        assert_eq!(replaced("a.json", commented, commented, list()), None);
        // Only what is a value as a whole.
        assert_eq!(replaced("a.bicep", "var x = 'ab'", "ab", list()), None);
        assert_eq!(
            replaced("a.json", "{\"a\": \"[true()]\"}", "true()", list()),
            None
        );
    }

    fn removed(path: &str, text: &str, needle: &str) -> Option<String> {
        made(
            path,
            text,
            &Edit::Remove {
                at: at(text, needle),
            },
        )
    }

    #[test]
    fn elements_go_with_what_separates_them() {
        let bicep = |text: &str, needle| removed("a.bicep", &format!("var x = {text}"), needle);
        let lines = "[\n  'a' // c\n  'b'\n  'd'\n]";
        is(bicep(lines, "'b'"), "var x = [\n  'a' // c\n  'd'\n]");
        is(bicep(lines, "'d'"), "var x = [\n  'a' // c\n  'b'\n]");
        is(bicep(lines, "'a'"), "var x = [\n  // c\n  'b'\n  'd'\n]");
        let about = "[\n  'a'\n  // of b\n  'b'\n  // of d\n  'd'\n]";
        is(
            bicep(about, "'a'"),
            "var x = [\n  // of b\n  'b'\n  // of d\n  'd'\n]",
        );
        is(
            bicep(about, "'b'"),
            "var x = [\n  'a'\n  // of b\n  // of d\n  'd'\n]",
        );
        is(
            bicep(about, "'d'"),
            "var x = [\n  'a'\n  // of b\n  'b'\n  // of d\n]",
        );
        is(bicep("[ 'a'\n  // c\n]", "'a'"), "var x = [\n  // c\n]");
        is(bicep("['a', 'b']", "'a'"), "var x = ['b']");
        is(bicep("['a', 'b']", "'b'"), "var x = ['a']");
        is(bicep("[\n  'a'\n]", "'a'"), "var x = []");
        is(
            removed("a.json", "[\n  1,\n  2 // c\n]", "2"),
            "[\n  1 // c\n]",
        );
        is(removed("a.json", "[1, // c\n  2]", "1"), "[ // c\n  2]");
        assert_eq!(removed("a.json", "[1 /* c */, 2]", "1"), None);
        assert_eq!(removed("a.json", "[1, // c\n 2]", "2"), None);
    }

    #[test]
    fn names_are_written_as_their_place_wants() {
        let renamed = |path, text: &str, needle, name: &str| {
            let name = name.to_owned();
            made(
                path,
                text,
                &Edit::Rename {
                    at: at(text, needle),
                    name,
                },
            )
        };
        is(
            renamed("a.bicep", "var x = { ab: 1 }", "ab", "c"),
            "var x = { c: 1 }",
        );
        is(
            renamed("a.bicep", "var x = { ab: 1 }", "ab", "c-d"),
            "var x = { 'c-d': 1 }",
        );
        is(
            renamed("a.bicep", "var x = 'AB'", "'AB'", "ab"),
            "var x = 'ab'",
        );
        is(renamed("a.json", "{'ab': 1}", "'ab'", "c"), "{\"c\": 1}");
        assert_eq!(renamed("a.json", "{\"a\": \"b\"}", "\"b\"", "c"), None);
        assert_eq!(renamed("a.bicep", "var x = 12", "12", "c"), None);
    }
}
