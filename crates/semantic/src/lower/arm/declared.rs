//! What a template deploys, and which of it a text or an expression names.
//!
//! `reference('n')`, `reference(resourceId('Microsoft.A/b', 'n'))` and `dependsOn` name resources by symbolic
//! name, name, or id. An id is recognised by its text: the compiler writes the same expression for a
//! resource's name and for what refers to it. What is not recognised stays a call.

use rustc_hash::FxHashMap;
use tricep_syntax::arm::{Access, Call, Content, Expression, ExpressionKind, read};
use tricep_syntax::json::{Kind, Member, Value};
use tricep_syntax::text::Span;

use super::call::{access_name, literal};
use super::expression::Origin;
use super::{Lowering, Mode, Place};
use crate::index::Idx;
use crate::template::{ArrayItem, ExprId, ExprKind, ModuleId, ResourceId, Symbol};

/// The type of a resource that deploys a template.
pub(super) const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";

/// The resources and deployments of a template.
#[derive(Default)]
pub(super) struct Declared {
    /// In the order in which they are lowered.
    entries: Vec<Entry>,
    /// Whether `resources` is an object, whose keys are the names that references use.
    symbolic: bool,
    by_symbol: FxHashMap<String, usize>,
    /// By name, by name of the loop, and by type and name, in lower case; `None`: several have it.
    by_name: FxHashMap<String, Option<usize>>,
    by_loop: FxHashMap<String, Option<usize>>,
    by_id: FxHashMap<String, Option<usize>>,
}

struct Entry {
    symbol: Symbol,
    api_version: Option<String>,
    is_loop: bool,
}

/// Something declared that an expression names, and which round of its loop.
pub(super) struct Named<'e> {
    pub(super) symbol: Symbol,
    api_version: Option<String>,
    round: Round<'e>,
}

enum Round<'e> {
    /// There is no loop, or the whole of it is meant.
    None,
    Number(i64),
    Computed(&'e Expression),
    /// The one of the same number as the round around the reference.
    Same,
}

/// A resource as it is written.
#[derive(Clone, Copy)]
pub(super) struct Written<'j> {
    /// Its key, where `resources` is an object.
    pub(super) key: Option<Member<'j>>,
    pub(super) value: Value<'j>,
}

/// The resources in a section `resources`.
pub(super) fn written<'j>(section: Option<Value<'j>>) -> Vec<Written<'j>> {
    let Some(section) = section else {
        return Vec::new();
    };
    let in_array = section.items().map(|value| Written { key: None, value });
    let in_object = section.settled().into_iter().map(|member| Written {
        key: Some(member),
        value: member.value,
    });
    in_array.chain(in_object).collect()
}

/// The type of a resource, with those of its parents before it.
pub(super) fn full_type(resource: Value<'_>, parent: Option<&str>) -> Option<String> {
    let own = resource.get_ignoring_case("type")?.text()?.value;
    Some(match parent {
        Some(parent) => format!("{parent}/{own}"),
        None => own.into_owned(),
    })
}

