//! "Did you mean": the nearest of some names, by the rule of the reference compiler (`SpellChecker`).
//!
//! A third of the letters may differ, the length by two at most, letter case not at all. Of equally
//! near names the first one in the given order is taken, so that the order matters.

/// The candidate that `name` is probably meant to be.
#[must_use]
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted: Vec<char> = upper(name);
    // 0.34 allows one edit for every three letters.
    let allowed = wanted.len() * 34 / 100;
    let mut best = None;
    let mut limit = allowed;
    let mut only_case = false;
    for candidate in candidates {
        let letters = upper(candidate);
        if letters.is_empty() || wanted.len().abs_diff(letters.len()) > allowed.min(2) {
            continue;
        }
        if letters == wanted {
            return Some(candidate);
        }
        if only_case || letters.len() < 3 {
            continue;
        }
        let Some(distance) = distance(&wanted, &letters, limit) else {
            continue;
        };
        best = Some(candidate);
        // Nothing is nearer than one edit but another spelling of the same letters.
        only_case = distance < 2;
        limit = distance.saturating_sub(1);
    }
    best
}

fn upper(text: &str) -> Vec<char> {
    let simple = |c: char| {
        let mut upper = c.to_uppercase();
        // Letters with a longer upper case form stay as they are, as with `ToUpperInvariant`.
        upper.next().filter(|_| upper.next().is_none()).unwrap_or(c)
    };
    text.chars().map(simple).collect()
}

/// The Levenshtein distance, unless it is greater than `limit`.
fn distance(a: &[char], b: &[char], limit: usize) -> Option<usize> {
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    let mut current = vec![0; b.len() + 1];
    for (i, x) in a.iter().enumerate() {
        current[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            current[j + 1] = if x == y {
                previous[j]
            } else {
                1 + previous[j].min(previous[j + 1]).min(current[j])
            };
        }
        if current.iter().min().is_some_and(|&least| least > limit) {
            return None;
        }
        std::mem::swap(&mut previous, &mut current);
    }
    previous
        .last()
        .copied()
        .filter(|&distance| distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn one_edit_for_every_three_letters() {
        assert_eq!(nearest("locatoin", ["kind", "location"]), Some("location"));
        assert_eq!(nearest("descriptiOn", ["description"]), Some("description"));
        assert_eq!(nearest("zonez", ["zone"]), Some("zone"));
        assert_eq!(nearest("etag", ["tags"]), None);
        assert_eq!(nearest("ab", ["abc"]), None);
    }

    #[test]
    fn quotes_count_as_letters_of_literals() {
        assert_eq!(nearest("'Dxnx'", ["'Audit'", "'Deny'"]), Some("'Deny'"));
        assert_eq!(nearest("'Dxxx'", ["'Audit'", "'Deny'"]), None);
    }

    #[test]
    fn letter_case_alone_wins_and_of_equals_the_first() {
        assert_eq!(nearest("Abcd", ["abce", "abcd"]), Some("abcd"));
        assert_eq!(nearest("abcd", ["abce", "abcf"]), Some("abce"));
        assert_eq!(nearest("AB", ["xy", "ab"]), Some("ab"));
    }
}
