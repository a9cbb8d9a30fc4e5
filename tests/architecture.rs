//! The layers hold: which crate may know which, who may touch the world, and that every module
//! says what it is for.

use std::fs;
use std::path::{Path, PathBuf};

/// The crates with the crates of ours they may depend on. Lower layers come first.
const LAYERS: &[(&str, &str, &[&str])] = &[
    ("syntax", "tricep-syntax", &[]),
    ("catalogue", "tricep-catalogue", &[]),
    (
        "semantic",
        "tricep-semantic",
        &["tricep-catalogue", "tricep-syntax"],
    ),
    (
        "rules",
        "tricep-rules",
        &["tricep-semantic", "tricep-syntax"],
    ),
    (
        "analyzer",
        "tricep-analyzer",
        &[
            "tricep-catalogue",
            "tricep-rules",
            "tricep-semantic",
            "tricep-syntax",
        ],
    ),
    (
        "tricep",
        "tricep",
        &[
            "tricep-analyzer",
            "tricep-rules",
            "tricep-semantic",
            "tricep-syntax",
        ],
    ),
];

/// The crates that reach the world through `FileSystem` alone.
const LIBRARIES: &[&str] = &["syntax", "catalogue", "semantic", "rules", "analyzer"];

/// Code that has no place in a library crate.
const BANNED: &[&str] = &[
    "std::fs",
    "std::env",
    "net::Tcp",
    "net::Udp",
    "ToSocketAddrs",
    "std::process",
    "std::os",
    "io::stdin",
    "io::stdout",
    "io::stderr",
    "println!",
    "print!(",
    "eprint!(",
    "dbg!(",
    "env!(\"HOME",
    "Path::exists",
    ".try_exists(",
    "File::open",
    "SystemTime::now",
    "Instant::now",
    "thread_rng",
];

/// Modules of the standard library that are banned in `use std::{…}` too.
const BANNED_MODULES: &[&str] = &["fs", "env", "process", "os"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file with the ending below a folder, build results left out.
fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("an entry of the folder").path();
        if path.is_dir() {
            if !path.ends_with("target") {
                files(&path, ending, found);
            }
        } else if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            found.push(path);
        }
    }
    found.sort();
}

/// The names under `[dependencies]`, `[build-dependencies]` and their forms for one platform.
fn dependencies(manifest: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut inside = false;
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            inside = section.ends_with("dependencies") && !section.ends_with("dev-dependencies");
            // A dependency with a table of its own.
            if let Some((table, name)) = section.rsplit_once('.')
                && table.ends_with("dependencies")
                && !table.ends_with("dev-dependencies")
            {
                names.push(name);
            }
        } else if inside
            && !line.trim_start().starts_with('#')
            && let Some((name, _)) = line.split_once(['.', '=', ' '])
        {
            names.push(name.trim());
        }
    }
    names
}

/// The code of a line: without the comment, if the line is one.
fn code(line: &str) -> &str {
    let line = line.trim_start();
    if line.starts_with("//") { "" } else { line }
}

/// What a line of a library crate has no right to, if anything.
fn banned(line: &str) -> Option<&'static str> {
    let code = code(line);
    if let Some(word) = BANNED.iter().find(|&&word| code.contains(word)) {
        return Some(word);
    }
    let imported = code.strip_prefix("use std::{")?;
    let mut words = imported.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.find_map(|word| {
        BANNED_MODULES
            .iter()
            .copied()
            .find(|&module| module == word)
    })
}

#[test]
fn crates_know_only_the_layers_below_them() {
    for &(folder, package, allowed) in LAYERS {
        let manifest = read(&root().join("crates").join(folder).join("Cargo.toml"));
        assert!(
            manifest.contains(&format!("name = \"{package}\"")),
            "crates/{folder} is called {package}"
        );
        for name in dependencies(&manifest) {
            let ours = name.starts_with("tricep") || name == "xtask";
            assert!(
                !ours || allowed.contains(&name),
                "{package} depends on {name}; it may depend on {allowed:?}"
            );
        }
    }
}

