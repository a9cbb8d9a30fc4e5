//! Rules about Azure Kubernetes Service.

pub(crate) mod authorized_ip_ranges;
mod authorized_ip_ranges_docs;
