//! Reading bytes one after the other: enters a slice, leave numbers or [`Damaged`].

use crate::Damaged;
use crate::format::LONGEST;

/// What is left to read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Damaged> {
        let (&first, rest) = self.0.split_first().ok_or(Damaged("ends too early"))?;
        self.0 = rest;
        Ok(first)
    }

    pub(crate) fn u24(&mut self) -> Result<u32, Damaged> {
        let (&[a, b, c], rest) = self
            .0
            .split_first_chunk()
            .ok_or(Damaged("ends too early"))?;
        self.0 = rest;
        Ok(u32::from_le_bytes([a, b, c, 0]))
    }

    /// LEB128; what does not fit into 64 bits is damaged.
    pub(crate) fn varint(&mut self) -> Result<u64, Damaged> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Damaged("a number is too long"))
    }

    /// A zigzag-coded number.
    pub(crate) fn signed(&mut self) -> Result<i64, Damaged> {
        let number = self.varint()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// How many things follow.
    pub(crate) fn count(&mut self) -> Result<usize, Damaged> {
        let count = usize::try_from(self.varint()?).ok();
        let count = count.filter(|&count| count <= LONGEST);
        count.ok_or(Damaged("a list is too long"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_length_are_read() {
        let mut bytes = Cursor::new(&[0x7f, 0x80, 0x01, 0x03, 0x04, 0x05, 0x06, 0x07]);
        assert_eq!(bytes.varint(), Ok(127));
        assert_eq!(bytes.varint(), Ok(128));
        assert_eq!(bytes.signed(), Ok(-2));
        assert_eq!(bytes.u8(), Ok(4));
        assert_eq!(bytes.u24(), Ok(0x07_06_05));
        assert_eq!(bytes.u8(), Err(Damaged("ends too early")));
    }

    #[test]
    fn the_greatest_numbers_are_read_and_greater_ones_are_damaged() {
        let mut greatest = [0xff; 10];
        greatest[9] = 0x01;
        assert_eq!(Cursor::new(&greatest).varint(), Ok(u64::MAX));
        assert_eq!(Cursor::new(&greatest).signed(), Ok(i64::MIN));
        greatest[9] = 0x02;
        assert!(Cursor::new(&greatest).varint().is_err());
        assert!(Cursor::new(&[0xff; 20]).varint().is_err());
    }

    #[test]
    fn lists_have_a_greatest_length() {
        assert_eq!(Cursor::new(&[0x80, 0x20]).count(), Ok(LONGEST));
        assert!(Cursor::new(&[0x81, 0x20]).count().is_err());
    }
}
