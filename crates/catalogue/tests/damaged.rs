//! Whatever the bytes of a pack are, everything can be asked, and every question ends.

mod walk;

use proptest::collection::vec;
use proptest::prelude::*;
use tricep_catalogue::{Catalogue, Kind, azure};

const AZURE: &[u8] = include_bytes!("../data/azure.pack");
/// Every kind of node, once; `crates/xtask/tests/small_types` are its types.
const SMALL: &[u8] = include_bytes!("../../fuzz/seeds/catalogue/small.pack");

/// More than there is in a sound pack.
const ENOUGH: usize = 1_000_000;

fn walk_if_open(bytes: &[u8], budget: usize) {
    if let Ok(catalogue) = Catalogue::open(bytes) {
        walk::walk(catalogue, budget);
    }
}

#[test]
fn the_packs_are_sound() {
    for (catalogue, least) in [
        (azure(), 400_000),
        (Catalogue::open(SMALL).expect("a sound header"), 50),
    ] {
        let walk = walk::walk(catalogue, ENOUGH);
        assert_eq!((walk.damaged, walk.missed), (vec![], 0));
        assert!((least..ENOUGH).contains(&walk.steps), "{}", walk.steps);
    }
}

#[test]
fn a_pack_that_ends_too_early_is_not_opened() {
    for end in 0..SMALL.len() {
        assert!(Catalogue::open(&SMALL[..end]).is_err(), "{end}");
    }
    for end in (0..AZURE.len()).step_by(997) {
        assert!(Catalogue::open(&AZURE[..end]).is_err(), "{end}");
    }
}

#[test]
fn every_bit_may_be_wrong() {
    let mut bytes = SMALL.to_vec();
    for at in 0..bytes.len() {
        let sound = bytes[at];
        let flipped = (0..8).map(|bit| sound ^ (1 << bit));
        for byte in flipped.chain([0, u8::MAX]) {
            bytes[at] = byte;
            walk_if_open(&bytes, 10_000);
        }
        bytes[at] = sound;
    }
}

/// Sound packs say nothing of the kind, see above.
#[test]
fn a_node_that_is_damaged_says_so() {
    let mut told = 0;
    for at in 0..SMALL.len() {
        let mut bytes = SMALL.to_vec();
        bytes[at] = 0xff;
        let Ok(catalogue) = Catalogue::open(&bytes) else {
            continue;
        };
        let Ok(Some(resource)) = catalogue.resource("Our.Fleet/ships", "2024-01-01") else {
            continue;
        };
        told += usize::from(matches!(resource.body.kind(), Kind::Damaged(_)));
    }
    assert!(told > 0, "no byte of the body matters");
}

#[test]
fn bytes_that_are_no_pack_are_not_opened() {
    for bytes in [&b""[..], b"tricep", b"PK\x03\x04............", &[0; 4096]] {
        assert!(Catalogue::open(bytes).is_err());
    }
    let mut other = SMALL.to_vec();
    other[7] += 1;
    let error = Catalogue::open(&other).expect_err("another version of the format");
    assert!(error.to_string().contains("another version"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_pack_with_random_bytes_is_walked(
        flips in vec((64..AZURE.len(), any::<u8>()), 1..5_000),
        header in any::<bool>(),
    ) {
        let mut bytes = AZURE.to_vec();
        for &(at, byte) in &flips {
            bytes[if header { at % 64 } else { at }] = byte;
        }
        walk_if_open(&bytes, 30_000);
    }

    #[test]
    fn a_small_pack_with_random_bytes_is_walked(
        flips in vec((0..SMALL.len(), any::<u8>()), 1..40),
    ) {
        let mut bytes = SMALL.to_vec();
        for &(at, byte) in &flips {
            bytes[at] = byte;
        }
        walk_if_open(&bytes, 10_000);
    }
}
