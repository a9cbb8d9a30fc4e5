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

/// Whether a region has availability zones, or is one of `more`. Letter case and blanks do not matter.
pub(crate) fn has_zones(region: &str, more: &[String]) -> bool {
    let region = folded(region);
    REGIONS.contains(&region.as_str()) || more.iter().any(|other| folded(other) == region)
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
        assert!(has_zones("westeurope", &[]));
        assert!(has_zones("West Europe", &[]));
        assert!(!has_zones("westus", &[]));
        assert!(has_zones(
            "antarcticanorth",
            &["Antarctica North".to_owned()]
        ));
        assert!(REGIONS.is_sorted());
    }
}
