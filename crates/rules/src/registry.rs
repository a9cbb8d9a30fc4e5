//! The list of rules.

use std::sync::LazyLock;

use crate::rule::{Rule, RuleMeta};

/// Every rule, sorted by name.
pub static RULES: &[&Rule] = &[&crate::aks::authorized_ip_ranges::RULE];

/// What is known of every rule, sorted by name.
#[must_use]
pub fn rules() -> &'static [&'static RuleMeta] {
    static METAS: LazyLock<Vec<&'static RuleMeta>> =
        LazyLock::new(|| RULES.iter().map(|rule| rule.meta).collect());
    &METAS
}

/// The rule with a name or alias; letter case does not matter.
#[must_use]
pub fn find_rule(name: &str) -> Option<&'static Rule> {
    let is = |known: &&str| known.eq_ignore_ascii_case(name);
    RULES
        .iter()
        .copied()
        .find(|rule| is(&rule.meta.name) || rule.meta.aliases.iter().any(|alias| is(&alias)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_sorted_and_every_name_is_unique() {
        let names: Vec<_> = rules().iter().map(|meta| meta.name).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        for rule in rules() {
            for name in std::iter::once(&rule.name).chain(rule.aliases) {
                assert!(
                    std::ptr::eq(find_rule(&name.to_uppercase()).unwrap().meta, rule),
                    "{name}"
                );
            }
        }
    }
}
