//! The ranges that may reach the API server of a cluster, entry by entry, for the rules that ask about
//! them. Whether there are any is the question of `aks-authorized-ip-ranges`; the others have nothing
//! to say of clusters without ranges, or of private ones, whose API server no range is asked for.

use std::net::Ipv4Addr;
use std::rc::Rc;

use ipnet::Ipv4Net;
use tricep_semantic::eval::{Element, Kinds, Piece, Question, Unknown, Value, to_display};
use tricep_semantic::project::{Origin, Project};
use tricep_semantic::resolve::{Deployed, Found, Lookup};
use tricep_semantic::template::{ArrayItem, Expr, ExprKind};
use tricep_syntax::text::Location;

use crate::answer::{Answer, Open, Truth};
use crate::finding::Reason;
use crate::fix::{Applicability, Edit, Fix, Literal};
use crate::property::SET;
use crate::subject::{Item, Subject, Words, items};
use crate::verdict::Verdict;

const PROFILE: [&str; 2] = ["properties", "apiServerAccessProfile"];
const RANGES: [&str; 3] = [PROFILE[0], PROFILE[1], "authorizedIPRanges"];
const PRIVATE: [&str; 3] = [PROFILE[0], PROFILE[1], "enablePrivateCluster"];

/// Before this version there was no way to restrict the API server.
pub(crate) const FIRST_VERSION: &str = "2019-02-01";
/// These versions, and no others, have the list directly under `properties`.
const FLAT_VERSIONS: [&str; 3] = ["2019-02-01", "2019-04-01", "2019-06-01"];
const FLAT_RANGES: [&str; 2] = ["properties", "apiServerAuthorizedIPRanges"];

/// The API server has no public address.
pub(crate) const PRIVATE_CLUSTER: Reason = Reason::new("private", "private");
/// There is no range to ask about.
pub(crate) const NO_RANGES: Reason = Reason::new("no-ranges", "no ranges");

/// The API server has a public address.
pub(crate) const PUBLIC: Reason = Reason::new("public", "public");

/// So many entries are named in a message.
const MAX_NAMED: usize = 5;

/// An entry that only the cluster's own outbound address matches; it stands for "nobody else".
pub(crate) const SENTINEL: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 32);

/// The pages to read about ranges.
pub(crate) const REFERENCES: &[(&str, &str)] = &[(
    "Secure access to the API server using authorized IP address ranges in AKS",
    "https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
)];

/// An example: a cluster with these lines as its profile of the API server, and further properties.
macro_rules! cluster {
    ($profile:literal) => {
        crate::aks::ranges::cluster!($profile, "")
    };
    ($profile:literal, $more:literal) => {
        concat!(
            "resource cluster 'Microsoft.ContainerService/managedClusters@2024-05-01' = {\n",
            "  name: 'aks-prod'\n",
            "  location: 'westeurope'\n",
            "  properties: {\n",
            "    dnsPrefix: 'aks-prod'\n",
            "    apiServerAccessProfile: {\n",
            $profile,
            "    }\n",
            $more,
            "  }\n",
            "}\n",
        )
    };
}
pub(crate) use cluster;

/// The path of the list in the version that a cluster is declared with.
pub(crate) fn path_of(version: Option<&str>) -> &'static [&'static str] {
    let is_flat = version.is_some_and(|version| FLAT_VERSIONS.contains(&version));
    if is_flat { &FLAT_RANGES } else { &RANGES }
}

/// Whether a cluster is private.
pub(crate) enum Private {
    Yes(Found),
    /// With the flag, where one is given.
    No(Option<Found>),
    Unknown(Box<Doubt>),
}

/// A flag that is not known.
pub(crate) struct Doubt {
    pub(crate) unknown: Rc<Unknown>,
    pub(crate) found: Found,
    pub(crate) question: Option<Question>,
}

