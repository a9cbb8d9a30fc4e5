//! Reading YAML as the compiler's reader (SharpYaml's object model) does.
//!
//! Enters: the text of a file. Leaves: the value of its first document; the others must be well
//! formed too. The events of a YAML 1.2 parser become nodes, and nodes become values.
//!
//! The compiler reads a file twice: it loads the nodes, copies them where aliases stand, writes
//! them down in one piece without blanks around it, and reads that. The second reading gives the
//! types, and what the detour changes is told in [`Nodes::scalar`]. Absent: tags of our own make,
//! which change nothing.

use std::borrow::Cow;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::Outcome;
use super::json::float_of_file;
use crate::eval::unknown::{Kinds, Why};
use crate::eval::value::{Thunk, Value};
use crate::eval::work::Work;

/// The reader refuses deeper lists and objects, aliases replaced.
const MAX_DEPTH: usize = 64;

/// The value of the first document of a text.
pub(super) fn read_file(work: &mut Work<'_, '_>, text: &str) -> Outcome {
    let root = Reader::new(text).first_document()?.ok_or_else(no_yaml)?;
    Nodes { work }.value(&root, false, true)
}

fn no_yaml() -> Value {
    Value::failed("the text is not YAML")
}

/// A node of a document.
struct Node {
    kind: Kind,
    /// Lists and objects within each other, this one included.
    height: usize,
}

enum Kind {
    Scalar {
        text: Rc<str>,
        style: ScalarStyle,
        tag: ScalarTag,
    },
    List {
        flow: bool,
        items: Vec<Rc<Node>>,
    },
    /// Keys and values in turn.
    Object {
        flow: bool,
        items: Vec<Rc<Node>>,
    },
}

/// What a tag does to the type of a scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ScalarTag {
    /// There is none, or one that does nothing.
    Idle,
    /// `!!str`: it is a text.
    Text,
    /// `!`
    NonSpecific,
}

impl ScalarTag {
    fn of(tag: Option<&Cow<'_, Tag>>) -> Self {
        match tag {
            Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => Self::Text,
            Some(tag) if tag.handle.is_empty() && tag.suffix == "!" => Self::NonSpecific,
            Some(tag) if tag.handle == "!" && tag.suffix.is_empty() => Self::NonSpecific,
            _ => Self::Idle,
        }
    }
}

/// A list or object that is being read.
struct Open {
    anchor: usize,
    flow: bool,
    is_object: bool,
    items: Vec<Rc<Node>>,
}

/// Makes nodes of the events of a parser.
struct Reader<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    text: Chars<'a>,
    open: Vec<Open>,
    /// The finished nodes of the document by the number of their anchor.
    anchors: FxHashMap<usize, Rc<Node>>,
    root: Option<Rc<Node>>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            parser: Parser::new_from_str(text),
            text: Chars { rest: text, at: 0 },
            open: Vec::new(),
            anchors: FxHashMap::default(),
            root: None,
        }
    }

    /// Reads to the end of the text, since what is wrong there makes the whole file wrong.
    fn first_document(mut self) -> Result<Option<Rc<Node>>, Value> {
        let mut first = None;
        while let Some(event) = self.parser.next_event() {
            let (event, span) = event.map_err(|_| no_yaml())?;
            match event {
                Event::DocumentStart(_) => self.anchors.clear(),
                Event::DocumentEnd => {
                    let root = self.root.take();
                    first.get_or_insert(root);
                }
                Event::Alias(anchor) => {
                    // An alias inside of what it stands for finds nothing (load-yaml-0026).
                    let node = self.anchors.get(&anchor).map(Rc::clone);
                    self.place(node.ok_or_else(no_yaml)?);
                }
                Event::Scalar(text, style, anchor, tag) => {
                    let tag = ScalarTag::of(tag.as_ref());
                    let text = Rc::from(&*text);
                    let kind = Kind::Scalar { text, style, tag };
                    self.finish(anchor, Node { kind, height: 0 })?;
                }
                Event::SequenceStart(anchor, _) => self.open(anchor, false, span.start.index())?,
                Event::MappingStart(anchor, _) => self.open(anchor, true, span.start.index())?,
                Event::SequenceEnd | Event::MappingEnd => self.close()?,
                Event::Nothing | Event::StreamStart | Event::StreamEnd => {}
            }
        }
        Ok(first.flatten())
    }

    fn open(&mut self, anchor: usize, is_object: bool, start: usize) -> Result<(), Value> {
        if self.open.len() >= MAX_DEPTH {
            return Err(no_yaml());
        }
        let outer = self.open.last().is_some_and(|open| open.flow);
        self.open.push(Open {
            anchor,
            flow: outer || matches!(self.text.char_at(start), Some('[' | '{')),
            is_object,
            items: Vec::new(),
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Value> {
        let open = self.open.pop().ok_or_else(no_yaml)?;
        let highest = open.items.iter().map(|item| item.height).max();
        let (flow, items) = (open.flow, open.items);
        let node = Node {
            kind: match open.is_object {
                true => Kind::Object { flow, items },
                false => Kind::List { flow, items },
            },
            height: highest.unwrap_or(0) + 1,
        };
        self.finish(open.anchor, node)
    }

    fn finish(&mut self, anchor: usize, node: Node) -> Result<(), Value> {
        if node.height > MAX_DEPTH {
            return Err(no_yaml());
        }
        let node = Rc::new(node);
        // The parser numbers anchors from 1; 0 is none.
        if anchor > 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        self.place(node);
        Ok(())
    }

    fn place(&mut self, node: Rc<Node>) {
        match self.open.last_mut() {
            Some(open) => open.items.push(node),
            None => self.root = Some(node),
        }
    }
}

/// The characters of a text by their number, asked for in rising order.
struct Chars<'a> {
    rest: &'a str,
    at: usize,
}

impl Chars<'_> {
    fn char_at(&mut self, index: usize) -> Option<char> {
        let ahead = index.checked_sub(self.at)?;
        let (start, c) = self.rest.char_indices().nth(ahead)?;
        self.rest = &self.rest[start..];
        self.at = index;
        Some(c)
    }
}

