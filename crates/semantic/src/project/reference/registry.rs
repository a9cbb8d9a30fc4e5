//! Modules in registries: `registry/repository:tag` or `…@digest`, and their folder in the cache.

use std::fmt;

use super::ReferenceProblem;

/// A module in a registry.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Artifact {
    /// The host, perhaps with a port.
    pub registry: String,
    /// The path in the registry, without a tag.
    pub repository: String,
    /// Which of the published ones.
    pub version: Version,
}

/// Which of the published modules of a repository.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Version {
    /// The one with this tag, letter case minded.
    Tag(String),
    /// The one with this content: `sha256:` and 64 hexadecimal digits.
    Digest(String),
}

/// The limits of the compiler's `OciArtifactReferenceFacts`, in characters.
const MAX_REGISTRY: usize = 255;
const MAX_REPOSITORY: usize = 255;
const MAX_TAG: usize = 128;

const EXAMPLE: &str = "write `br:registry/module:tag`";

impl Artifact {
    /// Reads what follows `br:`. The checks run in the order of the compiler's
    /// `OciArtifactAddressComponents`, from left to right.
    pub(super) fn parse(text: &str) -> Result<Self, ReferenceProblem> {
        // The compiler reads it as a URI, in which these start other parts.
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let (registry, path) = split_registry(path)?;
        let (folders, last) = path.rsplit_once('/').unwrap_or(("", path));
        let delimiter = last.find([':', '@']);
        let (name, version) = match delimiter {
            Some(at) => (&last[..at], Some((last.as_bytes()[at], &last[at + 1..]))),
            None => (last, None),
        };
        let repository = match folders {
            "" if !path.contains('/') => name.to_owned(),
            folders => format!("{folders}/{name}"),
        };
        check_segments(&repository)?;
        if repository.len() > MAX_REPOSITORY {
            return Err(ReferenceProblem::new(
                "BCP199",
                format!("the path in the registry is longer than {MAX_REPOSITORY} characters"),
                "correct the path of the module",
            ));
        }
        Ok(Self {
            registry: registry.to_owned(),
            repository,
            version: read_version(version)?,
        })
    }

    /// The folder in the module cache, relative to its root
    /// (the compiler's `BicepRegistryArtifact`).
    #[must_use]
    pub fn folder(&self) -> String {
        let registry = self.registry.replace(':', "$").to_lowercase();
        let repository = self.repository.replace('/', "$");
        let version = match &self.version {
            Version::Tag(tag) => tag_folder(tag),
            Version::Digest(digest) => digest.replace(':', "#"),
        };
        format!("br/{registry}/{repository}/{version}")
    }
}

impl fmt::Display for Artifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            registry,
            repository,
            version,
        } = self;
        match version {
            Version::Tag(tag) => write!(f, "br:{registry}/{repository}:{tag}"),
            Version::Digest(digest) => write!(f, "br:{registry}/{repository}@{digest}"),
        }
    }
}

/// The registry, and the path behind it.
fn split_registry(text: &str) -> Result<(&str, &str), ReferenceProblem> {
    let shapeless = || {
        ReferenceProblem::new(
            "BCP193",
            format!("`br:{text}` names no module in a registry"),
            EXAMPLE,
        )
    };
    let (registry, path) = text.split_once('/').ok_or_else(shapeless)?;
    if path.is_empty() || !is_host(registry) {
        return Err(shapeless());
    }
    if registry.chars().count() > MAX_REGISTRY {
        return Err(ReferenceProblem::new(
            "BCP200",
            format!("the registry is longer than {MAX_REGISTRY} characters"),
            "correct the name of the registry",
        ));
    }
    Ok((registry, path))
}

/// Whether a text can be a host with or without a port.
fn is_host(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !text.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '[' | ']' | ':');
    !host.is_empty() && host.chars().all(is_part) && port.is_none_or(is_port)
}

/// `[a-z0-9]+([._-][a-z0-9]+)*` in each part of the path.
fn check_segments(repository: &str) -> Result<(), ReferenceProblem> {
    let is_segment = |segment: &str| {
        segment
            .split(['.', '_', '-'])
            .all(|word| !word.is_empty() && word.bytes().all(is_lower_or_digit))
    };
    match repository.split('/').find(|segment| !is_segment(segment)) {
        None => Ok(()),
        Some(segment) => Err(ReferenceProblem::new(
            "BCP195",
            format!("`{segment}` can be no part of the path of a module"),
            "use lower-case letters and digits, with `.`, `_` or `-` between them",
        )),
    }
}

