//! Words for trails and for the cases in which a verdict holds.

use tricep_semantic::cases::Leaf;
use tricep_semantic::eval::{Assumption, Input, Literal, Question, StepKind, Trail, same_key};
use tricep_semantic::project::Project;
use tricep_syntax::text::Location;

use crate::finding::Note;

/// Longer texts of values are cut.
const MAX_EXCERPT: usize = 60;
/// More cases are not listed.
const MAX_CASES: usize = 4;

/// The steps of a trail in words, from the place of the value to its origin.
pub(crate) fn trail(project: &Project, trail: &Trail) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for step in trail.steps() {
        let text = excerpt(project, step.at);
        let message = match &step.kind {
            StepKind::ParameterDefault(name) => format!("parameter `{name}` defaults to `{text}`"),
            StepKind::Assigned(name) => format!("`{name}` is set to `{text}`"),
            StepKind::Given(name) => format!("`{name}` is given with `--parameters`"),
            StepKind::NullArgument(name) => {
                format!("`{name}` is given null, so its default `{text}` counts")
            }
            StepKind::ParameterUnset(name) => format!("parameter `{name}` has no value here"),
            StepKind::Argument(name) => format!("`{name}` is given `{text}`"),
            StepKind::ArgumentLeftOut(name, module) => {
                format!("module `{module}` is not given `{name}`, which then is `{text}`")
            }
            StepKind::LeftOutNull(name, module) => {
                format!("module `{module}` is not given `{name}`, which then is null")
            }
            StepKind::Variable(name) => format!("variable `{name}`"),
            StepKind::Output(name) => format!("output `{name}`"),
            StepKind::Branch(value) => format!("`{text}` is {value}"),
            StepKind::File(path) => format!("read from `{path}`"),
        };
        let note = Note {
            at: step.at,
            message,
        };
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

/// The text at a place, on one line, cut when long, secrets masked.
pub(crate) fn excerpt(project: &Project, at: Location) -> String {
    let text = project.shown(at);
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(MAX_EXCERPT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The cases of some leaves, as the end of a sentence: "`env` is 'dev'", "`priv` is false and
/// `ranges` is empty, or …".
pub(crate) fn cases<T>(leaves: &[&Leaf<T>]) -> String {
    let mut paths: Vec<Vec<Assumption>> = leaves
        .iter()
        .map(|leaf| leaf.assumptions.answers().to_vec())
        .collect();
    join_siblings(&mut paths);
    let mut words: Vec<String> = Vec::new();
    for path in &paths {
        let path = conjunction(path);
        if !path.is_empty() && !words.contains(&path) {
            words.push(path);
        }
    }
    let more = words.len() > MAX_CASES;
    words.truncate(MAX_CASES);
    if more {
        words.push("in further cases".to_owned());
    }
    words.join(", or ")
}

/// Two paths that differ in the last answer only say the same as the path before it.
fn join_siblings(paths: &mut Vec<Vec<Assumption>>) {
    'again: loop {
        for i in 0..paths.len() {
            for j in i + 1..paths.len() {
                let (Some((a, before_a)), Some((b, before_b))) =
                    (paths[i].split_last(), paths[j].split_last())
                else {
                    continue;
                };
                if before_a == before_b && a.question == b.question && a.answer != b.answer {
                    paths[i].pop();
                    paths.remove(j);
                    continue 'again;
                }
            }
        }
        return;
    }
}

fn conjunction(path: &[Assumption]) -> String {
    let words: Vec<String> = path
        .iter()
        .filter_map(|assumption| words(assumption, path))
        .collect();
    words.join(" and ")
}

/// An assumption in words; `None` where others on the path say as much.
fn words(assumption: &Assumption, path: &[Assumption]) -> Option<String> {
    let Assumption { question, answer } = assumption;
    let others = || path.iter().filter(|other| *other != assumption);
    let is_known = |input: &Input| {
        others().any(|other| match &other.question {
            Question::Equals(of, _) | Question::Matches(of, _) | Question::Empty(of) => {
                of == input && other.answer
            }
            _ => false,
        })
    };
    let text = match (question, *answer) {
        (Question::Equals(input, literal) | Question::Choice { input, literal, .. }, true) => {
            format!("`{}` is {literal}", input.path)
        }
        (Question::Matches(input, text), true) => {
            let differs = others().any(|other| match &other.question {
                Question::Equals(of, Literal::Text(exact)) => {
                    of == input && !other.answer && same_key(exact, text)
                }
                _ => false,
            });
            let how = if differs {
                " in another letter case"
            } else {
                ""
            };
            format!("`{}` is '{text}'{how}", input.path)
        }
        // What an input is not goes without saying once it is known what it is.
        (
            Question::Equals(input, _)
            | Question::Matches(input, _)
            | Question::Choice { input, .. }
            | Question::Null(input),
            false,
        ) if is_known(input) => return None,
        (Question::Equals(input, literal) | Question::Choice { input, literal, .. }, false) => {
            format!("`{}` is not {literal}", input.path)
        }
        (Question::Matches(input, text), false) => format!("`{}` is not '{text}'", input.path),
        (Question::Empty(input), true) => format!("`{}` is empty", input.path),
        (Question::Empty(input), false) => format!("`{}` is not empty", input.path),
        (Question::Null(input), true) => format!("`{}` is null", input.path),
        (Question::Null(input), false) => format!("`{}` is not null", input.path),
        (Question::Holds { text, .. }, answer) => format!("`{text}` is {answer}"),
    };
    Some(text)
}
