//! A check beside what bounds it, as ratios of times taken in one run on one thread.
//!
//! A tree of files with everything they use is checked, and only parsed. Four times as many clusters
//! in one module take four times as long where the work is linear.
//!
//! `cargo bench -p tricep-analyzer --bench ratios`; `TRICEP_CORPUS` names a folder to check the Bicep
//! files of, `TRICEP_MODULE_CACHE` a module cache as the compiler lays it out (the `.bicep` folder).

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark reads its corpus itself and speaks to a person"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use tricep_analyzer::{CheckOptions, Environment, MemoryFileSystem, check};
use tricep_syntax::bicep::{Dialect, parse};
use tricep_syntax::json;

/// Where the module cache stands in memory.
const CACHE: &str = "/modules";
/// How often each is run, by turns; the fastest counts.
const ROUNDS: usize = 5;
/// Clusters in the smaller of two modules; the larger has four times as many.
const CLUSTERS: usize = 750;
const TIMES: usize = 4;
/// Work in proportion to the clusters gives 4, to their square 16.
const LIMIT: f64 = 8.0;

fn main() {
    // Without this argument it is a test that asks whether the benchmark runs at all.
    let measure = std::env::args().any(|argument| argument == "--bench");
    let (rounds, clusters) = if measure { (ROUNDS, CLUSTERS) } else { (1, 10) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let pool = pool.expect("a thread can be started");
    pool.install(|| {
        tree(rounds);
        let nested = growth("an ARM template", rounds, clusters, nested_template);
        let local = growth("a local module", rounds, clusters, local_module);
        assert!(!measure || nested.max(local) < LIMIT, "more than linear");
    });
}

/// Files in memory.
#[derive(Default)]
struct Tree {
    files: MemoryFileSystem,
    options: CheckOptions,
    texts: Vec<(String, String)>,
}

impl Tree {
    fn add(&mut self, path: String, text: String) {
        if path.ends_with(".bicep") {
            self.options.files.push(path.clone());
        }
        self.files.insert(path.clone(), text.clone());
        self.texts.push((path, text));
    }

    /// The files below a folder.
    fn add_folder(&mut self, folder: &Path, prefix: &str) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let label = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if path.is_dir() {
                self.add_folder(&path, &format!("{label}/"));
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                self.add(label, text);
            }
        }
    }

    fn check(&self) -> usize {
        check(&self.files, &self.options).findings.len()
    }

    fn parse(&self) -> usize {
        let errors = self.texts.iter().map(|(path, text)| match path {
            path if path.ends_with(".bicep") => parse(text.clone(), Dialect::Bicep).errors().len(),
            path if path.ends_with("main.json") => json::parse(text.as_str()).errors().len(),
            _ => 0,
        });
        errors.sum()
    }
}

fn time(work: impl FnOnce() -> usize) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

/// The fastest of some rounds of each, which a busy machine disturbs least.
fn fastest(rounds: usize, one: &dyn Fn() -> usize, other: &dyn Fn() -> usize) -> (f64, f64) {
    let mut best = (f64::MAX, f64::MAX);
    for _ in 0..rounds {
        best.0 = best.0.min(time(one).as_secs_f64());
        best.1 = best.1.min(time(other).as_secs_f64());
    }
    best
}

fn tree(rounds: usize) {
    let mut tree = Tree::default();
    match std::env::var_os("TRICEP_CORPUS") {
        Some(folder) => tree.add_folder(Path::new(&folder), ""),
        None => made_up(&mut tree),
    }
    if let Some(cache) = std::env::var_os("TRICEP_MODULE_CACHE") {
        let mut restored = Tree::default();
        restored.add_folder(Path::new(&cache), &format!("{CACHE}/"));
        for (path, text) in restored.texts {
            tree.files.insert(path.clone(), text.clone());
            tree.texts.push((path, text));
        }
        tree.options.environment = Environment {
            module_cache: Some(CACHE.to_owned()),
            ..Environment::default()
        };
    }
    let (check, parse) = fastest(rounds, &|| tree.check(), &|| tree.parse());
    let count = tree.options.files.len();
    println!(
        "{count} files: checked in {:.1} ms, parsed in {:.1} ms: {:.2}x",
        check * 1e3,
        parse * 1e3,
        check / parse
    );
}

/// Deployments with a module each.
fn made_up(tree: &mut Tree) {
    for n in 0..200 {
        let [main, module] = local_module(3);
        tree.add(format!("{n}/main.bicep"), main);
        tree.add(format!("{n}/module.bicep"), module);
    }
}

/// How many times longer it takes with four times the clusters.
fn growth(name: &str, rounds: usize, clusters: usize, make: fn(usize) -> [String; 2]) -> f64 {
    let tree = |clusters| {
        let [main, module] = make(clusters);
        let mut tree = Tree::default();
        tree.add("main.bicep".to_owned(), main);
        let is_json = module.starts_with('{');
        let path = if is_json {
            "module.json"
        } else {
            "module.bicep"
        };
        tree.add(path.to_owned(), module);
        assert!(tree.check() >= clusters, "there is something to judge");
        tree
    };
    let (few, many) = (tree(clusters), tree(clusters * TIMES));
    let (few, many) = fastest(rounds, &|| few.check(), &|| many.check());
    println!(
        "{clusters} clusters in {name}: {:.1} ms; {TIMES} times as many: {:.2}x",
        few * 1e3,
        many / few
    );
    many / few
}

/// Clusters in a module, each with a parameter of its own.
fn local_module(clusters: usize) -> [String; 2] {
    let mut main =
        "param ip string\nmodule m 'module.bicep' = {\n  name: 'm'\n  params: {\n    ip: ip\n"
            .to_owned();
    let mut module = "param ip string\n".to_owned();
    for n in 0..clusters {
        let _ = writeln!(main, "    p{n}: 'c{n}'");
        let _ = writeln!(
            module,
            "param p{n} string\nresource c{n} 'Microsoft.ContainerService/managedClusters@2024-05-01' = {{\n  \
             name: p{n}\n  location: 'x'\n  properties: {{ apiServerAccessProfile: {{ authorizedIPRanges: [ip] }} }}\n}}"
        );
    }
    main.push_str("  }\n}\n");
    [main, module]
}

/// Clusters in a nested template whose expressions the template around it evaluates: each becomes a
/// parameter.
fn nested_template(clusters: usize) -> [String; 2] {
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    let head = format!(r#""$schema": "{schema}", "contentVersion": "1.0.0.0""#);
    let cluster = |n: usize| {
        format!(
            r#"{{"type": "Microsoft.ContainerService/managedClusters", "apiVersion": "2024-05-01",
            "name": "[concat('c{n}', parameters('ip'))]", "location": "x",
            "properties": {{"apiServerAccessProfile": {{"authorizedIPRanges": ["[concat(parameters('ip'), '/{n}')]"]}}}}}}"#
        )
    };
    let clusters: Vec<String> = (0..clusters).map(cluster).collect();
    let inner = format!("{{{head}, \"resources\": [{}]}}", clusters.join(",\n"));
    let template = format!(
        r#"{{{head}, "parameters": {{"ip": {{"type": "string"}}}},
        "resources": [{{"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "d",
        "properties": {{"mode": "Incremental", "template": {inner}}}}}]}}"#
    );
    let main = "param ip string\nmodule m 'module.json' = { name: 'm', params: { ip: ip } }\n";
    [main.to_owned(), template]
}
