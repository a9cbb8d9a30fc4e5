//! Expressions over one parameter `p`.

use proptest::prelude::*;
use proptest::strategy::Union;

/// What an expression is meant to give.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    Text,
    List,
    Object,
    Int,
    Bool,
}

const SORTS: [Sort; 5] = [Sort::Text, Sort::List, Sort::Object, Sort::Int, Sort::Bool];

/// A parameter with some of the values it may have.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) r#type: &'static str,
    pub(super) sort: Sort,
    pub(super) values: &'static [&'static str],
}

const TEXTS: &[&str] = &["''", "'x'", "'X'", "'a'", "'ab'", "'xa,b'", "'😀'"];

pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter {
        r#type: "string",
        sort: Sort::Text,
        values: TEXTS,
    },
    Parameter {
        r#type: "string?",
        sort: Sort::Text,
        values: &["null", "''", "'x'", "'ab'"],
    },
    Parameter {
        r#type: "'x' | 'ab'",
        sort: Sort::Text,
        values: &["'x'", "'ab'"],
    },
    Parameter {
        r#type: "string[]",
        sort: Sort::List,
        values: &["[]", "['x']", "['x', 'x']", "['ab', 'x']", "['', 'a', 'X']"],
    },
    Parameter {
        r#type: "array",
        sort: Sort::List,
        values: &["[]", "[1]", "['x', 1, null]", "[['x']]", "[{a: 'x'}, {}]"],
    },
    Parameter {
        r#type: "array?",
        sort: Sort::List,
        values: &["null", "[]", "['x', 'ab']"],
    },
    Parameter {
        r#type: "object",
        sort: Sort::Object,
        values: &[
            "{}",
            "{a: 'x'}",
            "{A: 'x'}",
            "{b: null, a: ['x']}",
            "{z: {a: 1}, x: 'x', ab: 2}",
        ],
    },
    Parameter {
        r#type: "{ a: string, b: string[]? }",
        sort: Sort::Object,
        values: &["{a: 'x'}", "{a: '', b: []}", "{a: 'ab', b: ['x']}"],
    },
    Parameter {
        r#type: "int",
        sort: Sort::Int,
        values: &["0", "1", "2", "-1", "9223372036854775807"],
    },
    Parameter {
        r#type: "bool",
        sort: Sort::Bool,
        values: &["true", "false"],
    },
];

/// An expression in which `p`, of this sort, is likely to occur.
pub(super) fn expression(p: Sort) -> BoxedStrategy<String> {
    anything(p, 4, false)
}

fn leaves(sort: Sort) -> &'static [&'static str] {
    match sort {
        Sort::Text => &["''", "'x'", "'ab'", "'a'", "','"],
        Sort::List => &["[]", "['x']", "['x', 'ab']", "[1, 'x', 1]"],
        Sort::Object => &["{}", "{a: 'x'}", "{A: 1, b: ['x']}"],
        Sort::Int => &["0", "1", "2", "-1"],
        Sort::Bool => &["true", "false"],
    }
}

