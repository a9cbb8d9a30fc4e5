//! One file: its text and what it declares, without a look at any other.

use std::fmt;
use std::sync::Arc;

use tricep_semantic::lower::arm::{self, Lowered, Nested};
use tricep_semantic::lower::lower_whole;
use tricep_semantic::project::{KnownModule, Outlined, Outliner, is_arm_template};
use tricep_semantic::template::Template;
use tricep_syntax::bicep::ast::StatementKind;
use tricep_syntax::bicep::{Dialect, Parsed, parse};
use tricep_syntax::json::{self, Json, JsonError};
use tricep_syntax::text::Span;

use super::outline;
use super::parameters::template_of;
use crate::suppress::Suppressions;
use crate::{FileSystem, ReadError};

/// What a file holds.
#[derive(Debug)]
pub(super) enum Kind {
    /// Bicep, or parameters in Bicep.
    Bicep,
    /// An ARM template, or parameters in JSON for a template that is found by their name.
    Arm,
    /// An ARM template of which an outline is kept, if that will do.
    Outline,
    /// Parameters in JSON for the template at this path, as written in their file.
    Parameters(String),
    /// A template spec as it stands in the cache: an ARM template and things around it.
    TemplateSpec,
    /// No file: a template that is written into that of a file, whose text and directives these are.
    Nested(Box<Lowered>, Arc<str>, Suppressions),
    /// No file: the stand-in for a public module.
    Facts(&'static KnownModule),
}

impl Kind {
    /// What a file holds by its name.
    pub(super) fn of(path: &str) -> Self {
        match is_arm_template(path) {
            true => Self::Arm,
            false => Self::Bicep,
        }
    }
}

/// What becomes of a file without looking at any other.
pub(super) struct Read {
    pub(super) text: Arc<str>,
    pub(super) problems: Vec<TextProblem>,
    pub(super) suppressions: Suppressions,
    pub(super) template: Template,
    /// Templates that are written into this one.
    pub(super) nested: Vec<Nested>,
    /// What is left to say if this is only an outline, without the text.
    pub(super) outlined: Option<Outlined>,
    /// Whether it holds parameters for nobody knows which template.
    pub(super) is_orphan: bool,
    /// Why the file cannot be read; then the text is empty.
    pub(super) trouble: Option<Trouble>,
}

/// Something wrong with a text.
pub(super) struct TextProblem {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) span: Span,
}

/// Why there is no template in a file.
pub(super) enum Trouble {
    /// It cannot be read.
    Unread(ReadError),
    /// It is not what the compiler writes into the cache for a template spec.
    NoTemplateSpec,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread(error) => error.fmt(f),
            Self::NoTemplateSpec => f.write_str("the file in the module cache is no template spec"),
        }
    }
}

pub(super) fn read(
    file_system: &dyn FileSystem,
    path: &str,
    kind: Kind,
    outliner: &mut Outliner,
) -> Read {
    let text = || read_text(file_system, path);
    match kind {
        Kind::Bicep => match text() {
            Ok(text) => bicep(text, Dialect::of_path(path)),
            Err(error) => nothing(Dialect::of_path(path), Trouble::Unread(error)),
        },
        Kind::Arm | Kind::Outline => match text() {
            Ok(text) => {
                let json = json::parse(text);
                if arm::is_parameter_file(&json) {
                    let template = template_of(file_system, path, &json);
                    return parameters(&json, template.as_deref());
                }
                let lowered = arm::lower(&json);
                match matches!(kind, Kind::Outline) && outline::will_do(&lowered) {
                    true => outlined(&json, lowered, outliner),
                    false => arm_template(&json, lowered),
                }
            }
            Err(error) => nothing(Dialect::Arm, Trouble::Unread(error)),
        },
        Kind::Parameters(template) => match text() {
            Ok(text) => parameters(&json::parse(text), Some(&template)),
            Err(error) => nothing(Dialect::Arm, Trouble::Unread(error)),
        },
        Kind::TemplateSpec => match text() {
            Ok(text) => template_spec(text),
            Err(error) => nothing(Dialect::Arm, Trouble::Unread(error)),
        },
        Kind::Nested(lowered, text, suppressions) => Read {
            suppressions,
            ..lowered_template(text, *lowered)
        },
        Kind::Facts(known) => bicep(known.stand_in.to_owned(), Dialect::Bicep),
    }
}