/// Makes values of nodes.
struct Nodes<'w, 'e, 'p> {
    work: &'w mut Work<'e, 'p>,
}

impl Nodes<'_, '_, '_> {
    /// The value of a node within brackets (`flow`) or not; `last`: nothing is written after it.
    fn value(&mut self, node: &Node, flow: bool, last: bool) -> Outcome {
        // Aliases can make a short file a large value.
        self.work.spend(1)?;
        match &node.kind {
            Kind::Scalar { text, style, tag } => self.scalar(text, *style, *tag, flow, last),
            Kind::List { flow: own, items } => {
                let flow = flow || *own;
                let values = items.iter().enumerate().map(|(place, item)| {
                    self.value(item, flow, last && !flow && place + 1 == items.len())
                });
                Ok(Value::list_of(values.collect::<Result<Vec<_>, _>>()?))
            }
            Kind::Object { flow: own, items } => self.object(items, flow || *own, last),
        }
    }

    fn object(&mut self, items: &[Rc<Node>], flow: bool, last: bool) -> Outcome {
        let mut object = Entries::default();
        let (pairs, _) = items.as_chunks::<2>();
        for (place, [key, value]) in pairs.iter().enumerate() {
            let Kind::Scalar { text: key, .. } = &key.kind else {
                return Err(no_yaml());
            };
            let value = self.value(value, flow, last && !flow && place + 1 == pairs.len())?;
            match &**key {
                "<<" => self.merge(&mut object, &value)?,
                _ => object.set(key, value)?,
            }
        }
        Ok(Value::object(object.entries))
    }

    /// `<<`: the own keys of an object win, and of several objects the last one.
    fn merge(&mut self, object: &mut Entries, value: &Value) -> Result<(), Value> {
        match value {
            Value::Null => Ok(()),
            Value::Object(merged) => {
                for entry in &merged.entries {
                    object.inherit(&entry.key, self.work.value(&entry.value));
                }
                Ok(())
            }
            Value::List(list) => {
                for element in list.closed().unwrap_or_default() {
                    match self.work.value(&element) {
                        merged @ Value::Object(_) => self.merge(object, &merged)?,
                        _ => return Err(no_yaml()),
                    }
                }
                Ok(())
            }
            _ => Err(no_yaml()),
        }
    }

    /// Only plain scalars have a type other than text. Writing the nodes down changes three
    /// things: nothing between brackets becomes `''`, a block of lines at the very end loses its
    /// line breaks (load-yaml-0022), and characters above U+FFFF come out as others
    /// (load-yaml-0021).
    fn scalar(
        &mut self,
        text: &Rc<str>,
        style: ScalarStyle,
        tag: ScalarTag,
        flow: bool,
        last: bool,
    ) -> Outcome {
        self.work.spend(text.len())?;
        if text.chars().any(|c| c > '\u{ffff}') {
            return Ok(garbled());
        }
        match style {
            ScalarStyle::Plain if tag == ScalarTag::Text || (flow && text.is_empty()) => {}
            ScalarStyle::Plain => {
                let value = plain(text)?;
                return match (tag, &value) {
                    (ScalarTag::NonSpecific, Value::Text(_)) | (ScalarTag::Idle, _) => Ok(value),
                    _ => Ok(Value::unsupported("the tag `!` in YAML")),
                };
            }
            // What ends in blanks or has blanks before a line break is written in quotes.
            ScalarStyle::Literal | ScalarStyle::Folded
                if last && !text.ends_with(' ') && !text.contains(" \n") =>
            {
                return Ok(Value::text(text.trim_end()));
            }
            _ => {}
        }
        Ok(Value::Text(Rc::clone(text)))
    }
}

