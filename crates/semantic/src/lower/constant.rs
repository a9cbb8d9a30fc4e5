//! Texts that are known while compiling: what the path of a file to load must be.

use std::sync::Arc;

use tricep_syntax::bicep::ast::{self, ExprKind as Syntax};

use super::Lowering;
use crate::index::Idx;
use crate::template::{Purpose, Reference, ReferenceId, Symbol};

/// So many expressions are looked at for one text.
const MAX_EXPRESSIONS: usize = 128;
/// No path is longer.
const MAX_LENGTH: usize = 4096;

impl Lowering<'_> {
    /// Notes the file or folder that an expression names for its content. `None`: the name is not known here.
    pub(super) fn data_reference(
        &mut self,
        purpose: Purpose,
        path: ast::ExprId,
    ) -> Option<ReferenceId> {
        let (mut text, mut left) = (String::new(), MAX_EXPRESSIONS);
        self.constant_text(path, &mut text, &mut left)?;
        Some(self.template.references.push(Reference {
            purpose,
            path: Some(Arc::from(text)),
            at: self.tree[path].span,
        }))
    }

    /// Appends the text that an expression is for the compiler too: one that is written out, with
    /// holes of such texts (load-text-0053), or an untyped variable of one (load-yaml-0155).
    /// Parameters are refused (load-text-0054), and so are sums (load-yaml-0153).
    fn constant_text(&self, expr: ast::ExprId, text: &mut String, left: &mut usize) -> Option<()> {
        *left = left.checked_sub(1)?;
        match self.tree[expr].kind {
            Syntax::String(_) => text.push_str(&self.parsed.string_value(expr)?),
            Syntax::Interpolated { pieces, holes } => {
                let mut holes = self.tree.list(holes);
                for piece in self.parsed.piece_values(pieces) {
                    text.push_str(&piece);
                    if let Some(hole) = holes.next() {
                        self.constant_text(hole, text, left)?;
                    }
                }
            }
            Syntax::Parenthesized(inner) => self.constant_text(inner, text, left)?,
            Syntax::Name(name) => match self.resolve(self.parsed.name(name))? {
                Symbol::Variable(variable) => {
                    let value = self.untyped_variables[variable.index()]?;
                    self.constant_text(value, text, left)?;
                }
                _ => return None,
            },
            _ => return None,
        }
        (text.len() <= MAX_LENGTH).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use tricep_syntax::bicep::{Dialect, parse};

    use crate::lower::lower;

    fn paths(text: &str) -> Vec<String> {
        let template = lower(&parse(text.to_owned(), Dialect::Bicep));
        let paths = template.references.iter();
        paths
            .filter_map(|reference| reference.path.as_deref().map(str::to_owned))
            .collect()
    }

    #[test]
    fn paths_are_texts_that_the_compiler_knows() {
        for path in [
            "'a.txt'",
            "('a.txt')",
            "'${'a'}.txt'",
            "name",
            "'${base}.txt'",
        ] {
            let text = format!(
                "output o string = sys.loadTextContent({path})\nvar base = 'a'\nvar name = '${{base}}.txt'"
            );
            assert_eq!(paths(&text), ["a.txt"], "{path}");
        }
    }

    #[test]
    fn what_the_compiler_does_not_know_is_no_path() {
        for path in ["p", "typed", "'a' + 'b'", "1", "x", "a.b", ""] {
            let text = format!(
                "param p string = 'a'\nvar typed string = 'a'\nvar x = x\noutput o string = loadTextContent({path})"
            );
            assert!(paths(&text).is_empty(), "{path}");
        }
    }

    #[test]
    fn a_path_of_many_parts_is_given_up() {
        let mut text = "var v0 = ''\n".to_owned();
        for n in 1..64 {
            let _ = writeln!(text, "var v{n} = '${{v{}}}${{v{}}}'", n - 1, n - 1);
        }
        text.push_str("output o string = loadTextContent(v63)");
        assert!(paths(&text).is_empty());
    }
}