fn is_lower_or_digit(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn read_version(version: Option<(u8, &str)>) -> Result<Version, ReferenceProblem> {
    match version {
        None | Some((_, "")) => Err(ReferenceProblem::new(
            "BCP196",
            "the module has no version",
            "write `:tag` or `@sha256:…` behind the module",
        )),
        Some((b'@', digest)) if is_digest(digest) => Ok(Version::Digest(digest.to_owned())),
        Some((b'@', digest)) => Err(ReferenceProblem::new(
            "BCP224",
            format!("`{digest}` is no digest"),
            "write `@sha256:` and 64 digits out of `0` to `9` and `a` to `f`",
        )),
        Some((_, tag)) if tag.chars().count() > MAX_TAG => Err(ReferenceProblem::new(
            "BCP197",
            format!("the tag is longer than {MAX_TAG} characters"),
            "correct the tag",
        )),
        Some((_, tag)) if is_tag(tag) => Ok(Version::Tag(tag.to_owned())),
        Some((_, tag)) => Err(ReferenceProblem::new(
            "BCP198",
            format!("`{tag}` is no tag"),
            "use letters, digits, `_`, and behind the first character `.` and `-` too",
        )),
    }
}

fn is_digest(text: &str) -> bool {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.strip_prefix("sha256:")
        .is_some_and(|hash| hash.len() == 64 && hash.bytes().all(is_hex))
}

/// `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`
fn is_tag(text: &str) -> bool {
    let is_tag = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    text.bytes().all(is_tag) && !text.starts_with(['.', '-'])
}

/// The folder of a tag: `$` behind it and the places of its capitals as a hexadecimal number, for
/// file systems that take no account of letter case (the compiler's `TagEncoder`).
fn tag_folder(tag: &str) -> String {
    let capitals = tag
        .bytes()
        .enumerate()
        .filter(|(_, byte)| byte.is_ascii_uppercase());
    let mask = capitals.fold(0u128, |mask, (place, _)| mask | 1u128 << (place % MAX_TAG));
    match mask {
        0 => format!("{tag}$"),
        mask => format!("{tag}${mask:x}"),
    }
}

/// The module of a reference through a mapped alias: what precedes tag or digest, whatever those
/// say (the compiler's `OciArtifactMockedReference`).
pub(super) fn mapped_module(rest: &str) -> Result<&str, ReferenceProblem> {
    let end = rest.find('@').or_else(|| rest.rfind(':'));
    let module = end.map_or(rest, |end| &rest[..end]);
    if module.is_empty() {
        return Err(ReferenceProblem::new(
            "BCP090",
            "the path of the module is missing",
            "write the module behind the alias",
        ));
    }
    check_segments(module)?;
    Ok(module)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(text: &str) -> String {
        Artifact::parse(text).unwrap().folder()
    }

    fn code(text: &str) -> &'static str {
        Artifact::parse(text).unwrap_err().code
    }

    #[test]
    fn the_cache_has_a_folder_for_each_module() {
        for (module, expected) in [
            ("contoso.azurecr.io/a/b:v1", "br/contoso.azurecr.io/a$b/v1$"),
            ("Contoso.AzureCR.io/a/b:v1", "br/contoso.azurecr.io/a$b/v1$"),
            (
                "contoso.azurecr.io:5000/a/b:v1",
                "br/contoso.azurecr.io$5000/a$b/v1$",
            ),
            (
                "contoso.azurecr.io/a/b:V1-Rc",
                "br/contoso.azurecr.io/a$b/V1-Rc$9",
            ),
            (
                "mcr.microsoft.com/bicep/avm/res/x/y:1.0.0",
                "br/mcr.microsoft.com/bicep$avm$res$x$y/1.0.0$",
            ),
        ] {
            assert_eq!(folder(module), expected);
        }
        let digest = format!("sha256:{}", "a".repeat(64));
        assert_eq!(
            folder(&format!("contoso.azurecr.io/a/b@{digest}")),
            format!("br/contoso.azurecr.io/a$b/sha256#{}", "a".repeat(64))
        );
    }

    #[test]
    fn capitals_are_counted_in_tags_of_every_length() {
        // Capitals at 0 and 71, tried with the compiler.
        let tag = format!("V{}B{}", "a".repeat(70), "c".repeat(56));
        assert_eq!(tag_folder(&tag), format!("{tag}$800000000000000001"));
        let last = format!("{}A", "a".repeat(127));
        assert_eq!(tag_folder(&last), format!("{last}$8{}", "0".repeat(31)));
    }

    #[test]
    fn what_is_no_module_in_a_registry_has_the_code_of_the_compiler() {
        for (text, expected) in [
            ("", "BCP193"),
            ("example.azurecr.io", "BCP193"),
            ("example.azurecr.io/", "BCP193"),
            ("exa mple/x:v1", "BCP193"),
            ("example.azurecr.io:port/x:v1", "BCP193"),
            ("example.azurecr.io/A_B!/c:v1", "BCP195"),
            ("example.azurecr.io/mods//x:v1", "BCP195"),
            ("example.azurecr.io/mods/", "BCP195"),
            ("example.azurecr.io//x:v1", "BCP195"),
            ("example.azurecr.io/a..b:v1", "BCP195"),
            ("example.azurecr.io/mods/x", "BCP196"),
            ("example.azurecr.io/mods/x:", "BCP196"),
            ("example.azurecr.io/mods/x?:v1", "BCP196"),
            ("example.azurecr.io/mods/x:a b", "BCP198"),
            ("example.azurecr.io/mods/x:.1", "BCP198"),
            ("example.azurecr.io/mods/x@sha256:XYZ", "BCP224"),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }

    #[test]
    fn the_parts_of_a_reference_have_limits() {
        let module = |registry: usize, repository: usize, tag: usize| {
            format!(
                "{}/{}:{}",
                "r".repeat(registry),
                "m".repeat(repository),
                "t".repeat(tag)
            )
        };
        assert!(Artifact::parse(&module(255, 255, 128)).is_ok());
        assert_eq!(code(&module(256, 1, 1)), "BCP200");
        assert_eq!(code(&module(1, 256, 1)), "BCP199");
        assert_eq!(code(&module(1, 1, 129)), "BCP197");
    }
}
