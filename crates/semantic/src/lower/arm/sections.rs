//! Parameters, variables, user-defined functions, definitions and outputs.

use rustc_hash::FxHashMap;
use tricep_syntax::json::{Kind, Member, Value};

use super::{Lowering, Mode, Place};
use crate::index::Idx;
use crate::template::{
    ExprKind, FunctionId, Output, Parameter, ParameterId, Symbol, TypeDef, TypeDefId, TypeKind,
    UserFunction, Variable, VariableId,
};

impl<'j> Lowering<'j> {
    /// The members of a section, the last one of a name that is given twice; letter case does not count.
    fn entries(&self, section: &str) -> Vec<Member<'j>> {
        let Some(section) = self.section(section) else {
            return Vec::new();
        };
        let mut kept: Vec<Member<'j>> = Vec::new();
        let mut places = FxHashMap::default();
        for member in section.members() {
            let name = member.key().value.to_lowercase();
            match places.get(&name) {
                Some(&place) => kept[place] = member,
                None => {
                    places.insert(name, kept.len());
                    kept.push(member);
                }
            }
        }
        kept
    }

    pub(super) fn declare_definitions(&mut self) {
        for (number, member) in self.entries("definitions").into_iter().enumerate() {
            let id = TypeDefId::new(number);
            let name = member.key().value;
            self.definitions.insert(name.to_lowercase(), id);
            let name = self.intern(&name);
            self.template
                .symbols
                .entry(name)
                .or_insert(Symbol::Type(id));
        }
    }

    pub(super) fn lower_definitions(&mut self) {
        for member in self.entries("definitions") {
            let definition = TypeDef {
                name: self.intern(&member.key().value),
                value: self.type_node(member.value),
                constraints: self.constraints(member.value),
            };
            self.template.type_defs.push(definition);
        }
    }

    pub(super) fn declare_parameters(&mut self) {
        if self.mode == Mode::Outer {
            // Its own parameters are never read (nested-01).
            return;
        }
        for (number, member) in self.entries("parameters").into_iter().enumerate() {
            let id = ParameterId::new(number);
            let name = member.key().value;
            self.own_parameters += 1;
            self.parameters.insert(name.to_lowercase(), id);
            self.hoisted_names.insert(name.to_lowercase());
            let name = self.intern(&name);
            self.template
                .symbols
                .entry(name)
                .or_insert(Symbol::Parameter(id));
        }
    }

    pub(super) fn lower_parameters(&mut self) {
        if self.mode == Mode::Outer {
            return;
        }
        for member in self.entries("parameters") {
            let node = member.value;
            // A default of null is none (param-29).
            let default = node.get_ignoring_case("defaultValue");
            let default = default.filter(|value| !value.is(Kind::Null));
            let parameter = Parameter {
                name: self.intern(&member.key().value),
                at: member.key_span(),
                r#type: Some(self.type_node(node)),
                value: default.map(|value| {
                    self.at(Place::ParameterDefault, |lowering| lowering.value(value))
                }),
                constraints: self.constraints(node),
            };
            self.template.parameters.push(parameter);
        }
    }

    pub(super) fn declare_variables(&mut self) {
        if self.mode == Mode::Outer {
            return;
        }
        for (number, (name, _)) in self.variable_entries().into_iter().enumerate() {
            let id = VariableId::new(number);
            self.variables.insert(name.to_lowercase(), id);
            let name = self.intern(&name);
            self.template
                .symbols
                .entry(name)
                .or_insert(Symbol::Variable(id));
        }
    }

    pub(super) fn lower_variables(&mut self) {
        if self.mode == Mode::Outer {
            return;
        }
        for (name, entry) in self.variable_entries() {
            let value = self.at(Place::Variable, |lowering| match entry {
                Entry::Plain(member) => {
                    if member.value.is(Kind::Null) {
                        // var-20; a null within an object is fine (v2-23).
                        let span = member.value.span();
                        lowering.problem("a variable cannot be null", span);
                    }
                    lowering.value(member.value)
                }
                Entry::Copy(copy) => lowering.copied_list(copy, false),
            });
            let variable = Variable {
                name: self.intern(&name),
                at: match entry {
                    Entry::Plain(member) => member.key_span(),
                    Entry::Copy(copy) => copy
                        .get_ignoring_case("name")
                        .map_or(copy.span(), Value::span),
                },
                value,
            };
            self.template.variables.push(variable);
        }
    }

    /// The variables with their names, those that `copy` makes among them.
    fn variable_entries(&self) -> Vec<(String, Entry<'j>)> {
        let mut entries = Vec::new();
        for member in self.entries("variables") {
            let name = member.key().value.into_owned();
            if name.eq_ignore_ascii_case("copy") && member.value.is(Kind::Array) {
                for copy in member.value.items() {
                    let name = copy.get_ignoring_case("name").and_then(Value::text);
                    let name = name.map(|name| name.value.into_owned());
                    entries.push((name.unwrap_or_default(), Entry::Copy(copy)));
                }
            } else {
                entries.push((name, Entry::Plain(member)));
            }
        }
        entries
    }

    /// The user-defined functions: namespace, name and definition.
    fn function_entries(&self) -> Vec<(String, Member<'j>)> {
        let mut entries = Vec::new();
        let spaces = self.section("functions").into_iter().flat_map(Value::items);
        for space in spaces {
            let name = space.get_ignoring_case("namespace").and_then(Value::text);
            let name = name.map_or(String::new(), |name| name.value.to_lowercase());
            let members = space.get_ignoring_case("members");
            for member in members.into_iter().flat_map(Value::members) {
                entries.push((name.clone(), member));
            }
        }
        entries
    }

    pub(super) fn declare_functions(&mut self) {
        if self.mode == Mode::Outer {
            return;
        }
        for (number, (space, member)) in self.function_entries().into_iter().enumerate() {
            let id = FunctionId::new(number);
            let name = member.key().value;
            let full = format!("{space}.{}", name.to_lowercase());
            self.functions.insert(full, id);
            // What the compiler exports stands in a namespace of its own.
            if space == "__bicep" {
                let name = self.intern(&name);
                self.template
                    .symbols
                    .entry(name)
                    .or_insert(Symbol::Function(id));
            }
        }
    }

    pub(super) fn lower_functions(&mut self) {
        if self.mode == Mode::Outer {
            return;
        }
        for (space, member) in self.function_entries() {
            let name = format!("{space}.{}", member.key().value);
            let function = self.function(&name, member.value);
            self.template.functions.push(function);
        }
    }

    fn function(&mut self, name: &str, node: Value<'j>) -> UserFunction {
        let mut parameters = Vec::new();
        let mut names = Vec::new();
        let declared = node.get_ignoring_case("parameters");
        for parameter in declared.into_iter().flat_map(Value::items) {
            let local = self.local();
            parameters.push((local, self.type_node(parameter)));
            let name = parameter.get_ignoring_case("name").and_then(Value::text);
            names.push((
                name.map_or(String::new(), |name| name.value.to_lowercase()),
                local,
            ));
        }
        self.arguments = Some(names);
        let output = node.get_ignoring_case("output");
        let value = output.and_then(|output| output.get_ignoring_case("value"));
        let body = self.at(Place::Function, |lowering| match value {
            Some(value) => lowering.value(value),
            None => lowering.fails(node.span(), "the function has no output"),
        });
        self.arguments = None;
        let result = match output {
            Some(output) => self.type_node(output),
            None => self.add_type(node.span(), TypeKind::Any),
        };
        UserFunction {
            name: self.intern(name),
            parameters,
            result,
            body,
        }
    }

    pub(super) fn lower_output_types(&mut self) {
        for member in self.entries("outputs") {
            let declared = (self.type_node(member.value), self.constraints(member.value));
            self.output_types.push(declared);
        }
    }

    pub(super) fn lower_outputs(&mut self) {
        let types = std::mem::take(&mut self.output_types);
        for (member, (r#type, constraints)) in self.entries("outputs").into_iter().zip(types) {
            let node = member.value;
            let value = self.at(Place::Late, |lowering| {
                if let Some(copy) = node.get_ignoring_case("copy") {
                    return lowering.copied_list(copy, true);
                }
                match node.get_ignoring_case("value") {
                    Some(value) => lowering.value(value),
                    None => {
                        // faulty-64
                        let span = member.key_span();
                        lowering.problem("the output has no `value`", span);
                        lowering.add(span, ExprKind::Missing)
                    }
                }
            });
            let condition = node.get_ignoring_case("condition");
            let output = Output {
                name: self.intern(&member.key().value),
                at: member.key_span(),
                r#type,
                value,
                constraints,
                condition: condition.map(|condition| self.value(condition)),
            };
            self.template.outputs.push(output);
        }
    }
}

/// How a variable is written.
#[derive(Clone, Copy)]
enum Entry<'j> {
    /// As a member.
    Plain(Member<'j>),
    /// As an entry of `copy`.
    Copy(Value<'j>),
}
