//! The codes of findings that are no rules': problems of the text and of what stands around it. Those
//! of the compiler are recognized by their shape.

use tricep_rules::{RuleMeta, rules};
use tricep_semantic::types::{NOTES, nearest};

use super::{UnknownRule, find_rule};

/// A directive that silences nothing.
pub(crate) const UNUSED_SUPPRESSION: &str = "unused-suppression";
/// A directive that names a rule which is not there.
pub(crate) const UNKNOWN_SUPPRESSION: &str = "unknown-suppression";

/// Codes of our own that are neither a rule nor a note of the type checker.
const OWN: [&str; 5] = [
    "module-path-letter-case",
    "outside-workspace",
    "parameters-without-template",
    UNKNOWN_SUPPRESSION,
    UNUSED_SUPPRESSION,
];

/// The codes that have names.
pub(crate) fn named() -> impl Iterator<Item = &'static str> {
    NOTES.iter().copied().chain(OWN)
}

/// The code that a rule's name, an alias, or a code in any letter case stands for.
///
/// # Errors
/// When it is none.
pub(crate) fn code(rules: &[&'static RuleMeta], name: &str) -> Result<String, UnknownRule> {
    let upper = name.to_ascii_uppercase();
    let digits = upper.strip_prefix("BCP").or(upper.strip_prefix("TRI"));
    if digits.is_some_and(|d| d.len() == 3 && d.bytes().all(|b| b.is_ascii_digit())) {
        return Ok(upper);
    }
    if let Some(known) = named().find(|known| known.eq_ignore_ascii_case(name)) {
        return Ok(known.to_owned());
    }
    find_rule(rules, name).map(|rule| rule.name.to_owned())
}

/// The rule's name, alias or code that is probably meant.
pub(crate) fn meant(name: &str) -> Option<&'static str> {
    let rules = rules().iter();
    let names =
        rules.flat_map(|rule| std::iter::once(rule.name).chain(rule.aliases.iter().copied()));
    nearest(name, names.chain(named()))
}
