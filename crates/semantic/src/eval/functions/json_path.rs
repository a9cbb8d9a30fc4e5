//! JSONPath as the compiler's reader (Newtonsoft's) has it, without conditions.
//!
//! Enters: a value out of a file and a path. Leaves: what the path matches, in the order of the
//! file. Absent, so unsupported: conditions, lists of names or indices, steps of slices, blanks.

use super::Outcome;
use crate::eval::value::{Thunk, Value};
use crate::eval::work::Work;

/// A part of a path.
#[derive(PartialEq, Eq, Debug)]
enum Part {
    /// `.name`, `['name']`
    Name(String),
    /// `.*`: the members of an object.
    Members,
    /// `..name`: at any depth.
    Anywhere(String),
    /// `[2]`
    Index(usize),
    /// `[*]`: the elements of a list.
    Elements,
    /// `[1:-1]`
    Slice(Option<i64>, Option<i64>),
}

/// The value of a filter on a file: the match, or the list of the matches if there are several
/// (load-json-0004, load-json-0016). A filter without a match is refused (BCP235).
pub(super) fn filter(work: &mut Work<'_, '_>, value: &Value, path: &str) -> Outcome {
    let parts =
        parse(path).ok_or_else(|| Value::unsupported(format!("the JSONPath filter `{path}`")))?;
    let mut matches = vec![value.clone()];
    for part in &parts {
        let mut next = Vec::new();
        for value in &matches {
            apply(work, part, value, &mut next)?;
        }
        matches = next;
    }
    match matches.len() {
        0 => Err(Value::failed(format!(
            "the filter `{path}` matches nothing in the file"
        ))),
        1 => Ok(matches.remove(0)),
        _ => Ok(Value::list_of(matches)),
    }
}

/// The parts of a path; `None` where it is not wholly understood.
fn parse(path: &str) -> Option<Vec<Part>> {
    if path.contains([' ', '\t', '\r', '\n', '(', ')', '"', '\\', '+']) {
        return None;
    }
    let mut parts = Vec::new();
    // A name may start with `$` (load-json-0064).
    let mut rest = match path.strip_prefix('$') {
        Some(rest) if rest.is_empty() || rest.starts_with(['.', '[']) => rest,
        _ => path,
    };
    if !rest.is_empty() && !rest.starts_with(['.', '[']) {
        rest = name(rest, false, &mut parts)?;
    }
    while !rest.is_empty() {
        rest = if let Some(indexer) = rest.strip_prefix('[') {
            bracket(indexer, &mut parts)?
        } else if let Some(after) = rest.strip_prefix("..") {
            name(after, true, &mut parts)?
        } else {
            // `.['a']` is `['a']`.
            match rest.strip_prefix('.')? {
                after if after.starts_with('[') => after,
                after => name(after, false, &mut parts)?,
            }
        };
    }
    Some(parts)
}

/// Takes a name off the front.
fn name<'a>(text: &'a str, anywhere: bool, parts: &mut Vec<Part>) -> Option<&'a str> {
    let end = text.find(['.', '[', ']']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() || rest.starts_with(']') {
        return None;
    }
    parts.push(match (name, anywhere) {
        ("*", true) => return None,
        ("*", false) => Part::Members,
        (name, true) => Part::Anywhere(name.to_owned()),
        (name, false) => Part::Name(name.to_owned()),
    });
    Some(rest)
}

/// Takes an indexer off the front, whose `[` is taken already.
fn bracket<'a>(text: &'a str, parts: &mut Vec<Part>) -> Option<&'a str> {
    if let Some(quoted) = text.strip_prefix('\'') {
        let (name, rest) = quoted.split_once('\'')?;
        parts.push(Part::Name(name.to_owned()));
        return rest.strip_prefix(']');
    }
    let (inner, rest) = text.split_once(']')?;
    let bound = |digits: &str| match digits {
        "" => Some(None),
        digits => digits.parse::<i32>().ok().map(|bound| Some(bound.into())),
    };
    parts.push(match inner.split_once(':') {
        Some((start, end)) => Part::Slice(bound(start)?, bound(end)?),
        None if inner == "*" => Part::Elements,
        None => Part::Index(usize::try_from(inner.parse::<i32>().ok()?).ok()?),
    });
    Some(rest)
}

