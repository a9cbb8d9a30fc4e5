//! What a rule is.

use crate::finding::Severity;
use crate::subject::Subject;
use crate::verdict::Verdict;

/// What a rule is good for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Category {
    /// Nobody gets in, or learns what is not theirs.
    Security,
    /// It goes on when something breaks.
    Reliability,
    /// It is fast enough, also under load.
    Performance,
    /// It does not cost more than it must.
    Cost,
    /// It can be run, watched and changed without surprises.
    Operations,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 5] = [
        Self::Security,
        Self::Reliability,
        Self::Performance,
        Self::Cost,
        Self::Operations,
    ];

    /// The word used in every output format of our own, and in configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Reliability => "reliability",
            Self::Performance => "performance",
            Self::Cost => "cost",
            Self::Operations => "operations",
        }
    }
}

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

/// A remedy by the Azure CLI, to be filled in.
pub(crate) const AZURE_CLI: Remedy = Remedy {
    tool: "Azure CLI",
    language: "bash",
    text: "",
    code: "",
};

/// A remedy by Azure PowerShell, to be filled in.
pub(crate) const AZURE_POWERSHELL: Remedy = Remedy {
    tool: "Azure PowerShell",
    language: "powershell",
    text: "",
    code: "",
};

/// A remedy in an ARM template, to be filled in.
pub(crate) const ARM_TEMPLATE: Remedy = Remedy {
    tool: "ARM template",
    language: "json",
    text: "",
    code: "",
};

/// Two Bicep files: one that the rule reports, and the same without the mistake. Tests hold the rule
/// to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Example {
    /// The rule fails at least one resource of it.
    pub bad: &'static str,
    /// The rule passes every resource of it.
    pub good: &'static str,
    /// What must be set about rules for that: the section `options` of the configuration, in JSON;
    /// empty where nothing must.
    pub settings: &'static str,
}

/// What is known of a rule without running it. Its address is its identity.
#[derive(PartialEq, Eq, Debug)]
pub struct RuleMeta {
    /// The name, kebab case, of the bad pattern or the property judged.
    pub name: &'static str,
    /// What other tools call the rule.
    pub aliases: &'static [&'static str],
    /// What it is good for.
    pub category: Category,
    /// The weight of a failure.
    pub severity: Severity,
    /// One line, lower case, no full stop.
    pub summary: &'static str,
    /// What the rule looks at, in Markdown.
    pub what: &'static str,
    /// Why it matters, in Markdown.
    pub why: &'static str,
    /// What it reports and what it does not; the first is shown in documents.
    pub examples: &'static [Example],
    /// How to mend it besides changing the Bicep file as the examples show.
    pub remedies: &'static [Remedy],
    /// Title and address of pages to read.
    pub references: &'static [(&'static str, &'static str)],
    /// Where it decides otherwise than the rules of other tools that its aliases name, and why, in
    /// Markdown; empty where it does not.
    pub differences: &'static str,
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
    /// The full types of the resources it judges.
    pub resource_types: &'static [&'static str],
    /// The full types of other resources of the deployment that it asks about.
    pub related_types: &'static [&'static str],
    /// Judges one deployed resource.
    pub judge: fn(&mut Subject<'_, '_, '_>) -> Verdict,
}
