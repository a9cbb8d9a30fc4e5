//! Letter case, dictionary order and searching of texts, as .NET does them in its invariant
//! culture on top of ICU.
//!
//! Enters: texts. Leaves: answers, or `None` where the engine's answer is not sure: letters
//! outside ASCII, accented Latin, basic Greek and Cyrillic are told apart from other scripts but
//! not put in order. Absent: comparison by code points, which the standard library has.

use std::cmp::Ordering;

use unicode_normalization::char::decompose_canonical;

/// ASCII punctuation and symbols in dictionary order (the root collation of CLDR), before digits
/// and letters: op-compare-0014, op-compare-0017, string-misc-0047.
const SIGNS: &str = "\t\n\u{b}\u{c}\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";

/// Accents in dictionary order, each with its weight.
const ACCENTS: [(char, u16); 13] = [
    ('\u{301}', 0x24),
    ('\u{300}', 0x25),
    ('\u{306}', 0x26),
    ('\u{302}', 0x27),
    ('\u{30c}', 0x28),
    ('\u{30a}', 0x29),
    ('\u{308}', 0x2b),
    ('\u{30b}', 0x2c),
    ('\u{303}', 0x2d),
    ('\u{307}', 0x2e),
    ('\u{327}', 0x30),
    ('\u{328}', 0x31),
    ('\u{304}', 0x32),
];

/// Weight of a letter without accent on the second level.
const PLAIN: u16 = 0x20;

/// Kinds of characters in the order in which a dictionary has them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Group {
    Punctuation,
    Symbol,
    Currency,
    Digit,
    Latin,
    Greek,
    Cyrillic,
    Han,
    Last,
}

/// What a dictionary looks at first.
#[derive(Clone, Copy, Debug)]
struct Primary {
    group: Group,
    /// The place inside the group, where it is known.
    place: Option<u32>,
    /// The character without case, which tells whether two are the same.
    letter: char,
}

impl Primary {
    fn same(self, other: Self) -> bool {
        self.group == other.group
            && match (self.place, other.place) {
                (Some(a), Some(b)) => a == b,
                (None, None) => self.letter == other.letter,
                _ => false,
            }
    }

    fn order(self, other: Self) -> Option<Ordering> {
        if self.same(other) {
            return Some(Ordering::Equal);
        }
        if self.group != other.group {
            return Some(self.group.cmp(&other.group));
        }
        Some(self.place?.cmp(&other.place?))
    }
}

/// One unit of comparison: a letter, an accent, or a part of a ligature.
#[derive(Clone, Copy, Debug)]
struct Unit {
    /// `None` for an accent.
    primary: Option<Primary>,
    secondary: u16,
    tertiary: u8,
    /// The UTF-16 index of its character.
    at: usize,
    /// Whether it continues the character of the unit before.
    inner: bool,
    /// Whether characters that do not count stand right before it.
    after_ignored: bool,
}

impl Unit {
    fn same_but_case(&self, other: &Self) -> bool {
        let primary = match (self.primary, other.primary) {
            (Some(a), Some(b)) => a.same(b),
            (None, None) => true,
            _ => false,
        };
        primary && self.secondary == other.secondary
    }
}

