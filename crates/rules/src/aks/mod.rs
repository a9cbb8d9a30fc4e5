//! Azure Kubernetes Service.

mod authorized_ip_ranges_docs;

pub use authorized_ip_ranges_docs::META as AUTHORIZED_IP_RANGES;
