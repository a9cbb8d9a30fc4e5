//! Paths into a body as the oracle writes them: `properties.rules[].action<type=Allow>.'a-b'.*`.

use std::error::Error;

/// A step of a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// A declared property.
    Property(String),
    /// `*`: the type of properties that are not declared.
    Additional,
    /// `[]`: the items of a list.
    Items,
    /// `<key=Value>`: one of several objects.
    Element { key: String, value: String },
}

/// Reads a path.
pub(super) fn parse(path: &str) -> Result<Vec<Step>, Box<dyn Error>> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let (step, behind) = step(rest).ok_or_else(|| format!("no path: {path}"))?;
        steps.push(step);
        rest = behind.strip_prefix('.').unwrap_or(behind);
    }
    Ok(steps)
}

/// The first step, and what is behind it.
fn step(path: &str) -> Option<(Step, &str)> {
    if let Some(rest) = path.strip_prefix("[]") {
        return Some((Step::Items, rest));
    }
    if let Some(rest) = path.strip_prefix('<') {
        let (element, rest) = rest.split_once('>')?;
        let (key, value) = element.split_once('=')?;
        let (key, value) = (key.to_owned(), value.to_owned());
        return Some((Step::Element { key, value }, rest));
    }
    if let Some(rest) = path.strip_prefix('*') {
        return Some((Step::Additional, rest));
    }
    if let Some(rest) = path.strip_prefix('\'') {
        return quoted(rest);
    }
    let end = path.find(['.', '[', '<']).unwrap_or(path.len());
    let (name, rest) = path.split_at(end);
    Some((Step::Property(name.to_owned()), rest))
}

/// A name behind its first quote.
fn quoted(text: &str) -> Option<(Step, &str)> {
    let mut name = String::new();
    let mut letters = text.char_indices();
    loop {
        match letters.next()? {
            (_, '\\') => name.push(letters.next()?.1),
            (_, '\'') => return Some((Step::Property(name), letters.as_str())),
            (_, letter) => name.push(letter),
        }
    }
}

/// A name as it stands in a path.
pub(super) fn name(name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let starts_with_digit = name.starts_with(|first: char| first.is_ascii_digit());
    if !name.is_empty() && name.chars().all(is_plain) && !starts_with_digit {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn property(name: &str) -> Step {
        Step::Property(name.to_owned())
    }

    #[test]
    fn every_sort_of_step_is_read() {
        let steps = parse("<kind=A.b>.rules[].*[].'it\\'s.<odd>'<@odata.type=#X.Y>.last").unwrap();
        let element = |key: &str, value: &str| Step::Element {
            key: key.to_owned(),
            value: value.to_owned(),
        };
        let expected = [
            element("kind", "A.b"),
            property("rules"),
            Step::Items,
            Step::Additional,
            Step::Items,
            property("it's.<odd>"),
            element("@odata.type", "#X.Y"),
            property("last"),
        ];
        assert_eq!(steps, expected);
    }

    #[test]
    fn names_are_quoted_where_they_must_be() {
        for (plain, written) in [
            ("name", "name"),
            ("_2", "_2"),
            ("2", "'2'"),
            ("a-b", "'a-b'"),
            ("it's", "'it\\'s'"),
            ("*", "'*'"),
        ] {
            assert_eq!(name(plain), written);
            assert_eq!(parse(written).unwrap(), [property(plain)]);
        }
    }

    #[test]
    fn what_never_ends_is_no_path() {
        assert!(parse("a.'b").is_err());
        assert!(parse("a<b=c").is_err());
    }
}
