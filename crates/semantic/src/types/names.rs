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
use crate::template::{Body, Expr, ExprId, ExprKind, Module, ReferenceId, Repeated, Template};

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

/// The places of the line breaks of a text. Texts of one long line and of many broken calls within
/// each other are searched once.
struct Breaks(Vec<u32>);

impl Breaks {
    fn of(text: &str) -> Self {
        let breaks = text.bytes().zip(0..);
        Self(
            breaks
                .filter(|&(byte, _)| byte == b'\n')
                .map(|(_, at)| at)
                .collect(),
        )
    }

    /// The line that a place starts on.
    fn line_of(&self, at: Span) -> Span {
        let behind = self.0.partition_point(|&line_break| line_break < at.start);
        let start = behind.checked_sub(1).map_or(0, |before| self.0[before] + 1);
        Span::new(start, self.0.get(behind).copied().unwrap_or(u32::MAX))
    }

    /// Whether a place goes over several lines.
    fn splits(&self, place: Span) -> bool {
        self.line_of(place).end < place.end
    }
}

/// What a mistake on makes a name doubtful: its line, and all before it if that closes a parenthesis
/// of a line above. Beside a slip of syntax a name is often none.
fn beside(text: &str, line: Span, at: Span) -> Span {
    let before = text.get(line.start as usize..at.start as usize);
    let goes_on = before.is_some_and(|line| line.trim_start().starts_with(')'));
    Span::new(if goes_on { 0 } else { line.start }, line.end)
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
                let next = passed_over.partition_point(|place| place.start <= at.start);
                let around = next.checked_sub(1).map(|before| passed_over[before]);
                !written.is_covered(at) && around.is_none_or(|place| place.end < at.end)
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
        let mut breaks = None;
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
            let breaks = breaks.get_or_insert_with(|| Breaks::of(text));
            if template
                .written
                .is_doubtful(at, beside(text, breaks.line_of(at), at))
            {
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
    /// makes no sense, texts and calls that do not end. Sorted, none within another.
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
        let breaks = Breaks::of(text);
        let broken = template.exprs.iter().filter(|expr| {
            // What is missing at its end is missing behind it.
            let with_end = Span::new(expr.span.start, expr.span.end + 1);
            template.written.is_broken(with_end) && is_lost(expr, text, &breaks)
        });
        places.extend(broken.map(|expr| expr.span));
        places.sort_unstable_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
        let mut end = 0;
        places.retain(|place| {
            let is_outer = place.end > end;
            end = end.max(place.end);
            is_outer
        });
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
fn is_lost(expr: &Expr, text: &str, breaks: &Breaks) -> bool {
    let written = text.get(expr.span.range()).unwrap_or_default();
    let is_call = match &expr.kind {
        ExprKind::Interpolation(_) => return true,
        ExprKind::Undeclared(name) => written.len() > name.len(),
        ExprKind::Call { .. }
        | ExprKind::UserCall { .. }
        | ExprKind::ImportedCall { .. }
        | ExprKind::MethodCall { .. } => true,
        _ => false,
    };
    is_call && (!written.ends_with(')') || breaks.splits(expr.span))
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
