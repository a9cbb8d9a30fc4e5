//! Type expressions.

use super::decorator::decorators;
use super::expression::{Literals, expression, only_item, parenthesized};
use super::keep::{awaiting, closed_by, declaration_at};
use super::kit::{
    Input, Look, Mode, Parsed, arguments, begin, beside, finish, identifier, identifier_or_marker,
    items, link, nested, push,
};
use super::literal::{literal, required_string, starts_string, string};
use super::recovery::{
    LINE, OPERAND, Part, Stops, Voice, fail, kept, marker, region, stops_or_keep, token,
};
use crate::bicep::ast::{
    ExprId, Id, List, Name, TokenId, TypeId, TypeItem, TypeItemId, TypeKey, TypeKind,
};
use crate::bicep::error::SyntaxErrorKind as Error;
use crate::bicep::token::Kind;

/// Whether `resource` without a string is a type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AnyResource {
    Allowed,
    Refused,
}

/// `TypeRef ::= "resource" String | TypeExpr`
pub(super) fn type_ref<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    any_resource: AnyResource,
) -> Parsed<TypeId> {
    if inp.kind() != Kind::Resource || inp.ahead(1) == Kind::Less {
        return type_expr(inp);
    }
    let start = inp.bump();
    let name = region(inp, LINE.or(&[Kind::Assign]), Voice::Loud, |inp| {
        if any_resource == AnyResource::Allowed && !starts_string(inp.kind()) {
            return Ok(None);
        }
        required_string(inp, Error::ExpectedResourceType).map(Some)
    })?;
    let name: Option<ExprId> = name.whole().flatten();
    Ok(inp.r#type(start, TypeKind::Resource(name)))
}

/// `TypeExpr ::= Bar? TypeUnary ( Bar UnionMember )*`
pub(super) fn type_expr<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<TypeId> {
    nested(inp, |inp| {
        let start = inp.here();
        let leading = bar(inp);
        let first = type_unary(inp)?;
        if !leading && !bar_follows(inp) {
            return Ok(first);
        }
        let mark = begin(inp);
        push(inp, first);
        while bar(inp) {
            let member = union_member(inp)?;
            push(inp, member);
        }
        let members = finish(inp, mark);
        Ok(inp.r#type(start, TypeKind::Union(members)))
    })
}

/// `UnionMember ::= TypeUnary`
///
/// A bad one takes the rest of the file with it, for the compiler.
fn union_member<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<TypeId> {
    if inp.kind() == Kind::NewLine {
        marker(inp, Error::ExpectedUnionMember)?;
        let start = inp.here();
        return Ok(inp.r#type(start, TypeKind::Missing));
    }
    let stops = stops_or_keep::<M>(Stops::of(&[]), &[Kind::Pipe, Kind::Assign]);
    let member = region(inp, stops, Voice::Loud, |inp| beside(inp, type_unary))?;
    Ok(member.or_missing(inp))
}

fn bar_follows<M: Mode>(inp: &mut Input<'_, '_, M>) -> bool {
    match inp.kind() {
        Kind::Pipe => true,
        Kind::NewLine => inp.ahead(1) == Kind::Pipe,
        _ => false,
    }
}

/// `Bar ::= NewLine? '|'`, if it is there
fn bar<M: Mode>(inp: &mut Input<'_, '_, M>) -> bool {
    let follows = bar_follows(inp);
    if follows {
        inp.breaks();
        inp.bump();
    }
    follows
}

/// `TypeUnary ::= ( '-' | '!' )? TypeMember ( '?' | '!' )*`
fn type_unary<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<TypeId> {
    let start = inp.here();
    let operator = inp.kind();
    let mut found = if matches!(operator, Kind::Bang | Kind::Minus) {
        inp.bump();
        let operand = region(inp, OPERAND, Voice::Loud, type_member)?;
        let operand = operand.or_missing(inp);
        link(inp)?;
        inp.r#type(start, TypeKind::Unary { operator, operand })
    } else {
        type_member(inp)?
    };
    loop {
        let kind = match inp.kind() {
            Kind::Question => TypeKind::Nullable(found),
            Kind::Bang => TypeKind::NonNull(found),
            _ => return Ok(found),
        };
        inp.bump();
        link(inp)?;
        found = inp.r#type(start, kind);
    }
}

/// `TypeMember ::= TypePrimary ( TypeIndex | TypeDot )*`
fn type_member<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<TypeId> {
    let start = inp.here();
    let mut base = type_primary(inp)?;
    loop {
        let kind = match inp.kind() {
            Kind::LeftSquare => type_index(inp, base)?,
            Kind::Dot => type_dot(inp, base)?,
            _ => return Ok(base),
        };
        link(inp)?;
        base = inp.r#type(start, kind);
    }
}

/// `TypeIndex ::= '[' ']' | '[' '*' ']' | '[' Expression ']'`
fn type_index<M: Mode>(inp: &mut Input<'_, '_, M>, base: TypeId) -> Parsed<TypeKind> {
    inp.bump();
    closed_by(inp, Kind::RightSquare, |inp| match inp.kind() {
        Kind::RightSquare => Ok(TypeKind::Array(base)),
        Kind::Star => {
            inp.bump();
            Ok(TypeKind::Elements(base))
        }
        _ => {
            let index = kept(inp, OPERAND, |inp| expression(inp, Literals::Refused))?;
            let index = index.or_missing(inp);
            Ok(TypeKind::Index { base, index })
        }
    })
}

/// `TypeDot ::= '.' '*' | '.' Identifier TypeArgs?`
fn type_dot<M: Mode>(inp: &mut Input<'_, '_, M>, base: TypeId) -> Parsed<TypeKind> {
    inp.bump();
    if inp.take(Kind::Star) {
        return Ok(TypeKind::FurtherProperties(base));
    }
    let name = identifier_or_marker(inp, Error::ExpectedMemberName)?;
    if inp.kind() != Kind::Less {
        return Ok(TypeKind::Member { base, name });
    }
    let arguments = type_args(inp)?;
    Ok(TypeKind::MemberGeneric {
        base,
        name,
        arguments,
    })
}

/// `TypePrimary ::= Literal | String | ObjectType | TupleType | TypeInParens | TypeName`
fn type_primary<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<TypeId> {
    let start = inp.here();
    let kind = match inp.kind() {
        kind if kind.is_identifier() => type_name(inp)?,
        Kind::LeftBrace => object_type(inp)?,
        Kind::LeftSquare => tuple_type(inp)?,
        Kind::LeftParen => type_in_parens(inp)?,
        Kind::Integer | Kind::True | Kind::False | Kind::Null => TypeKind::Literal(literal(inp)?),
        Kind::StringComplete | Kind::StringLeft => TypeKind::Literal(string(inp)?),
        _ => return fail(inp, Error::ExpectedType),
    };
    Ok(inp.r#type(start, kind))
}

/// `TypeName ::= Identifier TypeArgs?`
fn type_name<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<TypeKind> {
    let name = Name::new(TokenId::from_raw(inp.bump()));
    if inp.kind() != Kind::Less {
        return Ok(TypeKind::Name(name));
    }
    let arguments = type_args(inp)?;
    Ok(TypeKind::Generic { name, arguments })
}

/// `TypeArgs ::= '<' NewLine* ( TypeExpr ( ',' NewLine* TypeExpr )* NewLine* )? '>'`
fn type_args<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<List<TypeId>> {
    const ARGUMENT: Stops = LINE.or(&[Kind::Comma, Kind::Greater]);
    inp.bump();
    let list = awaiting(inp, Kind::Greater, |inp| {
        arguments(inp, Kind::Greater, |inp| {
            let argument = region(inp, ARGUMENT, Voice::Loud, type_expr)?;
            Ok(argument.or_missing(inp))
        })
    })?;
    if !inp.take(Kind::Greater) {
        marker(inp, Error::Expected(Kind::Greater))?;
    }
    Ok(list)
}

/// `TypeInParens ::= '(' TypeExpr ')'`
fn type_in_parens<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<TypeKind> {
    let parens = parenthesized(inp, false, type_expr, |inp, span| {
        Some(Part::<TypeId>::Skipped(span).or_missing(inp))
    })?;
    let item = match only_item(inp, &parens)? {
        Some(item) => TypeId::from_raw(item),
        None => {
            let start = inp.here();
            inp.r#type(start, TypeKind::Missing)
        }
    };
    Ok(TypeKind::Parenthesized(item))
}

const PROPERTY: Stops = LINE.or(&[Kind::RightBrace]);
const KEY: Stops = PROPERTY.or(&[Kind::Colon]);
const TUPLE_ITEM: Stops = LINE.or(&[Kind::RightSquare]);

/// `ObjectType ::= '{' ( NewLine* ( ObjectTypeItem ( ItemEnd ObjectTypeItem )* ItemEnd? )? ) '}'`
fn object_type<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<TypeKind> {
    inp.bump();
    let items = closed_by(inp, Kind::RightBrace, |inp| {
        items(inp, Kind::RightBrace, object_type_item)
    })?;
    Ok(TypeKind::Object(items))
}

/// `ObjectTypeItem ::= Decorators TypeKey ':' TypeExpr`
fn object_type_item<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<TypeItemId> {
    let start = inp.here();
    let decorators = decorators(inp)?;
    if M::KEEP && declaration_at(inp, 0) {
        let value = type_or_end(inp)?;
        return Ok(type_item(inp, start, decorators, TypeKey::None, value));
    }
    let key = region(inp, KEY, Voice::Loud, type_key)?;
    let colon = token(inp, Kind::Colon, PROPERTY, key.voice())?;
    let value = region(inp, PROPERTY, colon.voice(), type_expr)?;
    let value = value.or_missing(inp);
    let key = key.whole().unwrap_or(TypeKey::None);
    Ok(type_item(inp, start, decorators, key, value))
}

/// `TypeKey ::= Identifier | String | '*'`
fn type_key<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<TypeKey> {
    match inp.kind() {
        Kind::StringComplete | Kind::StringLeft => {
            required_string(inp, Error::ExpectedKey).map(TypeKey::String)
        }
        Kind::Star => {
            inp.bump();
            Ok(TypeKey::Any)
        }
        _ => identifier(inp, Error::ExpectedTypeKey).map(TypeKey::Name),
    }
}

/// `TupleType ::= '[' ( NewLine* ( TupleTypeItem ( ItemEnd TupleTypeItem )* ItemEnd? )? ) ']'`
fn tuple_type<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<TypeKind> {
    inp.bump();
    let items = closed_by(inp, Kind::RightSquare, |inp| {
        items(inp, Kind::RightSquare, tuple_type_item)
    })?;
    Ok(TypeKind::Tuple(items))
}

/// `TupleTypeItem ::= Decorators TypeExpr`
fn tuple_type_item<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<TypeItemId> {
    let start = inp.here();
    let item = region(inp, TUPLE_ITEM, Voice::Loud, |inp| {
        let decorators = decorators(inp)?;
        let value = type_or_end(inp)?;
        Ok(type_item(inp, start, decorators, TypeKey::None, value))
    })?;
    match item {
        Part::Whole(item) => Ok(item),
        Part::Skipped(span) => {
            let value = Part::<TypeId>::Skipped(span).or_missing(inp);
            Ok(type_item(inp, start, List::EMPTY, TypeKey::None, value))
        }
    }
}

/// `TypeExpr`, or nothing where an unclosed type runs into the next declaration behind decorators.
fn type_or_end<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<TypeId> {
    if M::KEEP && declaration_at(inp, 0) {
        let here = inp.here();
        return Ok(inp.r#type(here, TypeKind::Missing));
    }
    type_expr(inp)
}

fn type_item<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    start: u32,
    decorators: List<ExprId>,
    key: TypeKey,
    value: TypeId,
) -> TypeItemId {
    let span = inp.bytes_from(start);
    inp.state().tree.add_type_item(TypeItem {
        span,
        decorators,
        key,
        value,
    })
}
