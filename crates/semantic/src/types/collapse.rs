//! Simplifies unions (`TypeCollapser`): literals vanish in a type that holds them, ranges that touch
//! become one, objects become one object or a choice between objects.

use std::borrow::Cow;
use std::rc::Rc;

use super::Types;
use super::model::{
    ArrayType, ChoiceType, Flags, Further, Items, Lazy, Marks, ObjectType, Property, Range, Text,
    Type, sort,
};

/// Unions of more objects than this are not looked into.
const MAX_OBJECTS: usize = 64;

/// Numbers from a least to a greatest one, and the marks of the types they come from.
#[derive(Clone, Copy)]
struct Span {
    min: i64,
    max: i64,
    marks: Marks,
}

impl Span {
    fn of(range: Range, least: i64, marks: Marks) -> Self {
        Self {
            min: range.min.unwrap_or(least),
            max: range.max.unwrap_or(i64::MAX),
            marks,
        }
    }

    fn touches(self, other: Self) -> bool {
        self.min <= other.max.saturating_add(1) && self.max >= other.min.saturating_sub(1)
    }

    fn fuse(self, other: Self) -> Self {
        Self {
            min: self.min.min(other.min),
            max: self.max.max(other.max),
            marks: self.marks.with(other.marks),
        }
    }

    /// As the range of a type whose least possible number is `least`.
    fn range(self, least: i64) -> Range {
        Range {
            min: (self.min > least).then_some(self.min),
            max: (self.max < i64::MAX).then_some(self.max),
        }
    }
}

/// Adds a span, and fuses what touches.
fn push(spans: &mut Vec<Span>, span: Span) {
    let mut fused = span;
    while let Some(place) = spans.iter().position(|other| other.touches(fused)) {
        fused = spans.swap_remove(place).fuse(fused);
    }
    spans.push(fused);
}

