//! Texts made by chance from others: enters a list of seeds and a number, leaves mutants of them, the
//! same ones for the same number.

/// Pieces that the language is made of, one a line and quoted, in libFuzzer's format.
const DICTIONARY: &str = include_str!("../bicep.dict");

/// Mutants that grow beyond this are cut.
const LONGEST: usize = 4096;

/// A stream of mutants.
pub struct Mutants {
    seeds: Vec<Vec<u8>>,
    pieces: Vec<Vec<u8>>,
    random: u64,
}

impl Mutants {
    /// Mutants of `seeds`, which may not be empty.
    #[must_use]
    pub fn new(seeds: Vec<Vec<u8>>, number: u64) -> Self {
        assert!(!seeds.is_empty(), "there are seeds");
        Self {
            seeds,
            pieces: DICTIONARY.lines().filter_map(piece).collect(),
            random: number.wrapping_mul(2).wrapping_add(1),
        }
    }

    /// A seed with a few changes.
    pub fn next_text(&mut self) -> Vec<u8> {
        let mut text = self.seed();
        for _ in 0..=self.below(4) {
            self.change(&mut text);
        }
        text.truncate(LONGEST);
        text
    }

    fn seed(&mut self) -> Vec<u8> {
        let at = self.below(self.seeds.len());
        self.seeds[at].clone()
    }

    fn change(&mut self, text: &mut Vec<u8>) {
        let (from, to) = self.stretch(text);
        match self.below(8) {
            0 => drop(text.drain(from..to)),
            1 => {
                let double = text[from..to].to_vec();
                text.splice(from..from, double);
            }
            2 | 3 => {
                let piece = self.piece();
                text.splice(from..from, piece);
            }
            4 => {
                let piece = self.piece();
                text.splice(from..to, piece);
            }
            5 => {
                let other = self.seed();
                let (start, end) = self.stretch(&other);
                text.splice(from..from, other[start..end].iter().copied());
            }
            6 => text.truncate(to),
            _ => {
                let byte = self.below(256) as u8;
                if let Some(place) = text.get_mut(from) {
                    *place = byte;
                }
            }
        }
    }

    /// Somewhere in a text: mostly a few bytes, sometimes up to any length.
    fn stretch(&mut self, text: &[u8]) -> (usize, usize) {
        let from = self.below(text.len() + 1);
        let longest = if self.below(4) == 0 { text.len() } else { 12 };
        let to = from + self.below(longest.min(text.len() - from) + 1);
        (from, to)
    }

    fn piece(&mut self) -> Vec<u8> {
        let at = self.below(self.pieces.len());
        self.pieces[at].clone()
    }

    /// A number below `end`, which is not 0 (xorshift).
    fn below(&mut self, end: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random % end as u64) as usize
    }
}

/// The piece on a line of the dictionary.
fn piece(line: &str) -> Option<Vec<u8>> {
    let quoted = line.strip_prefix('"')?.strip_suffix('"')?;
    let mut piece = Vec::new();
    let mut bytes = quoted.bytes();
    while let Some(byte) = bytes.next() {
        piece.push(match (byte, bytes.len()) {
            (b'\\', 1..) => escaped(&mut bytes)?,
            _ => byte,
        });
    }
    Some(piece)
}

fn escaped(bytes: &mut std::str::Bytes<'_>) -> Option<u8> {
    match bytes.next()? {
        b'x' => {
            let digits = [bytes.next()?, bytes.next()?];
            u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()
        }
        byte => Some(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_the_dictionary_are_unescaped() {
        assert_eq!(piece(r#""a\x0Ab\"\\""#), Some(b"a\nb\"\\".to_vec()));
        assert_eq!(piece("# a remark"), None);
    }

    #[test]
    fn the_same_number_gives_the_same_mutants() {
        let seeds = vec![b"var a = 1\n".to_vec()];
        let mut one = Mutants::new(seeds.clone(), 7);
        let mut other = Mutants::new(seeds, 7);
        for _ in 0..100 {
            assert_eq!(one.next_text(), other.next_text());
        }
    }
}
