//! Values as each language writes them.

use std::fmt::Write as _;

use tricep_rules::Literal;

use super::layout::{Layout, Lines};

/// How values are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Language {
    /// As in `.bicep` and `.bicepparam`.
    Bicep,
    /// JSON whose texts may be expressions in brackets.
    Template,
    /// JSON whose texts are what they are.
    Parameters,
}

impl Language {
    fn is_json(self) -> bool {
        self != Self::Bicep
    }

    /// `name: value`, with an object for each further name of the path; nothing for an empty path.
    pub(super) fn member(self, path: &[&str], value: &Literal, layout: &Layout) -> String {
        match path {
            [] => String::new(),
            [name, rest @ ..] => {
                let value = self.nested(rest, value, layout);
                format!("{}: {value}", self.key(name))
            }
        }
    }

    /// A value within an object for each name of the path.
    pub(super) fn nested(self, path: &[&str], value: &Literal, layout: &Layout) -> String {
        if path.is_empty() {
            return self.value(value, layout);
        }
        match layout {
            Layout::Inline => format!("{{ {} }}", self.member(path, value, layout)),
            Layout::Lines(lines) => {
                let inner = lines.inner();
                let start = inner.next();
                let member = self.member(path, value, &Layout::Lines(inner));
                format!("{{{start}{member}{}}}", lines.next())
            }
        }
    }

    pub(super) fn value(self, value: &Literal, layout: &Layout) -> String {
        match (value, layout) {
            (Literal::Bool(value), _) => value.to_string(),
            (Literal::Int(value), _) => value.to_string(),
            (Literal::Text(text), _) => self.text(text),
            (Literal::List(items), _) if items.is_empty() => "[]".to_owned(),
            (Literal::List(items), Layout::Inline) => {
                let items = items.iter().map(|item| self.value(item, layout));
                format!("[{}]", items.collect::<Vec<_>>().join(", "))
            }
            (Literal::List(items), Layout::Lines(lines)) => self.list(items, lines),
        }
    }

    /// A list, an element to a line.
    fn list(self, items: &[Literal], lines: &Lines) -> String {
        let inner = lines.inner();
        let start = inner.next();
        let between = format!("{}{start}", if self.is_json() { "," } else { "" });
        let inner = Layout::Lines(inner);
        let items: Vec<String> = items.iter().map(|item| self.value(item, &inner)).collect();
        format!("[{start}{}{}]", items.join(&between), lines.next())
    }

    /// The key of a member.
    pub(super) fn key(self, name: &str) -> String {
        match self {
            Self::Bicep if is_identifier(name) => name.to_owned(),
            Self::Bicep => self.text(name),
            Self::Template | Self::Parameters => json_text(name),
        }
    }

    fn text(self, text: &str) -> String {
        match self {
            Self::Bicep => bicep_text(text),
            // The engine takes one bracket away where the text would be an expression.
            Self::Template if text.starts_with('[') && text.ends_with(']') => {
                json_text(&format!("[{text}"))
            }
            Self::Template | Self::Parameters => json_text(text),
        }
    }
}

/// Whether a name can be written without quotes.
pub(super) fn is_identifier(name: &str) -> bool {
    let is_start = |c: char| c.is_ascii_alphabetic() || c == '_';
    let is_word = matches!(name, "true" | "false" | "null");
    !is_word
        && name.starts_with(is_start)
        && name.chars().all(|c| is_start(c) || c.is_ascii_digit())
}

fn bicep_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            '$' if chars.peek() == Some(&'{') => out.push_str("\\$"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

fn json_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(language: Language, text: &str) -> String {
        language.value(&Literal::Text(text.to_owned()), &Layout::Inline)
    }

    #[test]
    fn texts_are_quoted_as_the_language_wants() {
        assert_eq!(
            text(Language::Bicep, "it's $5 ${x} \\ \n\u{7}é"),
            r"'it\'s $5 \${x} \\ \n\u{7}é'"
        );
        assert_eq!(text(Language::Template, "a\"b\n"), r#""a\"b\n""#);
        assert_eq!(text(Language::Template, "[x]"), r#""[[x]""#);
        assert_eq!(text(Language::Template, "[x"), r#""[x""#);
        assert_eq!(text(Language::Parameters, "[x]"), r#""[x]""#);
    }

    #[test]
    fn what_is_written_is_read_as_it_was() {
        use tricep_syntax::bicep::ast::StatementKind;
        use tricep_syntax::bicep::{Dialect, parse};
        for value in ["", "'", "${a}", "$$", "\u{0}\u{85}\\n", "a\r\n\tb😀", "$'"] {
            let parsed = parse(
                format!("var x = {}", text(Language::Bicep, value)),
                Dialect::Bicep,
            );
            assert!(parsed.is_valid(), "{value:?}");
            let tree = parsed.tree();
            let statement = &tree[tree.list(tree.body()).next().unwrap()];
            let StatementKind::Var { value: expr, .. } = statement.kind else {
                panic!("{value:?} is no variable");
            };
            assert_eq!(parsed.string_value(expr).as_deref(), Some(value));
        }
    }

    #[test]
    fn keys_are_quoted_where_they_must_be() {
        assert_eq!(Language::Bicep.key("a_1"), "a_1");
        assert_eq!(Language::Bicep.key("a-1"), "'a-1'");
        assert_eq!(Language::Bicep.key("true"), "'true'");
        assert_eq!(Language::Template.key("a"), "\"a\"");
    }

    #[test]
    fn objects_and_lists_are_indented() {
        let lines = Layout::Lines(Lines {
            line_break: "\n",
            indent: "\t".to_owned(),
            unit: "\t".to_owned(),
        });
        let list = Literal::List(vec![Literal::Int(-1), Literal::Bool(true)]);
        assert_eq!(
            Language::Bicep.member(&["a", "b"], &list, &lines),
            "a: {\n\t\tb: [\n\t\t\t-1\n\t\t\ttrue\n\t\t]\n\t}"
        );
        assert_eq!(
            Language::Template.member(&["a", "b"], &list, &lines),
            "\"a\": {\n\t\t\"b\": [\n\t\t\t-1,\n\t\t\ttrue\n\t\t]\n\t}"
        );
        assert_eq!(
            Language::Bicep.member(&["a", "b"], &list, &Layout::Inline),
            "a: { b: [-1, true] }"
        );
    }
}
