//! Whether a value known in part may turn out to be another value.

use tricep_semantic::eval::{
    Element, Evaluator, List, Object, Piece, Value, Why, same_key, to_display,
};

type Side<'a, 'e, 'p> = (&'a mut Evaluator<'p>, &'e Value);

/// How the known value contradicts what was said of the open one. Without `failures` a failure that was
/// said is left alone: the body of a lambda may fail in a part that its value does not need, which is
/// found out or not.
pub(super) fn disagreement(
    failures: bool,
    open: Side<'_, '_, '_>,
    known: Side<'_, '_, '_>,
) -> Option<String> {
    let (with_open, said) = open;
    let (with_known, is) = known;
    let differs = || Some(format!("{} was said and {} it is", shown(said), shown(is)));
    match (said, is) {
        // Where the deployment fails nothing is deployed that the answer could be wrong about.
        (_, Value::Unknown(_)) => None,
        // Nor does what is not evaluated contradict anything.
        (_, is) if is.open().is_some() => None,
        (Value::Unknown(said), _) if matches!(said.why, Why::Budget(_)) => None,
        (Value::Unknown(said), is) => {
            let failed = matches!(said.why, Why::Failed(_));
            (failed && failures || !failed && !said.kinds.may_be(is.kinds())).then(differs)?
        }
        (Value::Null, Value::Null) => None,
        (Value::Bool(a), Value::Bool(b)) if a == b => None,
        (Value::Int(a), Value::Int(b)) if a == b => None,
        (Value::Float(a), Value::Float(b)) if a.to_bits() == b.to_bits() => None,
        (Value::Text(a), Value::Text(b)) if a == b => None,
        (Value::Partial(pieces), Value::Text(text)) if fits(pieces, text) => None,
        (Value::List(said), Value::List(is)) => {
            lists(failures, (with_open, said), (with_known, is))
        }
        (Value::Object(said), Value::Object(is)) => {
            objects(failures, (with_open, said), (with_known, is))
        }
        _ => differs(),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Unknown(unknown) => format!("unknown ({}, {:?})", unknown.why, unknown.kinds),
        other => to_display(other),
    }
}

/// Whether the known pieces lie in the text in their order, the first and last at its ends.
fn fits(pieces: &[Piece], text: &str) -> bool {
    match pieces {
        [] => text.is_empty(),
        [Piece::Known(piece), rest @ ..] => text
            .strip_prefix(&**piece)
            .is_some_and(|text| fits(rest, text)),
        [Piece::Unknown(_), rest @ ..] => {
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.into_iter().any(|at| fits(rest, &text[at..]))
        }
    }
}

fn lists(
    failures: bool,
    (with_open, said): (&mut Evaluator<'_>, &List),
    (with_known, is): (&mut Evaluator<'_>, &List),
) -> Option<String> {
    let is = is.closed()?;
    let least = said.min_len();
    if is.len() < least || said.max_len().is_some_and(|most| is.len() > most) {
        let most = said.max_len();
        return Some(format!(
            "{least} to {most:?} elements were said, {} there are",
            is.len()
        ));
    }
    let stretched = |element: &Element| matches!(element, Element::Rest(_));
    let before = said.elements.iter().position(stretched);
    let after = said.elements.iter().rev().position(stretched);
    let (before, after) = (before.unwrap_or(said.elements.len()), after.unwrap_or(0));
    let from_start = said.elements.iter().zip(&is).take(before);
    let from_end = said.elements.iter().rev().zip(is.iter().rev()).take(after);
    for (said, is) in from_start.chain(from_end) {
        if let Element::One(said) = said {
            let (said, is) = (with_open.value(said), with_known.value(is));
            if let Some(why) = disagreement(failures, (with_open, &said), (with_known, &is)) {
                return Some(format!("an element: {why}"));
            }
        }
    }
    let only = said.elements.len() == before + after + 1;
    let Some(Element::Rest(rest)) = said.elements.get(before).filter(|_| only) else {
        return None;
    };
    is[before..is.len() - after].iter().find_map(|is| {
        let is = with_known.value(is);
        disagreement(failures, (with_open, &rest.element), (with_known, &is))
            .map(|why| format!("an element of the stretch: {why}"))
    })
}

fn objects(
    failures: bool,
    (with_open, said): (&mut Evaluator<'_>, &Object),
    (with_known, is): (&mut Evaluator<'_>, &Object),
) -> Option<String> {
    if is.rest.is_some() {
        return None;
    }
    let known = said.entries.len();
    let (least, most) = match &said.rest {
        None => (known, Some(known)),
        Some(rest) => (known + rest.min, rest.max.map(|max| known + max)),
    };
    if is.entries.len() < least || most.is_some_and(|most| is.entries.len() > most) {
        let count = is.entries.len();
        return Some(format!(
            "{least} to {most:?} keys were said, {count} there are"
        ));
    }
    said.entries.iter().find_map(|entry| {
        let Some(other) = is
            .get(&entry.key)
            .filter(|it| same_key(&it.key, &entry.key))
        else {
            return Some(format!("the key `{}` was said to be there", entry.key));
        };
        let (said, is) = (
            with_open.value(&entry.value),
            with_known.value(&other.value),
        );
        disagreement(failures, (with_open, &said), (with_known, &is))
            .map(|why| format!("key `{}`: {why}", entry.key))
    })
}
