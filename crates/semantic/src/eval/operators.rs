//! Operators over evaluated operands. The lazy ones (`&&`, `||`, `??`, `?:`) are in `expression`.
//!
//! Enters: values, in part unknown. Leaves: a value; what is unknown keeps its reason and question.

use std::cmp::Ordering;
use std::rc::Rc;

use super::unknown::{Kinds, Unknown};
use super::value::Value;
use super::work::Work;
use super::{Evaluator, compare, culture};
use crate::template::BinaryOperator;

/// The value of `left operator right`.
pub(crate) fn binary(
    evaluator: &mut Evaluator<'_>,
    operator: BinaryOperator,
    left: &Value,
    right: &Value,
) -> Value {
    use BinaryOperator as Op;
    match operator {
        Op::Add => arithmetic(left, right, i64::checked_add),
        Op::Subtract => arithmetic(left, right, i64::checked_sub),
        Op::Multiply => arithmetic(left, right, i64::checked_mul),
        Op::Divide => division(left, right, i64::checked_div),
        Op::Modulo => division(left, right, i64::checked_rem),
        Op::Less => ordered(left, right, Ordering::is_lt),
        Op::LessOrEqual => ordered(left, right, Ordering::is_le),
        Op::Greater => ordered(left, right, Ordering::is_gt),
        Op::GreaterOrEqual => ordered(left, right, Ordering::is_ge),
        Op::Equal => equals(evaluator, left, right),
        Op::NotEqual => negated(equals(evaluator, left, right)),
        Op::EqualIgnoreCase => equals_ignoring_case(left, right),
        Op::NotEqualIgnoreCase => negated(equals_ignoring_case(left, right)),
        Op::And | Op::Or | Op::Coalesce => unreachable!("lazy operators are evaluated elsewhere"),
    }
}

/// The comparison that says the same with its operands swapped.
pub(crate) fn mirrored(operator: BinaryOperator) -> BinaryOperator {
    match operator {
        BinaryOperator::Less => BinaryOperator::Greater,
        BinaryOperator::LessOrEqual => BinaryOperator::GreaterOrEqual,
        BinaryOperator::Greater => BinaryOperator::Less,
        BinaryOperator::GreaterOrEqual => BinaryOperator::LessOrEqual,
        operator => operator,
    }
}

/// The value of `-operand`. Oracle: op-arithmetic-0035, op-arithmetic-0074.
pub(crate) fn negate(operand: &Value) -> Value {
    arithmetic(&Value::Int(0), operand, i64::checked_sub)
}

/// Whether two values are equal: a Boolean, or an unknown. The question of the unknown is always
/// the positive one.
pub(crate) fn equals(evaluator: &mut Evaluator<'_>, left: &Value, right: &Value) -> Value {
    match compare::equal(&mut Work::new(evaluator), left, right) {
        Ok(equal) => Value::Bool(equal),
        Err(unknown) => Evaluator::derive(&unknown, Kinds::BOOL),
    }
}

/// `operator` applied to a length of which only bounds are known, and a number: `length(list) > 0`
/// holds for every list that has an element at all.
pub(crate) fn compare_bounds(
    operator: BinaryOperator,
    (least, most): (usize, Option<usize>),
    number: i64,
) -> Option<bool> {
    use BinaryOperator as Op;
    let least = i64::try_from(least).ok()?;
    let below = most
        .and_then(|most| i64::try_from(most).ok())
        .is_some_and(|most| most < number);
    let not_above = most
        .and_then(|most| i64::try_from(most).ok())
        .is_some_and(|most| most <= number);
    let (above, not_below) = (least > number, least >= number);
    let decided = |yes: bool, no: bool| (yes || no).then_some(yes);
    match operator {
        Op::Less => decided(below, not_below),
        Op::LessOrEqual => decided(not_above, above),
        Op::Greater => decided(above, not_above),
        Op::GreaterOrEqual => decided(not_below, below),
        Op::Equal => decided(not_below && not_above, above || below),
        Op::NotEqual => decided(above || below, not_below && not_above),
        _ => None,
    }
}

fn negated(value: Value) -> Value {
    match value {
        Value::Bool(value) => Value::Bool(!value),
        unknown => unknown,
    }
}

/// The reason why the result is not known, if an operand is not; a failure comes first.
fn open(left: &Value, right: &Value) -> Option<Rc<Unknown>> {
    let opens = [left.open(), right.open()];
    let mut known = opens.iter().flatten();
    let failure = known
        .clone()
        .find(|unknown| super::text::failing(unknown).is_err());
    let asking = known.clone().find(|unknown| unknown.question.is_some());
    failure
        .or(asking)
        .or(known.next())
        .map(|unknown| Rc::clone(unknown))
}

fn derived(unknown: &Rc<Unknown>, kinds: Kinds) -> Value {
    match super::text::failing(unknown) {
        Ok(()) => Evaluator::derive(unknown, kinds),
        Err(failure) => failure,
    }
}

