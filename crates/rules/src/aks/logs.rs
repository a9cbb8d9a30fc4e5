//! What the diagnostic settings of a cluster collect.

use tricep_semantic::eval::Kinds;
use tricep_semantic::resolve::{Deployed, Found};

use crate::answer::{Answer, Open, Truth};
use crate::property::{KIND, MISSING, Property, SET, VALUE};
use crate::subject::{AttachedAll, Item, Subject, items};

/// The type of diagnostic settings.
pub(crate) const DIAGNOSTIC_SETTINGS: &str = "Microsoft.Insights/diagnosticSettings";
/// The same in the old form, which has the cluster in its name.
pub(crate) const OLD_DIAGNOSTIC_SETTINGS: &str =
    "Microsoft.ContainerService/managedClusters/providers/diagnosticSettings";

/// The category group of all logs.
pub(crate) const ALL: &str = "allLogs";
/// The category group of the audit logs: `kube-audit`, `kube-audit-admin` and `guard`.
pub(crate) const AUDIT: &str = "audit";

/// Something to be collected.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// The list that names it: `logs` or `metrics`.
    pub(crate) list: &'static str,
    /// The categories, of which one is enough.
    pub(crate) categories: &'a [&'a str],
    /// The category groups that hold it.
    pub(crate) groups: &'a [&'a str],
    /// What it is called.
    pub(crate) title: &'a str,
}

/// Reads something from every diagnostic setting of a cluster. The rule has both types among its
/// related types.
pub(crate) fn each_setting<T>(
    cluster: &mut Subject<'_, '_, '_>,
    mut read: impl FnMut(&mut Deployed<'_, '_>) -> T,
) -> AttachedAll<T> {
    let mut settings = cluster.attached(DIAGNOSTIC_SETTINGS, &mut read);
    let old = cluster.attached(OLD_DIAGNOSTIC_SETTINGS, &mut read);
    settings.found.extend(old.found);
    settings.more = settings.more.or(old.more);
    settings
}

/// Whether everything wanted is collected, each by some setting.
pub(crate) fn collected(cluster: &mut Subject<'_, '_, '_>, wanted: &[Wanted<'_>]) -> Answer {
    let settings = each_setting(cluster, |resource| {
        let answers = wanted.iter().map(|one| collects(resource, one));
        answers.collect::<Vec<_>>()
    });
    let answers = wanted.iter().enumerate().map(|(index, one)| {
        let of_settings = settings.found.iter().filter_map(|setting| {
            let answer = setting.value.get(index)?.clone();
            Some(answer.only_if_there(setting.is_there.clone()))
        });
        let unseen = settings.more.clone().map(|open| cluster.cannot_see(open));
        match Answer::any(of_settings.chain(unseen)) {
            Some(answer) if !matches!(answer.truth, Truth::No) => answer,
            Some(_) => missing(
                cluster,
                format!("no diagnostic setting collects {}", one.title),
            ),
            None => missing(cluster, "no diagnostic setting is scoped to it".to_owned()),
        }
    });
    let nothing = || missing(cluster, String::new());
    Answer::all(answers).unwrap_or_else(nothing)
}

fn missing(cluster: &Subject<'_, '_, '_>, detail: String) -> Answer {
    Answer::at(cluster.at(), Truth::No, MISSING, detail)
}

/// Whether a diagnostic setting collects something. [`KIND`]: what it says of that is of a wrong kind,
/// and Azure refuses it.
pub(crate) fn collects(setting: &mut Deployed<'_, '_>, wanted: &Wanted<'_>) -> Answer {
    let body = setting.body();
    let list = Property::look_up(setting, body, &["properties", wanted.list]);
    let not = |setting: &Deployed<'_, '_>| {
        let detail = format!("{} is not collected", wanted.title);
        Answer::at(setting.at(), Truth::No, MISSING, detail)
    };
    if list.is_unset() {
        return not(setting);
    }
    if let Some(answer) = list.refuse_kind(Kinds::LIST, "a list") {
        return answer;
    }
    let mut answers = Vec::new();
    for item in items(setting, &list.found) {
        match item {
            Item::Rest(_, Truth::No) => {}
            Item::Rest(unknown, _) => answers.push(list.open(Open::of(&unknown))),
            Item::One(entry) => answers.push(is_collected(setting, &entry, wanted)),
        }
    }
    let wrong = answers.iter().find(|answer| answer.reason == KIND).cloned();
    match Answer::any(answers) {
        Some(answer) if !matches!(answer.truth, Truth::No) => answer,
        Some(_) | None => wrong.unwrap_or_else(|| not(setting)),
    }
}

fn is_wrong(answer: &&Answer) -> bool {
    answer.reason == KIND
}

/// Whether an entry of the list collects it.
fn is_collected(setting: &mut Deployed<'_, '_>, entry: &Found, wanted: &Wanted<'_>) -> Answer {
    let mut at = |name| Property::look_up(setting, entry.clone(), &[name]);
    let (enabled, category, group) = (at("enabled"), at("category"), at("categoryGroup"));
    let is_enabled = enabled.is_true(setting);
    let is_category = category.is_one_of(setting, wanted.categories);
    let is_group = group.is_one_of(setting, wanted.groups);
    if let Some(wrong) = [&is_category, &is_group].into_iter().find(is_wrong) {
        return wrong.clone();
    }
    let is_named = is_category.truth.or(is_group.truth);
    if is_wrong(&&is_enabled) && !matches!(is_named, Truth::No) {
        return is_enabled;
    }
    let named = if category.is_unset() {
        &group
    } else {
        &category
    };
    match is_enabled.truth.and(is_named) {
        Truth::Yes => named.answer(Truth::Yes, SET, format!("{} is collected", wanted.title)),
        Truth::No => named.answer(Truth::No, VALUE, named.is_what()),
        Truth::Open(open) => named.open(open),
    }
}
