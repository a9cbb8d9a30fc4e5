//! Rules about Azure Kubernetes Service.

pub(crate) mod authorized_ip_ranges;
pub(crate) mod auto_upgrade_disabled;
pub(crate) mod azure_policy_disabled;
pub(crate) mod azure_rbac_disabled;
pub(crate) mod basic_load_balancer;
pub(crate) mod cluster_name_invalid;
pub(crate) mod cluster_name_nonstandard;
pub(crate) mod cluster_not_private;
pub(crate) mod container_insights_disabled;
pub(crate) mod dashboard_enabled;
pub(crate) mod defaults;
pub(crate) mod defender_disabled;
pub(crate) mod dns_prefix_invalid;
pub(crate) mod http_application_routing_enabled;
pub(crate) mod kubernetes_version_old;
pub(crate) mod local_accounts_enabled;
pub(crate) mod names;
pub(crate) mod no_azure_cni;
pub(crate) mod no_disk_encryption_set;
pub(crate) mod no_entra_id;
pub(crate) mod no_managed_identity;
pub(crate) mod no_network_policy;
pub(crate) mod no_uptime_sla;
pub(crate) mod node_os_upgrade_disabled;
pub(crate) mod nodes;
pub(crate) mod pool_max_pods_too_low;
pub(crate) mod pool_node_public_ips;
pub(crate) mod pool_not_scale_set;
pub(crate) mod pool_os_disk_not_ephemeral;
pub(crate) mod pool_without_autoscaling;
pub(crate) mod pool_without_availability_zones;
pub(crate) mod pool_without_host_encryption;
pub(crate) mod pools;
pub(crate) mod public_network_access;
pub(crate) mod rbac_disabled;
pub(crate) mod secret_rotation_disabled;
pub(crate) mod secret_store_disabled;
pub(crate) mod system_pool_name_format;
pub(crate) mod user_pool_name_format;
pub(crate) mod user_pool_too_small;
pub(crate) mod versions;
pub(crate) mod zones;

/// The type of clusters.
pub(crate) const MANAGED_CLUSTER: &str = "Microsoft.ContainerService/managedClusters";
/// The type of pools that are resources of their own.
pub(crate) const AGENT_POOL: &str = "Microsoft.ContainerService/managedClusters/agentPools";
