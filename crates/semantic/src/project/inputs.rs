//! What parameter files may ask of their surroundings. Whoever runs the analysis decides what they
//! learn.

use std::collections::BTreeMap;

/// The surroundings of an analysis.
#[derive(Clone, Default, Debug)]
pub struct Inputs {
    /// The environment variables by name; `None`: they are not to be read.
    pub environment: Option<BTreeMap<String, String>>,
    /// The values of `externalInput()`.
    pub external: Vec<ExternalInput>,
    /// Values of parameters of the template that is deployed, as texts whose types are those of the
    /// parameters. They win over parameter files, and the last of several wins.
    pub parameters: Vec<(String, String)>,
}

/// The value of one `externalInput(kind, config)`.
#[derive(Clone, Debug)]
pub struct ExternalInput {
    /// The first argument.
    pub kind: String,
    /// The second argument, `null` if it is left out.
    pub config: serde_json::Value,
    /// What the call gives.
    pub value: serde_json::Value,
}
