//! Names for findings that outlive edits elsewhere in the file: made of what the finding says of
//! which text, never of where that text stands.

use rustc_hash::FxHashMap;
use tricep_rules::Finding;

use super::Report;

/// What a finding says of which text; its line is no part of it.
pub(super) fn parts<'a>(report: &'a Report, finding: &'a Finding) -> [&'a str; 5] {
    let source = report.source(finding.at.file);
    let resource = finding.resource.as_ref();
    let text = source
        .text()
        .get(finding.at.span.range())
        .unwrap_or_default();
    // A place of several lines is an object that lacks something; the rest of it may change.
    let text = if text.contains('\n') {
        &finding.message
    } else {
        text
    };
    [
        finding.code,
        source.label(),
        resource.map_or("", |resource| &resource.r#type),
        resource.map_or("", |resource| &resource.symbol),
        text,
    ]
}

/// Counts equal fingerprints, so that each of several equal findings has one of its own.
#[derive(Default)]
pub(super) struct Fingerprints {
    seen: FxHashMap<u128, u32>,
}

impl Fingerprints {
    /// The fingerprint of the parts: a hash and the count of equal ones so far, from 1.
    pub(super) fn next(&mut self, parts: &[&str]) -> String {
        let hash = hash(parts);
        let count = self.seen.entry(hash).or_default();
        *count += 1;
        format!("{hash:032x}:{count}")
    }
}

/// FNV-1a of the parts, runs of blanks taken as one.
pub(super) fn hash(parts: &[&str]) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let mut hash = BASIS;
    let mut feed = |byte: u8| hash = (hash ^ u128::from(byte)).wrapping_mul(PRIME);
    for part in parts {
        for word in part.split_whitespace() {
            word.bytes().for_each(&mut feed);
            feed(b' ');
        }
        feed(0);
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_parts_are_counted_and_blanks_do_not_matter() {
        let mut fingerprints = Fingerprints::default();
        let first = fingerprints.next(&["rule", "a: [ ]"]);
        let second = fingerprints.next(&["rule", "  a:\t[ ]\n"]);
        assert!(first.ends_with(":1") && second.ends_with(":2"));
        assert_eq!(first[..32], second[..32]);
        assert!(fingerprints.next(&["rul", "e", "a: [ ]"]).ends_with(":1"));
    }
}
