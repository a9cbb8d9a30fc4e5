//! `loadDirectoryFileInfo`: what is in a folder.
//!
//! Enters: the path as written, the names of the files in the folder, and the pattern. Leaves: a
//! list with path, name and ending of each file that the pattern matches. Absent: patterns with
//! folders in them.

use std::rc::Rc;
use std::sync::Arc;

use super::Outcome;
use super::arguments::text;
use crate::eval::culture;
use crate::eval::value::{Thunk, Value};
use crate::eval::work::Work;

/// The files of a folder that a pattern matches, all without one.
pub(super) fn info(
    work: &mut Work<'_, '_>,
    path: &str,
    names: &[Arc<str>],
    arguments: &[Value],
) -> Outcome {
    let pattern = match arguments {
        [] => Pattern::parse("")?,
        _ => Pattern::parse(text(arguments, 0)?)?,
    };
    let folder = normal(path);
    let mut files: Vec<(String, &str)> = Vec::new();
    for name in names {
        work.spend(1 + folder.len() + name.len())?;
        if pattern.matches(name) {
            files.push((format!("{folder}{name}"), name));
        }
    }
    // In the order of the paths, letter case ignored (load-directory-0001).
    files.sort_by(|(a, _), (b, _)| culture::key_order(a, b).then_with(|| a.cmp(b)));
    Ok(Value::list_of(
        files.iter().map(|(path, name)| file(path, name)),
    ))
}

/// The path of a folder without `.` and `..` where they say nothing, with `/` behind it.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|&last| last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.iter().map(|part| format!("{part}/")).collect()
}

fn file(path: &str, name: &str) -> Value {
    // `.hidden` is an ending, and a dot at the very end is none.
    let ending = match name.rfind('.') {
        Some(dot) if dot + 1 < name.len() => &name[dot..],
        _ => "",
    };
    let entry = |key: &str, text: &str| (Rc::from(key), Thunk::ready(Value::text(text)));
    Value::object([
        entry("relativePath", path),
        entry("baseName", name),
        entry("extension", ending),
    ])
}

/// A pattern as .NET has it for names of files: that of Windows, on every system.
struct Pattern(Vec<Sign>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// This character.
    Char(char),
    /// `*`: any characters.
    Any,
    /// `?`: a character, or none before a dot and at the end.
    One,
    /// `.` before a sign for many: a dot, or nothing at the end.
    Dot,
    /// `*.` at the end of the pattern: any characters but the last dot of the name.
    Plain,
}

impl Pattern {
    fn parse(pattern: &str) -> Result<Self, Value> {
        if pattern.contains(['/', '\\', '\0']) {
            return Err(Value::unsupported("a pattern with folders"));
        }
        if matches!(pattern, "" | "*.*") {
            return Ok(Self(vec![Sign::Any]));
        }
        let mut signs = Vec::new();
        let mut chars = pattern.chars().peekable();
        while let Some(c) = chars.next() {
            let sign = match (c, chars.peek()) {
                ('*', _) => Sign::Any,
                ('?', _) => Sign::One,
                ('.', None) if signs.last() == Some(&Sign::Any) => {
                    signs.pop();
                    Sign::Plain
                }
                ('.', Some('?' | '*')) => Sign::Dot,
                (c, _) => Sign::Char(c),
            };
            signs.push(sign);
        }
        Ok(Self(signs))
    }

    /// Whether a name matches; letter case counts, as it does on Linux (load-directory-0002).
    fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        // The places in the pattern that may come next, after each character of the name.
        let mut open = self.closure(vec![false; self.0.len() + 1], 0, &name, 0);
        for (at, &c) in name.iter().enumerate() {
            let mut next = vec![false; self.0.len() + 1];
            for (place, sign) in self.0.iter().enumerate() {
                if !open[place] {
                    continue;
                }
                let stays = match sign {
                    Sign::Any => Some(place),
                    Sign::Plain if c == '.' && !name[at + 1..].contains(&'.') => None,
                    Sign::Plain => Some(place),
                    Sign::Char(wanted) => (*wanted == c).then_some(place + 1),
                    Sign::Dot => (c == '.').then_some(place + 1),
                    Sign::One => (c != '.').then_some(place + 1),
                };
                if let Some(place) = stays {
                    next = self.closure(next, place, &name, at + 1);
                }
            }
            open = next;
        }
        open[self.0.len()]
    }

    /// Opens a place, and those behind it that ask for no character with `name[at..]` ahead.
    fn closure(&self, mut open: Vec<bool>, from: usize, name: &[char], at: usize) -> Vec<bool> {
        let mut place = from;
        loop {
            if std::mem::replace(&mut open[place], true) {
                return open;
            }
            let ahead = name.get(at..).unwrap_or_default();
            let skips = match self.0.get(place) {
                Some(Sign::Any | Sign::Plain) => true,
                Some(Sign::One) => matches!(ahead, [] | ['.', ..]),
                Some(Sign::Dot) => ahead.is_empty(),
                _ => false,
            };
            if !skips {
                return open;
            }
            place += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Assumptions, Evaluator};
    use crate::project::Project;

    fn listed(path: &str, names: &[&str], pattern: &str) -> String {
        let (project, assumptions) = (Project::default(), Assumptions::default());
        let mut evaluator = Evaluator::new(&project, &assumptions);
        let names: Vec<Arc<str>> = names.iter().map(|&name| Arc::from(name)).collect();
        let arguments = [Value::text(pattern)];
        let value = info(&mut Work::new(&mut evaluator), path, &names, &arguments);
        let value = value.unwrap_or_else(|value| value);
        evaluator
            .to_json(&value)
            .unwrap_or_else(|unknown| unknown.why.to_string())
    }

    fn matches(pattern: &str, name: &str) -> bool {
        Pattern::parse(pattern).is_ok_and(|pattern| pattern.matches(name))
    }

    #[test]
    fn files_have_a_path_from_here_and_an_ending() {
        assert_eq!(
            listed("./x/../a//", &["Z.", "b.TAR.gz", "_"], ""),
            "[{\"relativePath\":\"a/b.TAR.gz\",\"baseName\":\"b.TAR.gz\",\"extension\":\".gz\"},\
             {\"relativePath\":\"a/Z.\",\"baseName\":\"Z.\",\"extension\":\"\"},\
             {\"relativePath\":\"a/_\",\"baseName\":\"_\",\"extension\":\"\"}]"
        );
        assert!(listed("./", &["x"], "").contains("\"relativePath\":\"x\""));
        assert!(listed("../a", &["x"], "").contains("\"relativePath\":\"../a/x\""));
    }

    #[test]
    fn patterns_are_those_of_windows_but_mind_letter_case() {
        for (pattern, name) in [
            ("*", "a.b"),
            ("*.*", "plain"),
            ("a?", "ab"),
            ("a??", "a"),
            ("a?.t", "a.t"),
            ("a.*", "a"),
            ("*.", "plain"),
            ("*a*a*", "banana"),
            ("é*", "éa"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("*.TXT", "a.txt"),
            ("a?", "abc"),
            ("?", "."),
            ("*.", "a.b"),
            ("a.", "a"),
            ("*.?x", "a.bc"),
            ("a*b", "acbd"),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
        assert!(listed("d", &[], "x/*").contains("not evaluated"));
    }

    #[test]
    fn long_patterns_are_matched_in_time() {
        let (pattern, name) = ("*a".repeat(200) + "b", "a".repeat(255));
        assert!(!matches(&pattern, &name));
    }
}
