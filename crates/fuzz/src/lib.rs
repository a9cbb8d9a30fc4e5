//! What must hold for any bytes whatever: one function for each fuzz target.
//!
//! The targets are programs of two kinds. Built with `--cfg fuzzing` they are libFuzzer's, guided by
//! coverage; built as usual they are [`drive`], which mutates the seeds by chance and needs nothing
//! but stable Rust. `README.md` has the commands.

pub mod drive;
pub mod mutate;
#[path = "../../syntax/tests/print/mod.rs"]
mod print;
#[path = "../../syntax/tests/sound/mod.rs"]
mod sound;
#[path = "../../syntax/tests/walk/mod.rs"]
mod walk;

use tricep_analyzer::{CheckOptions, Environment, MemoryFileSystem, Metadata, check, resolve};
use tricep_syntax::bicep::{Dialect, parse, tokenize};

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
    const NAME: &str = "main.bicep";
    let mut files = MemoryFileSystem::default();
    files.insert(NAME, data);
    let files_to_check = CheckOptions {
        files: vec![NAME.to_owned()],
        ..CheckOptions::default()
    };
    let report = check(&files, &files_to_check);
    for finding in &report.findings {
        let source = &report.sources[finding.at.file.0 as usize];
        let text = source.text();
        assert!(text.get(finding.at.span.range()).is_some(), "{finding:?}");
    }
    let environment = Environment::default();
    let resolved = resolve(&files, NAME, &environment, &Metadata::NONE);
    let document = tricep_analyzer::report::resolve::render(&resolved);
    assert!(document.starts_with("{\n  \"version\": 1"), "{document}");
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
