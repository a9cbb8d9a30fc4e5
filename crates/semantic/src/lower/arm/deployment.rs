//! Deployments within a template: calls of modules whose template is written out or linked.

use tricep_syntax::arm::{Content, ExpressionKind, is_expression, read};
use tricep_syntax::json::{Kind, Value};
use tricep_syntax::text::Span;

use super::declared::Written;
use super::resource::copy_of;
use super::{Hoisted, Lowering, Mode, Nested, Place, lower_template};
use crate::template::{
    Body, ExprId, ExprKind, Module, Property, PropertyKey, Purpose, Reference, ReferenceId,
};

/// Members that go into the body of the call as they are; they say what is deployed to.
const MEMBERS: [&str; 5] = [
    "name",
    "scope",
    "subscriptionId",
    "resourceGroup",
    "dependsOn",
];

impl<'j> Lowering<'j> {
    /// A deployment: the call of a module.
    pub(super) fn deployment(&mut self, resource: Written<'j>) {
        let value = resource.value;
        let copy = copy_of(value);
        let each = copy.map(|copy| {
            let each = self.copy_loop(copy);
            self.push_loop(copy, each, true);
            each
        });
        let (name, at) = self.symbol_of(resource);
        let condition = self.condition(value);
        let properties = value.get_ignoring_case("properties");
        let (reference, params) = self.called_template(properties.unwrap_or(value), at);
        let object = self.call_body(value, params);
        if each.is_some() {
            self.locals.pop();
        }
        let module = Module {
            name: self.module_name(&name),
            at,
            reference,
            body: Body {
                each,
                condition,
                object,
            },
        };
        self.template.modules.push(module);
    }

    /// A name that no other module has: frames are told apart by it.
    fn module_name(&mut self, name: &str) -> std::sync::Arc<str> {
        let mut unique = name.to_owned();
        if !self.module_names.insert(unique.clone()) {
            unique = format!("{name} ({})", self.template.modules.len() + 1);
            self.module_names.insert(unique.clone());
        }
        self.intern(&unique)
    }

    fn call_body(&mut self, resource: Value<'j>, params: Option<ExprId>) -> ExprId {
        let mut properties = Vec::new();
        for name in MEMBERS {
            if let Some(member) = resource.member_ignoring_case(name) {
                let key = PropertyKey::Fixed(self.intern(name));
                let value = self.resource_member(name, &member);
                properties.push(Property::Set { key, value });
            }
        }
        if let Some(value) = params {
            let key = PropertyKey::Fixed(self.intern("params"));
            properties.push(Property::Set { key, value });
        }
        self.add(resource.span(), ExprKind::Object(properties.into()))
    }

    /// The reference to the template of a deployment, and the arguments for it.
    fn called_template(
        &mut self,
        properties: Value<'j>,
        at: Span,
    ) -> (ReferenceId, Option<ExprId>) {
        let Some((template, loaded)) = self.template_of(properties) else {
            let link = properties.get_ignoring_case("templateLink");
            let reference = self.linked(link.unwrap_or(properties));
            return (reference, self.parameters_of_call(properties));
        };
        if let Some(&reference) = self.loaded.get(&template.id()) {
            return (reference, self.parameters_of_call(properties));
        }
        let reference = self.template.references.push(Reference {
            purpose: Purpose::Module,
            path: None,
            at,
        });
        let params = match self.mode_of(properties, template, loaded) {
            Some(mode) => self.nested_template(reference, properties, template, mode),
            None => None,
        };
        if loaded {
            self.loaded.insert(template.id(), reference);
        }
        (reference, params)
    }