/// Whether the cluster is private. Only the Boolean `true` makes it so; ARM converts no text.
pub(crate) fn is_private(cluster: &mut Deployed<'_, '_>) -> Private {
    let Lookup::Found(found) = cluster.lookup(&PRIVATE) else {
        return Private::No(None);
    };
    match found.traced.value.clone() {
        Value::Bool(true) => Private::Yes(found),
        Value::Unknown(unknown) if unknown.kinds.may_be(Kinds::BOOL) => {
            match cluster.ask_whether_true(&found, &unknown) {
                Ok(true) => Private::Yes(found),
                Ok(false) => Private::No(Some(found)),
                Err(question) => Private::Unknown(Box::new(Doubt {
                    unknown,
                    found,
                    question,
                })),
            }
        }
        _ => Private::No(Some(found)),
    }
}

/// The network that an entry names, host bits kept. Azure takes a bare address as `/32`.
pub(crate) fn network_of(text: &str) -> Option<Ipv4Net> {
    let bare = |address: Ipv4Addr| Ipv4Net::new_assert(address, 32);
    text.parse().or_else(|_| text.parse().map(bare)).ok()
}

/// The ranges of a public cluster; there is at least one, or there may be.
pub(crate) struct Ranges {
    /// The list, as a whole.
    pub(crate) list: Found,
    /// The entries that are known texts, in order.
    pub(crate) entries: Vec<Entry>,
    /// What is not known of the others.
    pub(crate) unknown: Vec<UnknownEntry>,
}

/// An entry that is a known text.
pub(crate) struct Entry {
    pub(crate) found: Found,
    pub(crate) text: Rc<str>,
    /// The network it names; `None`: it is no IPv4 address or range.
    pub(crate) net: Option<Ipv4Net>,
}

/// An entry, or a stretch of them, that is not known.
pub(crate) struct UnknownEntry {
    pub(crate) open: Open,
    /// The entry; for a stretch the list.
    found: Found,
    /// Whether it may be several entries.
    pub(crate) is_stretch: bool,
    /// What is known of its text.
    pub(crate) sketch: Sketch,
}

/// What is known of a text that is not known as a whole.
#[derive(Clone, Copy)]
pub(crate) struct Sketch {
    /// The address is one of these.
    pub(crate) address: Ipv4Net,
    /// The prefix is this; `None`: it may be any.
    pub(crate) prefix: Option<u8>,
    /// Whether it starts as an IPv4 address does.
    pub(crate) is_ipv4: bool,
}

impl Sketch {
    const ANYTHING: Self = Self {
        address: Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0),
        prefix: None,
        is_ipv4: false,
    };

    /// Of a text of pieces: the octets before its first hole are known, and the prefix behind the last.
    fn of(pieces: &[Piece]) -> Self {
        let known = |piece: Option<&Piece>| match piece {
            Some(Piece::Known(text)) => Rc::clone(text),
            _ => "".into(),
        };
        let (head, tail) = (known(pieces.first()), known(pieces.last()));
        let prefix = tail
            .rsplit_once('/')
            .and_then(|(_, prefix)| prefix.parse().ok())
            .filter(|&prefix| prefix <= 32);
        let address = address_behind(&head);
        Self {
            address: address.unwrap_or(Self::ANYTHING.address),
            prefix,
            is_ipv4: address.is_some(),
        }
    }

    /// The smallest network that holds whatever the entry may be.
    pub(crate) fn reach(self) -> Ipv4Net {
        let longest = self.prefix.unwrap_or(0).min(self.address.prefix_len());
        Ipv4Net::new_assert(self.address.addr(), longest).trunc()
    }
}

/// The network of all addresses that start with these octets, those with a dot behind them.
fn address_behind(head: &str) -> Option<Ipv4Net> {
    let mut octets = [0; 4];
    let mut count: u8 = 0;
    let (whole, _) = head.rsplit_once('.')?;
    for (octet, text) in octets.iter_mut().zip(whole.split('.')) {
        *octet = text.parse().ok()?;
        count += 1;
    }
    Ipv4Net::new(Ipv4Addr::from(octets), 8 * count).ok()
}

