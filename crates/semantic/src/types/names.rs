//! Names that nothing declares, and names and keys that are there several times
//! (`SymbolValidator`, `FileSymbol.ValidateScope`, `TypeAssignmentVisitor.VisitObjectSyntax`).

use tricep_syntax::bicep::Dialect;
use tricep_syntax::text::{FileId, Span};

use super::model::Type;
use super::problem::{Kind, Level, Problem};
use super::{Types, nearest};
use crate::eval::{functions, is_known};
use crate::lower::DECORATORS;
use crate::project::Target;
use crate::template::{Body, ExprId, ExprKind, Module, ReferenceId, Repeated, Template};

/// Names that are there without being declared: namespaces, types, and what a slip of syntax makes a
/// name of.
const AMBIENT: [&str; 12] = [
    "any",
    "array",
    "az",
    "bool",
    "if",
    "int",
    "object",
    "resourceInput",
    "resourceOutput",
    "string",
    "sys",
    "this",
];

/// The line that a place starts on; all before it too, if it closes a parenthesis of a line above.
/// Beside a slip of syntax a name is often none.
fn line_of(text: &str, at: Span) -> Span {
    let (before, behind) = text.split_at_checked(at.start as usize).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |line_break| line_break + 1);
    let length = behind.find('\n').unwrap_or(behind.len());
    let goes_on = before
        .get(start..)
        .is_some_and(|line| line.trim_start().starts_with(')'));
    let start = if goes_on { 0 } else { start };
    Span::new(start as u32, at.start + length as u32)
}

impl Types<'_> {
    /// Names that nothing declares, and names and keys that are there several times.
    pub(super) fn check_names(&self, file: FileId, problems: &mut Vec<Problem>) {
        let mut found = self.undeclared(file);
        self.repeated_keys(file, &mut found);
        if !found.is_empty() {
            let passed_over = self.passed_over(file);
            let written = &self.project.template(file).written;
            found.retain(|problem| {
                let at = problem.span;
                let is_in = |place: &Span| place.start <= at.start && at.end <= place.end;
                !written.is_covered(at) && !passed_over.iter().any(is_in)
            });
        }
        problems.append(&mut found);
        self.repeated_names(file, problems);
    }

    /// Names that nothing declares. For values the compiler suggests none; of ours the nearest is
    /// named.
    fn undeclared(&self, file: FileId) -> Vec<Problem> {
        let template = self.project.template(file);
        let text = &self.project.unit(file).text;
        let mut found = Vec::new();
        for expr in template.exprs.iter() {
            let name = match &expr.kind {
                ExprKind::Undeclared(name) => name,
                ExprKind::Call { function, .. } if !is_known(function) => function,
                _ => continue,
            };
            let written = text.get(expr.span.range()).unwrap_or_default();
            let is_there = template.symbols.contains_key(name) || AMBIENT.contains(&&**name);
            let Some(kind) = mistake(name, written).filter(|_| !is_there) else {
                continue;
            };
            if is_function(name, &kind, template.dialect) {
                continue;
            }
            let start = expr.span.start;
            let at = Span::new(start, start + name.len() as u32);
            if template.written.is_doubtful(at, line_of(text, at)) {
                continue;
            }
            let before = text.get(..start as usize).unwrap_or_default();
            let is_decorator = before.trim_end().ends_with('@');
            found.push(Problem {
                suggestion: suggestion(template, &kind, name, is_decorator),
                ..error(kind, at)
            });
        }
        found
    }

    /// Keys that are written several times in one object.
    fn repeated_keys(&self, file: FileId, found: &mut Vec<Problem>) {
        let template = self.project.template(file);
        for (id, expr) in template.exprs.iter_enumerated() {
            let ExprKind::Object(items) = &expr.kind else {
                continue;
            };
            if items.len() < 2 {
                continue;
            }
            let mut keys: Vec<(&str, ExprId)> = template.members_of(id).collect();
            keys.sort_unstable();
            for twins in keys.chunk_by(|a, b| a.0 == b.0).filter(|t| t.len() > 1) {
                for &(key, value) in twins {
                    let at = template.written.key(value);
                    found.extend(at.map(|at| error(Kind::RepeatedKey(key.to_owned()), at)));
                }
            }
        }
    }

    /// Names that several declarations share.
    fn repeated_names(&self, file: FileId, problems: &mut Vec<Problem>) {
        for (what, name, at) in self.project.template(file).written.repeated() {
            let kind = match what {
                Repeated::Name => Kind::RepeatedName,
                Repeated::Result => Kind::RepeatedOutput,
                Repeated::Key => Kind::RepeatedKey,
            };
            problems.push(error(kind(name.to_owned()), at));
        }
    }

    /// The places that the compiler does not look into, or where what it finds is lost: bodies of
    /// resources without a type and of modules without a file, defaults of parameters whose type
    /// makes no sense, texts and calls that do not end.
    fn passed_over(&self, file: FileId) -> Vec<Span> {
        let template = self.project.template(file);
        let mut places = Vec::new();
        for (id, resource) in template.resources.iter_enumerated() {
            let start = template.written.resource_type(id).unwrap_or(resource.at);
            if self.declared_resource(file, id).refused {
                places.push(Span::new(start.start, resource.span.end));
            }
        }
        for module in template.modules.iter() {
            if self.is_missing(file, module.reference) {
                places.extend(parts(template, module));
            }
        }
        for parameter in template.parameters.iter() {
            if let (Some(declared), Some(value)) = (parameter.r#type, parameter.value) {
                let declared = self.declared_whole(file, declared, &parameter.constraints);
                if matches!(declared, Type::Unknown | Type::Error) {
                    places.push(template.exprs[value].span);
                }
            }
        }
        let text = &self.project.unit(file).text;
        let broken = template.exprs.iter().filter(|expr| {
            // What is missing at its end is missing behind it.
            let with_end = Span::new(expr.span.start, expr.span.end + 1);
            template.written.is_broken(with_end) && is_lost(&expr.kind, text, expr.span)
        });
        places.extend(broken.map(|expr| expr.span));
        places
    }

    /// Whether a reference leads to no file.
    fn is_missing(&self, file: FileId, reference: ReferenceId) -> bool {
        let targets = &self.project.unit(file).targets;
        let known = targets.iter_enumerated().find(|(id, _)| *id == reference);
        !matches!(known, Some((_, Target::File(_))))
    }
}

