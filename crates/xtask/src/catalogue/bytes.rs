//! The counterpart of the catalogue's cursor: enter numbers, leave bytes.

/// Bytes being written.
#[derive(Default)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Bytes {
    pub(super) fn u8(&mut self, number: u8) {
        self.0.push(number);
    }

    /// Three bytes; the caller sees to it that the number fits.
    pub(super) fn u24(&mut self, number: u32) {
        let [a, b, c, _] = number.to_le_bytes();
        self.0.extend([a, b, c]);
    }

    pub(super) fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// Zigzag-coded: small distances in either direction are short.
    pub(super) fn signed(&mut self, number: i64) {
        self.varint(((number << 1) ^ (number >> 63)) as u64);
    }

    pub(super) fn count<T>(&mut self, list: &[T]) {
        self.varint(list.len() as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_they_are_read() {
        let mut bytes = Bytes::default();
        bytes.varint(127);
        bytes.varint(128);
        bytes.signed(-2);
        bytes.u24(0x07_06_05);
        assert_eq!(bytes.0, [0x7f, 0x80, 0x01, 0x03, 0x05, 0x06, 0x07]);
    }

    #[test]
    fn the_least_number_takes_ten_bytes() {
        let mut bytes = Bytes::default();
        bytes.signed(i64::MIN);
        assert_eq!(bytes.0, [255, 255, 255, 255, 255, 255, 255, 255, 255, 1]);
    }
}
