//! The book: the pages of `docs/` with a page for each rule, made of the rule files.
//!
//! What comes out is the source of an mdBook; nothing of it is kept in the repository.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tricep_analyzer::report::explain;
use tricep_rules::{Category, RuleMeta, rules};

/// Pages that are sections of the README: the page, its title, and the title of the section.
const FROM_README: [(&str, &str, &str); 3] = [
    ("configuration.md", "Configuration", "Settings"),
    ("silencing.md", "Silencing findings", "Silencing"),
    ("fixes.md", "Fixes", "Fixes"),
];
/// Where links into the repository lead from the book.
const CRATES: &str = "](https://github.com/tricep/tricep/blob/main/crates/";

/// Makes the source of the book.
#[derive(clap::Args)]
pub struct Args {
    /// The folder to write to; it is made anew.
    #[arg(long, default_value = "target/book")]
    out: PathBuf,
}

/// Writes the book.
///
/// # Errors
/// When a file cannot be read or written.
pub fn run(args: &Args) -> Result<bool, Box<dyn Error>> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    write(&docs, &args.out)?;
    #[expect(clippy::print_stdout, reason = "the chore speaks to a person")]
    {
        println!("the book is in {0}: `mdbook build {0}`", args.out.display());
    }
    Ok(true)
}

fn write(docs: &Path, out: &Path) -> std::io::Result<()> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    copy(docs, out)?;
    let source = out.join("src");
    fs::create_dir_all(source.join("rules"))?;
    for (page, text) in rule_pages() {
        fs::write(source.join("rules").join(page), text)?;
    }
    let readme = fs::read_to_string(docs.join("../README.md"))?;
    for (page, title, section) in FROM_README {
        let text = section_of(&readme, section).unwrap_or_default();
        let text = format!(
            "# {title}\n\n{}\n",
            text.trim().replace("](crates/", CRATES)
        );
        fs::write(source.join(page), text)?;
    }
    let summary = fs::read_to_string(source.join("SUMMARY.md"))?;
    fs::write(
        source.join("SUMMARY.md"),
        summary.replace("{{rules}}\n", &summary_of_rules()),
    )
}

/// What stands below a title of the second level, up to the next one.
fn section_of<'t>(text: &'t str, title: &str) -> Option<&'t str> {
    let (_, below) = text.split_once(&format!("\n## {title}\n"))?;
    Some(below.split("\n## ").next().unwrap_or(below))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// The pages of the folder `rules`: the list, and one for each rule.
fn rule_pages() -> Vec<(String, String)> {
    let pages = rules()
        .iter()
        .map(|rule| (format!("{}.md", rule.name), explain::render(rule)));
    std::iter::once(("README.md".to_owned(), list()))
        .chain(pages)
        .collect()
}

fn summary_of_rules() -> String {
    let line = |rule: &&RuleMeta| format!("  - [{0}](rules/{0}.md)\n", rule.name);
    rules().iter().map(line).collect()
}

/// Every rule by category, with what other tools call it.
fn list() -> String {
    let mut out = String::from("# Rules\n");
    for category in Category::ALL {
        let of_category: Vec<_> = rules()
            .iter()
            .filter(|rule| rule.category == category)
            .collect();
        if of_category.is_empty() {
            continue;
        }
        let _ = writeln!(
            out,
            "\n## {}\n\n| rule | level | reports | also known as |\n|---|---|---|---|",
            category.name()
        );
        for rule in of_category {
            let _ = writeln!(
                out,
                "| [{0}]({0}.md) | {1} | {2} | {3} |",
                rule.name,
                rule.severity,
                rule.summary,
                rule.aliases.join(", ")
            );
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_page_and_every_page_of_the_summary_exists() {
        let out = std::env::temp_dir().join(format!("tricep-book-{}", std::process::id()));
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
        write(&docs, &out).unwrap();
        let summary = fs::read_to_string(out.join("src/SUMMARY.md")).unwrap();
        for rule in rules() {
            assert!(summary.contains(rule.name), "{}", rule.name);
        }
        for (page, _, section) in FROM_README {
            let text = fs::read_to_string(out.join("src").join(page)).unwrap();
            assert!(text.len() > 300, "the README has no section `{section}`");
        }
        let links = summary.split("](").skip(1);
        let pages = links.map(|link| link.split(')').next().unwrap());
        for page in pages {
            assert!(out.join("src").join(page).is_file(), "{page} is missing");
        }
        fs::remove_dir_all(&out).unwrap();
    }
}
