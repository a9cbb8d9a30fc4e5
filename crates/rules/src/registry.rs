//! The list of rules.

use std::sync::LazyLock;

use crate::aks;
use crate::rule::{Rule, RuleMeta};

/// Every rule, sorted by name.
pub static RULES: &[&Rule] = &[
    &aks::audit_logs_not_collected::RULE,
    &aks::authorized_ip_ranges::RULE,
    &aks::auto_upgrade_disabled::RULE,
    &aks::azure_policy_disabled::RULE,
    &aks::azure_rbac_disabled::RULE,
    &aks::basic_load_balancer::RULE,
    &aks::cluster_name_format::RULE,
    &aks::cluster_name_invalid::RULE,
    &aks::cluster_not_private::RULE,
    &aks::container_insights_disabled::RULE,
    &aks::dashboard_enabled::RULE,
    &aks::defender_disabled::RULE,
    &aks::dns_prefix_invalid::RULE,
    &aks::full_audit_logs_collected::RULE,
    &aks::http_application_routing_enabled::RULE,
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
    &aks::kubernetes_version_old::RULE,
    &aks::local_accounts_enabled::RULE,
    &aks::maintenance_window_missing::RULE,
    &aks::managed_nsg_custom_rules::RULE,
    &aks::no_azure_cni::RULE,
    &aks::no_disk_encryption_set::RULE,
    &aks::no_entra_id::RULE,
    &aks::no_managed_identity::RULE,
    &aks::no_network_policy::RULE,
    &aks::no_uptime_sla::RULE,
    &aks::node_os_upgrade_disabled::RULE,
    &aks::platform_logs_not_collected::RULE,
    &aks::pool_max_pods_too_low::RULE,
    &aks::pool_node_public_ips::RULE,
    &aks::pool_not_scale_set::RULE,
    &aks::pool_os_disk_not_ephemeral::RULE,
    &aks::pool_version_differs::RULE,
    &aks::pool_without_autoscaling::RULE,
    &aks::pool_without_availability_zones::RULE,
    &aks::pool_without_host_encryption::RULE,
    &aks::public_network_access::RULE,
    &aks::rbac_disabled::RULE,
    &aks::secret_rotation_disabled::RULE,
    &aks::secret_store_disabled::RULE,
    &aks::subnet_too_small::RULE,
    &aks::system_nodes_too_few::RULE,
    &aks::system_pool_name_format::RULE,
    &aks::system_pool_open_to_workloads::RULE,
    &aks::user_pool_name_format::RULE,
    &aks::user_pool_too_small::RULE,
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