/// Characters that no comparison counts: string-search-0019, string-search-0020,
/// string-search-0021.
fn ignored(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{ad}' | '\u{200c}' | '\u{200d}'
        | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// The letters of ligatures and the like, with the weight that tells them from the plain letters:
/// on the third level (`ﬁ`), or between the letters on the second (`ß`, op-compare-0117).
fn expansion(c: char) -> Option<(&'static str, Option<u16>)> {
    Some(match c {
        'ﬀ' => ("ff", None),
        'ﬁ' => ("fi", None),
        'ﬂ' => ("fl", None),
        'ﬃ' => ("ffi", None),
        'ﬄ' => ("ffl", None),
        'ß' => ("ss", Some(0x118)),
        'æ' => ("ae", Some(0x110)),
        'Æ' => ("AE", Some(0x110)),
        _ => return None,
    })
}

/// The units of a text; `None` when it holds a character that is not covered.
fn units(text: &str) -> Option<Vec<Unit>> {
    let mut units = Vec::with_capacity(text.len());
    let mut at = 0;
    let mut after_ignored = false;
    for c in text.chars() {
        let from = units.len();
        if !ignored(c) {
            push_units(&mut units, c, at)?;
            units[from].after_ignored = after_ignored;
        }
        after_ignored = ignored(c);
        at += c.len_utf16();
    }
    Some(units)
}

fn push_units(units: &mut Vec<Unit>, c: char, at: usize) -> Option<()> {
    let from = units.len();
    let mut push = |primary, secondary, tertiary| {
        let inner = units.len() > from;
        units.push(Unit {
            primary,
            secondary,
            tertiary,
            at,
            inner,
            after_ignored: false,
        });
    };
    if let Some((letters, mark)) = expansion(c) {
        for (index, letter) in letters.chars().enumerate() {
            if let (1, Some(mark)) = (index, mark) {
                push(None, mark, 4);
            }
            push(Some(primary(letter)?), PLAIN, tertiary(letter) + 2);
        }
        return Some(());
    }
    if let Some((digit, _)) = [('2', '²'), ('3', '³'), ('1', '¹')]
        .iter()
        .find(|(_, s)| *s == c)
    {
        push(Some(primary(*digit)?), PLAIN, 20); // string-misc-0050
        return Some(());
    }
    if let Some(weight) = accent(c) {
        push(None, weight, 2);
        return Some(());
    }
    let mut parts = Vec::new();
    decompose_canonical(c, |part| parts.push(part));
    match parts[..] {
        [letter] => push(Some(primary(letter)?), PLAIN, tertiary(letter)),
        [letter, ref accents @ ..] if letter.is_ascii_alphabetic() || is_basic_greek(letter) => {
            push(Some(primary(letter)?), PLAIN, tertiary(letter));
            for mark in accents {
                push(None, accent(*mark)?, 2);
            }
        }
        // Such as й, a letter of its own although it can be taken apart.
        _ => push(Some(primary(c)?), PLAIN, tertiary(c)),
    }
    Some(())
}

fn accent(c: char) -> Option<u16> {
    ACCENTS
        .iter()
        .find(|(mark, _)| *mark == c)
        .map(|(_, weight)| *weight)
}

fn is_basic_greek(c: char) -> bool {
    matches!(c, 'Α'..='Ω' | 'α'..='ω')
}

fn tertiary(c: char) -> u8 {
    if simple_lower(c) == c { 2 } else { 8 }
}

fn primary(c: char) -> Option<Primary> {
    let letter = match simple_lower(c) {
        'ς' => 'σ', // string-search-0082
        lower => lower,
    };
    let code = u32::from(letter);
    let (group, place) = match letter {
        '$' => (Group::Currency, Some(0)),
        '0'..='9' => (Group::Digit, Some(code)),
        'a'..='z' => (Group::Latin, Some(code)),
        c if c.is_ascii() => {
            let place = SIGNS.find(c)?;
            let symbol = place > SIGNS.find('%')?;
            let group = if symbol {
                Group::Symbol
            } else {
                Group::Punctuation
            };
            (group, Some(u32::try_from(place).ok()?))
        }
        // Ligatures and the like that are not taken apart here.
        'ĳ' | 'ŀ' | 'ŉ' | 'ſ' | '\u{1c4}'..='\u{1cc}' | '\u{1f1}'..='\u{1f3}' => return None,
        // Letters that go among the Latin ones in some place: ø, ł, ð, ı.
        '\u{df}'..='\u{24f}' if c.is_alphabetic() => (Group::Latin, None),
        'α'..='ω' => (Group::Greek, Some(code)),
        'а'..='я' if code != 0x439 => (Group::Cyrillic, Some(code)),
        '\u{430}'..='\u{4ff}' if c.is_alphabetic() => (Group::Cyrillic, None),
        '\u{4e00}'..='\u{9fff}' => (Group::Han, None),
        // Skin tones belong to the character before them.
        '\u{1f3fb}'..='\u{1f3ff}' => return None,
        '\u{1f300}'..='\u{1faff}' => (Group::Symbol, None), // op-compare-0025
        '\u{ffff}' => (Group::Last, Some(0)),               // op-compare-0026
        _ => return None,
    };
    Some(Primary {
        group,
        place,
        letter,
    })
}

/// Dictionary order; `None`: not sure.
pub(crate) fn order(a: &str, b: &str) -> Option<Ordering> {
    if a == b {
        return Some(Ordering::Equal);
    }
    let (a, b) = (units(a)?, units(b)?);
    Some(
        primary_order(&a, &b)?
            .then_with(|| {
                a.iter()
                    .map(|u| u.secondary)
                    .cmp(b.iter().map(|u| u.secondary))
            })
            .then_with(|| {
                a.iter()
                    .map(|u| u.tertiary)
                    .cmp(b.iter().map(|u| u.tertiary))
            }),
    )
}

fn primary_order(a: &[Unit], b: &[Unit]) -> Option<Ordering> {
    let mut a = a.iter().filter_map(|unit| unit.primary);
    let mut b = b.iter().filter_map(|unit| unit.primary);
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Some(Ordering::Equal),
            (None, Some(_)) => return Some(Ordering::Less),
            (Some(_), None) => return Some(Ordering::Greater),
            (Some(a), Some(b)) => match a.order(b)? {
                Ordering::Equal => {}
                decided => return Some(decided),
            },
        }
    }
}

