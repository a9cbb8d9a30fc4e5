//! A small report that the tests of the formats share.

use tricep_rules::{
    Category, Finding, Note, Outcome, Reason, Remedy, ResourceRef, RuleMeta, Severity,
};
use tricep_syntax::text::{FileId, Location, Source, Span};

use super::Report;
use crate::fix::TextEdits;

/// A rule as rules are.
pub(super) static RULE: RuleMeta = RuleMeta {
    name: "aks-authorized-ip-ranges",
    aliases: &["Azure.AKS.AuthorizedIPs", "AZR-000030", "CKV_AZURE_6"],
    category: Category::Security,
    severity: Severity::Error,
    summary: "API server of an AKS cluster is open to every address",
    what: "Reports clusters whose API server may be reached from every address.",
    why: "Whoever holds a leaked credential can then use it from anywhere.",
    examples: &[],
    differences: "",
    remedies: &[
        Remedy {
            tool: "Bicep",
            language: "bicep",
            text: "List the addresses.",
            code: "apiServerAccessProfile: {\n  authorizedIPRanges: [\n    '203.0.113.0/24'\n  ]\n}",
        },
        Remedy {
            tool: "Azure CLI",
            language: "bash",
            text: "",
            code: "az aks update -n NAME -g GROUP --api-server-authorized-ip-ranges 203.0.113.0/24",
        },
    ],
    references: &[(
        "Authorized IP ranges",
        "https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
    )],
    tags: &["security", "kubernetes"],
    security_severity: Some("7.5"),
    since: "0.0.1",
};

const MAIN: &str = "\u{feff}// é😀 a cluster\r
param ranges array = []\r
\r
  oops\r
resource aks 'Microsoft.ContainerService/managedClusters@2023-11-01' = {\r
  name: 'é😀'\r
  properties: {\r
/* 😀 */\tapiServerAccessProfile: { authorizedIPRanges: [] }\r
  }\r
}\r
";

const CALLER: &str = "module cluster 'main.bicep' = {\n  name: 'é'\n}\n";

/// Two files, a syntax error, and a failure, a pass and an unknown of [`RULE`].
pub(super) fn report() -> Report {
    let at = |file, needle| find(file, needle);
    let finding = |outcome, reason, severity, message: &str, at| Finding {
        code: RULE.name,
        rule: Some(&RULE),
        outcome,
        reason: Some(reason),
        severity,
        message: message.to_owned(),
        at,
        resource: Some(ResourceRef {
            symbol: "aks".to_owned(),
            r#type: "Microsoft.ContainerService/managedClusters".to_owned(),
            api_version: "2023-11-01".to_owned(),
            at: find(MAIN, "aks"),
            modules: Vec::new(),
        }),
        trail: Vec::new(),
        related: Vec::new(),
        help: None,
        fixes: Vec::new(),
    };
    let note = |at, message: &str| Note {
        at,
        message: message.to_owned(),
    };
    let mut fail = finding(
        Outcome::Fail,
        Reason::new("empty", "empty"),
        Severity::Error,
        "API server of `aks` is open to every address: `authorizedIPRanges` is empty",
        at(MAIN, "[] }"),
    );
    fail.at.span.end -= 2;
    fail.trail = vec![
        note(
            at(MAIN, "ranges array"),
            "parameter `ranges` defaults to `[]`",
        ),
        note(at(CALLER, "cluster"), "this call gives no value"),
    ];
    fail.related = vec![note(at(MAIN, "aks"), "the cluster")];
    fail.help = Some(
        "list the addresses that may reach the API server\n\
         apiServerAccessProfile: {\n  authorizedIPRanges: ['203.0.113.0/24']\n}"
            .to_owned(),
    );
    let problem = Finding {
        code: "BCP018",
        rule: None,
        reason: None,
        resource: None,
        ..finding(
            Outcome::Fail,
            Reason::new("empty", "empty"),
            Severity::Error,
            "`=` is missing here",
            at(MAIN, "oops"),
        )
    };
    let mut report = Report {
        sources: vec![
            Source::new("infra/main.bicep", MAIN),
            Source::new("infra/a, b: 100% é.bicep", CALLER),
        ],
        named: 2,
        findings: vec![
            problem,
            fail,
            finding(
                Outcome::Pass,
                Reason::new("set", "set"),
                Severity::Info,
                "API server of `aks` is limited to 1 range",
                at(MAIN, "{ authorizedIPRanges"),
            ),
            finding(
                Outcome::Unknown,
                Reason::PARAMETER,
                Severity::Info,
                "API server of `cluster` may be open: `ranges` has no value",
                at(CALLER, "'main.bicep'"),
            ),
        ],
        resources: 1,
        unreadable: 0,
        read: 2,
        silenced: 0,
        text_edits: TextEdits::default(),
    };
    report.sort();
    report
}

/// A report of one finding in one file.
pub(super) fn lone(text: &str, span: Span) -> Report {
    let at = Location {
        file: FileId(0),
        span,
    };
    Report {
        sources: vec![Source::new("a.bicep", text)],
        named: 1,
        findings: vec![Finding {
            code: "BCP018",
            rule: None,
            outcome: Outcome::Fail,
            reason: None,
            severity: Severity::Warning,
            message: "something is wrong".to_owned(),
            at,
            resource: None,
            trail: Vec::new(),
            related: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }],
        resources: 0,
        unreadable: 0,
        read: 1,
        silenced: 0,
        text_edits: TextEdits::default(),
    }
}

fn find(text: &str, needle: &str) -> Location {
    let start = text.find(needle).expect("the needle is in the text") as u32;
    Location {
        file: FileId(u32::from(text == CALLER)),
        span: Span::new(start, start + needle.len() as u32),
    }
}
