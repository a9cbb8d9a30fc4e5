//! What the service makes of what a cluster leaves open, and what its API versions know. Each fact
//! stands here once, with its source.

use crate::answer::{Answer, Truth};
use crate::finding::Reason;
use crate::property::MISSING;
use crate::subject::Subject;

/// It is not set, and AKS Automatic has it set.
pub(crate) const PRESET: Reason = Reason::new("preset", "preset by AKS Automatic");

/// The page that says what AKS Automatic presets.
pub(crate) const AUTOMATIC_PAGE: (&str, &str) = (
    "What is Azure Kubernetes Service (AKS) Automatic?",
    "https://learn.microsoft.com/azure/aks/intro-aks-automatic",
);

/// From this API version on new clusters get node images when `nodeOSUpgradeChannel` is not set
/// (learn.microsoft.com, "Autoupgrade node OS images").
pub(crate) const NODE_IMAGE_SINCE: &str = "2023-06-01";

/// From this API version on the Defender profile is `securityProfile.defender`, before it was
/// `securityProfile.azureDefender` (Azure's types).
const DEFENDER_SINCE: &str = "2022-05-02";

/// From these API versions on, preview and general, container insights can be switched on in
/// `azureMonitorProfile.containerInsights` too (Azure's types).
const MONITOR_PROFILE_SINCE: (&str, &str) = ("2024-02-02", "2026-06-01");

/// A pricing tier with an uptime SLA, and the API versions that know it: from `since` on, and before
/// `until`.
struct Tier {
    name: &'static str,
    since: &'static str,
    until: &'static str,
}

/// From Azure's types. Version 2023-01-01 knows both `Paid` and `Standard`.
const TIERS_WITH_SLA: [Tier; 3] = [
    Tier {
        name: "Standard",
        since: "2023-01-01",
        until: "9999-12-31",
    },
    Tier {
        name: "Premium",
        since: "2023-03-01",
        until: "9999-12-31",
    },
    Tier {
        name: "Paid",
        since: "2020-03-01",
        until: "2023-02-01",
    },
];

/// The tiers with an uptime SLA that an API version knows; without one, those of the newest.
pub(crate) fn tiers_with_sla(date: Option<&str>) -> Vec<&'static str> {
    let date = date.unwrap_or("9999-01-01");
    TIERS_WITH_SLA
        .iter()
        .filter(|tier| tier.since <= date && date < tier.until)
        .map(|tier| tier.name)
        .collect()
}

/// Where the API version of a cluster has the switch of the Defender sensor.
pub(crate) fn defender_path(date: Option<&str>) -> &'static [&'static str] {
    if date.is_some_and(|date| date < DEFENDER_SINCE) {
        &["properties", "securityProfile", "azureDefender", "enabled"]
    } else {
        &[
            "properties",
            "securityProfile",
            "defender",
            "securityMonitoring",
            "enabled",
        ]
    }
}

/// Whether the API version of a cluster knows `azureMonitorProfile.containerInsights`.
pub(crate) fn has_monitor_profile(cluster: &Subject<'_, '_, '_>) -> bool {
    let Some(version) = &cluster.resource.declaration().api_version else {
        return true;
    };
    let (preview, general) = MONITOR_PROFILE_SINCE;
    version.date().is_none_or(|date| {
        let is_preview = version.as_str().len() > date.len();
        date >= if is_preview { preview } else { general }
    })
}

/// The answer about something that AKS Automatic has set unless the file says otherwise.
pub(crate) fn or_preset(cluster: &mut Subject<'_, '_, '_>, answer: Answer) -> Answer {
    if answer.reason != MISSING {
        return answer;
    }
    let sku = cluster.property(&["sku", "name"]);
    let automatic = sku.is_one_of(&cluster.resource, &["Automatic"]);
    match automatic.truth {
        Truth::No => answer,
        Truth::Open(_) => automatic,
        Truth::Yes => Answer {
            detail: format!("{} and preset by AKS Automatic", answer.detail),
            ..automatic.because(PRESET)
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_with_an_sla_follow_the_api_version() {
        assert_eq!(tiers_with_sla(None), ["Standard", "Premium"]);
        assert_eq!(tiers_with_sla(Some("2023-02-01")), ["Standard"]);
        assert_eq!(tiers_with_sla(Some("2023-01-01")), ["Standard", "Paid"]);
        assert_eq!(tiers_with_sla(Some("2022-11-02")), ["Paid"]);
        assert!(tiers_with_sla(Some("2019-08-01")).is_empty());
    }

    #[test]
    fn the_defender_profile_changed_its_shape() {
        assert!(defender_path(Some("2022-04-02")).contains(&"azureDefender"));
        assert!(defender_path(Some("2022-05-02")).contains(&"defender"));
        assert!(defender_path(None).contains(&"defender"));
    }
}
