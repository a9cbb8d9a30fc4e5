//! Packs are made of raw types, always the same one, and nothing in one goes unnoticed that the raw
//! types do not say.

use std::fs;
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use tricep_catalogue::{Catalogue, Kind, Node};
use xtask::catalogue::{agrees, make};
use xtask::conformance::root;

fn small_types() -> PathBuf {
    root().join("crates/xtask/tests/small_types")
}

/// The pack of the small types. Tests of the reader and fuzzing start from it.
fn small_pack() -> Vec<u8> {
    fs::read(root().join("crates/fuzz/seeds/catalogue/small.pack")).unwrap()
}

#[test]
fn the_small_pack_is_made_of_the_small_types() {
    let (pack, _) = make(&small_types()).unwrap();
    assert!(
        pack == small_pack(),
        "run `cargo xtask catalogue --types crates/xtask/tests/small_types \
         --pack crates/fuzz/seeds/catalogue/small.pack`"
    );
}

#[test]
fn the_small_pack_says_what_the_small_types_say() {
    assert!(agrees(&small_pack(), &small_types()).unwrap());
}

#[test]
fn no_byte_of_a_pack_can_change_unnoticed() {
    let pack = small_pack();
    let mut unnoticed = Vec::new();
    for at in 0..pack.len() {
        let mut changed = pack.clone();
        changed[at] ^= 1;
        if let Ok(true) = agrees(&changed, &small_types()) {
            unnoticed.push(at);
        }
    }
    assert!(unnoticed.is_empty(), "at {unnoticed:?}");
}

fn item(list: Node<'_>) -> Node<'_> {
    match list.kind() {
        Kind::Array(array) => array.item,
        kind => panic!("{kind:?} is no list"),
    }
}

#[test]
fn equal_types_are_one_node_even_if_they_contain_themselves() {
    let pack = small_pack();
    let catalogue = Catalogue::open(&pack).unwrap();
    let property = |version, path: &[&str]| {
        let resource = catalogue.resource("our.fleet/ships", version).unwrap();
        let mut node = resource.unwrap().body;
        for name in path {
            node = node.object().unwrap().property(name).unwrap().node;
        }
        node
    };
    // The one version's part has a list of itself, the other's a list of a part with such a list.
    let parts = property("2024-01-01", &["properties", "parts"]);
    assert_eq!(parts, property("2023-05-01", &["properties", "parts"]));
    let inner = parts.object().unwrap().property("parts").unwrap().node;
    assert_eq!(item(inner), parts);
}

#[test]
fn the_source_file_names_the_committed_pack() {
    let data = root().join("crates/catalogue/data");
    let digest = Sha256::digest(fs::read(data.join("azure.pack")).unwrap());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let source = fs::read_to_string(data.join("SOURCE")).unwrap();
    assert!(source.contains(&format!("pack: sha256 {digest}\n")));
}
