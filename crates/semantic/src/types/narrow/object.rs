//! Objects: which properties are missing, which are there and should not be, and the value of each.

use std::borrow::Cow;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use tricep_syntax::text::Span;

use super::super::model::{
    ChoiceType, Flags, Further, Lazy, Marks, ObjectType, Property as Declared, Type, sort,
};
use super::super::nearest;
use super::super::problem::{Kind, Level};
use super::super::show::{quoted, settable};
use super::{At, MAX_DEPTH, Mismatch, Narrow, Want};
use crate::template::{ExprId, ExprKind, Property, PropertyKey};

/// The properties of an object as they are written; empty when the object is not written here.
#[derive(Default)]
struct Keys<'a> {
    values: FxHashMap<&'a str, ExprId>,
    computed: Vec<ExprId>,
    is_literal: bool,
}

impl<'a> Narrow<'_, 'a> {
    /// The written properties of an object.
    fn keys(&self, at: At) -> Keys<'a> {
        let At::Expr(id) = at else {
            return Keys::default();
        };
        let ExprKind::Object(items) = &self.template.exprs[id].kind else {
            return Keys::default();
        };
        let mut keys = Keys {
            is_literal: true,
            ..Keys::default()
        };
        for item in items {
            match item {
                Property::Set {
                    key: PropertyKey::Fixed(key),
                    value,
                } => {
                    keys.values.entry(key).or_insert(*value);
                }
                Property::Set {
                    key: PropertyKey::Computed(key),
                    ..
                } => keys.computed.push(*key),
                Property::Spread(_) => {}
            }
        }
        keys
    }

    /// `None`: too little is known of the value.
    pub(super) fn object(
        &mut self,
        want: Want<'_>,
        at: At,
        given: &Type<'a>,
        wanted: &Rc<ObjectType<'a>>,
    ) -> Option<Type<'a>> {
        if let Some(declaration) = self.declaration(at) {
            let (want, at) = self.through(want, at, declaration);
            return self.object(want, at, given, wanted);
        }
        if self.is_broken(at) {
            return Some(Type::Object(Rc::clone(wanted)));
        }
        let Type::Object(object) = given else {
            return None;
        };
        let keys = self.keys(at);
        if !keys.is_literal && want.depth > MAX_DEPTH {
            return Some(given.clone());
        }
        self.missing(want, at, object, wanted);
        let mut narrowed = Vec::new();
        for own in &object.properties {
            if let Some(property) = wanted.property(&own.name) {
                let of = self.declared_property(want, at, wanted, property, own, &keys);
                if self.keep {
                    narrowed.push(of);
                }
            }
        }
        self.extra(want, at, object, wanted, &keys);
        if !self.keep {
            return Some(Type::Object(Rc::clone(wanted)));
        }
        let lacks = |property: &&Declared<'a>| object.property(&property.name).is_none();
        narrowed.extend(wanted.properties.iter().filter(lacks).cloned());
        sort(&mut narrowed);
        let kept = Type::Object(Rc::new(ObjectType {
            properties: narrowed,
            further: wanted.further.clone(),
            marks: wanted.marks,
            origin: None,
        }));
        Some(if want.in_resource {
            super::super::without_flags(kept, Flags::READ_ONLY)
        } else {
            kept
        })
    }

    /// Reports required properties that are not there, all at once.
    fn missing(&mut self, want: Want<'_>, at: At, given: &ObjectType<'a>, wanted: &ObjectType<'a>) {
        if given.further.is_some() {
            return;
        }
        let missing: Vec<&Declared<'a>> = wanted
            .properties
            .iter()
            .filter(|property| {
                property.flags.has(Flags::REQUIRED)
                    && !property.flags.has(Flags::READ_ONLY)
                    && given.property(&property.name).is_none()
                    && !self
                        .types
                        .fits(&Type::Null, &self.types.force(&property.of))
            })
            .collect();
        if missing.is_empty() {
            return;
        }
        let is_system = |property: &&Declared<'_>| property.flags.has(Flags::SYSTEM);
        let warn = (want.in_resource && !missing.iter().any(is_system))
            || wanted.marks.has(Marks::WARN_PROPERTY);
        let names = missing.iter().map(|property| property.name.to_string());
        let kind = Kind::Missing(names.collect());
        let level = Level::warning_if(warn);
        match (want.origin, want.home) {
            (None, Some(home)) => self.push(home, level, kind, None),
            _ => self.report_at(want, at, level, kind, None),
        }
    }

    /// A property that the wanted type declares.
    fn declared_property(
        &mut self,
        want: Want<'_>,
        at: At,
        wanted: &ObjectType<'a>,
        declared: &Declared<'a>,
        given: &Declared<'a>,
        keys: &Keys<'a>,
    ) -> Declared<'a> {
        let name: &str = &declared.name;
        let value = keys.values.get(name).copied();
        let system = declared.flags.has(Flags::SYSTEM);
        if declared.flags.has(Flags::READ_ONLY) {
            if self.existing.is_some() && self.existing.map(At::Expr) == Some(at) {
                let kind = Kind::NotInExisting(name.to_owned());
                self.report_key(want, at, value, Level::Error, kind, None);
            } else if !given.flags.has(Flags::READ_ONLY) {
                let warn = (want.in_resource && !system) || wanted.marks.has(Marks::WARN_PROPERTY);
                let kind = Kind::ReadOnly(name.to_owned());
                self.report_key(want, at, value, Level::warning_if(warn), kind, None);
            }
            return declared.clone();
        }
        if declared.flags.has(Flags::FALLBACK) {
            let kind = Kind::Fallback(name.to_owned());
            self.report_key(want, at, value, Level::Warning, kind, None);
        }
        let target = self.types.force(&declared.of);
        let warn = (want.in_resource && !system) || target.is_marked(Marks::WARN_VALUE);
        let target = with_null(target, declared.flags);
        let inner = Want {
            no_any: declared.flags.has(Flags::NO_ANY),
            mismatch: Mismatch::Property { name, warn },
            ..self.below(want, value)
        };
        let at = value.map_or(at, At::Expr);
        let given = self.types.force(&given.of);
        let narrowed = self.narrow(inner, at, given, &target);
        let implied = declared.flags.has(Flags::NULL_IS_ABSENT);
        let narrowed = match narrowed.without_null() {
            Some(rest) if implied => rest,
            _ => narrowed,
        };
        Declared {
            name: declared.name.clone(),
            flags: declared.flags,
            of: Lazy::Known(narrowed),
        }
    }

    /// What goes for the value of a property.
    fn below<'w>(&self, want: Want<'w>, value: Option<ExprId>) -> Want<'w> {
        match value {
            Some(value) => Want {
                home: self.template.written.key(value),
                depth: 0,
                ..want
            },
            None => Want {
                depth: want.depth + 1,
                ..want
            },
        }
    }

    /// Properties that the wanted type does not declare.
    fn extra(
        &mut self,
        want: Want<'_>,
        at: At,
        given: &ObjectType<'a>,
        wanted: &ObjectType<'a>,
        keys: &Keys<'a>,
    ) {
        let extra = given
            .properties
            .iter()
            .filter(|property| wanted.property(&property.name).is_none());
        let discouraged = |further: &Further<'a>| further.flags.has(Flags::FALLBACK);
        match &wanted.further {
            Some(further) if !(keys.is_literal && discouraged(further)) => {
                for property in extra {
                    self.further_property(want, at, further, property, keys);
                }
            }
            further => {
                let warn = further.as_ref().is_some_and(discouraged)
                    || wanted.marks.has(Marks::WARN_PROPERTY);
                let level = Level::warning_if(warn);
                for property in extra {
                    self.unknown(want, at, level, given, wanted, &property.name, keys);
                }
                for &key in &keys.computed {
                    let span = self.template.exprs[key].span;
                    self.push(span, level, Kind::ComputedKey, None);
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what a report needs to know")]
    fn unknown(
        &mut self,
        want: Want<'_>,
        at: At,
        level: Level,
        given: &ObjectType<'a>,
        wanted: &ObjectType<'a>,
        name: &str,
        keys: &Keys<'a>,
    ) {
        let others = settable(wanted, |name| given.property(name).is_some());
        let meant = match want.origin {
            None => nearest(name, others.iter().copied()).map(str::to_owned),
            Some(_) => None,
        };
        let others = others.into_iter().map(str::to_owned).collect();
        let kind = Kind::UnknownProperty(name.to_owned(), others);
        let value = keys.values.get(name).copied();
        self.report_key(want, at, value, level, kind, meant);
    }

    /// A property beyond the declared ones, where there is a type for such.
    fn further_property(
        &mut self,
        want: Want<'_>,
        at: At,
        further: &Further<'a>,
        property: &Declared<'a>,
        keys: &Keys<'a>,
    ) {
        let value = keys.values.get(&*property.name).copied();
        let target = self.types.force(&further.of);
        let warn = target.is_marked(Marks::WARN_VALUE);
        let target = with_null(target, further.flags);
        let inner = Want {
            no_any: further.flags.has(Flags::NO_ANY),
            mismatch: Mismatch::Property {
                name: &property.name,
                warn,
            },
            ..self.below(want, value)
        };
        let at = value.map_or(at, At::Expr);
        let given = self.types.force(&property.of);
        self.narrow(inner, at, given, &target);
    }

    /// Reports on the key of a property, or on what stands for it.
    fn report_key(
        &mut self,
        want: Want<'_>,
        at: At,
        value: Option<ExprId>,
        level: Level,
        kind: Kind,
        suggestion: Option<String>,
    ) {
        let key: Option<Span> = value.and_then(|value| self.template.written.key(value));
        match (want.origin, key) {
            (None, Some(key)) => self.push(key, level, kind, suggestion),
            _ => self.report_at(want, at, level, kind, suggestion),
        }
    }

    /// One of several objects. `None`: too little is known of the value.
    pub(super) fn choice(
        &mut self,
        want: Want<'_>,
        at: At,
        given: &Type<'a>,
        wanted: &ChoiceType<'a>,
    ) -> Option<Type<'a>> {
        if self.is_broken(at) {
            return Some(Type::Unknown);
        }
        let Type::Object(object) = given else {
            return None;
        };
        let Some(own) = object.property(&wanted.key) else {
            self.missing_key(want, at, object, wanted);
            return Some(Type::Unknown);
        };
        let value = self
            .keys(at)
            .values
            .iter()
            .find_map(|(key, value)| key.eq_ignore_ascii_case(&wanted.key).then_some(*value));
        let target = value.filter(|_| want.origin.is_none()).map_or(at, At::Expr);
        let own = self.types.force(&own.of);
        let literal = |value: &Cow<'a, str>| Type::TextIs(value.clone(), Marks::NONE);
        match &own {
            Type::Any | Type::Unknown => Some(Type::Unknown),
            Type::TextIs(text, _) => {
                let member = wanted.members.iter().find(|(value, _)| value == text);
                let Some((_, member)) = member else {
                    self.wrong_key(want, target, &own, wanted);
                    return Some(Type::Unknown);
                };
                match self.types.force(member) {
                    Type::Object(member) => self.object(want, at, given, &member),
                    _ => Some(Type::Unknown),
                }
            }
            other => {
                let literals = Type::union(wanted.members.iter().map(|(value, _)| literal(value)));
                if self.types.fits(other, &literals) {
                    let kind = Kind::UncertainDiscriminator(wanted.key.to_string());
                    self.report_at(want, target, Level::Warning, kind, None);
                } else {
                    let warn = (want.in_resource && !wanted.system)
                        || wanted.marks.has(Marks::WARN_PROPERTY);
                    let kind = self.key_mismatch(other, wanted);
                    self.report_at(want, target, Level::warning_if(warn), kind, None);
                }
                Some(Type::Unknown)
            }
        }
    }

    /// The property that tells what the object is is missing; perhaps its name is misspelt.
    fn missing_key(
        &mut self,
        want: Want<'_>,
        at: At,
        given: &ObjectType<'a>,
        wanted: &ChoiceType<'a>,
    ) {
        let is_explicit = |further: &Further<'_>| !further.flags.has(Flags::FALLBACK);
        if given.further.as_ref().is_some_and(is_explicit) {
            return;
        }
        let by_further = given
            .further
            .as_ref()
            .is_some_and(|further| self.types.fits(&self.types.force(&further.of), &Type::TEXT));
        let warn = wanted.marks.has(Marks::WARN_PROPERTY);
        let values = self.show_values(wanted);
        let kind = Kind::MissingDiscriminator(wanted.key.to_string(), values);
        self.report_at(want, at, Level::warning_if(warn || by_further), kind, None);
        let names = given.properties.iter().map(|property| &*property.name);
        let names: Vec<&str> = names.collect();
        if let Some(misspelt) = nearest(&wanted.key, names) {
            let value = self.keys(at).values.get(misspelt).copied();
            let kind = Kind::UnknownProperty(misspelt.to_owned(), Vec::new());
            let meant = Some(wanted.key.to_string());
            self.report_key(want, at, value, Level::warning_if(warn), kind, meant);
        }
    }

    /// A literal that chooses no object; a warning even for `name`.
    fn wrong_key(&mut self, want: Want<'_>, target: At, own: &Type<'a>, wanted: &ChoiceType<'a>) {
        let warn = want.in_resource || wanted.marks.has(Marks::WARN_PROPERTY);
        let mut literals: Vec<String> = wanted.members.iter().map(|(v, _)| quoted(v)).collect();
        literals.sort_by_cached_key(|literal| literal.to_lowercase());
        let meant = match (own, want.origin) {
            (Type::TextIs(text, _), None) => {
                nearest(&quoted(text), literals.iter().map(String::as_str)).map(str::to_owned)
            }
            _ => None,
        };
        let kind = self.key_mismatch(own, wanted);
        self.report_at(want, target, Level::warning_if(warn), kind, meant);
    }

    fn key_mismatch(&self, own: &Type<'a>, wanted: &ChoiceType<'a>) -> Kind {
        let values = self.show_values(wanted);
        Kind::Property(wanted.key.to_string(), values, self.types.show(own))
    }

    fn show_values(&self, wanted: &ChoiceType<'a>) -> String {
        let literal =
            |(value, _): &(Cow<'a, str>, Lazy<'a>)| Type::TextIs(value.clone(), Marks::NONE);
        self.types
            .show(&Type::union(wanted.members.iter().map(literal)))
    }
}

/// `null` stands for "not given" where the data allow it.
fn with_null(target: Type<'_>, flags: Flags) -> Type<'_> {
    if flags.has(Flags::NULL_IS_ABSENT) && !flags.has(Flags::REQUIRED) {
        target.or_null()
    } else {
        target
    }
}
