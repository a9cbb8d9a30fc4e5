//! Paths of modules: parsed once, not sniffed.

/// The kinds of path that a module, import or `using` can name (language reference, 3.3).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ModulePath<'a> {
    /// A path relative to the file, with `/`.
    Local(&'a str),
    /// A local file that is an ARM template: `.json`, `.jsonc`, `.arm`.
    ArmTemplate(&'a str),
    /// A module in a registry: `br:…`, `br/alias:…`.
    Registry(&'a str),
    /// A template spec: `ts:…`, `ts/alias:…`.
    TemplateSpec(&'a str),
    /// Nothing the compiler accepts.
    Invalid(&'a str),
}

impl<'a> ModulePath<'a> {
    /// Reads a path as it stands between the quotes.
    #[must_use]
    pub fn parse(path: &'a str) -> Self {
        match path.split_once(':') {
            Some((scheme, _)) => match scheme.split('/').next() {
                Some("br") => Self::Registry(path),
                Some("ts") => Self::TemplateSpec(path),
                _ => Self::Invalid(path),
            },
            None if path.is_empty() => Self::Invalid(path),
            None => match path.rsplit_once('.') {
                Some((_, end)) if is_arm_ending(end) => Self::ArmTemplate(path),
                _ => Self::Local(path),
            },
        }
    }
}

fn is_arm_ending(end: &str) -> bool {
    ["json", "jsonc", "arm"]
        .iter()
        .any(|known| end.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::ModulePath;

    #[test]
    fn the_scheme_decides_the_kind_of_a_path() {
        assert_eq!(
            ModulePath::parse("../a/b.bicep"),
            ModulePath::Local("../a/b.bicep")
        );
        assert_eq!(
            ModulePath::parse("x.JSON"),
            ModulePath::ArmTemplate("x.JSON")
        );
        assert_eq!(
            ModulePath::parse("br/public:avm/x:1"),
            ModulePath::Registry("br/public:avm/x:1")
        );
        assert_eq!(
            ModulePath::parse("br:r.azurecr.io/x:1"),
            ModulePath::Registry("br:r.azurecr.io/x:1")
        );
        assert_eq!(
            ModulePath::parse("ts/a:x:1"),
            ModulePath::TemplateSpec("ts/a:x:1")
        );
        assert_eq!(
            ModulePath::parse("http://x"),
            ModulePath::Invalid("http://x")
        );
    }
}
