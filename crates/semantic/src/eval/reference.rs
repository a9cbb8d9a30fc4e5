//! `reference(x)` in an ARM template, where only evaluating `x` tells what it names: a resource or
//! deployment of the same template, whose properties and outputs are then known from the request (oracle
//! `arm` nested-17, preflight-27).
//!
//! What lowering recognises by its text never comes here. Absent: what is deployed elsewhere, and
//! `reference()` without an access behind it.

use std::rc::Rc;

use rustc_hash::FxHashMap;
use tricep_syntax::bicep::Dialect;

use super::identity::loop_around;
use super::modules::{Call, Instance};
use super::scope::Scope;
use super::text::TextBuilder;
use super::value::{Piece, Traced, Value};
use super::{Env, Evaluator, FrameId, Kinds, Why};
use crate::template::{Body, ExprId, ExprKind, ModuleId, ResourceId, Symbol};

/// At most so many resources and rounds of loops have names that references find.
const MAX_NAMES: usize = 4096;
const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";

/// What the texts that references use stand for in a frame. `None`: more than one thing.
#[derive(Default, Debug)]
pub(super) struct Names {
    /// Symbolic names, letter case kept.
    symbols: FxHashMap<String, Option<Place>>,
    /// Names and ids in lower case.
    names: FxHashMap<String, Option<Place>>,
}

/// A resource or deployment, perhaps one round of its loop.
#[derive(Clone, Copy, Debug)]
struct Place {
    symbol: Symbol,
    round: Option<usize>,
}

/// What a call of `reference` names.
struct Named {
    place: Place,
    /// `reference(…, …, 'full')`
    full: bool,
}