fn garbled() -> Value {
    let what = "a character above U+FFFF in YAML, which the compiler garbles,";
    Value::unknown(Why::Unsupported(what.to_owned()), Kinds::TEXT)
}

/// The entries of an object that is being read.
#[derive(Default)]
struct Entries {
    entries: Vec<(Rc<str>, Thunk)>,
    /// The place of each key, and whether it is the object's own.
    places: FxHashMap<Rc<str>, (usize, bool)>,
}

impl Entries {
    /// A key written twice is refused (load-yaml-0017); letter case counts (load-yaml-0018).
    fn set(&mut self, key: &Rc<str>, value: Value) -> Result<(), Value> {
        match self.places.get(key) {
            Some((_, true)) => Err(no_yaml()),
            known => {
                let known = known.map(|&(place, _)| place);
                self.put(key, value, known, true);
                Ok(())
            }
        }
    }

    fn inherit(&mut self, key: &Rc<str>, value: Value) {
        match self.places.get(key) {
            Some((_, true)) => {}
            known => {
                let known = known.map(|&(place, _)| place);
                self.put(key, value, known, false);
            }
        }
    }

    fn put(&mut self, key: &Rc<str>, value: Value, known: Option<usize>, own: bool) {
        let entry = (Rc::clone(key), Thunk::ready(value));
        let place = known.unwrap_or(self.entries.len());
        match self.entries.get_mut(place) {
            Some(old) => *old = entry,
            None => self.entries.push(entry),
        }
        self.places.insert(Rc::clone(key), (place, own));
    }
}

/// The value of a scalar without quotes: null and Booleans in any letter case, integers, numbers
/// as .NET reads them; all else is text (load-yaml-0070).
fn plain(text: &Rc<str>) -> Outcome {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if text.is_empty() || &**text == "~" || is("null") {
        return Ok(Value::Null);
    }
    if is("true") || is("false") {
        return Ok(Value::Bool(is("true")));
    }
    let digits = text.replace('_', "");
    if let Some(value) = integer(&digits)? {
        return Ok(Value::Int(value));
    }
    Ok(match float(text, &digits) {
        Some(number) => float_of_file(number),
        None => Value::Text(Rc::clone(text)),
    })
}

/// An integer with a sign and a prefix for its base, both optional; `None` if it is none or needs
/// more than 64 bits. A prefixed one that does is refused.
fn integer(text: &str) -> Result<Option<i64>, Value> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let prefix = digits.get(..2).unwrap_or_default().to_ascii_lowercase();
    let (radix, digits) = match &*prefix {
        "0x" => (16, &digits[2..]),
        "0o" => (8, &digits[2..]),
        "0b" => (2, &digits[2..]),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Ok(None);
    }
    match u64::from_str_radix(digits, radix) {
        Ok(value) => Ok(match negative {
            true => 0i64.checked_sub_unsigned(value),
            false => i64::try_from(value).ok(),
        }),
        Err(_) if radix == 10 => Ok(None),
        Err(_) => Err(no_yaml()),
    }
}

