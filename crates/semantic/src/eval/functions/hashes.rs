//! `uniqueString` and `guid`: hashes of their arguments joined with `-` (string-hash-0004).

use sha1_smol::Sha1;

use super::arguments::text;
use super::{AT_LEAST_ONE, Function, Outcome, strict};
use crate::eval::unknown::Kinds;
use crate::eval::value::Value;
use crate::eval::work::Work;

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    strict("guid", AT_LEAST_ONE, Kinds::TEXT, guid),
    strict("uniqueString", AT_LEAST_ONE, Kinds::TEXT, unique_string),
];

/// The name space of the engine's version 5 UUIDs.
const NAME_SPACE: [u8; 16] = [
    0x11, 0xfb, 0x06, 0xfb, 0x71, 0x2d, 0x4d, 0xdd, 0x98, 0xc7, 0xe7, 0x1b, 0xbd, 0x58, 0x88, 0x30,
];

fn joined(work: &mut Work<'_, '_>, arguments: &[Value]) -> Result<String, Value> {
    let mut texts = Vec::with_capacity(arguments.len());
    for index in 0..arguments.len() {
        texts.push(&**text(arguments, index)?);
    }
    let text = texts.join("-");
    work.spend(text.len())?;
    Ok(text)
}

fn guid(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    Ok(Value::text(uuid(&joined(work, arguments)?)))
}

fn unique_string(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    Ok(Value::text(base32(murmur(
        joined(work, arguments)?.as_bytes(),
    ))))
}

/// A UUID of version 5, made from a SHA-1.
fn uuid(name: &str) -> String {
    let mut hash = Sha1::from(NAME_SPACE);
    hash.update(name.as_bytes());
    let mut bytes = hash.digest().bytes();
    bytes[6] = bytes[6] & 0x0f | 0x50;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

/// Thirteen digits of five bits from the top; the last holds four.
fn base32(mut value: u64) -> String {
    const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let digit = |_| {
        let digit = char::from(DIGITS[(value >> 59) as usize]);
        value <<= 5;
        digit
    };
    (0..13).map(digit).collect()
}

const C1: u32 = 0x239b_961b;
const C2: u32 = 0xab0e_9789;

fn first_word(word: u32) -> u32 {
    word.wrapping_mul(C1).rotate_left(15).wrapping_mul(C2)
}

fn second_word(word: u32) -> u32 {
    word.wrapping_mul(C2).rotate_left(17).wrapping_mul(C1)
}

fn finished(mut x: u32) -> u32 {
    x ^= x >> 16;
    x = x.wrapping_mul(0x85eb_ca6b);
    x ^= x >> 13;
    x = x.wrapping_mul(0xc2b2_ae35);
    x ^ x >> 16
}

/// Up to four bytes, the first one lowest.
fn word(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .rev()
        .fold(0, |word, byte| word << 8 | u32::from(*byte))
}

/// Murmur hash of 64 bits made of two words, seed 0.
fn murmur(bytes: &[u8]) -> u64 {
    let (mut h1, mut h2) = (0u32, 0u32);
    let mut blocks = bytes.chunks_exact(8);
    for block in blocks.by_ref() {
        h1 ^= first_word(word(&block[..4]));
        h1 = h1
            .rotate_left(19)
            .wrapping_add(h2)
            .wrapping_mul(5)
            .wrapping_add(0x561c_cd1b);
        h2 ^= second_word(word(&block[4..]));
        h2 = h2
            .rotate_left(13)
            .wrapping_add(h1)
            .wrapping_mul(5)
            .wrapping_add(0x0bca_a747);
    }
    let tail = blocks.remainder();
    if !tail.is_empty() {
        h1 ^= first_word(word(&tail[..tail.len().min(4)]));
    }
    if tail.len() > 4 {
        h2 ^= second_word(word(&tail[4..]));
    }
    // Texts are never so long that the length would be cut.
    let length = bytes.len() as u32;
    h1 ^= length;
    h2 ^= length;
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    h1 = finished(h1);
    h2 = finished(h2);
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    u64::from(h2) << 32 | u64::from(h1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unique(text: &str) -> String {
        base32(murmur(text.as_bytes()))
    }

    #[test]
    fn unique_strings_are_those_of_the_engine() {
        assert_eq!(unique(""), "aaaaaaaaaaaaa"); // string-hash-0002
        assert_eq!(unique("a-b"), "i3z4v3sp6aooa"); // string-hash-0004
        assert_eq!(unique("é"), "5i6hbiqzwuby6"); // string-hash-0007
        assert_eq!(unique("abcdefgh"), "q7ncvd5x2rx4e"); // string-hash-0010
        assert_eq!(unique("abcdefghi"), "zignisl6otg3u"); // string-hash-0011
        assert_eq!(unique("kkkkkkkkkkkkkkkk"), "tukkoypbkwyy6"); // string-hash-0042
    }

    #[test]
    fn guids_are_those_of_the_engine() {
        assert_eq!(uuid("a-b"), "2d796349-8c7e-55ec-9624-54ece82ed031"); // string-hash-0056
        assert_eq!(uuid("ABC"), "8e0096c3-41f2-5257-861b-319f11bb50c2"); // string-hash-0065
    }
}
