//! How long a check takes: one file with a cluster, and a tree of 2,000 files.
//!
//! The tree is made here, the same each time: deployments that call modules, and modules with
//! the resources, parameters and conditions of ordinary repositories. One module in eight holds a
//! cluster.

use std::fmt::Write as _;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use tricep_analyzer::{CheckOptions, MemoryFileSystem, check};

/// Deployments in the tree, and modules they use.
const MAINS: usize = 400;
const MODULES: usize = 1600;

fn main() {
    divan::main();
}

/// Files in memory with their names and size.
struct Tree {
    files: MemoryFileSystem,
    options: CheckOptions,
    bytes: usize,
}

impl Tree {
    fn new(texts: Vec<(String, String)>) -> Self {
        let mut tree = Self {
            files: MemoryFileSystem::default(),
            options: CheckOptions::default(),
            bytes: 0,
        };
        for (path, text) in texts {
            tree.bytes += text.len();
            tree.options.files.push(path.clone());
            tree.files.insert(path, text);
        }
        let report = check(&tree.files, &tree.options);
        assert!(!report.findings.is_empty(), "there is something to judge");
        tree
    }

    fn of_2_000_files() -> Self {
        let mains = (0..MAINS).map(|n| (format!("deploy/app{n}/main.bicep"), deployment(n)));
        let modules = (0..MODULES).map(|n| (format!("modules/m{n}.bicep"), module(n)));
        Self::new(mains.chain(modules).collect())
    }

    fn of_one_cluster() -> Self {
        Self::new(vec![("main.bicep".to_owned(), module(0))])
    }
}

#[divan::bench(sample_count = 20)]
fn tree_of_2_000_files(bencher: Bencher<'_, '_>) {
    let tree = Tree::of_2_000_files();
    bencher
        .counter(BytesCount::new(tree.bytes))
        .counter(ItemsCount::new(tree.options.files.len()))
        .bench(|| check(black_box(&tree.files), black_box(&tree.options)));
}

#[divan::bench]
fn one_file_with_a_cluster(bencher: Bencher<'_, '_>) {
    let tree = Tree::of_one_cluster();
    bencher
        .counter(BytesCount::new(tree.bytes))
        .bench(|| check(black_box(&tree.files), black_box(&tree.options)));
}

/// A deployment that uses four modules.
fn deployment(n: usize) -> String {
    let mut text = String::from(
        "targetScope = 'resourceGroup'\n\n@allowed(['dev', 'test', 'prod'])\n\
         param stage string = 'dev'\nparam location string = resourceGroup().location\n\
         @description('Addresses that may reach the services.')\n\
         param allowedAddresses array = []\n\nvar prefix = 'app-${stage}'\n\
         var tags = {\n  stage: stage\n  owner: 'platform'\n}\n",
    );
    for i in 0..4 {
        let target = (n * 4 + i) % MODULES;
        let _ = write!(
            text,
            "\nmodule part{i} '../../modules/m{target}.bicep' = {{\n  name: '${{prefix}}-part{i}'\n  \
             params: {{\n    name: '${{prefix}}-{i}'\n    location: location\n    tags: tags\n    \
             ranges: stage == 'prod' ? ['198.51.100.0/24'] : allowedAddresses\n  }}\n}}\n"
        );
    }
    filler(&mut text, n, 4);
    text.push_str("\noutput ids array = [part0.outputs.id, part1.outputs.id]\n");
    text
}

/// A module of about four kilobytes; one in eight declares a cluster.
fn module(n: usize) -> String {
    let mut text = String::from(
        "@description('The name of all that is made here.')\n@minLength(3)\nparam name string\n\
         param location string\nparam tags object = {}\nparam ranges array = []\n\
         param private bool = false\nparam retention int = 30\n",
    );
    if n.is_multiple_of(8) {
        text.push_str(
            "\nvar profile = private\n  ? {\n      enablePrivateCluster: true\n    }\n  : {\n      \
             authorizedIPRanges: ranges\n    }\n\n\
             resource main 'Microsoft.ContainerService/managedClusters@2024-05-01' = {\n  \
             name: name\n  location: location\n  tags: tags\n  identity: {\n    \
             type: 'SystemAssigned'\n  }\n  properties: {\n    dnsPrefix: toLower(name)\n    \
             agentPoolProfiles: [for i in range(0, 2): {\n      name: 'pool${i}'\n      count: 3\n      \
             vmSize: i == 0 ? 'Standard_D4s_v5' : 'Standard_D8s_v5'\n    }]\n    \
             apiServerAccessProfile: profile\n  }\n}\n",
        );
    } else {
        text.push_str(
            "\nresource main 'Microsoft.Storage/storageAccounts@2023-05-01' = {\n  name: name\n  \
             location: location\n  tags: union(tags, { purpose: 'data' })\n  kind: 'StorageV2'\n  \
             sku: {\n    name: private ? 'Standard_ZRS' : 'Standard_LRS'\n  }\n  properties: {\n    \
             minimumTlsVersion: 'TLS1_2'\n    networkAcls: {\n      defaultAction: 'Deny'\n      \
             ipRules: [for range in ranges: {\n        value: range\n      }]\n    }\n  }\n}\n",
        );
    }
    filler(&mut text, n, 6);
    text.push_str("\noutput id string = main.id\n");
    text
}

/// Resources of the kinds that surround the interesting ones.
fn filler(text: &mut String, n: usize, count: usize) {
    for i in 0..count {
        let octet = (n + i) % 250;
        let _ = write!(
            text,
            "\n// The network of part {i}: its own address space, a rule for the services and one\n\
             // for the people who look after them.\n\
             resource net{i} 'Microsoft.Network/virtualNetworks@2023-11-01' = if (length('{n}') > 0) {{\n  \
             name: 'net-{n}-{i}'\n  location: location\n  properties: {{\n    addressSpace: {{\n      \
             addressPrefixes: [\n        '10.{octet}.0.0/16'\n      ]\n    }}\n    subnets: [\n      {{\n        \
             name: 'default'\n        properties: {{\n          addressPrefix: '10.{octet}.{i}.0/24'\n          \
             privateEndpointNetworkPolicies: 'Disabled'\n        }}\n      }}\n    ]\n  }}\n}}\n"
        );
    }
}