/// Adds what a part matches of a value. What is of the wrong kind matches nothing.
fn apply(
    work: &mut Work<'_, '_>,
    part: &Part,
    value: &Value,
    matches: &mut Vec<Value>,
) -> Result<(), Value> {
    work.spend(1)?;
    match (part, value) {
        (Part::Anywhere(name), value) => anywhere(work, name, value, matches)?,
        (Part::Name(name), Value::Object(object)) => {
            // Letter case counts, unlike in Bicep.
            let entry = object.entries.iter().find(|entry| *entry.key == **name);
            matches.extend(entry.map(|entry| work.value(&entry.value)));
        }
        (Part::Members, Value::Object(object)) => {
            matches.extend(object.entries.iter().map(|entry| work.value(&entry.value)));
        }
        (Part::Index(_) | Part::Elements | Part::Slice(..), Value::List(list)) => {
            let elements = list.closed().unwrap_or_default();
            let picked = match part {
                Part::Index(index) => elements.get(*index..=*index).unwrap_or_default(),
                Part::Slice(start, end) => slice(&elements, *start, *end),
                _ => &elements,
            };
            matches.extend(picked.iter().map(|element| work.value(element)));
        }
        _ => {}
    }
    Ok(())
}

/// Negative bounds count from the end, and bounds outside are moved inside.
fn slice(elements: &[Thunk], start: Option<i64>, end: Option<i64>) -> &[Thunk] {
    let length = elements.len();
    let place = |bound: i64| match usize::try_from(bound) {
        Ok(bound) => bound.min(length),
        Err(_) => length.saturating_sub(usize::try_from(-bound).unwrap_or(usize::MAX)),
    };
    let start = start.map_or(0, place);
    let end = end.map_or(length, place);
    elements.get(start..end).unwrap_or_default()
}

/// Every member of that name at any depth, also inside of another such member.
fn anywhere(
    work: &mut Work<'_, '_>,
    name: &str,
    value: &Value,
    matches: &mut Vec<Value>,
) -> Result<(), Value> {
    work.spend(1)?;
    match value {
        Value::Object(object) => {
            for entry in &object.entries {
                let member = work.value(&entry.value);
                if *entry.key == *name {
                    matches.push(member.clone());
                }
                anywhere(work, name, &member, matches)?;
            }
        }
        Value::List(list) => {
            for element in list.closed().unwrap_or_default() {
                let element = work.value(&element);
                anywhere(work, name, &element, matches)?;
            }
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::functions::json;
    use crate::eval::{Assumptions, Evaluator};
    use crate::project::Project;

    const TEXT: &str = r#"{"a":{"b":[1,[2],{"b":3}],"B":null},"$c":{"a":4},"":5,"*":6}"#;

    fn filtered(path: &str) -> String {
        let (project, assumptions) = (Project::default(), Assumptions::default());
        let mut evaluator = Evaluator::new(&project, &assumptions);
        let value = json::read(TEXT).expect("JSON");
        let found = filter(&mut Work::new(&mut evaluator), &value, path);
        let found = found.unwrap_or_else(|refused| refused);
        evaluator
            .to_json(&found)
            .unwrap_or_else(|unknown| unknown.why.to_string())
    }

    #[test]
    fn one_match_is_the_value_and_several_are_a_list() {
        assert_eq!(filtered("$.a.b[0]"), "1");
        assert_eq!(filtered("a.b[1]"), "[2]");
        assert_eq!(filtered("a['b'][1:]"), r#"[[2],{"b":3}]"#);
        assert_eq!(filtered("a.b[-1:]"), r#"{"b":3}"#);
        assert_eq!(filtered("a.b[-9:1]"), "1");
        assert_eq!(filtered("a.b[*].b"), "3");
        assert_eq!(filtered("$..b"), r#"[[1,[2],{"b":3}],3]"#);
        assert_eq!(filtered("a.*"), r#"[[1,[2],{"b":3}],null]"#);
        assert_eq!(filtered("$.a.B"), "null");
        assert_eq!(filtered("$c.a"), "4");
        assert_eq!(filtered("$['']"), "5");
        assert_eq!(filtered("$['*']"), "6");
        for whole in ["", "$"] {
            assert_eq!(filtered(whole), TEXT);
        }
    }

    #[test]
    fn a_filter_without_a_match_is_refused() {
        for path in [
            "A", "a.c", "a.b[3]", "a[0]", "a[*]", "a.b.*", "a.b[2:1]", "..d",
        ] {
            assert!(
                filtered(path).ends_with("matches nothing in the file"),
                "{path}"
            );
        }
    }

    #[test]
    fn what_is_not_understood_is_not_guessed() {
        for path in [
            "a.",
            ".",
            "..",
            "$..*",
            "a[",
            "a[]",
            "a[-1]",
            "a[1,2]",
            "a[::2]",
            "a[?(@.b)]",
            "a['b','c']",
            "a b",
            "a[0]b",
            "a]",
            "a.b[+1]",
            "..[0]",
        ] {
            assert!(filtered(path).contains("not evaluated"), "{path}");
        }
    }
}