impl Entry {
    /// The entry as it may be shown.
    pub(crate) fn shown(&self) -> String {
        if self.found.traced.trail.secret {
            "a secret entry".to_owned()
        } else {
            let shown = to_display(&self.found.traced.value);
            format!("`{}`", shown.trim_matches('\''))
        }
    }
}

impl Ranges {
    /// Those of a cluster; `None`: there are surely none, or no list of them.
    pub(crate) fn of(cluster: &mut Subject<'_, '_, '_>) -> Option<Self> {
        let version = cluster.api_date();
        if version.is_some_and(|version| version < FIRST_VERSION) {
            return None;
        }
        let path = path_of(version);
        let Lookup::Found(list) = cluster.resource.lookup(path) else {
            return None;
        };
        if matches!(&list.traced.value, Value::Unknown(unknown) if !unknown.kinds.may_be(Kinds::LIST))
        {
            return None;
        }
        let mut ranges = Self {
            entries: Vec::new(),
            unknown: Vec::new(),
            list,
        };
        let items = items(&mut cluster.resource, &ranges.list);
        items.into_iter().for_each(|item| ranges.add(item));
        let is_empty = ranges.entries.is_empty() && ranges.unknown.is_empty();
        (!is_empty).then_some(ranges)
    }

    /// Entries that can be no text are for the main rule to report.
    fn add(&mut self, item: Item) {
        let found = match item {
            Item::One(found) => found,
            Item::Rest(_, Truth::No) => return,
            Item::Rest(unknown, _) => {
                return self.unknown.push(UnknownEntry {
                    open: Open::of(&unknown),
                    found: self.list.clone(),
                    is_stretch: true,
                    sketch: Sketch::ANYTHING,
                });
            }
        };
        let (open, sketch) = match &found.traced.value {
            Value::Text(text) => {
                let (text, net) = (Rc::clone(text), network_of(text));
                return self.entries.push(Entry { found, text, net });
            }
            Value::Partial(pieces) => {
                let open = pieces.iter().find_map(|piece| match piece {
                    Piece::Unknown(unknown) => Some(Open::of(unknown)),
                    Piece::Known(_) => None,
                });
                (open, Sketch::of(pieces))
            }
            Value::Unknown(unknown) if unknown.kinds.may_be(Kinds::TEXT) => {
                (Some(Open::of(unknown)), Sketch::ANYTHING)
            }
            _ => (None, Sketch::ANYTHING),
        };
        if let Some(open) = open {
            self.unknown.push(UnknownEntry {
                open,
                found,
                is_stretch: false,
                sketch,
            });
        }
    }

    /// The entries that are networks.
    pub(crate) fn nets(&self) -> impl Iterator<Item = (&Entry, Ipv4Net)> {
        self.entries
            .iter()
            .filter_map(|entry| Some((entry, entry.net?)))
    }

    /// Where a person would change an entry.
    fn place_of(&self, entry: &Found) -> Location {
        self.list.place_of_element(entry.own.then_some(entry.at))
    }

    /// That something is wrong with an entry.
    pub(crate) fn bad(&self, first: &Entry, reason: Reason, detail: String) -> Answer {
        Answer {
            at: self.place_of(&first.found),
            ..Answer::about(&first.found, Truth::No, reason, detail)
        }
    }

    /// That nothing is wrong with what is known, which decides unless an entry that is not known
    /// matters.
    pub(crate) fn fine(&self, matters: impl Fn(&UnknownEntry) -> bool) -> Answer {
        match self.unknown.iter().find(|entry| matters(entry)) {
            Some(entry) => self.open(&entry.found, entry.open.clone()),
            None => {
                let detail = "every entry is as it should be".to_owned();
                Answer::about(&self.list, Truth::Yes, SET, detail)
            }
        }
    }

    fn open(&self, found: &Found, open: Open) -> Answer {
        let (reason, why) = (Reason::of(&open.unknown.why), open.unknown.why.to_string());
        Answer {
            at: self.place_of(found),
            ..Answer::about(found, Truth::Open(open), reason, why)
        }
    }