/// Integers only: a number with a fraction is refused (op-arithmetic-0080), an overflow fails
/// (op-arithmetic-0025).
fn arithmetic(left: &Value, right: &Value, compute: fn(i64, i64) -> Option<i64>) -> Value {
    if let (Value::Int(left), Value::Int(right)) = (left, right) {
        let overflow = || Value::failed("the result is no 64-bit integer");
        return compute(*left, *right).map_or_else(overflow, Value::Int);
    }
    for operand in [left, right] {
        if !operand.kinds().may_be(Kinds::NUMBER) || matches!(operand, Value::Float(_)) {
            return Value::failed(format!(
                "arithmetic needs integers and got {}",
                operand.kind_name()
            ));
        }
    }
    match open(left, right) {
        Some(unknown) => derived(&unknown, Kinds::NUMBER),
        None => Value::failed("arithmetic needs integers"),
    }
}

/// Truncates; the remainder has the dividend's sign (op-arithmetic-0005, op-arithmetic-0011).
fn division(left: &Value, right: &Value, compute: fn(i64, i64) -> Option<i64>) -> Value {
    if let Value::Int(0) = right
        && left.kinds().may_be(Kinds::NUMBER)
    {
        return Value::failed("division by zero");
    }
    arithmetic(left, right, compute)
}

/// Two numbers, or two texts in dictionary order.
fn ordered(left: &Value, right: &Value, holds: fn(Ordering) -> bool) -> Value {
    if let Some(unknown) = open(left, right) {
        return derived(&unknown, Kinds::BOOL);
    }
    match compare::order(left, right) {
        Ok(ordering) => Value::Bool(holds(ordering)),
        Err(value) => value,
    }
}

/// `=~`: both in lower case, then `==`; texts only (op-equality-0239, op-equality-0246).
fn equals_ignoring_case(left: &Value, right: &Value) -> Value {
    for operand in [left, right] {
        if !operand.kinds().may_be(Kinds::TEXT) {
            return Value::failed(format!("`=~` needs texts and got {}", operand.kind_name()));
        }
    }
    if let Some(unknown) = open(left, right) {
        return derived(&unknown, Kinds::BOOL);
    }
    let (Value::Text(left), Value::Text(right)) = (left, right) else {
        return Value::failed("`=~` needs texts");
    };
    if left == right {
        return Value::Bool(true);
    }
    match (culture::to_lower(left), culture::to_lower(right)) {
        (Some(left), Some(right)) => Value::Bool(left == right),
        _ => Value::unsupported("the lower case of these texts"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_is_that_of_64_bit_integers() {
        let divide = |a, b| division(&Value::Int(a), &Value::Int(b), i64::checked_div);
        let modulo = |a, b| division(&Value::Int(a), &Value::Int(b), i64::checked_rem);
        assert!(matches!(divide(-7, 2), Value::Int(-3))); // op-arithmetic-0005
        assert!(matches!(modulo(7, -3), Value::Int(1))); // op-arithmetic-0010
        assert!(matches!(modulo(-7, -3), Value::Int(-1))); // op-arithmetic-0011
        assert!(divide(1, 0).open().is_some()); // op-arithmetic-0091
        assert!(divide(i64::MIN, -1).open().is_some()); // op-arithmetic-0089
        assert!(negate(&Value::Int(i64::MIN)).open().is_some()); // op-arithmetic-0088
        assert!(matches!(negate(&Value::Int(5)), Value::Int(-5)));
        assert!(negate(&Value::text("1")).open().is_some()); // op-arithmetic-0074
    }

    #[test]
    fn numbers_with_a_fraction_have_an_order_but_no_sum() {
        let (fraction, two) = (Value::Float(1.5), Value::Int(2));
        assert!(
            arithmetic(&fraction, &two, i64::checked_add)
                .open()
                .is_some()
        ); // op-arithmetic-0080
        assert!(matches!(
            ordered(&fraction, &two, Ordering::is_lt),
            Value::Bool(true)
        )); // op-compare-0146
        assert!(
            ordered(&Value::Null, &Value::Null, Ordering::is_le)
                .open()
                .is_some()
        ); // op-compare-0144
        assert!(
            ordered(&two, &Value::text("a"), Ordering::is_lt)
                .open()
                .is_some()
        ); // lambda-0082
    }

    #[test]
    fn case_is_ignored_by_lower_case_only() {
        let same = |a: &str, b: &str| equals_ignoring_case(&Value::text(a), &Value::text(b));
        assert!(matches!(same("a", "A"), Value::Bool(true))); // op-equality-0229
        assert!(matches!(same("ß", "ẞ"), Value::Bool(true))); // op-equality-0234
        assert!(matches!(same("ς", "Σ"), Value::Bool(false))); // op-equality-0239
        assert!(matches!(same("ı", "I"), Value::Bool(false))); // op-equality-0237
        assert!(matches!(same("ﬁ", "FI"), Value::Bool(false))); // op-equality-0240
    }

    #[test]
    fn bounds_of_a_length_decide_comparisons() {
        let at_least_one = (1, None);
        assert_eq!(
            compare_bounds(BinaryOperator::Greater, at_least_one, 0),
            Some(true)
        );
        assert_eq!(
            compare_bounds(BinaryOperator::Equal, at_least_one, 0),
            Some(false)
        );
        assert_eq!(
            compare_bounds(BinaryOperator::NotEqual, at_least_one, 0),
            Some(true)
        );
        assert_eq!(
            compare_bounds(BinaryOperator::Greater, at_least_one, 1),
            None
        );
        assert_eq!(
            compare_bounds(BinaryOperator::LessOrEqual, (0, Some(3)), 3),
            Some(true)
        );
        assert_eq!(
            compare_bounds(BinaryOperator::Equal, (2, Some(2)), 2),
            Some(true)
        );
    }
}