impl<'a> Types<'a> {
    /// The simplest type that means the same as a union; `None` where the union says it best.
    pub(super) fn collapse(&self, r#type: &Type<'a>) -> Option<Type<'a>> {
        if !self.burn() {
            return None;
        }
        let Type::Union(members) = r#type else {
            return (!r#type.is_any()).then(|| r#type.clone());
        };
        let values: Vec<&Type<'a>> = members
            .iter()
            .filter(|m| !matches!(m, Type::Null))
            .collect();
        if let [_] = values[..] {
            return Some(r#type.clone());
        }
        let simple = match values.first()? {
            Type::TextIs(..) | Type::Text(_) => collapse_texts(&values)?,
            Type::IntIs(..) | Type::Int(..) => collapse_ints(&values)?,
            Type::BoolIs(..) | Type::Bool(_) => collapse_bools(&values)?,
            Type::Array(_) => self.collapse_arrays(&values)?,
            Type::Object(_) | Type::Choice(_) => self.collapse_objects(&values)?,
            _ => return None,
        };
        let nullable = values.len() < members.len();
        Some(if nullable { simple.or_null() } else { simple })
    }

    /// The union of two types, simplified where that can be done.
    pub(super) fn collapsed_union(&self, types: impl IntoIterator<Item = Type<'a>>) -> Type<'a> {
        let union = Type::union(types);
        self.collapse(&union).unwrap_or(union)
    }

    fn collapse_arrays(&self, values: &[&Type<'a>]) -> Option<Type<'a>> {
        let mut lists: Vec<(Items<'a>, Vec<Span>)> = Vec::new();
        let mut tuples: Vec<Rc<ArrayType<'a>>> = Vec::new();
        for value in values {
            let Type::Array(array) = value else {
                return None;
            };
            match self.as_list(array) {
                Some(items) => {
                    let span = Span::of(array.length, 0, array.marks);
                    let known = lists
                        .iter_mut()
                        .find(|(other, _)| self.same_items(other, &items));
                    match known {
                        Some((_, spans)) => push(spans, span),
                        None => lists.push((items, vec![span])),
                    }
                }
                None => tuples.push(Rc::clone(array)),
            }
        }
        tuples.retain(|tuple| !self.is_covered(tuple, &lists));
        let lists = lists.into_iter().flat_map(|(items, spans)| {
            spans.into_iter().map(move |span| {
                Type::Array(Rc::new(ArrayType {
                    items: items.clone(),
                    length: span.range(0),
                    marks: span.marks,
                }))
            })
        });
        Some(Type::union(
            tuples.into_iter().map(Type::Array).chain(lists),
        ))
    }

    /// The items of an array that is a list: one whose items are all of one type.
    fn as_list(&self, array: &ArrayType<'a>) -> Option<Items<'a>> {
        let Items::Tuple(items) = &array.items else {
            return Some(array.items.clone());
        };
        let mut items = items.iter().map(|item| self.force(item));
        let first = items.next()?;
        items
            .all(|item| super::union::same(&first, &item))
            .then_some(Items::Each(Lazy::Known(first.clone())))
    }

    fn same_items(&self, a: &Items<'a>, b: &Items<'a>) -> bool {
        super::union::same(&self.item(a), &self.item(b))
    }

    /// Whether a list holds every value of a tuple.
    fn is_covered(&self, tuple: &ArrayType<'a>, lists: &[(Items<'a>, Vec<Span>)]) -> bool {
        let length = tuple.length.min.unwrap_or_default();
        lists.iter().any(|(items, spans)| {
            spans
                .iter()
                .any(|span| span.min <= length && length <= span.max)
                && self.fits(&self.item(&tuple.items), &self.item(items))
        })
    }

    fn collapse_objects(&self, values: &[&Type<'a>]) -> Option<Type<'a>> {
        if let [only] = values {
            return Some((*only).clone());
        }
        let mut objects: Vec<Rc<ObjectType<'a>>> = Vec::new();
        let mut marks = Marks::NONE;
        for value in values {
            marks = marks.with(value.marks());
            match value {
                Type::Object(object) => objects.push(Rc::clone(object)),
                Type::Choice(choice) => {
                    for (_, member) in &choice.members {
                        match self.force(member) {
                            Type::Object(object) => objects.push(object),
                            _ => return Some(Type::Unknown),
                        }
                    }
                }
                _ => return None,
            }
        }
        if objects.len() > MAX_OBJECTS {
            return Some(Type::Unknown);
        }
        Some(match self.discriminator(&objects) {
            Some(key) => self.choice(key, objects, marks),
            None => self.merge(&objects, marks),
        })
    }

    /// The property that tells the objects apart: a required literal of each, all different. `type`
    /// and `kind` are preferred (`DiscriminatorPreferenceOrder`).
    fn discriminator(&self, objects: &[Rc<ObjectType<'a>>]) -> Option<Cow<'a, str>> {
        let (first, others) = objects.split_first()?;
        let tells_apart = |name: &str| {
            let mut seen = vec![self.literal_of(first, name)?.to_lowercase()];
            for object in others {
                let value = self.literal_of(object, name)?.to_lowercase();
                if seen.contains(&value) {
                    return None;
                }
                seen.push(value);
            }
            Some(())
        };
        let mut viable: Vec<&Cow<'a, str>> = first
            .properties
            .iter()
            .map(|property| &property.name)
            .filter(|name| tells_apart(name).is_some())
            .collect();
        viable.sort_by_key(|name| match &***name {
            "type" => 0,
            "kind" => 1,
            _ => 2,
        });
        viable.first().map(|&name| name.clone())
    }

    /// The literal that a required property of an object must be.
    pub(super) fn literal_of(&self, object: &ObjectType<'a>, name: &str) -> Option<Cow<'a, str>> {
        let property = object.property(name)?;
        if !property.flags.has(Flags::REQUIRED) {
            return None;
        }
        match self.force(&property.of) {
            Type::TextIs(text, _) => Some(text),
            _ => None,
        }
    }

    fn choice(
        &self,
        key: Cow<'a, str>,
        objects: Vec<Rc<ObjectType<'a>>>,
        marks: Marks,
    ) -> Type<'a> {
        let member = |object: Rc<ObjectType<'a>>| {
            let value = self.literal_of(&object, &key)?;
            Some((value, Lazy::Known(Type::Object(object))))
        };
        let members = objects.into_iter().filter_map(member).collect();
        Type::Choice(Rc::new(ChoiceType {
            key: key.clone(),
            members,
            system: false,
            marks,
        }))
    }

    /// One object that has the properties of all.
    fn merge(&self, objects: &[Rc<ObjectType<'a>>], marks: Marks) -> Type<'a> {
        let mut names: Vec<&Cow<'a, str>> = objects
            .iter()
            .flat_map(|o| &o.properties)
            .map(|p| &p.name)
            .collect();
        names.sort_unstable();
        names.dedup();
        let mut properties: Vec<Property<'a>> = names
            .into_iter()
            .map(|name| self.merge_property(name, objects))
            .collect();
        sort(&mut properties);
        Type::Object(Rc::new(ObjectType {
            properties,
            further: self.merge_further(objects),
            marks,
            origin: None,
        }))
    }

    fn merge_property(&self, name: &Cow<'a, str>, objects: &[Rc<ObjectType<'a>>]) -> Property<'a> {
        let mut types = Vec::new();
        let mut flags: Option<Flags> = None;
        for object in objects {
            let own = match (object.property(name), &object.further) {
                (Some(property), _) => {
                    types.push(self.force(&property.of));
                    property.flags
                }
                (None, Some(further)) => {
                    types.push(self.force(&further.of));
                    further.flags.without(Flags::REQUIRED)
                }
                (None, None) => Flags::FALLBACK,
            };
            flags = Some(flags.map_or(own, |flags| flags.common(own)));
        }
        let of = self.collapsed_union(types);
        Property::new(name.clone(), flags.unwrap_or_default(), of)
    }

    fn merge_further(&self, objects: &[Rc<ObjectType<'a>>]) -> Option<Further<'a>> {
        let all: Vec<&Further<'a>> = objects.iter().filter_map(|o| o.further.as_ref()).collect();
        let is_explicit = |further: &&Further<'_>| !further.flags.has(Flags::FALLBACK);
        let first = all.first()?;
        if all.len() == objects.len() && all.iter().all(is_explicit) {
            return Some(Further {
                of: Lazy::Known(Type::Any),
                flags: Flags::FALLBACK,
            });
        }
        let mut flags = all
            .iter()
            .fold(first.flags, |flags, f| flags.common(f.flags));
        if all.len() < objects.len() {
            flags = flags.with(Flags::FALLBACK);
        }
        let of = self.collapsed_union(all.iter().map(|further| self.force(&further.of)));
        Some(Further {
            of: Lazy::Known(of),
            flags,
        })
    }
}

fn collapse_texts<'a>(values: &[&Type<'a>]) -> Option<Type<'a>> {
    let mut spans: Vec<Span> = Vec::new();
    let mut literals: Vec<&Type<'a>> = Vec::new();
    let mut pattern = None;
    for (place, value) in values.iter().enumerate() {
        match value {
            Type::TextIs(..) => literals.push(value),
            Type::Text(text) => {
                // Patterns cannot be joined, so only one that stands first is kept.
                pattern = text.pattern.filter(|_| place == 0);
                push(&mut spans, Span::of(text.length, 0, text.marks));
            }
            _ => return None,
        }
    }
    let is_covered = |value: &&&Type<'a>| {
        let Type::TextIs(text, _) = value else {
            return false;
        };
        let length = super::text_length(text);
        spans
            .iter()
            .any(|span| span.min <= length && length <= span.max)
    };
    // A literal that fits by its length but not by its pattern is kept beside; nobody asks for it.
    let literals = literals.iter().filter(|literal| !is_covered(literal));
    let texts = spans.iter().map(|span| {
        Type::Text(Text {
            length: span.range(0),
            pattern,
            marks: span.marks,
        })
    });
    Some(Type::union(literals.map(|&l| l.clone()).chain(texts)))
}

fn collapse_ints<'a>(values: &[&Type<'a>]) -> Option<Type<'a>> {
    let mut spans: Vec<Span> = Vec::new();
    for value in values {
        match value {
            Type::IntIs(value, marks) => {
                push(
                    &mut spans,
                    Span::of(Range::exactly(*value), i64::MIN, *marks),
                );
            }
            Type::Int(range, marks) => push(&mut spans, Span::of(*range, i64::MIN, *marks)),
            _ => return None,
        }
    }
    Some(Type::union(spans.iter().map(|span| {
        if span.min == span.max {
            Type::IntIs(span.min, span.marks)
        } else {
            Type::Int(span.range(i64::MIN), span.marks)
        }
    })))
}

fn collapse_bools<'a>(values: &[&Type<'a>]) -> Option<Type<'a>> {
    let (mut yes, mut no, mut marks) = (false, false, Marks::NONE);
    for value in values {
        match value {
            Type::BoolIs(true, _) => yes = true,
            Type::BoolIs(false, _) => no = true,
            Type::Bool(_) => (yes, no) = (true, true),
            _ => return None,
        }
        marks = marks.with(value.marks());
    }
    Some(match (yes, no) {
        (true, true) => Type::Bool(marks),
        _ => Type::BoolIs(yes, marks),
    })
}
