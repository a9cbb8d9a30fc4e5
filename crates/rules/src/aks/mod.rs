//! Rules about Azure Kubernetes Service.

pub(crate) mod authorized_ip_ranges;
pub(crate) mod local_accounts_enabled;
pub(crate) mod pools;
pub(crate) mod versions;

/// The type of clusters.
pub(crate) const MANAGED_CLUSTER: &str = "Microsoft.ContainerService/managedClusters";
/// The type of pools that are resources of their own.
pub(crate) const AGENT_POOL: &str = "Microsoft.ContainerService/managedClusters/agentPools";