    /// Who evaluates the template of a deployment here. `None`: that is computed, or not known.
    fn mode_of(&self, properties: Value<'j>, template: Value<'j>, loaded: bool) -> Option<Mode> {
        if loaded {
            return Some(Mode::Loaded);
        }
        match (scope_of_evaluation(properties)?, self.mode) {
            (Mode::Own, Mode::Loaded) => Some(Mode::Loaded),
            (_, Mode::Loaded) => None,
            (Mode::Own, Mode::Escaped) => Some(Mode::Escaped),
            (Mode::Own, Mode::Outer) if holds_expression(template) => None,
            (Mode::Own, _) => Some(Mode::Own),
            (_, _) => Some(Mode::Outer),
        }
    }

    /// Lowers a template that is written into a deployment. Leaves the arguments of the call, among them
    /// what is evaluated out here.
    fn nested_template(
        &mut self,
        reference: ReferenceId,
        properties: Value<'j>,
        template: Value<'j>,
        mode: Mode,
    ) -> Option<ExprId> {
        let (lowered, hoisted) = lower_template(template, mode);
        let span = properties.span();
        let arguments = self.hoisted_arguments(hoisted);
        if mode == Mode::Outer {
            self.nested.push(Nested { reference, lowered });
            return Some(self.add(span, ExprKind::Object(arguments.into())));
        }
        let given = properties.get_ignoring_case("parameters");
        if arguments.is_empty() || given.is_none_or(|given| given.is(Kind::Object)) {
            self.nested.push(Nested { reference, lowered });
        }
        match given.filter(|given| given.is(Kind::Object)) {
            _ if arguments.is_empty() => self.parameters_of_call(properties),
            None => Some(self.add(span, ExprKind::Object(arguments.into()))),
            Some(given) => {
                let mut all = self.at(Place::Late, |lowering| lowering.arguments(given));
                all.extend(arguments);
                Some(self.add(given.span(), ExprKind::Object(all.into())))
            }
        }
    }

    /// The template of a deployment, and whether it was loaded from a file by the Bicep compiler: that
    /// writes the file into a variable, each expression in it escaped, and the engine evaluates what
    /// comes out with the template's own parameters.
    pub(super) fn template_of(&self, properties: Value<'j>) -> Option<(Value<'j>, bool)> {
        let template = properties.get_ignoring_case("template")?;
        if template.is(Kind::Object) {
            return Some((template, false));
        }
        let name = variable_named(&template.text()?.value)?;
        let variable = self.section("variables")?.get_ignoring_case(&name)?;
        let loaded = self.mode == Mode::Own
            && variable.is(Kind::Object)
            && !any_string(variable, &is_expression);
        loaded.then_some((variable, true))
    }

    /// A template in another file. `relativePath` leads from this file; `uri` and `id` lead to places
    /// that are not read here.
    fn linked(&mut self, link: Value<'j>) -> ReferenceId {
        let path = link.get_ignoring_case("relativePath");
        let text = path.and_then(Value::text);
        let text = text.filter(|text| !is_expression(&text.value));
        let path_text = text.map(|text| self.intern(&text.value));
        self.template.references.push(Reference {
            purpose: Purpose::Module,
            path: path_text,
            at: path.unwrap_or(link).span(),
        })
    }

    /// `{ "name": { "value": x } }` → `{ name: x }`
    fn parameters_of_call(&mut self, properties: Value<'j>) -> Option<ExprId> {
        let parameters = properties.get_ignoring_case("parameters")?;
        self.at(Place::Late, |lowering| match parameters.kind() {
            Kind::Object => Some(lowering.written_arguments(parameters)),
            Kind::String => Some(lowering.computed_arguments(parameters)),
            _ => None,
        })
    }

    fn written_arguments(&mut self, parameters: Value<'j>) -> ExprId {
        let properties = self.arguments(parameters);
        self.add(parameters.span(), ExprKind::Object(properties.into()))
    }

    fn arguments(&mut self, parameters: Value<'j>) -> Vec<Property> {
        let mut properties = Vec::new();
        for member in parameters.settled() {
            let key = PropertyKey::Fixed(self.intern(&member.key().value));
            let value = self.argument(member.value);
            properties.push(Property::Set { key, value });
        }
        properties
    }

