//! `aks-ip-ranges-service-tag`: a service tag stands for addresses that others choose.

use crate::aks::MANAGED_CLUSTER;
use crate::aks::ranges::{Entry, REFERENCES, Ranges, UnknownEntry, cluster, judge, named_entries};
use crate::answer::Answer;
use crate::finding::{Reason, Severity};
use crate::rule::{Category, Example, Rule, RuleMeta};
use crate::subject::{Subject, Words};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    meta: &META,
    resource_types: &[MANAGED_CLUSTER],
    related_types: &[],
    judge: |cluster| judge(cluster, &WORDS, ask),
};

static META: RuleMeta = RuleMeta {
    name: "aks-ip-ranges-service-tag",
    aliases: &[],
    category: Category::Operations,
    severity: Severity::Info,
    summary: "AKS authorized IP ranges hold service tags",
    what: "\
Reports authorized IP ranges that are service tags, such as `AzureCloud` or `Storage.WestEurope`.

A tag is no IPv4 address or range, so `aks-authorized-ip-ranges` fails with `invalid-ip` as for any \
other text: whether the subscription has the preview cannot be seen.",
    why: "\
Service tags as authorized ranges are in preview: the subscription must have \
`EnableServiceTagAuthorizedIPPreview`, and a list may hold one tag at most. Which addresses a tag \
stands for is decided by Microsoft; `AzureCloud` holds every virtual machine of every customer.",
    examples: &[Example {
        settings: "",
        bad: cluster!("      authorizedIPRanges: [\n        'AzureCloud'\n      ]\n"),
        good: cluster!("      authorizedIPRanges: [\n        '198.51.100.0/24'\n      ]\n"),
    }],
    remedies: &[],
    references: REFERENCES,
    differences: "",
    tags: &["security", "azure", "aks", "network"],
    security_severity: Some("3.0"),
    since: "0.1.0",
};

const WORDS: Words = Words {
    pass: "ranges of `{}` are not service tags",
    fail: "ranges of `{}` include service tags",
    open: "whether the ranges of `{}` include service tags",
    help: "list the addresses of your own clients instead",
};

const TAG: Reason = Reason::new("service-tag", "a service tag");

/// Service tags without their regions, as documented in 2026-08.
const TAGS: [&str; 89] = [
    "ActionGroup",
    "ApiManagement",
    "AppConfiguration",
    "ApplicationInsightsAvailability",
    "AppService",
    "AppServiceManagement",
    "AutonomousDevelopmentPlatform",
    "AzureActiveDirectory",
    "AzureActiveDirectoryDomainServices",
    "AzureAdvancedThreatProtection",
    "AzureArcInfrastructure",
    "AzureAttestation",
    "AzureBackup",
    "AzureBotService",
    "AzureCloud",
    "AzureCognitiveSearch",
    "AzureConnectors",
    "AzureContainerAppsService",
    "AzureContainerRegistry",
    "AzureCosmosDB",
    "AzureDatabricks",
    "AzureDataExplorerManagement",
    "AzureDeviceUpdate",
    "AzureDevOps",
    "AzureDigitalTwins",
    "AzureEventGrid",
    "AzureFrontDoor",
    "AzureHealthcareAPIs",
    "AzureInformationProtection",
    "AzureIoTHub",
    "AzureKeyVault",
    "AzureLoadBalancer",
    "AzureMachineLearning",
    "AzureMachineLearningInference",
    "AzureManagedGrafana",
    "AzureMonitor",
    "AzureMonitorForSAP",
    "AzureOpenDatasets",
    "AzurePlatformDNS",
    "AzurePlatformIMDS",
    "AzurePlatformLKM",
    "AzureResourceManager",
    "AzureSentinel",
    "AzureSignalR",
    "AzureSiteRecovery",
    "AzureSphere",
    "AzureSpringCloud",
    "AzureStack",
    "AzureTrafficManager",
    "AzureUpdateDelivery",
    "AzureWebPubSub",
    "BatchNodeManagement",
    "ChaosStudio",
    "CognitiveServicesFrontend",
    "CognitiveServicesManagement",
    "DataFactory",
    "DataFactoryManagement",
    "EventHub",
    "GatewayManager",
    "GuestAndHybridManagement",
    "HDInsight",
    "Internet",
    "KustoAnalytics",
    "LogicApps",
    "LogicAppsManagement",
    "M365ManagementActivityApi",
    "Marketplace",
    "MicrosoftCloudAppSecurity",
    "MicrosoftContainerRegistry",
    "MicrosoftDefenderForEndpoint",
    "OneDsCollector",
    "PowerBI",
    "PowerPlatformInfra",
    "PowerPlatformPlex",
    "PowerQueryOnline",
    "Scuba",
    "SerialConsole",
    "ServiceBus",
    "ServiceFabric",
    "Sql",
    "SqlManagement",
    "Storage",
    "StorageMover",
    "StorageSyncService",
    "VideoIndexer",
    "VirtualDesktop",
    "VirtualNetwork",
    "WindowsAdminCenter",
    "WindowsVirtualDesktop",
];

fn ask(_: &mut Subject<'_, '_, '_>, ranges: &Ranges) -> Answer {
    let tags: Vec<&Entry> = ranges.entries.iter().filter(|e| is_tag(&e.text)).collect();
    match tags.as_slice() {
        [] => ranges.fine(may_be_tag),
        [tag] => {
            let detail = format!("{} is a service tag, which is in preview", tag.shown());
            ranges.bad(tag, TAG, detail)
        }
        [first, ..] => {
            let detail = format!(
                "{} are service tags, of which AKS takes one at most",
                named_entries(&tags)
            );
            ranges.bad(first, TAG, detail)
        }
    }
}

/// A tag, or a tag with a region behind a dot.
fn is_tag(text: &str) -> bool {
    let (tag, region) = text.split_once('.').unwrap_or((text, ""));
    let is_known = |known: &&str| known.eq_ignore_ascii_case(tag);
    TAGS.iter().any(is_known) && region.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// There is no `/` in a tag.
fn may_be_tag(unknown: &UnknownEntry) -> bool {
    !unknown.sketch.is_ipv4 && unknown.sketch.prefix.is_none()
}