/// Where a search may match.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    First,
    Last,
    Start,
    End,
}

/// Whether the text starts with the part, ignoring case; `None`: not sure.
pub(crate) fn starts_with(text: &str, part: &str) -> Option<bool> {
    search(text, part, Where::Start).map(|at| at.is_some())
}

/// Whether the text ends with the part, ignoring case; `None`: not sure.
pub(crate) fn ends_with(text: &str, part: &str) -> Option<bool> {
    search(text, part, Where::End).map(|at| at.is_some())
}

/// The UTF-16 index of the first match, ignoring case; outer `None`: not sure.
pub(crate) fn index_of(text: &str, part: &str) -> Option<Option<usize>> {
    search(text, part, Where::First)
}

/// The UTF-16 index of the last match, ignoring case; outer `None`: not sure.
pub(crate) fn last_index_of(text: &str, part: &str) -> Option<Option<usize>> {
    search(text, part, Where::Last)
}

fn search(text: &str, part: &str, place: Where) -> Option<Option<usize>> {
    if part.is_empty() {
        // string-search-0094: the last place is the last character, not the end.
        let last = super::text::utf16_len(text).saturating_sub(1);
        return Some(Some(if place == Where::Last { last } else { 0 }));
    }
    if text == part && !part.contains(ignored) {
        return Some(Some(0));
    }
    if splits_line_end(text, part) {
        return None;
    }
    if is_simple(text) && is_simple(part) {
        return Some(search_ascii(text.as_bytes(), part.as_bytes(), place));
    }
    search_units(&units(text)?, &units(part)?, place)
}

/// A match inside of `\r\n` depends on the way the engine takes.
fn splits_line_end(text: &str, part: &str) -> bool {
    text.contains("\r\n") && part.contains(['\r', '\n'])
}

fn is_simple(text: &str) -> bool {
    text.is_ascii() && !text.chars().any(ignored)
}

fn search_ascii(text: &[u8], part: &[u8], place: Where) -> Option<usize> {
    let last = text.len().checked_sub(part.len())?;
    let matches = |at: &usize| text[*at..*at + part.len()].eq_ignore_ascii_case(part);
    match place {
        Where::First => (0..=last).find(matches),
        Where::Last => (0..=last).rev().find(matches),
        Where::Start => Some(0).filter(matches),
        Where::End => Some(last).filter(matches),
    }
}

fn search_units(text: &[Unit], part: &[Unit], place: Where) -> Option<Option<usize>> {
    let Some(first) = part.first() else {
        // Nothing that counts: everywhere. Where the last place is, is not sure.
        return (place != Where::Last).then_some(Some(0));
    };
    first.primary?;
    let Some(last) = text.len().checked_sub(part.len()) else {
        return Some(None);
    };
    let try_at = |at: usize| match_at(text, part, at);
    match place {
        Where::Start => Ok(Some(0)).and_then(|at| try_at(0).map(|hit| at.filter(|_| hit))),
        Where::End => try_at(last).map(|hit| hit.then_some(last)),
        Where::First => find(0..=last, try_at),
        Where::Last => find((0..=last).rev(), try_at),
    }
    .ok()
    .and_then(|found| match found {
        None => Some(None),
        Some(_) if place == Where::Start || place == Where::End => Some(Some(0)),
        // Whether the match takes in the characters before that do not count is not sure.
        Some(at) => (!text[at].after_ignored).then_some(Some(text[at].at)),
    })
}

/// A search that met a place of which it cannot be sure.
struct Unsure;