impl Evaluator<'_> {
    /// `reference(x).member`, or `.value` behind the output of a deployment. `None`: it is nothing of this
    /// template.
    pub(super) fn referenced_member(
        &mut self,
        env: &Env,
        base: ExprId,
        name: &str,
    ) -> Option<Traced> {
        let template = self.template(env.frame);
        if template.dialect != Dialect::Arm {
            return None;
        }
        match &template.exprs[base].kind {
            ExprKind::Call { function, .. } if is_reference(function) => {
                let named = self.named_by(env, base, is_reference)?;
                self.referenced_property(env, &named, name)
            }
            ExprKind::Call { function, .. } if lists_outputs(function) => {
                Some(self.listed_output(env, base, name))
            }
            ExprKind::Member {
                base: outputs,
                name: output,
                ..
            } if name.eq_ignore_ascii_case("value") => {
                let ExprKind::Member { base, name, .. } = &template.exprs[*outputs].kind else {
                    return None;
                };
                if !name.eq_ignore_ascii_case("outputs") {
                    return None;
                }
                let named = self.named_by(env, *base, is_reference)?;
                self.referenced_output(env, &named, output)
            }
            _ => None,
        }
    }

    /// `listOutputsWithSecureValues('deployment', version).output`: what the compiler makes of an output
    /// that is secure (Azure/bicep `ExpressionConverter.cs`). That of a deployment elsewhere is a secret
    /// all the same.
    fn listed_output(&mut self, env: &Env, call: ExprId, output: &str) -> Traced {
        let named = self.named_by(env, call, lists_outputs);
        let read = named.and_then(|named| self.referenced_output(env, &named, output));
        read.unwrap_or_else(|| Value::unknown(Why::Secret, Kinds::ANY).into())
    }

    fn referenced_output(&mut self, env: &Env, named: &Named, output: &str) -> Option<Traced> {
        let Symbol::Module(module) = named.place.symbol else {
            return None;
        };
        let round = named
            .place
            .round
            .and_then(|round| i64::try_from(round).ok());
        let call = Call {
            module,
            round: round.map(|round| Value::Int(round).into()),
            guarded: false,
        };
        Some(self.module_output(env, call, output, false))
    }

    fn referenced_property(&mut self, env: &Env, named: &Named, name: &str) -> Option<Traced> {
        let Symbol::Resource(id) = named.place.symbol else {
            return None;
        };
        let instance = self.instance_at(env.frame, id, named.place.round)?;
        // Of a whole resource the engine knows the properties only (preflight-07).
        if named.full && !name.eq_ignore_ascii_case("properties") {
            return None;
        }
        let properties = self.served_member(&instance, id, "properties");
        if named.full {
            return Some(properties);
        }
        let member = self.member(&properties.value, name, false);
        Some(Traced {
            trail: member.trail.and(&properties.trail),
            value: member.value,
        })
    }

    /// What the argument of a call names in this template, if it is one of these functions.
    fn named_by(
        &mut self,
        env: &Env,
        call: ExprId,
        is_function: fn(&str) -> bool,
    ) -> Option<Named> {
        let template = self.template(env.frame);
        let ExprKind::Call {
            function,
            arguments,
        } = &template.exprs[call].kind
        else {
            return None;
        };
        if !is_function(function) {
            return None;
        }
        let (target, rest) = arguments.split_first()?;
        let target = self.evaluate(env, *target).value;
        let names = self.reference_names(env.frame);
        let place = match &target {
            Value::Text(text) if names.symbols.contains_key(&**text) => names.symbols[&**text]?,
            target => (*names.names.get(&key(target)?)?)?,
        };
        let full = match rest.get(1) {
            None => false,
            Some(&full) => {
                let full = self.evaluate(env, full).value;
                if !matches!(&full, Value::Text(text) if text.eq_ignore_ascii_case("full")) {
                    return None;
                }
                true
            }
        };
        // Only of the same version (preflight-10).
        if let (Symbol::Resource(id), Some(&version)) = (place.symbol, rest.first()) {
            let own = template.resources[id].api_version.as_ref()?.as_str();
            let asked = self.evaluate(env, version).value;
            if !matches!(&asked, Value::Text(asked) if **asked == *own) {
                return None;
            }
        }
        Some(Named { place, full })
    }

    fn instance_at(
        &mut self,
        frame: FrameId,
        id: ResourceId,
        round: Option<usize>,
    ) -> Option<Instance> {
        let template = self.template(frame);
        let body = Body {
            each: loop_around(template, id),
            ..template.resources[id].body
        };
        let rounds = self.rounds(frame, &body).ok()?;
        self.instance(&rounds, round.unwrap_or_default())
    }

    /// The names of what a frame deploys, found once.
    fn reference_names(&mut self, frame: FrameId) -> Rc<Names> {
        if let Some(known) = &self.frame(frame).names {
            return Rc::clone(known);
        }
        // A name that needs a reference meets this: none is found.
        self.frame_mut(frame).names = Some(Rc::default());
        let names = Rc::new(self.all_names(frame));
        self.frame_mut(frame).names = Some(Rc::clone(&names));
        names
    }

    fn all_names(&mut self, frame: FrameId) -> Names {
        let template = self.template(frame);
        let symbolic = template
            .symbols
            .values()
            .any(|symbol| matches!(symbol, Symbol::Resource(_) | Symbol::Module(_)));
        let mut names = Names::default();
        let mut left = MAX_NAMES;
        for (id, module) in template.modules.iter_enumerated() {
            let symbol = symbolic.then_some(&*module.name);
            let place = Symbol::Module(id);
            self.name_rounds(frame, &module.body, &mut left, |evaluator, instance| {
                let (name, id) = evaluator.module_names(instance, id);
                names.add(place, instance.round, symbol, &name, &id, DEPLOYMENTS);
            });
        }
        for (id, resource) in template.resources.iter_enumerated() {
            let symbol = symbolic.then_some(&*resource.name);
            let r#type = resource
                .r#type
                .as_ref()
                .map_or("", |r#type| r#type.as_str());
            let place = Symbol::Resource(id);
            let body = Body {
                each: loop_around(template, id),
                ..resource.body
            };
            self.name_rounds(frame, &body, &mut left, |evaluator, instance| {
                let name = evaluator.full_name(instance, id);
                let id = evaluator.resource_id(instance, id);
                names.add(place, instance.round, symbol, &name, &id, r#type);
            });
        }
        names
    }

    /// Shows the rounds of a body that are known.
    fn name_rounds(
        &mut self,
        frame: FrameId,
        body: &Body,
        left: &mut usize,
        mut see: impl FnMut(&mut Self, &Instance),
    ) {
        let Ok(rounds) = self.rounds(frame, body) else {
            return;
        };
        for number in 0..rounds.count() {
            if *left == 0 || rounds.is_stretch(number) {
                return;
            }
            *left -= 1;
            if let Some(instance) = self.instance(&rounds, number) {
                see(self, &instance);
            }
        }
    }

    /// Name and id of a deployment.
    fn module_names(&mut self, instance: &Instance, id: ModuleId) -> (Value, Value) {
        let name = self.module_name(instance, id).value;
        let scope: Scope = self.scope_of_module(instance, id);
        let mut text = TextBuilder::default();
        let parts = [
            scope.prefix(),
            Value::text(format!("/providers/{DEPLOYMENTS}/")),
            name.clone(),
        ];
        for part in &parts {
            if let Err(unfit) = text.push_name(part) {
                return (name, unfit);
            }
        }
        (name, text.finish())
    }
}

impl Names {
    fn add(
        &mut self,
        symbol: Symbol,
        round: Option<usize>,
        symbolic: Option<&str>,
        name: &Value,
        id: &Value,
        r#type: &str,
    ) {
        let place = Place { symbol, round };
        match (symbolic, round) {
            (Some(symbolic), None) => insert(&mut self.symbols, symbolic.to_owned(), place),
            (Some(symbolic), Some(round)) => {
                insert(&mut self.symbols, format!("{symbolic}[{round}]"), place);
            }
            // Where resources have symbolic names, no other name counts.
            (None, _) => {
                if let Value::Text(name) = name {
                    insert(&mut self.names, name.to_lowercase(), place);
                    let full = format!("{type}/{name}").to_lowercase();
                    insert(&mut self.names, full, place);
                }
            }
        }
        if let Some(id) = key(id) {
            insert(&mut self.names, id, place);
        }
    }
}

fn insert(names: &mut FxHashMap<String, Option<Place>>, name: String, place: Place) {
    names
        .entry(name)
        .and_modify(|known| *known = None)
        .or_insert(Some(place));
}

fn is_reference(function: &str) -> bool {
    function.eq_ignore_ascii_case("reference")
}

fn lists_outputs(function: &str) -> bool {
    function.eq_ignore_ascii_case("listOutputsWithSecureValues")
}

/// A text in lower case. What is open in it, such as the subscription, is the same text wherever it is
/// open for the same reason.
fn key(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_lowercase()),
        Value::Partial(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Known(text) => Some(text.to_lowercase()),
                Piece::Unknown(unknown) => match &unknown.why {
                    Why::Runtime(what) if is_of_deployment(what) => Some(format!("\0{what}\0")),
                    _ => None,
                },
            })
            .collect(),
        _ => None,
    }
}

/// Whether an unknown is one of the deployment itself, the same everywhere in a frame.
fn is_of_deployment(what: &str) -> bool {
    ["`subscription().subscriptionId`", "`resourceGroup().name`"].contains(&what)
}