    /// A failure counts only where there surely are ranges.
    pub(crate) fn if_any(&self, answer: Answer) -> Answer {
        match (&answer.truth, self.unknown.iter().find(|u| u.is_stretch)) {
            (Truth::No, Some(stretch)) if self.min_len() == 0 => {
                let mut open = self.open(&stretch.found, stretch.open.clone());
                open.trail = open.trail.and(&answer.trail);
                open
            }
            _ => answer,
        }
    }

    /// There are at least so many entries.
    pub(crate) fn min_len(&self) -> usize {
        match &self.list.traced.value {
            Value::List(list) => list.min_len(),
            _ => 0,
        }
    }

    /// There are at most so many entries, if that is known.
    pub(crate) fn max_len(&self) -> Option<usize> {
        let Value::List(list) = &self.list.traced.value else {
            return None;
        };
        let of_each = list.elements.iter().map(|element| match element {
            Element::One(_) => Some(1),
            Element::Rest(rest) => rest.max,
        });
        of_each.reduce(|a, b| a?.checked_add(b?)).unwrap_or(Some(0))
    }
}

/// Fixes of entries.
impl Ranges {
    /// Whether the entry is written out, for this place in the list only and in a file of the user's.
    fn is_literal(&self, project: &Project, entry: &Entry, expr: &Expr) -> bool {
        let at = entry.found.at;
        let same = |other: &&Entry| other.found.at == at;
        expr.span == at.span
            && matches!(&expr.kind, ExprKind::Text(text) if **text == *entry.text)
            && entry.found.own
            && !entry.found.traced.trail.secret
            && self.entries.iter().filter(same).count() == 1
            && project.unit(at.file).origin == Origin::Own
    }

    /// Whether every one of `entries` is written out as the element of a list literal.
    fn are_elements(&self, project: &Project, entries: &[&Entry]) -> bool {
        entries.iter().all(|entry| {
            let exprs = &project.template(entry.found.at.file).exprs;
            let is_literal = |item: &ArrayItem| match item {
                ArrayItem::One(expr) => self.is_literal(project, entry, &exprs[*expr]),
                ArrayItem::Spread(_) => false,
            };
            exprs.iter().any(|expr| match &expr.kind {
                ExprKind::Array(items) => items.iter().any(is_literal),
                _ => false,
            })
        })
    }

    /// What stands elsewhere, in a variable say, may have other uses.
    fn applicability(&self) -> Applicability {
        let trail = &self.list.traced.trail;
        if trail.steps().is_empty() && trail.argument.is_none() {
            Applicability::Safe
        } else {
            Applicability::Unsafe
        }
    }

    /// Writes other texts in place of entries.
    pub(crate) fn rewrite(
        &self,
        project: &Project,
        entries: &[&Entry],
        title: String,
        text: impl Fn(&Entry) -> String,
    ) -> Option<Fix> {
        let edit = |entry: &&Entry| Edit::Replace {
            at: entry.found.at,
            value: Literal::Text(text(entry)),
        };
        self.are_elements(project, entries).then(|| Fix {
            title,
            applicability: self.applicability(),
            edits: entries.iter().map(edit).collect(),
        })
    }

    /// Takes entries out; `is_harmless`: without them the list means the same.
    pub(crate) fn remove(
        &self,
        project: &Project,
        entries: &[&Entry],
        is_harmless: bool,
    ) -> Option<Fix> {
        let applicability = if is_harmless {
            self.applicability()
        } else {
            Applicability::Unsafe
        };
        let edit = |entry: &&Entry| Edit::Remove { at: entry.found.at };
        self.are_elements(project, entries).then(|| Fix {
            title: format!(
                "remove {}",
                named(entries.iter().map(|entry| entry.shown()))
            ),
            applicability,
            edits: entries.iter().map(edit).collect(),
        })
    }
}

