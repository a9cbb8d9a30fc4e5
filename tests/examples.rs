//! The examples get the lines that `examples/README.md` shows for them.

use std::fs;
use std::path::{Path, PathBuf};

use tricep_analyzer::report::{Show, concise};
use tricep_analyzer::{CheckOptions, MemoryFileSystem, check};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The sections of the page: their titles and the text of their first code block.
fn sections(page: &str) -> Vec<(String, String)> {
    let mut sections: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push((title.to_owned(), String::new()));
        } else if line.starts_with("```") {
            inside = line == "```text";
        } else if inside && let Some((_, block)) = sections.last_mut() {
            block.push_str(line);
            block.push('\n');
        }
    }
    sections
}

/// Lays every file below a folder of the repository into memory, under its path from the root.
fn load(folder: &str, files: &mut MemoryFileSystem, paths: &mut Vec<String>) {
    for entry in fs::read_dir(root().join(folder)).expect("a folder of examples") {
        let entry = entry.expect("an entry");
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            load(&path, files, paths);
        } else if path.ends_with(".bicep") {
            files.insert(path.clone(), fs::read(entry.path()).expect("an example"));
            paths.push(path);
        }
    }
    paths.sort();
}

/// What tricep says of a folder, passes and unknowns included.
fn lines(folder: &str) -> String {
    let mut files = MemoryFileSystem::default();
    let mut paths = Vec::new();
    load(folder, &mut files, &mut paths);
    let report = check(
        &files,
        &CheckOptions {
            files: paths,
            rules: Some(vec!["aks-authorized-ip-ranges"]),
            ..CheckOptions::default()
        },
    );
    concise::render(&report, Show::ALL)
}

#[test]
fn the_page_shows_what_is_said_of_each_example() {
    let page = fs::read_to_string(root().join("examples/README.md")).expect("the page");
    let mut differences = String::new();
    for (title, block) in sections(&page) {
        let lines = lines(&format!("examples/{title}"));
        if lines != block {
            differences.push_str(&format!(
                "{title} gets\n{lines}\nand the page shows\n{block}\n"
            ));
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

#[test]
fn every_example_is_on_the_page() {
    let page = fs::read_to_string(root().join("examples/README.md")).expect("the page");
    let titles: Vec<String> = sections(&page)
        .into_iter()
        .map(|(title, _)| title)
        .collect();
    let mut count = 0;
    for entry in fs::read_dir(root().join("examples")).expect("the folder of examples") {
        let entry = entry.expect("an entry");
        if entry.path().is_dir() {
            let name = entry.file_name().to_string_lossy().into_owned();
            assert!(
                titles.contains(&name),
                "examples/README.md lacks `## {name}`"
            );
            count += 1;
        }
    }
    assert_eq!(count, titles.len(), "every section has its folder");
}

#[test]
fn the_readme_shows_a_line_of_the_examples() {
    let page = fs::read_to_string(root().join("examples/README.md")).expect("the page");
    let readme = fs::read_to_string(root().join("README.md")).expect("the readme");
    let shown: Vec<&str> = readme
        .lines()
        .filter(|line| line.starts_with("examples/"))
        .collect();
    assert!(!shown.is_empty(), "README.md shows a finding");
    for line in shown {
        assert!(
            page.lines().any(|known| known == line),
            "README.md shows an old line: {line}"
        );
    }
}

#[test]
fn the_settings_in_the_readme_are_right() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the page");
    let block = readme.split("```jsonc\n").nth(1).expect("a block");
    let block = block.split("```").next().expect("its end");
    let mut files = MemoryFileSystem::default();
    files.insert("main.bicep", "param location string");
    files.insert("bicepconfig.json", block);
    let options = CheckOptions {
        files: vec!["main.bicep".to_owned()],
        ..CheckOptions::default()
    };
    let report = check(&files, &options);
    assert_eq!(concise::render(&report, Show::ALL), "");
    let shown = tricep_analyzer::settings(&files, &options, None);
    assert_eq!(shown.problems, [""; 0]);
    // Each of the keys is read.
    for key in [
        "rules",
        "options",
        "exclude",
        "perPathIgnores",
        "failOn",
        "moduleCache",
    ] {
        assert!(block.contains(&format!("\"{key}\"")), "{key}");
        assert!(!shown.json.contains(&format!("\"{key}\": null")), "{key}");
    }
    assert!(
        shown.json.matches("bicepconfig.json:").count() > 20,
        "{}",
        shown.json
    );
}
