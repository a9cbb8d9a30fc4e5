//! Which registries the compiler loads modules from (its `RegistryConfiguration`).

/// Registries trusted by everybody: a host, or `*.` for every host below one.
const BUILT_IN: [&str; 6] = [
    "*.azurecr.io",
    "*.azurecr.cn",
    "*.azurecr.us",
    "mcr.microsoft.com",
    "mcr.azure.cn",
    "ghcr.io",
];

/// The registries that may be used.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct TrustedRegistries {
    more: Vec<String>,
}

impl TrustedRegistries {
    /// Those trusted by everybody and those in a list separated by `,` or `;`, the value of the
    /// variable `BICEP_TRUSTED_REGISTRIES`.
    #[must_use]
    pub fn new(list: &str) -> Self {
        let names = list.split([',', ';']).map(str::trim);
        Self {
            more: names
                .filter(|name| !name.is_empty())
                .map(str::to_lowercase)
                .collect(),
        }
    }

    /// Whether modules of a registry (a host, perhaps with a port) may be used.
    #[must_use]
    pub fn contains(&self, registry: &str) -> bool {
        let Some(host) = host(registry) else {
            return false;
        };
        let more = self.more.iter().map(String::as_str);
        BUILT_IN
            .into_iter()
            .chain(more)
            .any(|pattern| matches(&host, pattern))
    }
}

/// The host in lower case, without a port and without the dot that may end it.
fn host(registry: &str) -> Option<String> {
    if registry.contains(['@', '/']) {
        return None;
    }
    let host = match registry.strip_prefix('[') {
        Some(rest) => &registry[..rest.find(']')? + 2],
        None => registry.split(':').next().unwrap_or_default(),
    };
    Some(host.strip_suffix('.').unwrap_or(host).to_lowercase())
}

fn matches(host: &str, pattern: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(suffix) if suffix.starts_with('.') => {
            host.len() > suffix.len() && host.ends_with(suffix)
        }
        _ => host == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::TrustedRegistries;

    #[test]
    fn registries_of_azure_are_trusted_and_others_on_request() {
        let trusted = TrustedRegistries::default();
        assert!(trusted.contains("contoso.azurecr.io"));
        assert!(trusted.contains("Contoso.AzureCR.io:5000"));
        assert!(trusted.contains("mcr.microsoft.com"));
        assert!(!trusted.contains("azurecr.io"));
        assert!(!trusted.contains("evil.mcr.microsoft.com"));
        assert!(!trusted.contains("registry.example.org"));
        assert!(!trusted.contains("[::1]:5000"));
        let trusted = TrustedRegistries::new("*.Example.org ; localhost,,[::1]");
        assert!(trusted.contains("registry.example.org"));
        assert!(trusted.contains("localhost:5000"));
        assert!(trusted.contains("[::1]:5000"));
        assert!(!trusted.contains("example.org"));
    }
}
