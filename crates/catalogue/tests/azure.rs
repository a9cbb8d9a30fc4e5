//! What the embedded pack says of a few types that people know.

use tricep_catalogue::{
    Catalogue, Flags, Kind, Object, Property, Resource, Scopes, Text, azure, compare_versions,
};

const CLUSTERS: &str = "Microsoft.ContainerService/managedClusters";

fn resource(name: &str, version: &str) -> Resource<'static> {
    let found = azure().resource(name, version).expect("a sound pack");
    found.unwrap_or_else(|| panic!("there is no {name}@{version}"))
}

fn property(node: tricep_catalogue::Node<'static>, path: &[&str]) -> Property<'static> {
    let (name, inner) = path.split_first().expect("a path");
    let object = node.object().expect("an object");
    let found = object.property(name);
    let found = found.unwrap_or_else(|| panic!("there is no {name}"));
    match inner {
        [] => found,
        _ => property(found.node, inner),
    }
}

fn object(node: tricep_catalogue::Node<'static>) -> Object<'static> {
    node.object().expect("an object")
}

#[test]
fn every_type_and_version_is_there() {
    let types = azure().types().map(|found| found.expect("a sound pack"));
    let versions: Vec<usize> = types.map(|found| found.versions().count()).collect();
    assert_eq!((versions.len(), versions.iter().sum()), (3_556, 36_835));
}

#[test]
fn types_and_their_versions_are_sorted() {
    let mut before = String::new();
    for found in azure().types() {
        let found = found.expect("a sound pack");
        let name = found.name().to_ascii_lowercase();
        assert!(before < name, "{before} {name}");
        let versions: Vec<_> = found.versions().collect();
        let sorted = versions.is_sorted_by(|one, other| compare_versions(one, other).is_lt());
        assert!(sorted, "{name} {versions:?}");
        before = name;
    }
}

#[test]
fn case_makes_no_difference_to_types_and_versions() {
    let found = resource(
        "MICROSOFT.containerservice/managedclusters",
        "2023-11-02-PREVIEW",
    );
    assert_eq!(
        (found.name, found.version),
        (CLUSTERS, "2023-11-02-preview")
    );
}

#[test]
fn what_is_not_there_is_not_found() {
    for (name, version) in [
        ("Microsoft.ContainerService/managedCluster", "2023-11-01"),
        (CLUSTERS, "2023-11-31"),
        (CLUSTERS, ""),
        ("", ""),
        ("é", "2023-11-01"),
    ] {
        let found = azure().resource(name, version).expect("a sound pack");
        assert!(found.is_none(), "{name}@{version}");
    }
}

#[test]
fn versions_of_a_type_end_with_the_newest() {
    let found = azure().resource_type(CLUSTERS).expect("a sound pack");
    let found = found.expect("clusters are known");
    assert_eq!(found.versions().count(), 119);
    assert_eq!(found.versions().next(), Some("2017-08-31"));
    assert_eq!(found.latest(), Some("2026-08-02-preview"));
    assert_eq!(found.latest_stable(), Some("2026-08-01"));
}

#[test]
fn a_version_keeps_its_own_spelling_of_the_type() {
    let found = azure().types().map(|found| found.expect("a sound pack"));
    let odd = found.filter(|found| {
        let mut versions = found.resources();
        versions.any(|own| own.expect("a sound pack").name != found.name())
    });
    assert_eq!(odd.count(), 71);
}

#[test]
fn the_path_of_the_authorized_ranges_is_a_list_of_texts() {
    let path = ["properties", "apiServerAccessProfile", "authorizedIPRanges"];
    let found = property(resource(CLUSTERS, "2023-11-01").body, &path);
    assert_eq!(found.flags, Flags::default());
    let Kind::Array(array) = found.node.kind() else {
        panic!("{found:?} is no list");
    };
    assert!(matches!(array.item.kind(), Kind::Text(_)));
    let profile = object(property(resource(CLUSTERS, "2023-11-01").body, &path[..2]).node);
    assert!(
        profile.property("authorizedIpRanges").is_none(),
        "names are exact"
    );
    assert_eq!(profile.name, Some("ManagedClusterAPIServerAccessProfile"));
}

#[test]
fn flags_and_limits_are_those_of_the_data() {
    let body = resource("Microsoft.Storage/storageAccounts", "2023-05-01").body;
    let name = property(body, &["name"]);
    assert!(name.flags.required() && name.flags.deploy_time());
    assert!(!name.flags.read_only() && !name.flags.write_only());
    let limits = Text {
        min_length: Some(3),
        max_length: Some(24),
        pattern: Some("^[a-z0-9]+$"),
        sensitive: false,
    };
    assert!(matches!(name.node.kind(), Kind::Text(text) if text == limits));
    let tier = property(body, &["properties", "accessTier"]);
    let Kind::Enum(tiers) = tier.node.kind() else {
        panic!("{tier:?} is no enum");
    };
    let values: Vec<_> = tiers.values().collect();
    assert_eq!(values, ["Cold", "Cool", "Hot", "Premium"]);
    assert!(tiers.open.is_none() && tiers.contains("Hot") && !tiers.contains("hot"));
    let state = property(body, &["properties", "provisioningState"]);
    assert!(state.flags.read_only());
}

#[test]
fn secrets_are_marked() {
    let machine = resource("Microsoft.Compute/virtualMachines", "2024-07-01");
    let path = ["properties", "osProfile", "adminPassword"];
    let password = property(machine.body, &path);
    assert!(matches!(password.node.kind(), Kind::Text(text) if text.sensitive));
}

#[test]
fn maps_have_additional_properties() {
    let tags = property(resource(CLUSTERS, "2023-11-01").body, &["tags"]);
    let tags = object(tags.node);
    assert_eq!(tags.properties().len(), 0);
    let additional = tags.additional.expect("tags have any name");
    assert!(matches!(additional.kind(), Kind::Text(_)));
}

#[test]
fn a_body_implies_what_all_bodies_have() {
    let cluster = resource(CLUSTERS, "2023-11-01");
    assert!(object(cluster.body).property("type").is_none());
    let [version, id, r#type] = cluster.implied();
    assert_eq!(
        (version.name, id.name, r#type.name),
        ("apiVersion", "id", "type")
    );
    assert!(matches!(version.node.kind(), Kind::Literal("2023-11-01")));
    assert!(matches!(id.node.kind(), Kind::Text(text) if text == Text::default()));
    assert!(matches!(r#type.node.kind(), Kind::Literal(CLUSTERS)));
    for implied in cluster.implied() {
        assert!(implied.flags.read_only() && implied.flags.deploy_time());
    }
}

#[test]
fn scopes_say_where_a_type_is_deployed_and_read() {
    let cluster = resource(CLUSTERS, "2023-11-01");
    assert_eq!(cluster.writable, Scopes::RESOURCE_GROUP);
    assert_eq!(cluster.readable, Scopes::RESOURCE_GROUP);
    let lock = resource("Microsoft.Authorization/locks", "2020-05-01");
    assert!(
        lock.writable
            .contains(Scopes::EXTENSION | Scopes::SUBSCRIPTION)
    );
    let only_read = resource(
        "Microsoft.ContainerService/managedClusters/upgradeProfiles",
        "2026-06-01",
    );
    assert!(only_read.writable.is_empty() && !only_read.readable.is_empty());
}

#[test]
fn functions_that_list_are_there_and_others_are_not() {
    let accounts = resource("Microsoft.Storage/storageAccounts", "2023-05-01");
    let names: Vec<_> = accounts.functions().map(|function| function.name).collect();
    assert_eq!(names, ["listAccountSas", "listKeys", "listServiceSas"]);
    let sas = accounts.functions().next().expect("a function");
    assert!(
        object(sas.input.expect("parameters"))
            .property("signedServices")
            .is_some()
    );
    assert!(object(sas.output).property("accountSasToken").is_some());
    let clusters = resource(CLUSTERS, "2023-11-01");
    assert!(
        clusters
            .functions()
            .all(|function| function.name.starts_with("list"))
    );
}

#[test]
fn an_element_hides_what_all_elements_share() {
    let artifacts = resource(
        "Microsoft.Blueprint/blueprints/artifacts",
        "2018-11-01-preview",
    );
    let Kind::Discriminated(either) = artifacts.body.kind() else {
        panic!("{artifacts:?} is one object");
    };
    assert_eq!(either.discriminator, "kind");
    let kinds: Vec<_> = either.elements().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["policyAssignment", "roleAssignment", "template"]);
    let template = either.element("template").expect("a kind");
    let names: Vec<_> = either.of(template).map(|own| own.name).collect();
    assert_eq!(names, ["kind", "properties", "name"]);
    assert!(either.element("Template").is_none(), "values are exact");
}

#[test]
fn the_same_type_in_two_versions_is_one_node() {
    let tags = |version| property(resource(CLUSTERS, version).body, &["tags"]).node;
    assert_eq!(tags("2023-11-01"), tags("2024-01-01"));
    let properties = |version| property(resource(CLUSTERS, version).body, &["properties"]).node;
    assert_ne!(properties("2017-08-31"), properties("2024-01-01"));
}

#[test]
fn nodes_of_two_catalogues_differ() {
    let copy = include_bytes!("../data/azure.pack").to_vec();
    let copy = Catalogue::open(&copy).expect("a sound pack");
    let other = copy.resource(CLUSTERS, "2023-11-01").expect("a sound pack");
    let other = other.expect("clusters are known").body;
    assert_ne!(resource(CLUSTERS, "2023-11-01").body, other);
}
