//! What must hold for any bytes whatever: one function for each fuzz target.
//!
//! The targets are programs of two kinds. Built with `--cfg fuzzing` they are libFuzzer's, guided by
//! coverage; built as usual they are [`drive`], which mutates the seeds by chance and needs nothing
//! but stable Rust. `README.md` has the commands.

#[path = "../../catalogue/tests/walk/mod.rs"]
mod ask;
pub mod drive;
pub mod mutate;
#[path = "../../syntax/tests/print/mod.rs"]
mod print;
#[path = "../../syntax/tests/sound/mod.rs"]
mod sound;
#[path = "../../syntax/tests/walk/mod.rs"]
mod walk;

use tricep_analyzer::{CheckOptions, Environment, MemoryFileSystem, Metadata, check, resolve};
use tricep_catalogue::Catalogue;
use tricep_syntax::bicep::{Dialect, parse, tokenize};
use tricep_syntax::text::Span;
use tricep_syntax::{arm, json};

/// Tokens, trivia and blanks make up the text.
pub fn lexer(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    sound::assert_rebuilds(&text, &tokenize(&text));
}

/// A tree in good order; a text without errors is printed and read again.
pub fn parser(data: &[u8]) {
    parse_as(Dialect::Bicep, data);
}

/// The same for parameter files.
pub fn params(data: &[u8]) {
    parse_as(Dialect::Params, data);
}

fn parse_as(dialect: Dialect, data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let parsed = parse(&*text, dialect);
    sound::assert_sound(&parsed);
    if parsed.is_valid() {
        print::assert_prints(&parsed);
    }
    #[cfg(fuzzing)]
    tricep_syntax::bicep::assert_modes_agree(&text, dialect);
}

/// Parses, lowers, judges and expands a file that stands alone.
pub fn evaluate(data: &[u8]) {
    judge("main.bicep", data);
}

fn judge(name: &str, data: &[u8]) {
    let mut files = MemoryFileSystem::default();
    files.insert(name, data);
    let files_to_check = CheckOptions {
        files: vec![name.to_owned()],
        ..CheckOptions::default()
    };
    let report = check(&files, &files_to_check);
    for finding in &report.findings {
        let source = &report.sources[finding.at.file.0 as usize];
        let text = source.text();
        assert!(text.get(finding.at.span.range()).is_some(), "{finding:?}");
    }
    let environment = Environment::default();
    let resolved = resolve(&files, name, &environment, &Metadata::NONE);
    let document = tricep_analyzer::report::resolve::render(&resolved);
    assert!(document.starts_with("{\n  \"version\": 1"), "{document}");
}

/// Every part of a JSON tree lies within the part around it, and strings lead back into the text.
pub fn json(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let json = json::parse(&*text);
    let mut open = vec![json.root()];
    while let Some(value) = open.pop() {
        assert!(text.get(value.span().range()).is_some(), "{value:?}");
        let parts = value.members().map(|member| member.value);
        for part in parts.chain(value.items()) {
            assert!(value.span().encloses(part.span()), "{part:?}");
            open.push(part);
        }
        if let Some(string) = value.text() {
            let whole = Span::new(0, string.value.len() as u32);
            let place = string.span_in_file(whole);
            assert!(text.get(place.range()).is_some(), "{value:?}");
        }
    }
    for error in json.errors() {
        assert!(text.get(error.span.range()).is_some(), "{error:?}");
    }
}

/// An expression that is written anew is the same expression.
pub fn arm_expression(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match arm::read(&text) {
        arm::Content::Text(_) => {}
        arm::Content::Invalid(error) => {
            assert!(text.get(error.span.range()).is_some(), "{error:?}");
        }
        arm::Content::Expression(expression) => {
            assert!(text.get(expression.span.range()).is_some());
            let written = expression.to_string();
            if let arm::Content::Expression(again) = arm::read(&format!("[{written}]")) {
                assert_eq!(again.to_string(), written, "{text}");
            } else {
                panic!("{text} is written anew as {written}");
            }
        }
    }
}

/// Lowers, expands and judges an ARM template that stands alone.
pub fn arm_template(data: &[u8]) {
    judge("main.json", data);
}

/// Everything can be asked of a pack of resource types, and every question ends.
pub fn catalogue(data: &[u8]) {
    /// Sound packs of a few KB need much less.
    const BUDGET: usize = 20_000;
    if let Ok(catalogue) = Catalogue::open(data) {
        let walk = ask::walk(catalogue, BUDGET);
        // It ends after the list in which the budget does.
        assert!(walk.steps < 2 * BUDGET, "{} steps", walk.steps);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seeds_and_their_mutants_pass_every_target() {
        for (folder, target) in [
            ("bicep", lexer as fn(&[u8])),
            ("bicep", parser),
            ("params", params),
            ("evaluate", evaluate),
            ("json", json),
            ("arm-expression", arm_expression),
            ("json", arm_template),
            ("catalogue", catalogue),
        ] {
            let seeds = drive::seeds(&[drive::folder(folder)]);
            assert!(!seeds.is_empty(), "{folder}");
            seeds.iter().for_each(|seed| target(seed));
            let mut mutants = mutate::Mutants::new(seeds, 1);
            (0..300).for_each(|_| target(&mutants.next_text()));
        }
    }

    #[test]
    fn the_seeds_are_valid() {
        for (folder, dialect) in [
            ("bicep", Dialect::Bicep),
            ("params", Dialect::Params),
            ("evaluate", Dialect::Bicep),
        ] {
            for seed in drive::seeds(&[drive::folder(folder)]) {
                let text = String::from_utf8(seed).expect("seeds are text");
                assert_eq!(parse(text.as_str(), dialect).errors(), [], "{text}");
            }
        }
    }
}
