//! Types of the catalogue → types of the language, one level at a time
//! (`AzResourceTypeFactory.ToTypeSymbol`).

use std::rc::Rc;

use tricep_catalogue::{
    Discriminated, Enum, Flags as DataFlags, Kind, Node, Object, Property as DataProperty,
    Text as DataText,
};

use super::Types;
use super::model::{
    ChoiceType, Depth, Flags, Further, Items, Lazy, Marks, ObjectType, Property, Range, Text, Type,
    sort,
};

impl<'a> Types<'a> {
    /// The type of a node, which is remembered: bodies share most of what they consist of.
    pub(super) fn node(&self, node: Node<'a>, depth: Depth) -> Type<'a> {
        if let Some(known) = self.nodes.borrow().get(&(node, depth)) {
            return known.clone();
        }
        let made = make(node, depth);
        self.nodes.borrow_mut().insert((node, depth), made.clone());
        made
    }
}

fn make<'a>(node: Node<'a>, depth: Depth) -> Type<'a> {
    let marks = depth.marks();
    match node.kind() {
        Kind::Any => Type::Any,
        Kind::Bool => Type::Bool(marks),
        Kind::Int(int) => int_type(int.min, int.max, marks),
        Kind::Text(text) => text_type(text, marks),
        Kind::Literal(text) => Type::TextIs(text.into(), marks),
        Kind::Enum(values) => enum_type(values, marks),
        Kind::Array(array) => {
            let items = Items::Each(Lazy::Node(array.item, Depth::Below));
            Type::Array(Rc::new(super::model::ArrayType {
                items,
                // The compiler passes over the lengths of arrays.
                length: Range::ANY,
                marks: if depth == Depth::Body {
                    Depth::Top.marks()
                } else {
                    Depth::Below.marks()
                },
            }))
        }
        Kind::Object(object) => Type::Object(Rc::new(object_type(object, depth))),
        Kind::Discriminated(choice) => choice_type(node, choice, depth),
        _ => Type::Unknown,
    }
}

fn int_type<'a>(min: Option<i64>, max: Option<i64>, marks: Marks) -> Type<'a> {
    match (min, max) {
        (Some(min), Some(max)) if min == max => Type::IntIs(min, marks),
        _ => Type::Int(Range { min, max }, marks),
    }
}

fn text_type<'a>(text: DataText<'a>, marks: Marks) -> Type<'a> {
    let length = |length: Option<u64>| length.and_then(|length| i64::try_from(length).ok());
    let marks = if text.sensitive {
        marks.with(Marks::SECURE)
    } else {
        marks
    };
    if text.max_length == Some(0) {
        return Type::TextIs("".into(), marks);
    }
    Type::Text(Text {
        length: Range {
            min: length(text.min_length),
            max: length(text.max_length),
        },
        pattern: text.pattern,
        marks,
    })
}

fn enum_type<'a>(values: Enum<'a>, marks: Marks) -> Type<'a> {
    let literals = values
        .values()
        .map(|value| Type::TextIs(value.into(), marks));
    let open = values.open.map(|text| text_type(text, marks));
    // The catalogue lists each value once, so there is nothing to make distinct.
    Type::of_members(literals.chain(open).collect())
}

/// An object of the data at a depth.
pub(super) fn object_type<'a>(object: Object<'a>, depth: Depth) -> ObjectType<'a> {
    let properties = object.properties().map(|p| property(p, depth)).collect();
    finish(object, properties, depth)
}

/// An element of a choice with what all elements share.
pub(super) fn element_type<'a>(
    choice: Discriminated<'a>,
    element: Object<'a>,
    depth: Depth,
) -> ObjectType<'a> {
    let properties = choice.of(element).map(|p| property(p, depth)).collect();
    finish(element, properties, depth)
}

fn finish<'a>(
    object: Object<'a>,
    mut properties: Vec<Property<'a>>,
    depth: Depth,
) -> ObjectType<'a> {
    sort(&mut properties);
    let marks = depth.marks();
    ObjectType {
        properties,
        further: object.additional.map(|node| Further {
            of: Lazy::Node(node, depth.below()),
            flags: Flags::NONE,
        }),
        marks: if object.sensitive {
            marks.with(Marks::SECURE)
        } else {
            marks
        },
        origin: None,
    }
}

pub(super) fn property<'a>(property: DataProperty<'a>, depth: Depth) -> Property<'a> {
    Property {
        name: property.name.into(),
        flags: flags(property.flags),
        of: Lazy::Node(property.node, depth.below()),
    }
}

fn flags(data: DataFlags) -> Flags {
    let mut flags = Flags::NONE;
    for (is_set, flag) in [
        (data.required(), Flags::REQUIRED),
        (data.read_only(), Flags::READ_ONLY),
        (data.write_only(), Flags::WRITE_ONLY),
        (!data.required() && !data.read_only(), Flags::NULL_IS_ABSENT),
    ] {
        if is_set {
            flags = flags.with(flag);
        }
    }
    flags
}

fn choice_type<'a>(node: Node<'a>, choice: Discriminated<'a>, depth: Depth) -> Type<'a> {
    let members = choice
        .elements()
        .enumerate()
        .map(|(number, (value, _))| (value.into(), Lazy::Element(node, number, depth)))
        .collect();
    Type::Choice(Rc::new(ChoiceType {
        key: choice.discriminator.into(),
        members,
        system: false,
        marks: depth.marks(),
    }))
}

/// The object with a number among those of a choice.
pub(super) fn element<'a>(node: Node<'a>, number: usize, depth: Depth) -> Type<'a> {
    let Kind::Discriminated(choice) = node.kind() else {
        return Type::Unknown;
    };
    let object = choice
        .elements()
        .nth(number)
        .and_then(|(_, node)| node.object());
    object.map_or(Type::Unknown, |object| {
        Type::Object(Rc::new(element_type(choice, object, depth)))
    })
}