pub(super) fn read_text(file_system: &dyn FileSystem, path: &str) -> Result<String, ReadError> {
    String::from_utf8(file_system.read(path)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        ReadError::Unreadable(format!("it is not UTF-8 text (byte {at})"))
    })
}

fn bicep(text: String, dialect: Dialect) -> Read {
    let parsed = parse(text, dialect);
    let problem = |error: &tricep_syntax::bicep::SyntaxError| TextProblem {
        code: error.kind.code(),
        message: error.kind.to_string(),
        span: error.span,
    };
    let mut problems: Vec<TextProblem> = parsed.errors().iter().map(problem).collect();
    if dialect == Dialect::Params && problems.is_empty() && !has_using(&parsed) {
        problems.push(TextProblem {
            code: "BCP261",
            message: "the file does not say which template it is for: `using 'main.bicep'`"
                .to_owned(),
            span: Span::at(0),
        });
    }
    let lowered = lower_whole(&parsed);
    Read {
        text: Arc::clone(parsed.text()),
        problems,
        suppressions: Suppressions::of(&parsed, &lowered.template),
        template: lowered.template,
        nested: lowered.nested,
        outlined: None,
        is_orphan: false,
        trouble: None,
    }
}

/// Whether a parameter file says which template it is for, be it none.
fn has_using(parsed: &Parsed) -> bool {
    let tree = parsed.tree();
    let mut statements = tree.list(tree.body()).map(|id| &tree[id]);
    statements.any(|statement| matches!(statement.kind, StatementKind::Using { .. }))
}

fn template_spec(text: String) -> Read {
    let json = json::parse(text);
    match arm::lower_template_spec(&json) {
        Some(lowered) => arm_template(&json, lowered),
        None => nothing(Dialect::Arm, Trouble::NoTemplateSpec),
    }
}

/// Parameters in JSON; nobody may know which template they are for.
fn parameters(json: &Json, template: Option<&str>) -> Read {
    Read {
        is_orphan: template.is_none(),
        ..arm_template(json, arm::lower_parameters(json, template))
    }
}

fn arm_template(json: &Json, lowered: Lowered) -> Read {
    let mut read = lowered_template(Arc::clone(json.source()), lowered);
    let problem = |error: &JsonError| TextProblem {
        code: JsonError::CODE,
        message: error.kind.to_string(),
        span: error.span,
    };
    read.problems
        .splice(0..0, json.errors().iter().map(problem));
    read
}

fn outlined(json: &Json, mut lowered: Lowered, outliner: &mut Outliner) -> Read {
    Read {
        text: Arc::from(""),
        outlined: Some(outliner.outline(&mut lowered)),
        ..arm_template(json, lowered)
    }
}

fn lowered_template(text: Arc<str>, lowered: Lowered) -> Read {
    let problem = |problem: arm::Problem| TextProblem {
        code: problem.code,
        message: problem.message,
        span: problem.span,
    };
    Read {
        text,
        problems: lowered.problems.into_iter().map(problem).collect(),
        suppressions: Suppressions::default(),
        template: lowered.template,
        nested: lowered.nested,
        outlined: None,
        is_orphan: false,
        trouble: None,
    }
}

fn nothing(dialect: Dialect, trouble: Trouble) -> Read {
    Read {
        text: Arc::from(""),
        problems: Vec::new(),
        suppressions: Suppressions::default(),
        template: Template::new(dialect),
        nested: Vec::new(),
        outlined: None,
        is_orphan: false,
        trouble: Some(trouble),
    }
}
