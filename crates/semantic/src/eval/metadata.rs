//! What is told about a deployment from outside: where it goes and what it is called.
//!
//! Everything is optional. What is not told is known only while deploying, so rules, which judge a
//! template wherever it may go, are told nothing.

/// Facts about a deployment that its files do not hold.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Metadata {
    /// The id (a GUID) of the tenant.
    pub tenant: Option<String>,
    /// The name of the management group that is deployed to.
    pub management_group: Option<String>,
    /// The id (a GUID) of the subscription that is deployed to.
    pub subscription: Option<String>,
    /// The name of the resource group that is deployed to.
    pub resource_group: Option<String>,
    /// The location of the resource group, or of a deployment to anything wider.
    pub location: Option<String>,
    /// The name of the deployment.
    pub deployment: Option<String>,
    /// Whether the values of secure parameters count as unknown, so that nothing that is made of
    /// them, be it a name, an id or a key, can be printed.
    pub hides_secrets: bool,
}

impl Metadata {
    /// Nothing is told.
    pub const NONE: Self = Self {
        tenant: None,
        management_group: None,
        subscription: None,
        resource_group: None,
        location: None,
        deployment: None,
        hides_secrets: false,
    };
}
