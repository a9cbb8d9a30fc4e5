//! The order of API versions: `yyyy-mm-dd`, or that and `-preview`.

use std::cmp::Ordering;

/// Bytes of a date.
const DATE: usize = 10;

/// Compares API versions by age, without regard to case: by date, and of one day the previews are
/// older than the version without a suffix.
#[must_use]
pub fn compare_versions(one: &str, other: &str) -> Ordering {
    let (date, suffix) = parts(one);
    let (other_date, other_suffix) = parts(other);
    ignoring_case(date, other_date)
        .then_with(|| suffix.is_empty().cmp(&other_suffix.is_empty()))
        .then_with(|| ignoring_case(suffix, other_suffix))
}

/// Whether the version has a suffix, as `-preview`.
#[must_use]
pub fn is_preview(version: &str) -> bool {
    !parts(version).1.is_empty()
}

fn parts(version: &str) -> (&str, &str) {
    version.split_at_checked(DATE).unwrap_or((version, ""))
}

/// Compares texts as if all their ASCII letters were small.
pub(crate) fn ignoring_case(one: &str, other: &str) -> Ordering {
    let small = |byte: u8| byte.to_ascii_lowercase();
    one.bytes().map(small).cmp(other.bytes().map(small))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_sorted_by_date_and_previews_come_first() {
        let sorted = [
            "",
            "2023",
            "2023-01-01",
            "2023-01-02-alpha",
            "2023-01-02-preview",
            "2023-01-02",
            "2024-01-01-preview",
        ];
        for (at, one) in sorted.iter().enumerate() {
            for (other_at, other) in sorted.iter().enumerate() {
                assert_eq!(
                    compare_versions(one, other),
                    at.cmp(&other_at),
                    "{one} {other}"
                );
            }
        }
    }

    #[test]
    fn what_has_a_suffix_is_a_preview() {
        assert!(is_preview("2023-01-01-preview"));
        assert!(!is_preview("2023-01-01"));
    }

    #[test]
    fn case_makes_no_difference() {
        let order = compare_versions("2023-01-01-PREVIEW", "2023-01-01-preview");
        assert_eq!(order, Ordering::Equal);
    }

    #[test]
    fn any_text_can_be_compared() {
        assert_eq!(
            compare_versions("123456789é", "123456789é"),
            Ordering::Equal
        );
    }
}
