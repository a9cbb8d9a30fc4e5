//! A file as fixes see it, in either language: where its values, objects, lists and names stand.
//!
//! Enters: a text. Leaves: answers to what stands at a span, exactly; a span that is no value, as that
//! of a part of an expression within a JSON text, is nothing.

use rustc_hash::{FxHashMap, FxHashSet};
use tricep_semantic::lower::arm::is_parameter_file;
use tricep_semantic::project::is_arm_template;
use tricep_syntax::bicep::ast::{ExprId, ExprKind, ItemId, ItemKind, Key};
use tricep_syntax::bicep::{Dialect, Kind as Token, Parsed, parse};
use tricep_syntax::json::{self, Json, Kind, NodeId, Value};
use tricep_syntax::text::{Source, Span};

use super::layout::Habits;
use super::literal::Language;

/// A file.
#[derive(Debug)]
pub(super) struct Document {
    tree: Tree,
    pub(super) language: Language,
    pub(super) habits: Habits,
}

#[derive(Debug)]
enum Tree {
    Bicep {
        parsed: Box<Parsed>,
        values: FxHashMap<Span, ExprId>,
        elements: FxHashMap<Span, Element>,
    },
    Json {
        json: Box<Json>,
        values: FxHashMap<Span, NodeId>,
        elements: FxHashMap<Span, Element>,
        keys: FxHashSet<Span>,
    },
}

/// An object that is written out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Object {
    /// The bytes, braces included.
    pub(super) span: Span,
    /// Its members, other parts such as nested resources left out.
    pub(super) members: Vec<Member>,
    /// Where the part behind the last member starts, be it the closing brace.
    pub(super) end_of_gap: u32,
}

/// A part of an object that has a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Member {
    /// Its name, unless it is none that is written out.
    pub(super) name: Option<String>,
    /// The bytes, from the key to the end of the value.
    pub(super) span: Span,
    /// The bytes of the value.
    pub(super) value: Span,
}

/// The surroundings of an element of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Element {
    /// The bytes of the list, brackets included.
    pub(super) list: Span,
    /// The element before.
    pub(super) before: Option<Span>,
    /// The element behind.
    pub(super) after: Option<Span>,
}

/// How a name is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Spelling {
    /// A word of Bicep.
    Word,
    /// A text of Bicep.
    Quoted,
    /// A key of JSON.
    Key,
}

impl Document {
    pub(super) fn of(source: &Source) -> Self {
        let (tree, language) = if is_arm_template(source.label()) {
            of_json(json::parse(source.text().clone()))
        } else {
            let dialect = Dialect::of_path(source.label());
            (
                of_bicep(parse(source.text().clone(), dialect)),
                Language::Bicep,
            )
        };
        Self {
            tree,
            language,
            habits: Habits::of(source.text()),
        }
    }

    pub(super) fn text(&self) -> &str {
        match &self.tree {
            Tree::Bicep { parsed, .. } => parsed.text(),
            Tree::Json { json, .. } => json.source(),
        }
    }

    /// Whether a value stands there.
    pub(super) fn is_value(&self, at: Span) -> bool {
        match &self.tree {
            Tree::Bicep { values, .. } => values.contains_key(&at),
            Tree::Json { values, .. } => values.contains_key(&at),
        }
    }

    /// Whether `null` stands there.
    pub(super) fn is_null(&self, at: Span) -> bool {
        self.is_value(at) && self.text().get(at.range()) == Some("null")
    }

    /// Whether there is a comment within.
    pub(super) fn has_comment(&self, within: Span) -> bool {
        match &self.tree {
            Tree::Bicep { parsed, .. } => {
                let trivia = parsed.tokens().trivia();
                let first = trivia.partition_point(|trivia| trivia.span.start < within.start);
                trivia
                    .get(first)
                    .is_some_and(|trivia| within.encloses(trivia.span))
            }
            Tree::Json { json, .. } => {
                has_json_comment(json.source().get(within.range()).unwrap_or_default())
            }
        }
    }

    /// The object that stands there.
    pub(super) fn object(&self, at: Span) -> Option<Object> {
        match &self.tree {
            Tree::Bicep { parsed, values, .. } => match parsed.tree()[*values.get(&at)?].kind {
                ExprKind::Object(items) => {
                    let items: Vec<ItemId> = parsed.tree().list(items).collect();
                    Some(bicep_object(parsed, at, &items))
                }
                _ => None,
            },
            Tree::Json { json, values, .. } => {
                let value = json.value(*values.get(&at)?);
                value.is(Kind::Object).then(|| json_object(value))
            }
        }
    }

    /// The element of a list that stands there.
    pub(super) fn element(&self, at: Span) -> Option<Element> {
        let (Tree::Bicep { elements, .. } | Tree::Json { elements, .. }) = &self.tree;
        elements.get(&at).copied()
    }

    /// How the name that stands there is written.
    pub(super) fn spelling(&self, at: Span) -> Option<Spelling> {
        match &self.tree {
            Tree::Bicep { parsed, .. } => spelling(parsed, at),
            Tree::Json { keys, .. } => keys.contains(&at).then_some(Spelling::Key),
        }
    }
}

