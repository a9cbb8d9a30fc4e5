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

/// How often each text is parsed for the ratio; the fastest time counts.
const ROUNDS: usize = 20;

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

/// Prints the prefixes that take the longest, in parts of the whole.
fn worst_prefixes(shape: Shape) {
    let file = file(shape);
    let lines = file.lines().count();
    let whole = time(&Arc::from(file.as_str())).as_secs_f64();
    let prefixes = prefixes(&file);
    let mut times: Vec<(Duration, usize)> = prefixes
        .iter()
        .map(|prefix| (time(prefix), prefix.len()))
        .collect();
    times.sort();
    println!(
        "{shape:?}: {lines} lines, {} prefixes; the whole takes {:.1} µs",
        prefixes.len(),
        whole * 1e6
    );
    for (time, length) in times.iter().rev().take(3) {
        println!(
            "slow prefix: {:.2}x the whole, {:.1} µs, ends in {:?}",
            time.as_secs_f64() / whole,
            time.as_secs_f64() * 1e6,
            &file[length.saturating_sub(30)..*length]
        );
    }
}

fn time(text: &Arc<str>) -> Duration {
    let times = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        black_box(parse(Arc::clone(text), Dialect::Bicep));
        start.elapsed()
    });
    times.min().unwrap_or_default()
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
