//! The list of rules.

use std::sync::LazyLock;

use crate::aks;
use crate::rule::{Rule, RuleMeta};

/// Every rule, sorted by name.
pub static RULES: &[&Rule] = &[
    &aks::authorized_ip_ranges::RULE,
    &aks::ranges_host_bits::RULE,
    &aks::ranges_ipv6::RULE,
    &aks::ranges_not_public::RULE,
    &aks::ranges_open_to_all::RULE,
    &aks::ranges_overlap::RULE,
    &aks::ranges_placeholder::RULE,
    &aks::ranges_sentinel_mixed::RULE,
    &aks::ranges_service_tag::RULE,
    &aks::ranges_too_many::RULE,
    &aks::ranges_with_basic_load_balancer::RULE,
    &aks::ranges_with_node_public_ips::RULE,
    &aks::ranges_with_private_cluster::RULE,
    &aks::local_accounts_enabled::RULE,
];

/// What is known of every rule, sorted by name.
#[must_use]
pub fn rules() -> &'static [&'static RuleMeta] {
    static METAS: LazyLock<Vec<&'static RuleMeta>> =
        LazyLock::new(|| RULES.iter().map(|rule| rule.meta).collect());
    &METAS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_sorted_and_every_name_is_unique() {
        let names: Vec<_> = rules().iter().map(|meta| meta.name).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        let mut seen = std::collections::BTreeSet::new();
        for rule in rules() {
            for name in std::iter::once(&rule.name).chain(rule.aliases) {
                assert!(seen.insert(name.to_lowercase()), "{name} is used twice");
            }
        }
    }
}
