//! Numbers: the text of a number token to its value.

/// A number as the engine keeps it: `1` and `1.0` are different things for it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Number<'j> {
    /// A whole number of 64 bits.
    Int(i64),
    /// A whole number that 64 bits do not hold: its digits, perhaps with `-` before them.
    Large(&'j str),
    /// A number with a fraction or an exponent, `NaN` or an infinity.
    Float(f64),
}

/// Whether a character can stand in a number; the reader takes as many as there are.
pub(super) fn of_number(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b'-' | b'+' | b'.' | b'x' | b'X')
}

/// Reads a number; `None`: it is none. A leading 0 means octal or hexadecimal.
pub(super) fn read(text: &str) -> Option<Number<'_>> {
    match text {
        "NaN" => return Some(Number::Float(f64::NAN)),
        "Infinity" => return Some(Number::Float(f64::INFINITY)),
        "-Infinity" => return Some(Number::Float(f64::NEG_INFINITY)),
        _ => {}
    }
    let second = text.as_bytes().get(1);
    if text.starts_with('0') && !matches!(second, None | Some(b'.' | b'e' | b'E')) {
        return based(text);
    }
    if text.contains(['.', 'e', 'E']) {
        return text.parse().ok().map(Number::Float);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().map_or(Number::Large(text), Number::Int))
}

fn based(text: &str) -> Option<Number<'_>> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => (hex, 16),
        None => (text, 8),
    };
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    // With 64 bits set the reader makes a negative number.
    let bits = u64::from_str_radix(digits, radix).ok()?;
    Some(Number::Int(bits.cast_signed()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_and_fractions_are_told_apart() {
        assert_eq!(read("12"), Some(Number::Int(12)));
        assert_eq!(read("-1"), Some(Number::Int(-1)));
        assert_eq!(read("1.0"), Some(Number::Float(1.0)));
        assert_eq!(read("1e3"), Some(Number::Float(1000.0)));
        assert_eq!(read("0x1F"), Some(Number::Int(31)));
        assert_eq!(read("010"), Some(Number::Int(8)));
        let large = "123456789012345678901234567890";
        assert_eq!(read(large), Some(Number::Large(large)));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["-", "+1", "1-2", "0x", "0xg", "09", "1..2", "--1"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
