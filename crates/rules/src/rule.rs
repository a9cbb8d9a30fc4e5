//! What a rule is.

use tricep_semantic::resolve::Deployed;

use crate::finding::Severity;
use crate::verdict::Verdict;

/// A way to mend what a rule reports, in one tool's terms.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Remedy {
    /// The tool: `Bicep`, `ARM template`, `Azure CLI`, `Azure PowerShell`.
    pub tool: &'static str,
    /// The language of `code` in a Markdown fence: `bicep`, `json`, `bash`, `powershell`.
    pub language: &'static str,
    /// Words before the code.
    pub text: &'static str,
    /// The code.
    pub code: &'static str,
}

/// What is known of a rule without running it. Its address is its identity.
#[derive(PartialEq, Eq, Debug)]
pub struct RuleMeta {
    /// The name, kebab case, of the bad pattern or the property judged.
    pub name: &'static str,
    /// What other tools call the rule.
    pub aliases: &'static [&'static str],
    /// The weight of a failure.
    pub severity: Severity,
    /// One line, lower case, no full stop.
    pub summary: &'static str,
    /// What the rule looks at, in Markdown.
    pub what: &'static str,
    /// Why it matters, in Markdown.
    pub why: &'static str,
    /// How to mend it.
    pub remedies: &'static [Remedy],
    /// Title and address of pages to read.
    pub references: &'static [(&'static str, &'static str)],
    /// Tags for code scanning services.
    pub tags: &'static [&'static str],
    /// The security severity for code scanning services, `"0.0"` to `"10.0"`; `None`: no security rule.
    pub security_severity: Option<&'static str>,
    /// The release that brought the rule.
    pub since: &'static str,
}

/// A rule: what is known of it, and the judgement.
pub struct Rule {
    /// What is known without running it.
    pub meta: &'static RuleMeta,
    /// The full type of the resources it judges.
    pub resource_type: &'static str,
    /// Judges one deployed resource.
    pub judge: fn(&mut Deployed<'_, '_>) -> Verdict,
}
