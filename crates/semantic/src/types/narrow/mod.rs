//! A value and the type that is wanted → the type the value has there, and what does not fit
//! (`TypeValidator.NarrowType`). One cause, one problem, at the narrowest place.

mod array;
mod object;
mod scalar;
mod union;

use tricep_syntax::text::{FileId, Span};

use super::model::Type;
use super::problem::{Kind, Level, Problem};
use super::show::quoted;
use super::{RED_ZONE, STACK, Types, nearest};
use crate::template::{ExprId, ExprKind, Symbol, Template};

/// So deep types are laid beside each other that no expression stands for: types may contain
/// themselves.
const MAX_DEPTH: u32 = 24;

/// The expression that has the value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum At {
    /// This one.
    Expr(ExprId),
    /// The name that a loop or lambda declares.
    Name,
}

/// What goes for a value, from whoever wants it (`TypeValidatorConfig`).
#[derive(Clone, Copy, Debug)]
struct Want<'w> {
    /// A value of type `any` is refused.
    no_any: bool,
    /// The variable through which the value came.
    origin: Option<ExprId>,
    /// What a value of the wrong type is called.
    mismatch: Mismatch<'w>,
    /// Whether this is the body of a resource, or in it.
    in_resource: bool,
    /// Where missing properties are reported: the key or name the object belongs to; `None`: on
    /// the object.
    home: Option<Span>,
    /// How many types up there is an expression.
    depth: u32,
}

/// What a value of the wrong type is called.
#[derive(Clone, Copy, Debug)]
enum Mismatch<'w> {
    Value,
    Property { name: &'w str, warn: bool },
    Item { warn: bool },
    SpreadItem { warn: bool },
}

impl Want<'_> {
    /// A value that belongs to a name; `None`: to nothing.
    fn value(home: Option<Span>) -> Self {
        Self {
            no_any: false,
            origin: None,
            mismatch: Mismatch::Value,
            in_resource: false,
            home,
            depth: 0,
        }
    }
}

/// Lays the values of one file beside types.
pub(super) struct Narrow<'n, 'a> {
    types: &'n Types<'a>,
    file: FileId,
    template: &'a Template,
    /// Whether the narrowed types matter, or only the problems.
    keep: bool,
    /// The object of an existing resource that is not in a loop.
    existing: Option<ExprId>,
    /// What was found.
    pub(super) problems: Vec<Problem>,
}

impl<'n, 'a> Narrow<'n, 'a> {
    pub(super) fn new(types: &'n Types<'a>, file: FileId, keep: bool) -> Self {
        Self {
            types,
            file,
            template: types.project.template(file),
            keep,
            existing: None,
            problems: Vec::new(),
        }
    }

    /// A value that belongs to a name: a parameter's default, an output, a module's body.
    pub(super) fn value(&mut self, id: ExprId, wanted: &Type<'a>, home: Option<Span>) -> Type<'a> {
        let given = self.types.infer(self.file, id);
        if matches!(given, Type::Error) || matches!(wanted, Type::Error) {
            return wanted.clone();
        }
        self.narrow(Want::value(home), At::Expr(id), given, wanted)
    }

    /// The body of a resource.
    pub(super) fn resource_body(
        &mut self,
        id: ExprId,
        wanted: &Type<'a>,
        home: Span,
        existing: bool,
    ) -> Type<'a> {
        let given = self.types.infer(self.file, id);
        if matches!(given, Type::Error) {
            return wanted.clone();
        }
        self.existing = existing.then_some(id);
        let want = Want {
            in_resource: true,
            ..Want::value(Some(home))
        };
        self.narrow(want, At::Expr(id), given, wanted)
    }

