//! Parse throughput beside what bounds it and what competes with it, all over one corpus in one run:
//! a scan of the bytes, logos alone, lexer and parser with errors on, and `tree-sitter-bicep`. Heap
//! allocations are counted with the trees kept.
//!
//! `cargo bench -p tricep-syntax`; `TRICEP_CORPUS` names a folder to parse the files of.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark reads its corpus itself and speaks to a person"
)]

mod corpus;

use std::alloc::System;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use logos::Logos;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tricep_syntax::bicep::{Dialect, Kind, parse, tokenize};

use corpus::{Corpus, generated};

#[global_allocator]
static HEAP: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How often ours are run; tree-sitter takes too long for it.
const ROUNDS: usize = 30;
const ROUNDS_OF_TREE_SITTER: usize = 3;
/// The size of the file that memory is measured with.
const LARGE: usize = 100_000_000;

fn main() {
    let mut corpus = Corpus::load();
    // Without this argument it is a test that asks whether the benchmark runs at all.
    let measure = std::env::args().any(|argument| argument == "--bench");
    if !measure {
        corpus.texts.truncate(1);
    }
    compare(&corpus);
    heap(&corpus);
    large(if measure { LARGE } else { 1 });
}

/// One way to read the whole corpus; what it returns only keeps the work from being left out.
struct Contender<'c> {
    name: &'static str,
    work: Box<dyn FnMut() -> usize + 'c>,
    times: Vec<Duration>,
}

impl<'c> Contender<'c> {
    fn new(
        name: &'static str,
        corpus: &'c Corpus,
        mut work: impl FnMut(&Arc<str>) -> usize + 'c,
    ) -> Self {
        Self {
            name,
            work: Box::new(move || corpus.texts.iter().map(&mut work).sum()),
            times: Vec::new(),
        }
    }

    fn run(&mut self) {
        let start = Instant::now();
        black_box((self.work)());
        self.times.push(start.elapsed());
        self.times.sort();
    }

    fn fastest(&self) -> f64 {
        self.times[0].as_secs_f64()
    }

    fn median(&self) -> f64 {
        self.times[self.times.len() / 2].as_secs_f64()
    }
}

/// Prints how fast the corpus is read. Ratios are between the fastest rounds, which a busy machine
/// disturbs least.
fn compare(corpus: &Corpus) {
    let mut ours = contenders(corpus);
    let mut tree_sitter = tree_sitter(corpus);
    // By turns, so that a slow moment of the machine does not hit one alone.
    for _ in 0..ROUNDS {
        ours.iter_mut().for_each(Contender::run);
    }
    for _ in 0..ROUNDS_OF_TREE_SITTER {
        tree_sitter.run();
    }
    let (counted, kept) = (ours[1].fastest(), ours[2].fastest());
    let slowest = tree_sitter.fastest();
    let megabytes = corpus.bytes() as f64 / 1e6;
    println!(
        "{}: {} files, {megabytes:.1} MB",
        corpus.name,
        corpus.texts.len()
    );
    println!(
        "{:27} {:>10} {:>10} {:>8} {:>10} {:>8} {:>12}",
        "", "fastest", "median", "MB/s", "of counted", "of kept", "tree-sitter"
    );
    for contender in ours.iter().chain([&tree_sitter]) {
        let fastest = contender.fastest();
        println!(
            "{:27} {:>7.2} ms {:>7.2} ms {:>8.0} {:>9.2}x {:>7.2}x {:>11.1}x",
            contender.name,
            fastest * 1e3,
            contender.median() * 1e3,
            megabytes / fastest,
            fastest / counted,
            fastest / kept,
            slowest / fastest,
        );
    }
}

fn contenders(corpus: &Corpus) -> Vec<Contender<'_>> {
    vec![
        Contender::new("memory scan", corpus, |text| {
            memchr::memchr_iter(b'\n', text.as_bytes()).count()
        }),
        Contender::new("logos alone, tokens counted", corpus, |text| {
            Kind::lexer(text).count()
        }),
        Contender::new("logos alone, tokens kept", corpus, |text| {
            tokenize(text).kinds().len()
        }),
        Contender::new("lex + parse, errors on", corpus, |text| {
            parse(Arc::clone(text), Dialect::Bicep).errors().len()
        }),
    ]
}

fn tree_sitter(corpus: &Corpus) -> Contender<'_> {
    let mut parser = tree_sitter::Parser::new();
    parser
        .set_language(&tree_sitter_bicep::LANGUAGE.into())
        .expect("the language fits this tree-sitter");
    Contender::new("tree-sitter-bicep 1.1.0", corpus, move |text| {
        let tree = parser.parse(text.as_bytes(), None);
        tree.map_or(0, |tree| tree.root_node().end_byte())
    })
}

/// Prints what the heap is asked for when all trees are kept.
fn heap(corpus: &Corpus) {
    let mut trees = Vec::with_capacity(corpus.texts.len());
    let region = Region::new(HEAP);
    for text in &corpus.texts {
        trees.push(parse(Arc::clone(text), Dialect::Bicep));
    }
    let change = region.change();
    let files = corpus.texts.len() as f64;
    let kept = change.bytes_allocated as f64 + change.bytes_reallocated as f64
        - change.bytes_deallocated as f64;
    println!(
        "heap, trees kept: {:.1} allocations and {:.1} reallocations a file, {:.1} bytes a byte of text",
        change.allocations as f64 / files,
        change.reallocations as f64 / files,
        kept / corpus.bytes() as f64,
    );
}

/// Prints what a single large file takes.
fn large(bytes: usize) {
    let mut text = String::with_capacity(bytes + 10_000);
    for seed in 0.. {
        if text.len() >= bytes {
            break;
        }
        text.push_str(&generated(seed));
    }
    let text: Arc<str> = Arc::from(text);
    let region = Region::new(HEAP);
    let start = Instant::now();
    let parsed = parse(Arc::clone(&text), Dialect::Bicep);
    let time = start.elapsed().as_secs_f64();
    let change = region.change();
    let kept = change.bytes_allocated as f64 + change.bytes_reallocated as f64
        - change.bytes_deallocated as f64;
    let megabytes = text.len() as f64 / 1e6;
    println!(
        "one file of {megabytes:.0} MB, valid: {}: {:.0} ms, {:.0} MB/s, keeps {:.1} bytes a byte of text{}",
        parsed.is_valid(),
        time * 1e3,
        megabytes / time,
        kept / text.len() as f64,
        peak(),
    );
}

/// The most memory the process ever had, where the system tells.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or_else(String::new, |peak| {
        format!(", peak of the process {}", peak.trim())
    })
}