impl<'j> Lowering<'j> {
    /// Whether a resource deploys a template that is written out, loaded or linked.
    pub(super) fn is_deployment(&self, resource: Value<'j>, r#type: Option<&str>) -> bool {
        let is_known = |properties: Value<'j>| match properties.get_ignoring_case("template") {
            Some(_) => self.template_of(properties).is_some(),
            None => properties
                .get_ignoring_case("templateLink")
                .is_some_and(|link| link.is(Kind::Object)),
        };
        let properties = resource.get_ignoring_case("properties");
        r#type.is_some_and(|r#type| r#type.eq_ignore_ascii_case(DEPLOYMENTS))
            && properties.is_some_and(is_known)
            && resource.get_ignoring_case("existing").and_then(Value::bool) != Some(true)
    }

    /// Gives every resource its id, so that references may stand before declarations.
    pub(super) fn declare_resources(&mut self) {
        let section = self.section("resources");
        self.declared.symbolic = section.is_some_and(|section| section.is(Kind::Object));
        let mut next = (0, 0);
        self.declare_level(section, None, &mut next);
    }

    fn declare_level(
        &mut self,
        section: Option<Value<'j>>,
        parent: Option<&str>,
        next: &mut (usize, usize),
    ) {
        for resource in written(section) {
            let r#type = full_type(resource.value, parent);
            let counter = match self.is_deployment(resource.value, r#type.as_deref()) {
                true => &mut next.1,
                false => &mut next.0,
            };
            *counter += 1;
            let symbol = match self.is_deployment(resource.value, r#type.as_deref()) {
                true => Symbol::Module(ModuleId::new(next.1 - 1)),
                false => Symbol::Resource(ResourceId::new(next.0 - 1)),
            };
            self.declare(resource, symbol, r#type.as_deref(), parent.is_some());
            if matches!(symbol, Symbol::Resource(_)) {
                let children = resource.value.get_ignoring_case("resources");
                stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
                    self.declare_level(children, r#type.as_deref(), next);
                });
            }
        }
    }

    fn declare(
        &mut self,
        resource: Written<'j>,
        symbol: Symbol,
        r#type: Option<&str>,
        is_child: bool,
    ) {
        let number = self.declared.entries.len();
        let text = |name| resource.value.get_ignoring_case(name).and_then(Value::text);
        let copy = resource.value.get_ignoring_case("copy");
        let copy = copy.filter(|copy| copy.is(Kind::Object));
        self.declared.entries.push(Entry {
            symbol,
            api_version: text("apiVersion").map(|version| version.value.into_owned()),
            is_loop: copy.is_some(),
        });
        if let Some(key) = resource.key {
            let key = key.key().value.into_owned();
            let name = self.intern(&key);
            self.template.symbols.entry(name).or_insert(symbol);
            self.declared.by_symbol.insert(key, number);
        }
        if let Some(copy) = copy.and_then(|copy| copy.get_ignoring_case("name")?.text()) {
            insert(
                &mut self.declared.by_loop,
                copy.value.to_lowercase(),
                number,
            );
        }
        // The name of a child is not its whole name.
        let name = text("name").filter(|_| !is_child);
        if let (Some(name), Some(r#type)) = (name, r#type) {
            if let Content::Text(name) = read(&name.value) {
                insert(&mut self.declared.by_name, name.to_lowercase(), number);
            }
            if let Some(parts) = name_parts(&name.value) {
                insert(&mut self.declared.by_id, id_key(r#type, &parts), number);
            }
        }
    }

    /// What an expression names, if it is something in this template.
    pub(super) fn find_declared<'e>(&self, target: &'e Expression) -> Option<Named<'e>> {
        match &target.kind {
            ExpressionKind::Text(text) => self.find_by_text(text),
            ExpressionKind::Integer(_) => None,
            ExpressionKind::Call(call) if !call.accesses.is_empty() => None,
            ExpressionKind::Call(call) => self.find_round(call).or_else(|| self.find_by_id(call)),
        }
    }

    fn named<'e>(&self, number: usize, round: Round<'e>) -> Named<'e> {
        let entry = &self.declared.entries[number];
        Named {
            symbol: entry.symbol,
            api_version: entry.api_version.clone(),
            round,
        }
    }

    /// A symbolic name, `name[1]`, or in a template without them a plain name.
    fn find_by_text<'e>(&self, text: &str) -> Option<Named<'e>> {
        let declared = &self.declared;
        if declared.symbolic {
            if let Some(&number) = declared.by_symbol.get(text) {
                return Some(self.named(number, Round::None));
            }
            let (symbol, rest) = text.split_once('[')?;
            let round = rest.strip_suffix(']')?.parse().ok()?;
            let &number = declared.by_symbol.get(symbol)?;
            return Some(self.named(number, Round::Number(round)));
        }
        let number = (*declared.by_name.get(&text.to_lowercase())?)?;
        let entry = &declared.entries[number];
        (!entry.is_loop).then(|| self.named(number, Round::None))
    }

    /// `format('symbol[{0}]', round)`, as the compiler writes a round of a loop.
    fn find_round<'e>(&self, call: &'e Call) -> Option<Named<'e>> {
        let [pattern, round] = &*call.arguments else {
            return None;
        };
        if !call.name.text.eq_ignore_ascii_case("format") || call.namespace.is_some() {
            return None;
        }
        let symbol = literal(pattern)?.strip_suffix("[{0}]")?;
        let &number = self.declared.by_symbol.get(symbol)?;
        Some(self.named(number, Round::Computed(round)))
    }

    /// `resourceId(…, 'type', name, …)` and its kin.
    fn find_by_id<'e>(&self, call: &Call) -> Option<Named<'e>> {
        let family = [
            "resourceId",
            "subscriptionResourceId",
            "tenantResourceId",
            "managementGroupResourceId",
        ];
        if !family
            .iter()
            .any(|name| call.name.text.eq_ignore_ascii_case(name))
        {
            return None;
        }
        // With a subscription or group before the type it may be a resource elsewhere.
        let (r#type, names) = call.arguments.split_first()?;
        let r#type = literal(r#type).filter(|r#type| r#type.contains('/'))?;
        let parts: Vec<String> = names.iter().flat_map(parts_of).collect();
        let key = id_key(r#type, &parts);
        let number = (*self.declared.by_id.get(&key)?)?;
        let entry = &self.declared.entries[number];
        let round = match (entry.is_loop, key.contains("copyindex()")) {
            (false, _) => Round::None,
            (true, true) => Round::Same,
            (true, false) => return None,
        };
        Some(self.named(number, round))
    }

    /// A use of what was found.
    fn named_expr(&mut self, named: &Named<'_>, span: Span, origin: Origin<'_, 'j>) -> ExprId {
        let symbol = self.symbol(span, named.symbol);
        let index = match named.round {
            Round::None => return symbol,
            Round::Number(number) => self.add(span, ExprKind::Int(Some(number))),
            Round::Computed(round) => self.expression(round, origin),
            Round::Same => self.loop_index(None, span),
        };
        let kind = ExprKind::Index {
            base: symbol,
            index,
            safe: false,
            from_end: false,
        };
        self.add(span, kind)
    }

    /// `reference(…)` of something in this template, and how many of the accesses behind it belong to it.
    pub(super) fn reference_to_declared(
        &mut self,
        call: &Call,
        origin: Origin<'_, 'j>,
    ) -> Option<(ExprId, usize)> {
        let named = self.find_declared(call.arguments.first()?)?;
        let span = origin.span(call.span);
        if matches!(named.symbol, Symbol::Module(_)) {
            return self.module_output(&call.accesses, &named, [false; 2], span, origin);
        }
        // Only of the same version (preflight-10).
        let same_version = match call.arguments.get(1) {
            None => true,
            Some(version) => literal(version) == named.api_version.as_deref(),
        };
        let is_full = match call.arguments.get(2) {
            None => false,
            Some(full) => literal(full).is_some_and(|full| full.eq_ignore_ascii_case("full")),
        };
        if !same_version || (call.arguments.len() > 2 && !is_full) {
            return None;
        }
        // Of the whole resource the engine knows the properties only (preflight-06, preflight-07).
        let first = call.accesses.first().and_then(access_name);
        let reads_properties = first.is_some_and(|name| name.eq_ignore_ascii_case("properties"));
        if is_full && !reads_properties {
            return None;
        }
        let base = self.named_expr(&named, span, origin);
        let kind = ExprKind::Member {
            base,
            name: self.intern("properties"),
            safe: false,
        };
        Some((self.add(span, kind), usize::from(is_full)))
    }

    /// `tryGet` of the output of a deployment, which Bicep writes as `deployment.?outputs.name`:
    /// `tryGet(reference('deployment'), 'outputs', 'name', 'value')`, perhaps with a condition around the
    /// `reference`, perhaps a `tryGet` for each key.
    pub(super) fn tried_output(
        &mut self,
        base: &Expression,
        keys: &[Expression],
        span: Span,
        origin: Origin<'_, 'j>,
    ) -> Option<ExprId> {
        let (base, keys) = flattened(base, keys);
        if let Some(read) = self.tried_reference(base, &keys, origin) {
            return Some(read);
        }
        let [condition, then, otherwise] = arguments_of(base, "if")? else {
            return None;
        };
        let is_reference = |branch| arguments_of(branch, "reference").is_some();
        let is_plain = keys.iter().all(|(key, _)| literal(key).is_some());
        if !is_plain || !(is_reference(then) || is_reference(otherwise)) {
            return None;
        }
        let kind = ExprKind::Ternary {
            condition: self.expression(condition, origin),
            then: self.tried_branch(then, &keys, origin),
            otherwise: self.tried_branch(otherwise, &keys, origin),
        };
        Some(self.add(span, kind))
    }

    fn tried_branch(
        &mut self,
        branch: &Expression,
        keys: &[TriedKey<'_>],
        origin: Origin<'_, 'j>,
    ) -> ExprId {
        if let Some(read) = self.tried_reference(branch, keys, origin) {
            return read;
        }
        let base = self.expression(branch, origin);
        self.tried_keys(base, keys, origin)
    }

    fn tried_reference(
        &mut self,
        reference: &Expression,
        keys: &[TriedKey<'_>],
        origin: Origin<'_, 'j>,
    ) -> Option<ExprId> {
        let arguments = arguments_of(reference, "reference")?;
        let named = self.find_declared(arguments.first()?)?;
        if !matches!(named.symbol, Symbol::Module(_)) {
            return None;
        }
        let read = keys.iter().take(3);
        let accesses: Vec<Access> = read
            .map(|(key, _)| Access::Index((*key).clone(), key.span))
            .collect();
        let safe = [keys.first()?.1, keys.get(1)?.1];
        let span = origin.span(reference.span);
        let (output, read) = self.module_output(&accesses, &named, safe, span, origin)?;
        Some(self.tried_keys(output, keys.get(read..)?, origin))
    }

    /// Asks for keys one after the other; at each safe one a chain starts anew.
    fn tried_keys(
        &mut self,
        mut value: ExprId,
        keys: &[TriedKey<'_>],
        origin: Origin<'_, 'j>,
    ) -> ExprId {
        for &(key, safe) in keys {
            let span = self.template.exprs[value].span;
            if safe {
                value = self.add(span, ExprKind::Parenthesized(value));
            }
            let kind = ExprKind::Index {
                base: value,
                index: self.expression(key, origin),
                safe,
                from_end: false,
            };
            value = self.add(span, kind);
        }
        value
    }

    /// `.outputs.name.value` behind the reference to a deployment (embed-06).
    fn module_output(
        &mut self,
        accesses: &[Access],
        named: &Named<'_>,
        safe: [bool; 2],
        span: Span,
        origin: Origin<'_, 'j>,
    ) -> Option<(ExprId, usize)> {
        let [outputs, name, value, ..] = accesses else {
            return None;
        };
        let is = |access: &Access, wanted: &str| {
            access_name(access).is_some_and(|name| name.eq_ignore_ascii_case(wanted))
        };
        if !is(outputs, "outputs") || !is(value, "value") {
            return None;
        }
        let name = self.intern(access_name(name)?);
        let base = self.named_expr(named, span, origin);
        let outputs = ExprKind::Member {
            base,
            name: self.intern("outputs"),
            safe: safe[0],
        };
        let base = self.add(span, outputs);
        let span = Span::new(span.start, origin.span(value.span()).end);
        let kind = ExprKind::Member {
            base,
            name,
            safe: safe[1],
        };
        Some((self.add(span, kind), 3))
    }

    /// `resourceInfo('symbol')`
    pub(super) fn declared_info(&mut self, call: &Call, span: Span) -> Option<ExprId> {
        let named = self.find_declared(call.arguments.first()?)?;
        matches!(named.round, Round::None).then(|| self.symbol(span, named.symbol))
    }

    /// `dependsOn`: what is named in it becomes the symbol, the rest stays as it is.
    pub(super) fn depends_on(&mut self, list: Value<'j>) -> ExprId {
        if !list.is(Kind::Array) {
            return self.at(Place::Early, |lowering| lowering.value(list));
        }
        let items = list
            .items()
            .map(|item| ArrayItem::One(self.dependency(item)));
        let items = items.collect();
        self.add(list.span(), ExprKind::Array(items))
    }

    fn dependency(&mut self, item: Value<'j>) -> ExprId {
        let Some(text) = item.text() else {
            return self.value(item);
        };
        match read(&text.value) {
            Content::Text(name) => match self.find_dependency(name) {
                Some(symbol) => self.symbol(item.span(), symbol),
                None => self.value(item),
            },
            Content::Expression(expression) => match self.find_declared(&expression) {
                Some(named) if matches!(named.round, Round::None) || self.mode == Mode::Outer => {
                    self.symbol(item.span(), named.symbol)
                }
                Some(named) => {
                    let origin = Origin::new(&text);
                    self.named_expr(&named, item.span(), origin)
                }
                None => self.value(item),
            },
            Content::Invalid(_) => self.value(item),
        }
    }

    /// A name in `dependsOn`: of a resource or of a loop (copy-09, depends-01).
    fn find_dependency(&self, name: &str) -> Option<Symbol> {
        if let Some(named) = self.find_by_text(name) {
            return Some(named.symbol);
        }
        let number = (*self.declared.by_loop.get(&name.to_lowercase())?)?;
        Some(self.declared.entries[number].symbol)
    }
}

fn insert(names: &mut FxHashMap<String, Option<usize>>, name: String, number: usize) {
    names
        .entry(name)
        .and_modify(|known| *known = None)
        .or_insert(Some(number));
}

fn id_key(r#type: &str, parts: &[String]) -> String {
    format!("{}|{}", r#type, parts.join("|")).to_lowercase()
}

/// The name of a resource as the arguments of `resourceId` would have it: one text for each segment.
fn name_parts(name: &str) -> Option<Vec<String>> {
    match read(name) {
        Content::Text(text) => Some(text.split('/').map(|part| format!("'{part}'")).collect()),
        Content::Expression(expression) => Some(parts_of(&expression)),
        Content::Invalid(_) => None,
    }
}

/// The segments of a name: `format('{0}/{1}', a, b)` and `concat(a, '/', b)` have several.
fn parts_of(name: &Expression) -> Vec<String> {
    match &name.kind {
        ExpressionKind::Text(text) => text.split('/').map(|part| format!("'{part}'")).collect(),
        ExpressionKind::Call(call) => joined_parts(call).unwrap_or_else(|| vec![name.to_string()]),
        ExpressionKind::Integer(_) => vec![name.to_string()],
    }
}

fn joined_parts(call: &Call) -> Option<Vec<String>> {
    if call.namespace.is_some() || !call.accesses.is_empty() {
        return None;
    }
    let arguments = &*call.arguments;
    match &*call.name.text.to_ascii_lowercase() {
        "format" => {
            let (pattern, parts) = arguments.split_first()?;
            let expected: Vec<String> = (0..parts.len()).map(|n| format!("{{{n}}}")).collect();
            (literal(pattern)? == expected.join("/") && parts.len() > 1)
                .then(|| parts.iter().flat_map(parts_of).collect())
        }
        "concat" => {
            let slashes = arguments.iter().skip(1).step_by(2);
            let joined = arguments.len() > 2 && arguments.len() % 2 == 1;
            (joined && slashes.map(literal).all(|text| text == Some("/")))
                .then(|| arguments.iter().step_by(2).flat_map(parts_of).collect())
        }
        _ => None,
    }
}

/// A key, and whether there need not be one of that name.
type TriedKey<'e> = (&'e Expression, bool);

/// What the innermost of calls of `tryGet` around each other asks, and all keys. The keys of an output
/// are three, so more than three calls are not looked into.
fn flattened<'e>(
    base: &'e Expression,
    keys: &'e [Expression],
) -> (&'e Expression, Vec<TriedKey<'e>>) {
    let safe_first = |keys: &'e [Expression]| {
        let keys = keys.iter().enumerate();
        keys.map(|(number, key)| (key, number == 0))
    };
    let mut all: Vec<_> = safe_first(keys).collect();
    let mut base = base;
    for _ in 0..2 {
        let Some([inner, keys @ ..]) = arguments_of(base, "tryGet") else {
            break;
        };
        all.splice(0..0, safe_first(keys));
        base = inner;
    }
    (base, all)
}

/// The arguments of a call of a function, if nothing is asked of its result.
fn arguments_of<'e>(expression: &'e Expression, function: &str) -> Option<&'e [Expression]> {
    match &expression.kind {
        ExpressionKind::Call(call)
            if call.accesses.is_empty() && call.name.text.eq_ignore_ascii_case(function) =>
        {
            Some(&call.arguments)
        }
        _ => None,
    }
}
