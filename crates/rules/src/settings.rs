//! What users may set about rules: thresholds and name formats, with the values that count if they do
//! not. The defaults are those of PSRule for Azure, which names each option (`aks-rules.tsv`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::aks::versions::Version;
use crate::format;

/// The settings of all rules: the section `options` of the configuration, whose keys are the names of
/// the fields in camel case. The schema is made of the fields too, and texts are held to it before they
/// come here.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Settings {
    /// The oldest Kubernetes version that is good enough: `major.minor.patch` or `major.minor`.
    #[schemars(regex(pattern = r"^\d{1,6}\.\d{1,6}(\.\d{1,6})?$"))]
    pub minimum_kubernetes_version: String,
    /// So many pods must fit on a node.
    #[schemars(range(min = 0))]
    pub minimum_max_pods: i64,
    /// So many nodes must all system pools have together.
    #[schemars(range(min = 0))]
    pub minimum_system_nodes: i64,
    /// So many nodes must each user pool have.
    #[schemars(range(min = 0))]
    pub minimum_user_nodes: i64,
    /// Names of user pools that may be smaller.
    pub excluded_user_pools: Vec<String>,
    /// The longest prefix that a subnet of nodes with the Azure network plugin may have, in bits.
    #[schemars(range(min = 0, max = 32))]
    pub longest_subnet_prefix: i64,
    /// Log and metric categories of the platform that must be collected.
    pub platform_log_categories: Vec<String>,
    /// Regions that have availability zones besides those known, in any letter case, with or without
    /// blanks.
    pub additional_zone_regions: Vec<String>,
    /// What names of clusters must match, as a regular expression; `None`: any name is right.
    #[schemars(extend("format" = "regex"))]
    pub cluster_name_format: Option<String>,
    /// What names of system pools must match.
    #[schemars(extend("format" = "regex"))]
    pub system_pool_name_format: Option<String>,
    /// What names of user pools must match.
    #[schemars(extend("format" = "regex"))]
    pub user_pool_name_format: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let categories = [
            "cluster-autoscaler",
            "kube-apiserver",
            "kube-controller-manager",
            "kube-scheduler",
            "AllMetrics",
        ];
        Self {
            minimum_kubernetes_version: crate::aks::versions::MINIMUM.version.to_owned(),
            minimum_max_pods: 50,
            minimum_system_nodes: 3,
            minimum_user_nodes: 3,
            excluded_user_pools: Vec::new(),
            longest_subnet_prefix: 23,
            platform_log_categories: categories.map(str::to_owned).to_vec(),
            additional_zone_regions: Vec::new(),
            cluster_name_format: None,
            system_pool_name_format: None,
            user_pool_name_format: None,
        }
    }
}

impl Settings {
    /// What is wrong with them: the name of a setting, and what is wrong, on one line. Rules that need
    /// such a setting cannot tell.
    #[must_use]
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let formats = [
            ("cluster_name_format", &self.cluster_name_format),
            ("system_pool_name_format", &self.system_pool_name_format),
            ("user_pool_name_format", &self.user_pool_name_format),
        ];
        let mut problems = Vec::new();
        for (name, text) in formats {
            let Some(Err(why)) = text.as_deref().map(format::read) else {
                continue;
            };
            problems.push((name, format!("no regular expression: {why}")));
        }
        if Version::read(&self.minimum_kubernetes_version).is_none() {
            let why = "no version such as `1.33.7`".to_owned();
            problems.push(("minimum_kubernetes_version", why));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_cannot_be_read_are_named() {
        assert_eq!(Settings::default().problems(), []);
        let settings = Settings {
            cluster_name_format: Some("[".to_owned()),
            user_pool_name_format: Some("^u".to_owned()),
            minimum_kubernetes_version: "new".to_owned(),
            ..Settings::default()
        };
        let problems = settings.problems();
        let names: Vec<_> = problems.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["cluster_name_format", "minimum_kubernetes_version"]);
    }
}
