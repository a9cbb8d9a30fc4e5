//! Rules about Azure Kubernetes Service.

pub(crate) mod authorized_ip_ranges;