    fn narrow(&mut self, want: Want<'_>, at: At, given: Type<'a>, wanted: &Type<'a>) -> Type<'a> {
        stacker::maybe_grow(RED_ZONE, STACK, || self.step(want, at, given, wanted))
    }

    fn step(&mut self, want: Want<'_>, at: At, given: Type<'a>, wanted: &Type<'a>) -> Type<'a> {
        if want.no_any && matches!(given, Type::Any) {
            self.report_at(want, at, Level::Error, Kind::AnyValue, None);
            return wanted.clone();
        }
        let is_open = matches!(given, Type::Unknown | Type::Error);
        if is_open || matches!(wanted, Type::Unknown) || !self.types.burn() {
            return Type::Unknown;
        }
        if let (Type::Array(array), Some(body)) = (wanted, self.loop_body(at)) {
            let item = self.types.item(&array.items);
            let value = self.types.infer(self.file, body);
            let want = Want { home: None, ..want };
            return Type::array_of(self.narrow(want, At::Expr(body), value, &item));
        }
        self.note_letter_case(want, at, &given, wanted);
        let collapsed = match wanted {
            Type::Union(_) => self.types.collapse(wanted),
            _ => None,
        };
        let wanted = collapsed.as_ref().unwrap_or(wanted);
        if !self.types.fits(&given, wanted) {
            if let Some(rest) = self.types.fits_without_null(&given, wanted) {
                let kind = Kind::MaybeNull(self.types.show(wanted), self.types.show(&given));
                self.report_here(at, Level::Warning, kind);
                return self.narrow(want, at, rest, wanted);
            }
            self.mismatch(want, at, &given, wanted);
            return wanted.clone();
        }
        self.inside(want, at, given, wanted)
    }

    /// The value is of the right kind; looks at what is in it.
    fn inside(&mut self, want: Want<'_>, at: At, given: Type<'a>, wanted: &Type<'a>) -> Type<'a> {
        let found = match wanted {
            Type::Int(..) | Type::IntIs(..) | Type::Text(_) | Type::TextIs(..) => {
                return self.scalar(want, at, given, wanted);
            }
            Type::Object(object) => self.object(want, at, &given, object),
            Type::Choice(choice) => self.choice(want, at, &given, choice),
            Type::Array(array) => self.array(want, at, &given, array),
            _ => None,
        };
        if let Some(found) = found {
            return found;
        }
        if let Some(declaration) = self.declaration(at) {
            let (want, at) = self.through(want, at, declaration);
            let given = self.type_at(at, given);
            return self.narrow(want, at, given, wanted);
        }
        match wanted {
            Type::Union(members) => self.union(want, at, &given, members),
            _ => given,
        }
    }

    /// What a variable or the name of a loop stands for; `None`: it is something else.
    fn declaration(&self, at: At) -> Option<At> {
        let At::Expr(id) = at else { return None };
        match self.template.exprs[id].kind {
            ExprKind::Symbol(Symbol::Variable(id)) => {
                Some(At::Expr(self.template.variables[id].value))
            }
            ExprKind::Symbol(Symbol::Local(_)) => Some(At::Name),
            _ => None,
        }
    }

    /// Goes on with the declaration of a variable, whose problems are those of its use.
    fn through<'w>(&self, want: Want<'w>, at: At, declaration: At) -> (Want<'w>, At) {
        let At::Expr(id) = at else {
            return (want, declaration);
        };
        let want = Want {
            origin: Some(id),
            home: None,
            ..want
        };
        (want, declaration)
    }

    fn type_at(&self, at: At, otherwise: Type<'a>) -> Type<'a> {
        match at {
            At::Expr(id) => self.types.infer(self.file, id),
            At::Name => otherwise,
        }
    }

    /// The body of a loop.
    fn loop_body(&self, at: At) -> Option<ExprId> {
        let At::Expr(id) = at else { return None };
        match self.template.exprs[id].kind {
            ExprKind::For { body, .. } => Some(body),
            _ => None,
        }
    }

    fn span(&self, at: At) -> Option<Span> {
        match at {
            At::Expr(id) => Some(self.template.exprs[id].span),
            At::Name => None,
        }
    }

    /// Whether the text of the value has a mistake, so that what is in it is not looked at.
    fn is_broken(&self, at: At) -> bool {
        self.span(at)
            .is_some_and(|span| self.template.written.is_broken(span))
    }

    /// Reports on the value itself.
    fn report_here(&mut self, at: At, level: Level, kind: Kind) {
        if let Some(span) = self.span(at) {
            self.push(span, level, kind, None);
        }
    }

    /// Reports on the variable through which the value came, or on the value itself.
    fn report_at(
        &mut self,
        want: Want<'_>,
        at: At,
        level: Level,
        kind: Kind,
        suggestion: Option<String>,
    ) {
        let at = want.origin.map_or(at, At::Expr);
        if let Some(span) = self.span(at) {
            self.push(span, level, kind, suggestion);
        }
    }

    fn push(&mut self, span: Span, level: Level, kind: Kind, suggestion: Option<String>) {
        self.problems.push(Problem {
            kind,
            level,
            span,
            suggestion,
        });
    }

    /// The value is of another type than wanted.
    fn mismatch(&mut self, want: Want<'_>, at: At, given: &Type<'a>, wanted: &Type<'a>) {
        let warn_value = super::model::Marks::WARN_VALUE;
        let (shown, is) = (self.types.show(wanted), self.types.show(given));
        match want.mismatch {
            Mismatch::Value => {
                let level = Level::warning_if(wanted.is_marked(warn_value));
                self.report_at(want, at, level, Kind::Value(shown, is), None);
            }
            Mismatch::Property { name, warn } => {
                let meant = match want.origin {
                    None => near_literal(given, wanted),
                    Some(_) => None,
                };
                let kind = Kind::Property(name.to_owned(), shown, is);
                self.report_at(want, at, Level::warning_if(warn), kind, meant);
            }
            Mismatch::Item { warn } => {
                self.report_here(at, Level::warning_if(warn), Kind::Item(shown, is));
            }
            Mismatch::SpreadItem { warn } => {
                self.report_here(at, Level::warning_if(warn), Kind::SpreadItem(shown, is));
            }
        }
    }

    /// Notes a literal that is listed in another letter case among values that are not the only
    /// ones: the compiler takes it, Azure may not.
    fn note_letter_case(&mut self, want: Want<'_>, at: At, given: &Type<'a>, wanted: &Type<'a>) {
        let (Type::TextIs(text, _), Type::Union(members)) = (given, wanted) else {
            return;
        };
        let is_open = members.iter().any(|member| matches!(member, Type::Text(_)));
        let listed = || {
            members.iter().filter_map(|member| match member {
                Type::TextIs(listed, _) => Some(listed),
                _ => None,
            })
        };
        if !is_open || listed().any(|listed| listed == text) {
            return;
        }
        let mut near = listed().filter(|listed| listed.eq_ignore_ascii_case(text));
        if let Some(listed) = near.next() {
            let (kind, meant) = (Kind::LetterCase(listed.to_string()), quoted(listed));
            self.report_at(want, at, Level::Info, kind, Some(meant));
        }
    }
}

/// The literal that a literal is probably meant to be, if only literals are wanted. Quotes count.
fn near_literal(given: &Type<'_>, wanted: &Type<'_>) -> Option<String> {
    let Type::TextIs(text, _) = given else {
        return None;
    };
    let literal = |member: &Type<'_>| match member {
        Type::TextIs(text, _) => Some(quoted(text)),
        _ => None,
    };
    let mut literals: Vec<String> = wanted
        .members()
        .iter()
        .map(literal)
        .collect::<Option<_>>()?;
    literals.sort_by_cached_key(|literal| literal.to_lowercase());
    nearest(&quoted(text), literals.iter().map(String::as_str)).map(str::to_owned)
}