#[test]
fn every_crate_has_its_place_in_the_layers() {
    for entry in fs::read_dir(root().join("crates")).expect("the folder of crates") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_string_lossy();
        let known = LAYERS.iter().any(|&(folder, ..)| folder == name);
        assert!(
            known || name == "xtask" || name == "fuzz",
            "crates/{name} is new: give it a place in tests/architecture.rs and ARCHITECTURE.md"
        );
    }
}

#[test]
fn only_the_command_line_touches_the_world() {
    let mut wrong = String::new();
    for folder in LIBRARIES {
        let mut sources = Vec::new();
        files(
            &root().join("crates").join(folder).join("src"),
            "rs",
            &mut sources,
        );
        assert!(!sources.is_empty(), "crates/{folder}/src has modules");
        for path in sources {
            for (number, line) in read(&path).lines().enumerate() {
                if let Some(word) = banned(line) {
                    let place = format!("{}:{}", path.display(), number + 1);
                    wrong.push_str(&format!("{place}: {word}\n"));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "library crates reach for the world:\n{wrong}"
    );
}

#[test]
fn library_crates_ban_the_world_in_clippy_too() {
    let read_bans = |folder: &str| read(&root().join("crates").join(folder).join("clippy.toml"));
    let first = read_bans(LIBRARIES[0]);
    for needed in ["std::fs::read", "std::env::var", "std::process::Command"] {
        assert!(first.contains(needed), "clippy.toml bans {needed}");
    }
    for folder in LIBRARIES {
        assert_eq!(
            read_bans(folder),
            first,
            "crates/{folder}/clippy.toml is like the others"
        );
    }
}

#[test]
fn every_module_opens_with_what_it_is_for() {
    let mut sources = Vec::new();
    files(&root().join("crates"), "rs", &mut sources);
    files(&root().join("tests"), "rs", &mut sources);
    for path in sources {
        assert!(
            read(&path).starts_with("//! "),
            "{} opens with `//! `",
            path.display()
        );
    }
}

#[test]
fn the_documents_and_the_checks_name_the_same_commands() {
    let readme = read(&root().join("README.md"));
    for command in [
        "cargo run --release -- check examples",
        "cargo test --workspace",
    ] {
        assert!(readme.contains(command), "README.md names `{command}`");
    }
    for (file, command) in [
        (".ci/run", "cargo test --workspace"),
        ("CONTRIBUTING.md", ".ci/run"),
    ] {
        assert!(
            read(&root().join(file)).contains(command),
            "{file} names `{command}`"
        );
    }
    let architecture = read(&root().join("ARCHITECTURE.md"));
    for &(folder, package, _) in LAYERS {
        assert!(
            architecture.contains(&format!("crates/{folder}")),
            "it tells of {package}"
        );
    }
}

#[test]
fn the_reader_of_manifests_finds_what_is_there() {
    let manifest = "[package]\nname = \"x\"\n\n[dependencies]\na.workspace = true\nb = \"1\"\n\n\
                    [dependencies.c]\npath = \"c\"\n\n[dev-dependencies]\nd = \"1\"\n\n\
                    [target.'cfg(unix)'.dependencies]\ne = { version = \"1\" }\n";
    assert_eq!(dependencies(manifest), ["a", "b", "c", "e"]);
}

#[test]
fn the_search_for_banned_code_sees_code_only() {
    assert_eq!(banned("    let x = std::fs::read(path);"), Some("std::fs"));
    assert_eq!(
        banned("use std::{collections::BTreeMap, env};"),
        Some("env")
    );
    assert_eq!(banned("use std::{fmt, iter};"), None);
    assert_eq!(banned("/// Unlike `std::fs::read`, this is pure."), None);
}
