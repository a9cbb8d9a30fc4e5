//! A file that is being typed: every prefix of a file of 300 lines, beside the whole file.
//!
//! `cargo bench -p tricep-syntax --bench prefixes`. No prefix may take longer than twice the whole.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark speaks to a person"
)]

#[expect(dead_code, reason = "other benchmarks use more of it")]
mod corpus;

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use divan::Bencher;
use tricep_syntax::bicep::{Dialect, parse};

use corpus::declarations;

/// How often each prefix is parsed to find the slow ones.
const ROUNDS: usize = 10;
/// How many of the slow ones are measured beside the whole, and how often.
const SUSPECTS: usize = 50;
const ROUNDS_OF_SUSPECTS: usize = 300;

fn main() {
    divan::main();
    if std::env::args().any(|argument| argument == "--bench") {
        worst_prefixes(Shape::Declarations);
        worst_prefixes(Shape::OneResource);
    }
}

/// The whole file.
#[divan::bench(args = [Shape::Declarations, Shape::OneResource])]
fn whole(bencher: Bencher<'_, '_>, shape: Shape) {
    let text: Arc<str> = Arc::from(file(shape));
    bencher.bench_local(|| parse(Arc::clone(&text), Dialect::Bicep).errors().len());
}

/// All its prefixes, one after the other.
#[divan::bench(args = [Shape::Declarations, Shape::OneResource], sample_count = 5, sample_size = 1)]
fn every_prefix(bencher: Bencher<'_, '_>, shape: Shape) {
    let prefixes = prefixes(&file(shape));
    bencher.bench_local(|| {
        let errors = |text: &Arc<str>| parse(Arc::clone(text), Dialect::Bicep).errors().len();
        prefixes.iter().map(errors).sum::<usize>()
    });
}

/// What a file is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shape {
    /// Declarations of all kinds.
    Declarations,
    /// One declaration from the first line to the last: nothing before the cursor is finished.
    OneResource,
}

/// Prints the prefixes that take the longest, in parts of the whole. On a busy machine much looks slow
/// for a moment: those that do are measured again, by turns with the whole.
fn worst_prefixes(shape: Shape) {
    let file = file(shape);
    let whole: Arc<str> = Arc::from(file.as_str());
    let mut prefixes = prefixes(&file);
    let number = prefixes.len();
    prefixes.sort_by_cached_key(|prefix| (0..ROUNDS).map(|_| time(prefix)).min());
    let suspects = prefixes.iter().rev().take(SUSPECTS);
    let mut ratios: Vec<(f64, usize)> = suspects
        .map(|prefix| (ratio(prefix, &whole), prefix.len()))
        .collect();
    ratios.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!(
        "{shape:?}: {} lines, {number} prefixes",
        file.lines().count()
    );
    for (ratio, length) in ratios.iter().take(3) {
        let end = &file[length.saturating_sub(30)..*length];
        println!("slow prefix: {ratio:.2}x the whole, ends in {end:?}");
    }
}

fn ratio(prefix: &Arc<str>, whole: &Arc<str>) -> f64 {
    let (mut part, mut all) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS_OF_SUSPECTS {
        part = part.min(time(prefix));
        all = all.min(time(whole));
    }
    part.as_secs_f64() / all.as_secs_f64()
}

fn time(text: &Arc<str>) -> Duration {
    let start = Instant::now();
    black_box(parse(Arc::clone(text), Dialect::Bicep));
    start.elapsed()
}

/// A file of 300 lines, in ASCII.
fn file(shape: Shape) -> String {
    match shape {
        Shape::Declarations => {
            let all: String = (0..20).map(|id| declarations(id, id % 8)).collect();
            all.split_inclusive('\n').take(300).collect()
        }
        Shape::OneResource => one_resource(),
    }
}

fn one_resource() -> String {
    let mut text =
        "resource site 'Microsoft.Web/sites@2023-12-01' = {\n  properties: {\n".to_owned();
    for n in 0..49 {
        text.push_str(&format!(
            "    // What the part number {n} of this site is for.\n    \
             connection{n}: {{\n      \
             displayName: 'connection-${{applicationName}}-{n}'\n      \
             connectionString: databaseServer.properties.fullyQualifiedDomainName\n      \
             enabledForDeployment: !empty(connections) && length(connections) > {n}\n    \
             }}\n"
        ));
    }
    text + "    clientAffinityEnabled: true\n    httpsOnly: true\n  }\n}\n"
}

fn prefixes(file: &str) -> Vec<Arc<str>> {
    (0..=file.len())
        .map(|end| Arc::from(&file[..end]))
        .collect()
}
