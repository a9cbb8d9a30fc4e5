//! Template specs: `subscription/resource group/name:version`, and their folder in the cache.

use std::fmt;

use super::ReferenceProblem;

/// A template spec.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TemplateSpec {
    subscription: String,
    resource_group: String,
    name: String,
    version: String,
}

/// The names of Azure resources and of resource groups are at most so long, in characters.
const MAX_NAME: usize = 90;

impl TemplateSpec {
    /// Reads what follows `ts:`. The checks run in the order of the compiler's
    /// `TemplateSpecModuleReference`.
    pub(super) fn parse(text: &str) -> Result<Self, ReferenceProblem> {
        let Some([subscription, resource_group, name, version]) = split(text) else {
            return Err(ReferenceProblem::new(
                "BCP194",
                format!("`ts:{text}` names no template spec"),
                "write `ts:subscription/resource-group/name:version`",
            ));
        };
        if !is_guid(subscription) {
            return Err(ReferenceProblem::new(
                "BCP217",
                format!("`{subscription}` is no id of a subscription"),
                "write its GUID",
            ));
        }
        let group = ("the resource group", "BCP218", "BCP219");
        check(resource_group, group)?;
        let spec = ("the template spec", "BCP220", "BCP221");
        check(name, spec)?;
        check(version, ("the version", "BCP222", "BCP223"))?;
        Ok(Self {
            subscription: subscription.to_owned(),
            resource_group: resource_group.to_owned(),
            name: name.to_owned(),
            version: version.to_owned(),
        })
    }

    /// The folder in the module cache, relative to its root
    /// (the compiler's `TemplateSpecModuleArtifact`).
    #[must_use]
    pub fn folder(&self) -> String {
        let Self {
            subscription,
            resource_group,
            name,
            version,
        } = self;
        format!("ts/{subscription}/{resource_group}/{name}/{version}").to_lowercase()
    }
}

impl fmt::Display for TemplateSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            subscription,
            resource_group,
            name,
            version,
        } = self;
        write!(f, "ts:{subscription}/{resource_group}/{name}:{version}")
    }
}

fn split(text: &str) -> Option<[&str; 4]> {
    let (subscription, rest) = text.split_once('/')?;
    let (resource_group, rest) = rest.split_once('/')?;
    let (name, version) = rest.split_once(':')?;
    let parts = [subscription, resource_group, name, version];
    let is_part = |part: &&str| !part.is_empty() && !part.contains('/');
    parts.iter().all(is_part).then_some(parts)
}

/// Checks a name, said as in a message, with the codes for one that is too long and one with wrong
/// characters.
fn check(
    name: &str,
    (what, too_long, wrong): (&str, &'static str, &'static str),
) -> Result<(), ReferenceProblem> {
    if name.chars().count() > MAX_NAME {
        return Err(ReferenceProblem::new(
            too_long,
            format!("the name of {what} is longer than {MAX_NAME} characters"),
            "correct the name",
        ));
    }
    if is_resource_name(name) {
        return Ok(());
    }
    Err(ReferenceProblem::new(
        wrong,
        format!("`{name}` can be no name of {what}"),
        "use letters, digits, `-`, `_`, `.`, `(` and `)`, and no `.` at the end",
    ))
}

/// `[-\w.()]{0,89}[-\w()]`
fn is_resource_name(name: &str) -> bool {
    let is_valid = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '(' | ')');
    name.chars().all(is_valid) && !name.ends_with('.')
}

/// 32 hexadecimal digits, in the usual groups or in one, perhaps in braces or parentheses.
fn is_guid(text: &str) -> bool {
    let bare = |open, close| text.strip_prefix(open)?.strip_suffix(close);
    let inner = bare('{', '}').or_else(|| bare('(', ')'));
    let digits = inner.unwrap_or(text);
    let groups: Vec<usize> = digits.split('-').map(str::len).collect();
    let shape = match inner {
        Some(_) => groups == [8, 4, 4, 4, 12],
        None => groups == [8, 4, 4, 4, 12] || groups == [32],
    };
    shape
        && digits
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBSCRIPTION: &str = "00000000-0000-0000-0000-00000000000A";

    fn code(rest: &str) -> &'static str {
        let spec = TemplateSpec::parse(&format!("{SUBSCRIPTION}/{rest}"));
        spec.unwrap_err().code
    }

    #[test]
    fn the_folder_in_the_cache_is_in_lower_case() {
        let spec = TemplateSpec::parse(&format!("{SUBSCRIPTION}/rg-Specs/aksSpec:1.4-A"));
        assert_eq!(
            spec.unwrap().folder(),
            "ts/00000000-0000-0000-0000-00000000000a/rg-specs/aksspec/1.4-a"
        );
    }

    #[test]
    fn what_is_no_template_spec_has_the_code_of_the_compiler() {
        assert_eq!(TemplateSpec::parse("").unwrap_err().code, "BCP194");
        assert_eq!(TemplateSpec::parse("abc").unwrap_err().code, "BCP194");
        let problem = TemplateSpec::parse("1234-5678/rg/spec:v1").unwrap_err();
        assert_eq!(problem.code, "BCP217");
        let long = "r".repeat(MAX_NAME + 1);
        assert_eq!(code("rg/spec"), "BCP194");
        assert_eq!(code(&format!("{long}/spec:v1")), "BCP218");
        assert_eq!(code("rg!/spec:v1"), "BCP219");
        assert_eq!(code("rg./spec:v1"), "BCP219");
        assert_eq!(code(&format!("rg/{long}:1.0")), "BCP220");
        assert_eq!(code("rg/sp ec:v1"), "BCP221");
        assert_eq!(code(&format!("rg/a:{long}")), "BCP222");
        assert_eq!(code("rg/spec:v!"), "BCP223");
        assert!(TemplateSpec::parse(&format!("{SUBSCRIPTION}/r_g.(1)-x/spec:v1")).is_ok());
    }
}