/// Forms with `T`, `L`, `O`, `I`, `B` for an expression of a sort, `A` for any, and `F` for any in
/// which the lambda's parameter `x` may occur.
fn forms(sort: Sort) -> &'static [&'static str] {
    match sort {
        Sort::Text => &[
            "'${A}-${T}'",
            "'${T}x'",
            "concat(T, T)",
            "toLower(T)",
            "toUpper(T)",
            "trim(T)",
            "replace(T, T, T)",
            "substring(T, I)",
            "substring(T, I, I)",
            "take(T, I)",
            "skip(T, I)",
            "first(T)",
            "last(T)",
            "join(L, T)",
            "string(A)",
            "padLeft(A, 3, 'x')",
            "format('{0}x{1,4}', A, A)",
            "base64(T)",
            "uriComponent(T)",
            "(B ? T : T)",
            "(A ?? T)",
            "O.a",
            "O.?a",
            "O[T]",
            "O[?T]",
            "O.?a.b",
            "first(L)",
            "last(L)",
            "L[I]",
            "L[?I]",
            "L[^1]",
            "L[?^2]",
            "reduce(L, T, (x, y) => '${x}${y}')",
        ],
        Sort::List => &[
            "[A]",
            "[A, A]",
            "[...L, A]",
            "[A, ...L]",
            "[A, ...L, A]",
            "concat(L, L)",
            "union(L, L)",
            "intersection(L, L)",
            "distinct(L)",
            "filter(L, x => x == A)",
            "filter(L, x => B)",
            "filter(L, x => !empty(x))",
            "map(L, x => F)",
            "map(L, (x, i) => i)",
            "sort(L, (x, y) => x < y)",
            "take(L, I)",
            "skip(L, I)",
            "flatten([L, L])",
            "split(T, T)",
            "split(T, [',', T])",
            "items(O)",
            "objectKeys(O)",
            "array(A)",
            "range(0, I)",
            "(A ?? L)",
            "(B ? L : L)",
            "O.?b",
            "O[?'b']",
        ],
        Sort::Object => &[
            "{a: A}",
            "{a: A, b: A}",
            "{...O, a: A}",
            "{a: A, ...O}",
            "{...O, ...O}",
            "{'${T}': A}",
            "{a: A, '${T}x': A}",
            "union(O, O)",
            "intersection(O, O)",
            "shallowMerge([O, O])",
            "toObject(L, x => '${x}')",
            "toObject(L, x => T, x => F)",
            "groupBy(L, x => '${x}')",
            "mapValues(O, x => F)",
            "(B ? O : O)",
            "(A ?? O)",
            "reduce(L, O, (x, y) => union(x, {'${y}': 1}))",
        ],
        Sort::Int => &[
            "length(L)",
            "length(T)",
            "length(O)",
            "indexOf(T, T)",
            "indexOf(L, A)",
            "lastIndexOf(T, T)",
            "lastIndexOf(L, A)",
            "(I + I)",
            "(I - I)",
            "(I * I)",
            "(I / I)",
            "(I % I)",
            "-I",
            "min(I, I)",
            "max(I, I)",
            "max([I, I])",
            "int(A)",
            "reduce(L, 0, (x, y) => x + 1)",
            "(B ? I : I)",
        ],
        Sort::Bool => &[
            "(A == A)",
            "(A != A)",
            "(T == T)",
            "(L == L)",
            "(O == O)",
            "empty(A)",
            "empty(L)",
            "empty(T)",
            "empty(O)",
            "contains(L, A)",
            "contains(T, T)",
            "contains(O, T)",
            "startsWith(T, T)",
            "endsWith(T, T)",
            "(I < I)",
            "(I >= I)",
            "(T < T)",
            "(length(A) > I)",
            "(length(L) == I)",
            "(I <= length(L))",
            "(B && B)",
            "(B || B)",
            "!B",
            "(T =~ T)",
            "like(T, '*x*')",
            "bool(A)",
            "(B ? B : B)",
        ],
    }
}

fn of(sort: Sort, p: Sort, depth: usize, in_lambda: bool) -> BoxedStrategy<String> {
    let leaf = proptest::sample::select(leaves(sort)).prop_map(str::to_owned);
    let parameter = Just("p".to_owned());
    let weight = if sort == p { 4 } else { 0 };
    if depth == 0 {
        return if weight > 0 {
            prop_oneof![2 => leaf, weight => parameter].boxed()
        } else {
            leaf.boxed()
        };
    }
    let form = proptest::sample::select(forms(sort))
        .prop_flat_map(move |form| filled(form, p, depth - 1, in_lambda));
    let mut all = vec![(1, leaf.boxed()), (6, form.boxed())];
    if weight > 0 {
        all.push((weight, parameter.boxed()));
    }
    Union::new_weighted(all).boxed()
}

fn anything(p: Sort, depth: usize, in_lambda: bool) -> BoxedStrategy<String> {
    let mut all: Vec<(u32, BoxedStrategy<String>)> = vec![
        (1, Just("null".to_owned()).boxed()),
        (2, Just("p".to_owned()).boxed()),
    ];
    if in_lambda {
        all.push((8, Just("x".to_owned()).boxed()));
    }
    all.extend(SORTS.map(|sort| {
        let some = (0..1).prop_flat_map(move |_| of(sort, p, depth, in_lambda));
        (3, some.boxed())
    }));
    Union::new_weighted(all).boxed()
}

/// A form with its places filled.
fn filled(form: &'static str, p: Sort, depth: usize, in_lambda: bool) -> BoxedStrategy<String> {
    let mut parts: Vec<BoxedStrategy<String>> = Vec::new();
    let mut before = ' ';
    let mut chars = form.chars().peekable();
    while let Some(c) = chars.next() {
        let alone =
            !before.is_alphanumeric() && chars.peek().is_none_or(|next| !next.is_alphanumeric());
        let hole = match c {
            'T' => Some(Sort::Text),
            'L' => Some(Sort::List),
            'O' => Some(Sort::Object),
            'I' => Some(Sort::Int),
            'B' => Some(Sort::Bool),
            _ => None,
        };
        parts.push(match (alone, c, hole) {
            (true, _, Some(sort)) => of(sort, p, depth, in_lambda),
            (true, 'A', _) => anything(p, depth, in_lambda),
            (true, 'F', _) => anything(p, depth, true),
            _ => Just(c.to_string()).boxed(),
        });
        before = c;
    }
    parts.prop_map(|parts| parts.concat()).boxed()
}
