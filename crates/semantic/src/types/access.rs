//! What `base.name` and `base[index]` are, and what is wrong with them
//! (`TypeAssignmentVisitor.GetAccessedType`): the one member lookup.

use tricep_syntax::text::{FileId, Span};

use super::model::{ChoiceType, Flags, Items, Marks, ObjectType, Property, Type};
use super::problem::{Kind, Level, Problem};
use super::show::in_order;
use super::{Types, nearest};
use crate::template::{ExprId, ExprKind, ModuleId, ResourceId, Symbol, TypeKind};

/// Where problems go; `None`: nobody wants them.
pub(super) type Sink<'s> = Option<&'s mut Vec<Problem>>;

/// A resource or module that is accessed by its name.
#[derive(Clone, Copy)]
enum Named {
    Resource(ResourceId),
    Module(ModuleId),
}

/// One access of a chain.
struct Step<'a> {
    file: FileId,
    /// The whole access.
    span: Span,
    /// What stands before the dot or bracket.
    base: ExprId,
    /// The member; `None`: an index.
    member: Option<&'a str>,
    /// `.?`, `[?`
    safe: bool,
}

impl<'a> Types<'a> {
    /// The type of an access, and the problems of its last step.
    pub(super) fn access(&self, file: FileId, id: ExprId, sink: &mut Sink<'_>) -> Type<'a> {
        let (r#type, may_be_null) = self.chain(file, id, sink);
        if may_be_null {
            r#type.or_null()
        } else {
            r#type
        }
    }

    /// The type of an access that succeeds, and whether a `.?` before may have ended the chain.
    fn chain(&self, file: FileId, id: ExprId, sink: &mut Sink<'_>) -> (Type<'a>, bool) {
        let template = self.project.template(file);
        let expr = &template.exprs[id];
        let (base, member, index, safe) = match &expr.kind {
            ExprKind::Member { base, name, safe } => (*base, Some(&**name), None, *safe),
            ExprKind::Index {
                base, index, safe, ..
            } => (*base, None, Some(*index), *safe),
            _ => return (self.infer(file, id), false),
        };
        let before = &template.exprs[base].kind;
        let (mut base_type, mut may_be_null) = match before {
            ExprKind::Member { .. } | ExprKind::Index { .. } => {
                stacker::maybe_grow(super::RED_ZONE, super::STACK, || {
                    self.chain(file, base, &mut None)
                })
            }
            _ => (self.infer(file, base), false),
        };
        let safe_before = matches!(
            before,
            ExprKind::Member { safe: true, .. } | ExprKind::Index { safe: true, .. }
        );
        let mut named = self.named(file, base);
        let mut owner = match before {
            ExprKind::Index { base, .. } => self.collection(file, *base),
            _ => None,
        };
        if safe || safe_before {
            if matches!(base_type, Type::Null) {
                return (Type::Null, may_be_null);
            }
            if let Some(rest) = base_type.without_null() {
                (base_type, may_be_null) = (rest, true);
            } else if safe {
                match named.or(owner).map(|named| self.may_be_absent(file, named)) {
                    Some(None) => return (Type::Unknown, false),
                    Some(Some(true)) => (may_be_null, named, owner) = (true, None, None),
                    _ => {}
                }
            }
        }
        let named = owner
            .or(named)
            .filter(|&named| !self.stands_in(file, id, named));
        let step = Step {
            file,
            span: expr.span,
            base,
            member,
            safe,
        };
        let found = match (member, index) {
            (Some(name), _) => self.member_of(&step, name, base_type, named, sink),
            (None, Some(index)) => self.item_at(&step, index, base_type, named, sink),
            (None, None) => Type::Unknown,
        };
        (found, may_be_null)
    }

    /// The single resource or module that an expression names, through parentheses.
    fn named(&self, file: FileId, id: ExprId) -> Option<Named> {
        let template = self.project.template(file);
        match &template.exprs[id].kind {
            ExprKind::Parenthesized(inner) => self.named(file, *inner),
            ExprKind::Symbol(Symbol::Resource(id))
                if template.resources[*id].body.each.is_none() =>
            {
                Some(Named::Resource(*id))
            }
            ExprKind::Symbol(Symbol::Module(id)) if template.modules[*id].body.each.is_none() => {
                Some(Named::Module(*id))
            }
            ExprKind::Nested { .. } => match self.infer(file, id) {
                Type::Resource(_, id) => Some(Named::Resource(id)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The collection of resources or modules that an expression names.
    fn collection(&self, file: FileId, id: ExprId) -> Option<Named> {
        let template = self.project.template(file);
        match &template.exprs[id].kind {
            ExprKind::Parenthesized(inner) => self.collection(file, *inner),
            ExprKind::Symbol(Symbol::Resource(id))
                if template.resources[*id].body.each.is_some() =>
            {
                Some(Named::Resource(*id))
            }
            ExprKind::Symbol(Symbol::Module(id)) if template.modules[*id].body.each.is_some() => {
                Some(Named::Module(*id))
            }
            _ => None,
        }
    }

    /// Whether an expression stands in the declaration of what it names.
    fn stands_in(&self, file: FileId, id: ExprId, named: Named) -> bool {
        let template = self.project.template(file);
        let at = template.exprs[id].span;
        let span = match named {
            Named::Resource(id) => template.resources[id].span,
            Named::Module(id) => template.exprs[template.modules[id].body.object].span,
        };
        span.start <= at.start && at.end <= span.end
    }

    /// Whether a resource or module may not be deployed; `None`: not known.
    fn may_be_absent(&self, file: FileId, named: Named) -> Option<bool> {
        let template = self.project.template(file);
        match named {
            Named::Module(id) => match template.modules[id].body.condition {
                Some(condition) => match self.infer(file, condition) {
                    Type::Unknown => None,
                    Type::BoolIs(true, _) => Some(false),
                    _ => Some(true),
                },
                None => Some(false),
            },
            Named::Resource(id) => {
                let resource = &template.resources[id];
                let own = resource.body.condition.map(|c| self.infer(file, c));
                match own {
                    Some(Type::BoolIs(false, _) | Type::Bool(_)) => Some(true),
                    Some(Type::Unknown) => None,
                    _ => match resource.nested_in {
                        Some(parent) => self.may_be_absent(file, Named::Resource(parent)),
                        None => Some(false),
                    },
                }
            }
        }
    }

    /// `base.name`
    fn member_of(
        &self,
        step: &Step<'a>,
        name: &str,
        base: Type<'a>,
        named: Option<Named>,
        sink: &mut Sink<'_>,
    ) -> Type<'a> {
        if let Some(rest) = base.without_null() {
            self.report_null(step, &base, sink);
            return self.member_of(step, name, rest, None, sink);
        }
        let is_plain = |named: Named| match named {
            Named::Resource(_) => matches!(name, "id" | "name" | "type" | "apiVersion"),
            Named::Module(_) => name == "name",
        };
        if let Some(named) = named.filter(|&named| !is_plain(named))
            && self.may_be_absent(step.file, named) == Some(true)
        {
            self.report_null(step, &base, sink);
        }
        let at = Span::new(step.span.end - name.len() as u32, step.span.end);
        let body = match base {
            // What a module gives back is as declared, whatever it is given.
            Type::Module(file, id) if name == "outputs" => self.module_type(file, id),
            other => self.body_of(other),
        };
        match body {
            Type::Error => Type::Error,
            Type::Unknown => Type::Unknown,
            Type::Any | Type::Choice(_) => Type::Any,
            Type::Object(object) | Type::Scope(_, object) => {
                self.property_of(&object, name, at, step.safe, sink)
            }
            Type::Union(members) => match self.collapse(&Type::Union(members)) {
                Some(Type::Object(object)) => self.property_of(&object, name, at, step.safe, sink),
                Some(Type::Choice(choice)) => self.property_of_choice(&choice, name),
                Some(Type::Unknown) => Type::Unknown,
                _ => Type::Any,
            },
            other => {
                let shown = self.show(&other);
                report(sink, Kind::NoObject(shown), Level::Error, at, None);
                Type::Error
            }
        }
    }

    /// A resource or module as the value it is.
    pub(super) fn body_of(&self, r#type: Type<'a>) -> Type<'a> {
        match r#type {
            Type::Resource(file, id) => self.resource_value(file, id),
            Type::Module(file, id) => self.module_value(file, id),
            other => other,
        }
    }

    /// A property of an object.
    fn property_of(
        &self,
        object: &ObjectType<'a>,
        name: &str,
        at: Span,
        safe: bool,
        sink: &mut Sink<'_>,
    ) -> Type<'a> {
        let warn = safe || object.marks.has(Marks::WARN_PROPERTY);
        let (flags, of) = match (object.property(name), &object.further) {
            (Some(property), _) => (property.flags, &property.of),
            (None, Some(further)) => (further.flags, &further.of),
            (None, None) => return unknown_read(object, name, at, warn, sink),
        };
        if flags.has(Flags::WRITE_ONLY) {
            let kind = Kind::WriteOnly(name.to_owned());
            report(sink, kind, Level::warning_if(warn), at, None);
            if !warn {
                return Type::Error;
            }
        }
        if flags.has(Flags::FALLBACK) {
            let level = if safe { Level::Info } else { Level::Warning };
            report(sink, Kind::Fallback(name.to_owned()), level, at, None);
        }
        self.force(of)
    }

    /// A property of one of several objects; what some of them lack may be null.
    fn property_of_choice(&self, choice: &ChoiceType<'a>, name: &str) -> Type<'a> {
        if *choice.key == *name {
            let literals = choice.members.iter().map(|(value, _)| value.clone());
            return Type::union(literals.map(|value| Type::TextIs(value, Marks::NONE)));
        }
        Type::Unknown
    }

    /// `base[index]`
    fn item_at(
        &self,
        step: &Step<'a>,
        index: ExprId,
        base: Type<'a>,
        named: Option<Named>,
        sink: &mut Sink<'_>,
    ) -> Type<'a> {
        let index_type = self.infer(step.file, index);
        if matches!(base, Type::Error) || matches!(index_type, Type::Error) {
            return Type::Error;
        }
        if let Some(rest) = base.without_null() {
            self.report_null(step, &base, sink);
            return self.item_at(step, index, rest, None, sink);
        }
        let index_type = index_type.without_null().unwrap_or(index_type);
        let _ = named;
        let at = self.project.template(step.file).exprs[index].span;
        match self.body_of(base) {
            Type::Array(array) => match (&array.items, &index_type) {
                (_, Type::Unknown) => Type::Unknown,
                (Items::Tuple(_), Type::IntIs(..)) if self.counts_from_end(step) => Type::Unknown,
                (Items::Tuple(items), Type::IntIs(place, _)) => usize::try_from(*place)
                    .ok()
                    .and_then(|place| items.get(place))
                    .map_or(Type::Error, |item| self.force(item)),
                (_, Type::IntIs(place, _)) if *place < 0 => Type::Error,
                (Items::Tuple(_), Type::Union(_)) => Type::Unknown,
                (items, index) if self.fits(index, &Type::INT) => self.item(items),
                _ => Type::Error,
            },
            Type::Object(object) => match &index_type {
                Type::TextIs(name, _) => self.property_of(&object, name, at, step.safe, sink),
                Type::Unknown => Type::Unknown,
                index if self.fits(index, &Type::TEXT) => {
                    // Whatever the name is, there is no such property.
                    if object.properties.is_empty() && object.further.is_none() {
                        // The compiler may know the name, and then says so.
                        if !index.is_unsure() {
                            report(sink, Kind::NoProperties, Level::Error, at, None);
                        }
                        return Type::Error;
                    }
                    Type::Any
                }
                _ => Type::Error,
            },
            Type::Any | Type::Choice(_) => Type::Any,
            Type::Unknown | Type::Union(_) | Type::Scope(..) => Type::Unknown,
            _ => Type::Error,
        }
    }

    fn counts_from_end(&self, step: &Step<'a>) -> bool {
        let template = self.project.template(step.file);
        let base = template.exprs[step.base].span;
        let text = &self.project.unit(step.file).text;
        let between = text.get(base.end as usize..step.span.end as usize);
        between.is_some_and(|text| text.contains('^'))
    }

    /// Reports, from the dot or bracket on, that the base may be null.
    fn report_null(&self, step: &Step<'a>, base: &Type<'a>, sink: &mut Sink<'_>) {
        if sink.is_none() {
            return;
        }
        let base_end = self.project.template(step.file).exprs[step.base].span.end;
        let text = &self.project.unit(step.file).text;
        let sign = if step.member.is_some() { '.' } else { '[' };
        let rest = text.get(base_end as usize..step.span.end as usize);
        let start = rest.and_then(|rest| rest.find(sign)).unwrap_or_default();
        let at = Span::new(base_end + start as u32, step.span.end);
        let shown = self.show(&base.clone().or_null());
        report(sink, Kind::MaybeNullBase(shown), Level::Warning, at, None);
    }
}

impl<'a> Types<'a> {
    /// Members of types that are not there.
    pub(super) fn check_members(&self, file: FileId, problems: &mut Vec<Problem>) {
        let template = self.project.template(file);
        for r#type in template.types.iter() {
            let TypeKind::Member(base, name) = &r#type.kind else {
                continue;
            };
            let base = self.declared(file, *base, None);
            let at = Span::new(r#type.span.end - name.len() as u32, r#type.span.end);
            let mut sink: Sink<'_> = Some(problems);
            match base.without_null().as_ref().unwrap_or(&base) {
                Type::Object(object) if object.property(name).is_none() => {
                    unknown_read(object, name, at, false, &mut sink);
                }
                Type::Object(_) | Type::Unknown | Type::Any | Type::Error => {}
                other => {
                    let kind = Kind::NoObject(self.show(other));
                    report(&mut sink, kind, Level::Error, at, None);
                }
            }
        }
    }
}

/// An object without the property that is read.
fn unknown_read<'a>(
    object: &ObjectType<'a>,
    name: &str,
    at: Span,
    warn: bool,
    sink: &mut Sink<'_>,
) -> Type<'a> {
    if sink.is_some() {
        let readable = |property: &&Property<'_>| !property.flags.has(Flags::WRITE_ONLY);
        let known = object.properties.iter().filter(readable);
        let known = in_order(known.map(|property| &*property.name).collect());
        let meant = nearest(name, known.iter().copied()).map(str::to_owned);
        let known = known.into_iter().map(str::to_owned).collect();
        let kind = Kind::UnknownRead(name.to_owned(), known);
        report(sink, kind, Level::warning_if(warn), at, meant);
    }
    if warn { Type::Any } else { Type::Error }
}

fn report(sink: &mut Sink<'_>, kind: Kind, level: Level, span: Span, suggestion: Option<String>) {
    if let Some(sink) = sink {
        sink.push(Problem {
            kind,
            level,
            span,
            suggestion,
        });
    }
}
