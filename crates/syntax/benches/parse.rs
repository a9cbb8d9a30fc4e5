//! Parse throughput beside two limits measured in the same run: a scan of the bytes, and the lexer
//! alone. The corpus is every `.bicep` file below the folder `TRICEP_CORPUS`, or else generated.
//!
//! `cargo bench -p tricep-syntax`

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads its corpus itself"
)]

use std::path::Path;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::BytesCount;
use tricep_syntax::bicep::{Dialect, parse, tokenize};

fn main() {
    divan::main();
}

/// The limit of memory: one pass that looks at every byte.
#[divan::bench]
fn memory_scan(bencher: Bencher<'_, '_>) {
    over_corpus(bencher, |text| {
        memchr::memchr_iter(b'\n', text.as_bytes()).count()
    });
}

/// The limit of logos: tokens and nothing else.
#[divan::bench]
fn logos_alone(bencher: Bencher<'_, '_>) {
    over_corpus(bencher, |text| tokenize(text).kinds().len());
}

/// Text to tree, diagnostics on.
#[divan::bench]
fn lex_and_parse(bencher: Bencher<'_, '_>) {
    over_corpus(bencher, |text| {
        parse(Arc::clone(text), Dialect::Bicep).errors().len()
    });
}

fn over_corpus(bencher: Bencher<'_, '_>, work: impl Fn(&Arc<str>) -> usize) {
    let corpus = corpus();
    let bytes: usize = corpus.iter().map(|text| text.len()).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .bench_local(|| corpus.iter().map(&work).sum::<usize>());
}

fn corpus() -> Vec<Arc<str>> {
    let mut texts = Vec::new();
    match std::env::var_os("TRICEP_CORPUS") {
        Some(folder) => collect(Path::new(&folder), &mut texts),
        None => texts.extend((0..500).map(|seed| Arc::from(generated(seed)))),
    }
    assert!(
        !texts.is_empty(),
        "there is no .bicep file in TRICEP_CORPUS"
    );
    texts
}

fn collect(folder: &Path, texts: &mut Vec<Arc<str>>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, texts);
        } else if path.extension().is_some_and(|end| end == "bicep")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            texts.push(Arc::from(text));
        }
    }
}

/// A file of about 5 KB with what real files are made of.
fn generated(seed: usize) -> String {
    let mut text = String::from("targetScope = 'resourceGroup'\n\n");
    for n in 0..8 {
        let id = seed * 8 + n;
        text.push_str(&format!(
            "@description('The name of store {id}, as it appears in the portal.')\n\
             @minLength(3)\nparam storeName{id} string = 'store{id}${{uniqueString(resourceGroup().id)}}'\n\n\
             // Tags end up on every resource of the deployment.\n\
             var tags{id} = union({{ owner: 'team-{n}', 'cost-center': {id} }}, empty(storeName{id}) ? {{}} : {{ name: storeName{id} }})\n\n\
             resource store{id} 'Microsoft.Storage/storageAccounts@2023-05-01' = if (length(storeName{id}) > {n}) {{\n  \
             name: storeName{id}\n  location: resourceGroup().location\n  tags: tags{id}\n  \
             sku: {{ name: 'Standard_LRS' }}\n  kind: 'StorageV2'\n  properties: {{\n    \
             allowBlobPublicAccess: false\n    minimumTlsVersion: 'TLS1_2'\n    networkAcls: {{\n      \
             defaultAction: 'Deny'\n      ipRules: [for ip in ['198.51.100.{n}', '203.0.113.0/24']: {{ value: ip, action: 'Allow' }}]\n    \
             }}\n  }}\n}}\n\noutput blob{id} string = store{id}.?properties.primaryEndpoints.blob ?? ''\n\n"
        ));
    }
    text
}
