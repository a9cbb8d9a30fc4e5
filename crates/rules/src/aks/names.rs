//! What Azure lets names look like.

/// What Azure lets a name hold besides letters and digits, which it must start and end with.
pub(crate) struct NameRule {
    /// So many characters at most.
    pub(crate) longest: usize,
    /// Characters that may stand inside.
    pub(crate) inside: &'static [char],
    /// All that may stand in it, in words.
    pub(crate) words: &'static str,
}

impl NameRule {
    /// What is wrong with a name, in words to stand behind it.
    pub(crate) fn refuse(&self, name: &str) -> Option<String> {
        let is_plain = |c: char| c.is_ascii_alphanumeric();
        let ends = [name.chars().next(), name.chars().next_back()];
        let length = name.chars().count();
        if length == 0 {
            Some(", which is empty".to_owned())
        } else if length > self.longest {
            Some(format!(
                ", which has {length} characters and may have {}",
                self.longest
            ))
        } else if !name
            .chars()
            .all(|c| is_plain(c) || self.inside.contains(&c))
        {
            Some(format!(", but may hold {} only", self.words))
        } else if !ends.into_iter().flatten().all(is_plain) {
            Some(", but must start and end with a letter or digit".to_owned())
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: NameRule = NameRule {
        longest: 5,
        inside: &['-'],
        words: "letters, digits and hyphens",
    };

    #[test]
    fn names_start_and_end_with_letters_or_digits() {
        for name in ["a", "7", "ab", "a-b-c", "ABCDE"] {
            assert_eq!(NAMES.refuse(name), None, "{name}");
        }
        for name in ["", "-a", "a-", "-", "a_b", "é", "abcdef"] {
            assert!(NAMES.refuse(name).is_some(), "{name}");
        }
    }
}