/// What is wrong with an expression that begins with a name that nothing declares. With a name space
/// before it, or as `nameof(name)`, it is another mistake; a call that does not end is lost.
fn mistake(name: &str, written: &str) -> Option<Kind> {
    let rest = written.strip_prefix(name)?;
    match rest.trim_start().chars().next() {
        Some('(') if rest.ends_with(')') => Some(Kind::UndeclaredFunction(name.to_owned())),
        None | Some('.') => Some(Kind::UndeclaredName(name.to_owned())),
        Some(_) => None,
    }
}

/// Whether a mistake in an expression costs all of it: one in a text with holes, and one in a call
/// that does not end or goes over several lines.
fn is_lost(kind: &ExprKind, text: &str, at: Span) -> bool {
    let written = text.get(at.range()).unwrap_or_default();
    match kind {
        ExprKind::Interpolation(_) => true,
        ExprKind::Call { .. }
        | ExprKind::UserCall { .. }
        | ExprKind::ImportedCall { .. }
        | ExprKind::MethodCall { .. }
        | ExprKind::Undeclared(_) => {
            written.contains('(') && (written.contains('\n') || !written.ends_with(')'))
        }
        _ => false,
    }
}

/// The expressions of a module.
fn parts(template: &Template, module: &Module) -> impl Iterator<Item = Span> {
    let Body {
        each,
        condition,
        object,
    } = module.body;
    let parts = [each.map(|each| each.source), condition, Some(object)];
    parts
        .into_iter()
        .flatten()
        .map(|part| template.exprs[part].span)
}

/// Whether a name that is not called is that of a function, which is another mistake; or whether one
/// that is called is that of a function which needs other means here.
fn is_function(name: &str, kind: &Kind, dialect: Dialect) -> bool {
    match kind {
        Kind::UndeclaredFunction(_) => is_known(name) && functions::is_in(name, dialect),
        _ => is_known(name),
    }
}

/// What is probably meant: of functions only functions, of decorators also decorators.
fn suggestion(template: &Template, kind: &Kind, name: &str, is_decorator: bool) -> Option<String> {
    let mut candidates: Vec<&str> = match kind {
        Kind::UndeclaredFunction(_) => functions::names(template.dialect),
        _ => template.symbols.keys().map(|name| &**name).collect(),
    };
    if is_decorator {
        candidates.extend(DECORATORS);
    }
    candidates.sort_unstable_by_key(|name| name.to_lowercase());
    nearest(name, candidates).map(str::to_owned)
}

fn error(kind: Kind, span: Span) -> Problem {
    Problem {
        kind,
        level: Level::Error,
        span,
        suggestion: None,
    }
}
