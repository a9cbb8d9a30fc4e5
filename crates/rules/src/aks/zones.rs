//! Regions with availability zones: the list grows, so it has a date.

/// The regions by the names that programs use, looked up on 2026-11-24 in
/// <https://learn.microsoft.com/azure/reliability/regions-list> and the pages of the other clouds.
const REGIONS: &[&str] = &[
    "australiaeast",
    "austriaeast",
    "belgiumcentral",
    "brazilsouth",
    "canadacentral",
    "centralindia",
    "centralus",
    "centraluseuap",
    "chilecentral",
    "chinanorth3",
    "eastasia",
    "eastus",
    "eastus2",
    "eastus2euap",
    "francecentral",
    "germanywestcentral",
    "indonesiacentral",
    "israelcentral",
    "italynorth",
    "japaneast",
    "japanwest",
    "koreacentral",
    "malaysiawest",
    "mexicocentral",
    "newzealandnorth",
    "northeurope",
    "norwayeast",
    "polandcentral",
    "qatarcentral",
    "southafricanorth",
    "southcentralus",
    "southeastasia",
    "spaincentral",
    "swedencentral",
    "switzerlandnorth",
    "uaenorth",
    "uksouth",
    "usgovvirginia",
    "westeurope",
    "westus2",
    "westus3",
];

/// Regions that exist and have none, of the same date.
const WITHOUT: &[&str] = &[
    "australiacentral",
    "australiacentral2",
    "australiasoutheast",
    "brazilsoutheast",
    "canadaeast",
    "chinaeast",
    "chinaeast2",
    "chinaeast3",
    "chinanorth",
    "chinanorth2",
    "francesouth",
    "germanynorth",
    "jioindiacentral",
    "jioindiawest",
    "koreasouth",
    "northcentralus",
    "norwaywest",
    "southafricawest",
    "southindia",
    "swedensouth",
    "switzerlandwest",
    "uaecentral",
    "ukwest",
    "usdodcentral",
    "usdodeast",
    "usgovarizona",
    "usgovtexas",
    "westcentralus",
    "westindia",
    "westus",
];

/// Whether a region has availability zones, or is one of `more`. Letter case and blanks do not matter.
/// `None`: the region is younger than the lists.
pub(crate) fn has_zones(region: &str, more: &[String]) -> Option<bool> {
    let region = folded(region);
    let has_zones =
        REGIONS.contains(&region.as_str()) || more.iter().any(|other| folded(other) == region);
    (has_zones || WITHOUT.contains(&region.as_str())).then_some(has_zones)
}

/// `West Europe` is `westeurope`.
fn folded(region: &str) -> String {
    let letters = region.chars().filter(|letter| !letter.is_whitespace());
    letters.collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_known_by_either_name_and_users_may_add_some() {
        assert_eq!(has_zones("westeurope", &[]), Some(true));
        assert_eq!(has_zones("West Europe", &[]), Some(true));
        assert_eq!(has_zones("westus", &[]), Some(false));
        assert_eq!(has_zones("antarcticanorth", &[]), None);
        let more = ["Antarctica North".to_owned()];
        assert_eq!(has_zones("antarcticanorth", &more), Some(true));
        assert!(REGIONS.is_sorted() && WITHOUT.is_sorted());
    }
}
