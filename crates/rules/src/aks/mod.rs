//! Rules about Azure Kubernetes Service.

pub(crate) mod authorized_ip_ranges;
pub(crate) mod local_accounts_enabled;
pub(crate) mod pools;
pub(crate) mod ranges;
pub(crate) mod ranges_host_bits;
pub(crate) mod ranges_ipv6;
pub(crate) mod ranges_not_public;
pub(crate) mod ranges_open_to_all;
pub(crate) mod ranges_overlap;
pub(crate) mod ranges_placeholder;
pub(crate) mod ranges_sentinel_mixed;
pub(crate) mod ranges_service_tag;
pub(crate) mod ranges_too_many;
pub(crate) mod ranges_with_basic_load_balancer;
pub(crate) mod ranges_with_node_public_ips;
pub(crate) mod ranges_with_private_cluster;
pub(crate) mod versions;

/// The type of clusters.
pub(crate) const MANAGED_CLUSTER: &str = "Microsoft.ContainerService/managedClusters";
/// The type of pools that are resources of their own.
pub(crate) const AGENT_POOL: &str = "Microsoft.ContainerService/managedClusters/agentPools";
