//! How long questions to the embedded pack take: one path from the name of the type on, and the bodies
//! of all types.

use divan::{Bencher, black_box};
use tricep_catalogue::{Kind, Node, azure};

const TYPE: &str = "Microsoft.ContainerService/managedClusters";
const VERSION: &str = "2023-11-01";
const PATH: [&str; 3] = ["properties", "apiServerAccessProfile", "authorizedIPRanges"];

fn main() {
    divan::main();
}

fn step<'a>(node: Node<'a>, name: &str) -> Option<Node<'a>> {
    Some(node.object()?.property(name)?.node)
}

#[divan::bench]
fn resource_of_a_type_and_version() -> bool {
    let found = azure().resource(black_box(TYPE), black_box(VERSION));
    matches!(found, Ok(Some(_)))
}

#[divan::bench]
fn path_to_the_authorized_ranges() -> bool {
    let found = azure().resource(black_box(TYPE), black_box(VERSION));
    let body = found.ok().flatten().map(|resource| resource.body);
    let node = body.and_then(|body| PATH.into_iter().try_fold(body, step));
    matches!(node.map(Node::kind), Some(Kind::Array(_)))
}

/// The names of the properties of all 36,835 bodies, or of what their elements share.
#[divan::bench(sample_count = 20)]
fn properties_of_all_bodies(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        let types = azure().types().flatten();
        let bodies = types.flat_map(|found| found.resources().flatten());
        let bytes = bodies.map(|resource| match resource.body.kind() {
            Kind::Object(object) => object.properties().map(|own| own.name.len()).sum(),
            Kind::Discriminated(either) => either.base().map(|own| own.name.len()).sum(),
            _ => 0_usize,
        });
        bytes.sum::<usize>()
    });
}