fn find(
    places: impl Iterator<Item = usize>,
    try_at: impl Fn(usize) -> Result<bool, Unsure>,
) -> Result<Option<usize>, Unsure> {
    for at in places {
        if try_at(at)? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// A match may not end before an accent (string-search-0102), and half a ligature is not sure.
fn match_at(text: &[Unit], part: &[Unit], at: usize) -> Result<bool, Unsure> {
    let end = at + part.len();
    if !(text[at..end].iter().zip(part)).all(|(a, b)| a.same_but_case(b)) {
        return Ok(false);
    }
    let next = text.get(end);
    if text[at].inner || next.is_some_and(|unit| unit.inner && unit.primary.is_some()) {
        return Err(Unsure);
    }
    Ok(next.is_none_or(|unit| unit.primary.is_some()))
}

/// The lower case form of one character; `İ` stays (string-case-0005).
pub(crate) fn simple_lower(c: char) -> char {
    single(c.to_lowercase()).unwrap_or(c)
}

/// The upper case form of one character: `ß`, `ı` and `ŉ` stay (string-case-0030,
/// string-case-0031), `ᾳ` has one of its own (string-case-0042).
pub(crate) fn simple_upper(c: char) -> char {
    let shifted = |by: u32| char::from_u32(u32::from(c) + by).unwrap_or(c);
    match c {
        'ı' => c,
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => shifted(8),
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => shifted(9),
        _ => single(c.to_uppercase()).unwrap_or(c),
    }
}

fn single(mut chars: impl Iterator<Item = char>) -> Option<char> {
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

/// Scripts whose case mappings are younger than the engine's tables may be.
fn case_unsure(c: char) -> bool {
    matches!(c,
        '\u{10d0}'..='\u{10ff}' | '\u{1c80}'..='\u{1cbf}' | '\u{13a0}'..='\u{13ff}'
        | '\u{ab70}'..='\u{abbf}' | '\u{a7c0}'..='\u{a7ff}')
        || c > '\u{1044f}'
}

/// Every character in lower case; `None`: not sure.
pub(crate) fn to_lower(text: &str) -> Option<String> {
    map_case(text, simple_lower)
}

/// Every character in upper case; `None`: not sure.
pub(crate) fn to_upper(text: &str) -> Option<String> {
    map_case(text, simple_upper)
}

fn map_case(text: &str, map: fn(char) -> char) -> Option<String> {
    text.chars()
        .map(|c| {
            let mapped = map(c);
            (mapped == c || !case_unsure(c)).then_some(mapped)
        })
        .collect()
}

/// The order of keys in `items()`: by code points of the upper case forms, so that `_` comes
/// after letters (object-items-0009, object-items-0011).
pub(crate) fn key_order(a: &str, b: &str) -> Ordering {
    a.chars().map(simple_upper).cmp(b.chars().map(simple_upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn less(a: &str, b: &str) -> bool {
        order(a, b) == Some(Ordering::Less)
    }

    #[test]
    fn dictionary_order_has_punctuation_before_digits_before_letters() {
        assert!(less("a", "A")); // op-compare-0004
        assert!(less("a", "B")); // op-compare-0006
        assert!(!less("B", "a")); // op-compare-0039
        assert!(!less("Z", "a")); // op-compare-0040
        assert!(less("_", "a")); // op-compare-0014
        assert!(less("a_", "a0")); // op-compare-0017
        assert!(less("10", "9")); // op-compare-0012
        assert!(less("~", "a")); // op-compare-0061
        assert!(!less("a.b", "a_b")); // string-misc-0047
        assert!(!less("a1", "a-1")); // string-misc-0048
        assert!(less("co-op", "coop")); // op-compare-0030
        assert!(less("co op", "coop")); // string-misc-0046
    }

    #[test]
    fn accents_count_after_letters() {
        assert!(less("é", "f")); // op-compare-0018
        assert!(!less("z", "é")); // op-compare-0020
        assert!(less("e", "é")); // op-compare-0083
        assert!(less("ö", "z")); // op-compare-0064
        assert_eq!(order("e\u{301}", "é"), Some(Ordering::Equal)); // op-compare-0023
        assert!(less("ss", "ß")); // op-compare-0117
        assert!(less("ß", "t")); // op-compare-0118
        assert!(less("ae", "æ")); // string-misc-0045
        assert!(less("²", "3")); // string-misc-0050
    }

    #[test]
    fn scripts_have_their_order_but_letters_of_a_script_may_be_unsure() {
        assert!(less("z", "Ж")); // op-compare-0056
        assert!(less("😀", "a")); // op-compare-0025
        assert!(less("😀", "\u{ffff}")); // op-compare-0026
        assert_eq!(order("ł", "m"), None);
        assert_eq!(order("เ", "a"), None);
    }

    #[test]
    fn searching_ignores_case_and_what_does_not_count() {
        assert_eq!(starts_with("ABC", "ab"), Some(true)); // string-search-0003
        assert_eq!(starts_with("abc", "abcd"), Some(false)); // string-search-0007
        assert_eq!(starts_with("éa", "e\u{301}"), Some(true)); // string-search-0013
        assert_eq!(starts_with("ıx", "I"), Some(false)); // string-search-0016
        assert_eq!(starts_with("\u{212a}x", "k"), Some(true)); // string-search-0017
        assert_eq!(starts_with("ﬁx", "fi"), Some(true)); // string-search-0018
        assert_eq!(starts_with("a\u{ad}b", "ab"), Some(true)); // string-search-0019
        assert_eq!(starts_with("ab", "a\0"), Some(true)); // string-search-0021
        assert_eq!(starts_with("ﬀ", "FF"), Some(true)); // string-misc-0040
        assert_eq!(ends_with("straße", "SS"), Some(false)); // string-search-0040
        assert_eq!(ends_with("éa", "e\u{301}"), Some(false)); // string-search-0043
        assert_eq!(ends_with("ab", "a\0"), Some(false)); // string-search-0051
        assert_eq!(ends_with("a\u{200d}b", "ab"), Some(true)); // string-search-0050
    }

    #[test]
    fn indices_are_utf16_units() {
        assert_eq!(index_of("banana", "AN"), Some(Some(1))); // string-search-0089
        assert_eq!(index_of("a😀b", "b"), Some(Some(3))); // string-search-0152
        assert_eq!(index_of("straße", "SS"), Some(None)); // string-search-0070
        assert_eq!(index_of("ς", "Σ"), Some(Some(0))); // string-search-0082
        assert_eq!(index_of("ΣΑΣ", "σ"), Some(Some(0))); // string-search-0090
        assert_eq!(index_of("ÅÅ", "å"), Some(Some(0))); // string-search-0162
        assert_eq!(index_of("naïve", "I"), Some(None)); // string-misc-0043
        assert_eq!(last_index_of("abc", ""), Some(Some(2))); // string-search-0094
        assert_eq!(last_index_of("", ""), Some(Some(0))); // string-search-0095
        assert_eq!(last_index_of("e\u{301}a", "e"), Some(None)); // string-search-0102
        assert_eq!(last_index_of("İx", "i"), Some(None)); // string-search-0105
        assert_eq!(last_index_of("ΣΑΣ", "σ"), Some(Some(2))); // string-search-0120
        assert_eq!(last_index_of("ab", "a\0"), Some(Some(0))); // string-search-0111
    }

    #[test]
    fn case_is_mapped_one_character_at_a_time() {
        assert_eq!(to_lower("straße ẞ").as_deref(), Some("straße ß")); // string-case-0004
        assert_eq!(to_lower("İstanbul ı").as_deref(), Some("İstanbul ı")); // string-case-0005
        assert_eq!(to_lower("ΑΣ ς σ").as_deref(), Some("ασ ς σ")); // string-case-0006
        assert_eq!(to_upper("straße ẞ").as_deref(), Some("STRAßE ẞ")); // string-case-0030
        assert_eq!(to_upper("İstanbul ı").as_deref(), Some("İSTANBUL ı")); // string-case-0031
        assert_eq!(to_upper("ᾳ ΐ").as_deref(), Some("ᾼ ΐ")); // string-case-0042
        assert_eq!(to_upper("ÿ µ ſ").as_deref(), Some("Ÿ Μ S")); // string-misc-0037
        assert_eq!(to_upper("𐐨").as_deref(), Some("𐐀")); // op-equality-0255
    }

    #[test]
    fn keys_sort_by_upper_case_forms() {
        assert_eq!(key_order("ab", "a_b"), Ordering::Less); // object-items-0009
        assert_eq!(key_order("a", "A"), Ordering::Equal);
        assert_eq!(key_order("\u{ffff}", "😀"), Ordering::Less); // object-items-0011
    }
}