    fn argument(&mut self, entry: Value<'j>) -> ExprId {
        if let Some(value) = entry.get_ignoring_case("value") {
            return self.value(value);
        }
        if entry.get_ignoring_case("reference").is_some() {
            // A secret of a key vault (nested-25).
            let function = self.intern("getKeyVaultSecret");
            let what = ExprKind::Text(self.intern("secret"));
            let what = self.add(entry.span(), what);
            let kind = ExprKind::Call {
                function,
                arguments: [what].into(),
            };
            return self.add(entry.span(), kind);
        }
        let base = self.value(entry);
        let kind = ExprKind::Member {
            base,
            name: self.intern("value"),
            safe: false,
        };
        self.add(entry.span(), kind)
    }

    /// All parameters as one expression (embed-13): `mapValues(parameters, entry => entry.value)`.
    fn computed_arguments(&mut self, parameters: Value<'j>) -> ExprId {
        let span = parameters.span();
        let whole = self.value(parameters);
        let entry = self.local();
        let base = self.symbol(span, crate::template::Symbol::Local(entry));
        let member = ExprKind::Member {
            base,
            name: self.intern("value"),
            safe: false,
        };
        let body = self.add(span, member);
        let lambda = ExprKind::Lambda {
            parameters: [entry].into(),
            body,
        };
        let lambda = self.add(span, lambda);
        let kind = ExprKind::Call {
            function: self.intern("mapValues"),
            arguments: [whole, lambda].into(),
        };
        self.add(span, kind)
    }

    /// What the expressions of a template are that are evaluated out here. They are evaluated as part of the
    /// deployment's properties.
    fn hoisted_arguments(&mut self, hoisted: Vec<Hoisted<'j>>) -> Vec<Property> {
        let mut properties = Vec::with_capacity(hoisted.len());
        for Hoisted { parameter, string } in hoisted {
            let value = self.at(Place::Late, |lowering| lowering.value(string));
            let key = PropertyKey::Fixed(parameter);
            properties.push(Property::Set { key, value });
        }
        properties
    }
}

/// Who evaluates the template of a deployment: with `inner` the template itself, else the one around it
/// (nested-01). `None`: that is computed.
fn scope_of_evaluation(properties: Value<'_>) -> Option<Mode> {
    let options = properties.get_ignoring_case("expressionEvaluationOptions");
    let scope = options.and_then(|options| options.get_ignoring_case("scope"));
    let Some(scope) = scope.filter(|scope| !scope.is(Kind::Null)) else {
        let written = options.is_none_or(|options| !options.is(Kind::String));
        return written.then_some(Mode::Outer);
    };
    let scope = scope.text()?;
    if is_expression(&scope.value) {
        return None;
    }
    Some(match scope.value.eq_ignore_ascii_case("inner") {
        true => Mode::Own,
        false => Mode::Outer,
    })
}

/// The variable that an expression is: `[variables('name')]`.
fn variable_named(text: &str) -> Option<String> {
    let Content::Expression(expression) = read(text) else {
        return None;
    };
    let ExpressionKind::Call(call) = expression.kind else {
        return None;
    };
    let whole = call.namespace.is_none() && call.accesses.is_empty();
    let is_variable = call.name.text.eq_ignore_ascii_case("variables");
    match call.arguments.as_slice() {
        [only] if whole && is_variable => match &only.kind {
            ExpressionKind::Text(name) => Some(name.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an expression stands anywhere in a value.
fn holds_expression(value: Value<'_>) -> bool {
    any_string(value, &|text| text.starts_with('['))
}

/// Whether a key or string anywhere in a value is such a one.
fn any_string(value: Value<'_>, is_such: &dyn Fn(&str) -> bool) -> bool {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        let text = value.text();
        if text.is_some_and(|text| is_such(&text.value)) {
            return true;
        }
        for member in value.members() {
            if is_such(&member.key().value) {
                return true;
            }
            open.push(member.value);
        }
        open.extend(value.items());
    }
    false
}
