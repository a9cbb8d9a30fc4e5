//! Where the source spells out secrets: the literals that the values of `@secure` parameters are
//! made of, be they defaults, module arguments or values of a parameter file. Whoever shows source
//! text shows it masked. Texts that come out of other files are not looked for.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};
use tricep_syntax::text::{FileId, Location, Span};

use super::{Project, Target};
use crate::index::Idx;
use crate::template::{ExprId, ExprKind, Parameter, ReferenceId, Symbol, Template, TypeKind};

/// For each parameter file that others extend, those others.
type Extending = FxHashMap<FileId, Vec<FileId>>;

impl Project {
    /// The secrets written in a file, in order; none overlap.
    pub fn secrets(&self, file: FileId) -> &[Span] {
        let all = self.secrets.get_or_init(|| {
            let extending = self.find_extending();
            let files = (0..self.units.len() as u32).map(FileId);
            let found = files.map(|file| self.find_secrets(file, &extending));
            self.shared(found.collect())
        });
        all.get(file.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Templates that are written into a file have its text, and so its secrets.
    fn shared(&self, mut found: Vec<Vec<Span>>) -> Vec<Vec<Span>> {
        let mut by_text: FxHashMap<*const u8, Vec<usize>> = FxHashMap::default();
        for (file, unit) in self.units.iter().enumerate() {
            by_text.entry(unit.text.as_ptr()).or_default().push(file);
        }
        for files in by_text.into_values().filter(|files| files.len() > 1) {
            let own = files.iter().flat_map(|&file| &found[file]);
            let mut all: Vec<Span> = own.copied().collect();
            all.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
            all.dedup_by(|inner, outer| inner.end <= outer.end);
            for file in files {
                found[file].clone_from(&all);
            }
        }
        found
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

    fn find_secrets(&self, file: FileId, extending: &Extending) -> Vec<Span> {
        let template = self.template(file);
        let mut open = self.secret_values(file, extending);
        let mut seen: FxHashSet<ExprId> = open.iter().copied().collect();
        let mut spans = Vec::new();
        while let Some(expr) = open.pop() {
            let before = open.len();
            let kind = &template.exprs[expr].kind;
            if let ExprKind::Text(_)
            | ExprKind::Interpolation(_)
            | ExprKind::Unpaired
            | ExprKind::Int(_) = kind
            {
                spans.push(template.exprs[expr].span);
            }
            match kind {
                ExprKind::Symbol(Symbol::Variable(id)) => open.push(template.variables[*id].value),
                ExprKind::Symbol(Symbol::Parameter(id)) => {
                    open.extend(template.parameters[*id].value);
                }
                other => other.push_children(&mut open),
            }
            let fresh: Vec<ExprId> = open.drain(before..).filter(|&e| seen.insert(e)).collect();
            open.extend(fresh);
        }
        spans.sort();
        // A text in the hole of another is part of it.
        spans.dedup_by(|inner, outer| inner.end <= outer.end);
        spans
    }

    /// The expressions that secure parameters get their values from.
    fn secret_values(&self, file: FileId, extending: &Extending) -> Vec<ExprId> {
        let template = self.template(file);
        let used = self.assigned_for(file, extending);
        let is_secure = |parameter: &Parameter| {
            has_secure(template, &parameter.name)
                || used.iter().any(|used| has_secure(used, &parameter.name))
        };
        let secure = template.parameters.iter().filter(|p| is_secure(p));
        let mut values: Vec<ExprId> = secure
            .flat_map(|parameter| {
                parameter
                    .value
                    .into_iter()
                    .chain(parameter.constraints.allowed)
            })
            .collect();
        values.extend(
            template
                .exprs
                .iter()
                .flat_map(|expr| compared(template, &expr.kind)),
        );
        for module in template.modules.iter() {
            if let Some(called) = self.template_at(file, module.reference) {
                secret_arguments(template, module.body.object, called, &mut values);
            }
        }
        values
    }

    /// The templates that a parameter file assigns values for, itself or through the files that extend
    /// it.
    fn assigned_for(&self, file: FileId, extending: &Extending) -> Vec<&Template> {
        let mut files = vec![file];
        let mut next = 0;
        while let Some(&base) = files.get(next) {
            next += 1;
            let users = extending.get(&base).into_iter().flatten();
            let new: Vec<FileId> = users
                .filter(|user| !files.contains(user))
                .copied()
                .collect();
            files.extend(new);
        }
        let used = files.into_iter().filter_map(|file| {
            let using = self.template(file).using?;
            self.template_at(file, using)
        });
        used.collect()
    }

    fn find_extending(&self) -> Extending {
        let mut extending = Extending::default();
        for file in (0..self.units.len() as u32).map(FileId) {
            let targets = &self.unit(file).targets;
            let extends = self.template(file).extends;
            let target = extends.and_then(|extends| targets.iter().nth(extends.index()));
            if let Some(Target::File(base)) = target {
                extending.entry(*base).or_default().push(file);
            }
        }
        extending
    }

    fn template_at(&self, file: FileId, reference: ReferenceId) -> Option<&Template> {
        match self.unit(file).targets.iter().nth(reference.index())? {
            Target::File(target) => Some(self.template(*target)),
            Target::Data(_) | Target::Folder(_) | Target::Unavailable(_) => None,
        }
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

fn has_secure(template: &Template, name: &str) -> bool {
    let parameter = template.parameter(name);
    parameter.is_some_and(|id| is_secure(template, &template.parameters[id]))
}

/// Whether a parameter or the type it is declared with is secure.
fn is_secure(template: &Template, parameter: &Parameter) -> bool {
    let named = parameter.r#type.map(|id| &template.types[id].kind);
    parameter.constraints.secure
        || matches!(named, Some(TypeKind::Named(def)) if template.type_defs[*def].constraints.secure)
}

/// What a secure parameter is compared with.
fn compared(template: &Template, kind: &ExprKind) -> Option<ExprId> {
    let ExprKind::Binary(_, left, right) = kind else {
        return None;
    };
    let is_secret = |side: ExprId| match template.exprs[side].kind {
        ExprKind::Symbol(Symbol::Parameter(id)) => is_secure(template, &template.parameters[id]),
        _ => false,
    };
    match (is_secret(*left), is_secret(*right)) {
        (true, _) => Some(*right),
        (_, true) => Some(*left),
        _ => None,
    }
}

/// The arguments in the body of a module call that go to secure parameters.
fn secret_arguments(
    template: &Template,
    body: ExprId,
    called: &Template,
    values: &mut Vec<ExprId>,
) {
    let arguments = template
        .members_of(body)
        .filter(|(key, _)| *key == "params")
        .flat_map(|(_, params)| template.members_of(params));
    values.extend(
        arguments
            .filter(|(key, _)| has_secure(called, key))
            .map(|(_, value)| value),
    );
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
