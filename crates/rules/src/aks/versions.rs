//! Versions of Kubernetes: what is old ages, so it has a date.

/// A version and when it was looked up.
pub(crate) struct Dated {
    /// `major.minor.patch`
    pub(crate) version: &'static str,
    /// When it was looked up, `YYYY-MM-DD`.
    pub(crate) since: &'static str,
    /// Where it is from.
    pub(crate) source: &'static str,
}

/// The oldest version that is good enough unless users set another.
pub(crate) const MINIMUM: Dated = Dated {
    version: "1.33.7",
    since: "2026-11-23",
    source: "PSRule for Azure, `AZURE_AKS_CLUSTER_MINIMUM_VERSION`",
};