/// Asks something of the ranges of a public cluster.
pub(crate) fn judge(
    cluster: &mut Subject<'_, '_, '_>,
    words: &Words,
    ask: impl FnOnce(&mut Subject<'_, '_, '_>, &Ranges) -> Answer,
) -> Verdict {
    let private = is_private(&mut cluster.resource);
    if let Private::Yes(flag) = &private {
        let detail = "the cluster is private".to_owned();
        let answer = Answer::about(flag, Truth::Yes, PRIVATE_CLUSTER, detail);
        return cluster.verdict(words, answer);
    }
    let Some(ranges) = Ranges::of(cluster) else {
        return cluster.not_applicable(words, NO_RANGES, "it has no authorized ranges");
    };
    let answer = unless_private(ask(cluster, &ranges), private);
    cluster.verdict(words, answer)
}

/// A failure of a cluster that may be private is none for certain.
fn unless_private(mut answer: Answer, private: Private) -> Answer {
    match private {
        _ if matches!(answer.truth, Truth::Yes) => answer,
        Private::Yes(_) | Private::No(None) => answer,
        Private::No(Some(flag)) => {
            answer.trail = answer.trail.and(&flag.traced.trail);
            answer
        }
        Private::Unknown(doubt) => doubt.instead_of(answer),
    }
}

impl Doubt {
    /// What is known where an answer counts only if the flag has the one value and not the other.
    pub(crate) fn instead_of(self, answer: Answer) -> Answer {
        let own = match answer.truth {
            Truth::Open(open) => open.question,
            Truth::Yes | Truth::No => None,
        };
        let reason = Reason::of(&self.unknown.why);
        let why = self.unknown.why.to_string();
        let open = Open {
            unknown: self.unknown,
            question: self.question.or(own),
        };
        Answer::about(&self.found, Truth::Open(open), reason, why)
    }
}

/// Names, joined by commas and "and"; after a few only how many more there are.
pub(crate) fn named(names: impl IntoIterator<Item = String>) -> String {
    let mut names: Vec<String> = names.into_iter().collect();
    let more = names.len().saturating_sub(MAX_NAMED);
    names.truncate(MAX_NAMED);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
    }
}

/// Entries as they may be shown.
pub(crate) fn named_entries(entries: &[&Entry]) -> String {
    named(entries.iter().map(|entry| entry.shown()))
}

/// One word for one, another for several.
pub(crate) const fn is_or_are(entries: &[&Entry]) -> &'static str {
    if entries.len() == 1 { "is" } else { "are" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(pieces: &[&str]) -> Sketch {
        let hole = || Open::because(tricep_semantic::eval::Why::Secret).unknown;
        let piece = |text: &&str| match *text {
            "" => Piece::Unknown(hole()),
            text => Piece::Known(text.into()),
        };
        Sketch::of(&pieces.iter().map(piece).collect::<Vec<_>>())
    }

    #[test]
    fn octets_before_a_hole_and_the_prefix_behind_it_are_known() {
        let of = sketch(&["10.1.", "", "/24"]);
        assert_eq!(of.address.to_string(), "10.1.0.0/16");
        assert_eq!(of.prefix, Some(24));
        assert_eq!(of.reach().to_string(), "10.1.0.0/16");
        let of = sketch(&["10.1", "", "/8"]);
        assert_eq!(of.address.to_string(), "10.0.0.0/8");
        assert!(of.is_ipv4);
        let of = sketch(&["10.1.2.", ""]);
        assert_eq!(of.reach().to_string(), "0.0.0.0/0");
        assert!(!sketch(&["Storage.", ""]).is_ipv4);
    }

    #[test]
    fn after_five_names_only_their_number_is_told() {
        let names = |count: usize| named((0..count).map(|i| i.to_string()));
        assert_eq!(names(0), "");
        assert_eq!(names(1), "0");
        assert_eq!(names(2), "0 and 1");
        assert_eq!(names(5), "0, 1, 2, 3 and 4");
        assert_eq!(names(7), "0, 1, 2, 3, 4 and 2 more");
    }
}