/// A number with a fraction or exponent. `digits` is the text without `_`, which the words of YAML
/// do not take.
fn float(text: &str, digits: &str) -> Option<f64> {
    match &*text.to_ascii_lowercase() {
        ".inf" | "+.inf" => return Some(f64::INFINITY),
        "-.inf" => return Some(f64::NEG_INFINITY),
        ".nan" => return Some(f64::NAN),
        _ => {}
    }
    // The words of .NET, in any letter case too; Rust reads the same ones and `inf` besides.
    let unsigned = digits.strip_prefix(['+', '-']).unwrap_or(digits);
    let word = ["infinity", "nan"]
        .iter()
        .any(|word| unsigned.eq_ignore_ascii_case(word));
    let spelt = word || unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let spelt = spelt && !unsigned.contains(['_', 'x', 'X']);
    spelt.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Assumptions, Evaluator};
    use crate::project::Project;

    fn read(text: &str) -> String {
        let (project, assumptions) = (Project::default(), Assumptions::default());
        let mut evaluator = Evaluator::new(&project, &assumptions);
        let value = read_file(&mut Work::new(&mut evaluator), text).unwrap_or_else(|value| value);
        evaluator
            .to_json(&value)
            .unwrap_or_else(|unknown| unknown.why.to_string())
    }

    fn refused(text: &str) -> bool {
        read(text).contains("the text is not YAML")
    }

    #[test]
    fn plain_scalars_have_the_types_of_the_compilers_reader() {
        let typed =
            |scalar: &str| read(&format!("[{scalar}, x]")).replace(",\"x\"]", "")[1..].to_owned();
        for (scalar, value) in [
            ("NULL", "null"),
            ("FALSE", "false"),
            ("off", "\"off\""),
            ("-0x1f", "-31"),
            ("0O17", "15"),
            ("0b_101", "5"),
            ("007", "7"),
            ("1__2", "12"),
            ("_", "\"_\""),
            ("0o9", "\"0o9\""),
            ("-9223372036854775808", "-9223372036854775808"),
            ("-.5e1", "-5"),
            ("2.5E-1", "0.25"),
            ("1e", "\"1e\""),
            ("1e-7", "1E-07"),
            (".nan", "\"NaN\""),
            ("-infinity", "\"-Infinity\""),
            ("inf", "\"inf\""),
            ("e3", "\"e3\""),
            ("1.2.3", "\"1.2.3\""),
            ("'1'", "\"1\""),
            ("!!str 1", "\"1\""),
            ("!!int 1", "1"),
            ("!!int '1'", "\"1\""),
            ("!mine true", "true"),
        ] {
            assert_eq!(typed(scalar), value, "{scalar}");
        }
        assert!(refused("a: 0x10000000000000000"));
        assert!(read("a: ! 1").contains("not evaluated"));
    }

    #[test]
    fn aliases_are_copies_and_own_keys_win_over_merged_ones() {
        assert_eq!(
            read("a: &a {x: 1, y: 2}\nb:\n  y: 3\n  <<: *a\n  z: 4\nc: *a\n"),
            r#"{"a":{"x":1,"y":2},"b":{"y":3,"x":1,"z":4},"c":{"x":1,"y":2}}"#
        );
        // The last of several wins, and a key that comes after keeps the place.
        assert_eq!(
            read("a: {<<: [{x: 1}, {x: 2, y: 3}], x: 5}\n"),
            r#"{"a":{"x":5,"y":3}}"#
        );
        assert!(refused("a: {<<: 1}"));
        assert!(refused("a: *b"));
        assert!(refused("a: &a [*a]"));
    }

    #[test]
    fn nothing_is_null_in_a_block_and_an_empty_text_between_brackets() {
        assert_eq!(
            read("a:\nb: {c: , d}\ne: [{f: }]\n"),
            r#"{"a":null,"b":{"c":"","d":""},"e":[{"f":""}]}"#
        );
    }

    #[test]
    fn the_last_block_of_lines_loses_its_end() {
        assert_eq!(
            read("a: |\n  x\n\nb: >\n  y\n  z\n"),
            r#"{"a":"x\n","b":"y z"}"#
        );
        assert_eq!(read("- |+\n  x\n\n\n"), r#"["x"]"#);
        assert_eq!(read("a: |\n  x \n"), r#"{"a":"x \n"}"#);
        assert_eq!(read("a: \"x\\n\"\n"), r#"{"a":"x\n"}"#);
    }

    #[test]
    fn every_document_must_be_well_formed_and_the_first_counts() {
        assert_eq!(read("--- 1\n--- 2\n"), "1");
        assert!(refused("a: 1\n---\nb: ]\n"));
        assert!(refused("# nothing\n"));
        assert!(refused("? [a]\n: 1\n"));
        assert!(refused("{a: 1, a: 2}"));
    }

    #[test]
    fn what_the_compiler_garbles_is_unknown_and_the_rest_is_not() {
        assert_eq!(read("a: 1\nb: é\n"), r#"{"a":1,"b":"é"}"#);
        assert!(read("b: 😀\n").contains("garbles"));
    }

    #[test]
    fn depth_and_the_growth_of_aliases_are_limited() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(!refused(&nested(MAX_DEPTH)));
        assert!(refused(&nested(MAX_DEPTH + 1)));
        assert!(refused(&nested(100_000)));
        let chain: String = (1..100_000)
            .map(|n| format!("a{n}: &a{n} [*a{}]\n", n - 1))
            .collect();
        assert!(refused(&format!("a0: &a0 1\n{chain}")));
        let bomb: String = (1..40)
            .map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1))
            .collect();
        assert!(read(&format!("a0: &a0 1\n{bomb}")).contains("the size of values"));
    }
}