fn of_bicep(parsed: Parsed) -> Tree {
    let tree = parsed.tree();
    let mut values = FxHashMap::default();
    let mut elements = FxHashMap::default();
    for (id, expr) in tree.exprs() {
        if let ExprKind::Array(items) = expr.kind {
            let spans: Vec<Span> = tree.list(items).map(|item| tree[item].span).collect();
            add_elements(&mut elements, expr.span, &spans);
        }
        if !matches!(expr.kind, ExprKind::Missing) {
            values.insert(expr.span, id);
        }
    }
    Tree::Bicep {
        parsed: Box::new(parsed),
        values,
        elements,
    }
}

fn add_elements(elements: &mut FxHashMap<Span, Element>, list: Span, spans: &[Span]) {
    for (n, &span) in spans.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|n| spans.get(n)).copied();
        let after = spans.get(n + 1).copied();
        let element = Element {
            list,
            before,
            after,
        };
        elements.insert(span, element);
    }
}

fn of_json(json: Json) -> (Tree, Language) {
    let language = match is_parameter_file(&json) {
        true => Language::Parameters,
        false => Language::Template,
    };
    let mut values = FxHashMap::default();
    let mut elements = FxHashMap::default();
    let mut keys = FxHashSet::default();
    let mut open = vec![json.root()];
    while let Some(value) = open.pop() {
        if !value.is(Kind::Missing) {
            values.insert(value.span(), value.id());
        }
        let items: Vec<Span> = value.items().map(Value::span).collect();
        add_elements(&mut elements, value.span(), &items);
        open.extend(value.items());
        for member in value.members() {
            keys.insert(member.key_span());
            open.push(member.value);
        }
    }
    let tree = Tree::Json {
        json: Box::new(json),
        values,
        elements,
        keys,
    };
    (tree, language)
}

fn bicep_object(parsed: &Parsed, span: Span, items: &[ItemId]) -> Object {
    let tree = parsed.tree();
    let mut object = Object {
        span,
        members: Vec::new(),
        end_of_gap: span.end.saturating_sub(1),
    };
    let mut other = None;
    for &id in items {
        let item = &tree[id];
        let (name, value) = match item.kind {
            ItemKind::Property { key, value } => (name_of(parsed, key), value),
            ItemKind::Spread(value) => (None, value),
            ItemKind::Resource(_) | ItemKind::Skipped => {
                other = other.or(Some(item.span.start));
                continue;
            }
        };
        other = None;
        object.members.push(Member {
            name,
            span: item.span,
            value: tree[value].span,
        });
    }
    object.end_of_gap = other.unwrap_or(object.end_of_gap);
    object
}

fn name_of(parsed: &Parsed, key: Key) -> Option<String> {
    match key {
        Key::Name(name) => Some(parsed.name(name).to_owned()),
        Key::String(text) => parsed.string_value(text).map(std::borrow::Cow::into_owned),
        Key::Missing => None,
    }
}

fn json_object(value: Value<'_>) -> Object {
    let span = value.span();
    let member = |member: json::Member<'_>| Member {
        name: Some(member.key().value.into_owned()),
        span: member.span(),
        value: member.value.span(),
    };
    Object {
        span,
        members: value.members().map(member).collect(),
        end_of_gap: span.end.saturating_sub(1),
    }
}

/// Whether JSON holds a comment outside of its texts.
fn has_json_comment(text: &str) -> bool {
    let mut bytes = text.bytes();
    let mut quote = None;
    while let Some(byte) = bytes.next() {
        match (byte, quote) {
            (b'\\', Some(_)) => {
                bytes.next();
            }
            (byte, Some(open)) if byte == open => quote = None,
            (_, Some(_)) => {}
            (b'"' | b'\'', None) => quote = Some(byte),
            // Nothing else of JSON has a slash.
            (b'/', None) => return true,
            _ => {}
        }
    }
    false
}

fn spelling(parsed: &Parsed, at: Span) -> Option<Spelling> {
    let tokens = parsed.tokens();
    let (mut low, mut high) = (0, parsed.token_count());
    while low < high {
        let middle = low + (high - low) / 2;
        match tokens.span(parsed.token(middle)).start < at.start {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    let kind = *tokens.kinds().get(low as usize)?;
    if tokens.span(parsed.token(low)) != at {
        return None;
    }
    match kind {
        Token::StringComplete => Some(Spelling::Quoted),
        kind if kind.is_identifier() => Some(Spelling::Word),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_in_texts_are_no_comments() {
        assert!(!has_json_comment(r#"["https://a", 'b//', "\"//"]"#));
        assert!(has_json_comment("[1 /* c */]"));
    }

    #[test]
    fn nested_resources_are_no_members() {
        let text = "resource a 'b@c' = {\n  name: 'x'\n  resource d 'e' = {\n  }\n}";
        let document = Document::of(&Source::new("a.bicep", text));
        let at = Span::new(text.find('{').unwrap() as u32, text.len() as u32);
        let object = document.object(at).unwrap();
        assert_eq!(object.members.len(), 1);
        assert_eq!(object.end_of_gap as usize, text.rfind("resource").unwrap());
    }

    #[test]
    fn a_part_of_an_expression_in_json_is_no_value() {
        let text = r#"{"a": "[true()]"}"#;
        let document = Document::of(&Source::new("a.json", text));
        assert!(document.is_value(Span::new(6, 16)));
        assert!(!document.is_value(Span::new(8, 14)));
        assert_eq!(document.spelling(Span::new(1, 4)), Some(Spelling::Key));
    }
}
