//! Deployments written as resources: `template: loadJsonContent('t.json')`, or a template that is written
//! out in the property or in a variable.
//!
//! Such a resource calls a module, with the `value`s of its `parameters` as arguments. The compiler
//! escapes what it loads and every literal, and the engine takes one `[` off where it evaluates the
//! property: always where that is an expression, so that the template is read from its value, and else
//! unless `expressionEvaluationOptions` say `inner`. A deployment stack is a resource like others, whose
//! properties are evaluated, before it deploys what it holds.
//! Absent: templates of which too much is computed to know what they deploy.

use tricep_syntax::json;

use super::Lowering;
use super::arm::{Nested, WrittenOut, lower_written_out};
use super::inline::{inside, lead_back, number_of, write};
use crate::project::is_arm_template;
use crate::template::{
    Body, ExprId, ExprKind, FileFunction, Module, ModuleId, Property, PropertyKey, Purpose,
    Reference, ReferenceId, ResourceId,
};

/// The type of what deploys other resources.
const DEPLOYMENT: &str = "Microsoft.Resources/deployments";
/// The type of what deploys other resources and keeps them together.
const STACK: &str = "Microsoft.Resources/deploymentStacks";

/// Members that mean the same in a module.
const MEMBERS: [&str; 4] = ["name", "scope", "subscriptionId", "resourceGroup"];
/// So many names and parentheses lead to a template.
const MAX_STEPS: usize = 64;

/// A template and how the engine comes to it.
struct Found {
    expr: ExprId,
    /// Whether it is the value of an expression.
    is_value: bool,
}

impl Lowering<'_> {
    /// Adds a module for each deployment of a template that is known. They come behind all other
    /// modules, whose ids are given out already.
    pub(super) fn inline_deployments(&mut self) {
        let ids: Vec<ResourceId> = self.template.resources.ids().collect();
        for id in ids {
            self.template.resources[id].deploys = self.inline_deployment(id);
        }
    }

    fn inline_deployment(&mut self, id: ResourceId) -> Option<ModuleId> {
        let declaration = &self.template.resources[id];
        let r#type = declaration.r#type.as_ref()?;
        let is_stack = r#type.is(STACK);
        let is_one = is_stack || r#type.is(DEPLOYMENT);
        // The loops and conditions around a nested resource are not its own.
        if !is_one || declaration.existing || declaration.nested_in.is_some() {
            return None;
        }
        let (name, at, body) = (declaration.name.clone(), declaration.at, declaration.body);
        let properties = self.template.member_of(body.object, "properties")?;
        let found = self.find_template(properties)?;
        let (reference, params) = match self.loaded_template(found.expr) {
            Some(file) => (self.module_of(file), self.given(properties)?),
            None => self.written_template(properties, &found, is_stack)?,
        };
        let object = self.call_of(body.object, is_stack, params);
        let body = Body { object, ..body };
        Some(self.template.modules.push(Module {
            name,
            at,
            reference,
            body,
        }))
    }

    /// The template, behind parentheses and variables.
    fn find_template(&self, properties: ExprId) -> Option<Found> {
        let mut found = Found {
            expr: self.template.member_of(properties, "template")?,
            is_value: false,
        };
        for _ in 0..MAX_STEPS {
            let Some(inner) = inside(&self.template, found.expr) else {
                return Some(found);
            };
            found.is_value |= matches!(self.template.exprs[found.expr].kind, ExprKind::Symbol(_));
            found.expr = inner;
        }
        None
    }

    /// The file that is loaded as the template, as a whole.
    fn loaded_template(&self, template: ExprId) -> Option<ReferenceId> {
        let ExprKind::Load {
            function: FileFunction::Json,
            reference,
            arguments,
        } = &self.template.exprs[template].kind
        else {
            return None;
        };
        let path = self.template.references[*reference].path.as_deref();
        let whole = arguments.is_empty() && path.is_some_and(is_arm_template);
        whole.then_some(*reference)
    }

    /// A reference to a file as a module that is read for its content already.
    fn module_of(&mut self, file: ReferenceId) -> ReferenceId {
        let loaded = &self.template.references[file];
        let reference = Reference {
            purpose: Purpose::Module,
            path: loaded.path.clone(),
            at: loaded.at,
        };
        self.template.references.push(reference)
    }

    /// The arguments that a deployment gives to its template. `None`: they are not plainly there.
    fn given(&self, properties: ExprId) -> Option<Vec<Property>> {
        match self.template.member_of(properties, "parameters") {
            Some(parameters) => self.arguments_of(parameters),
            None => Some(Vec::new()),
        }
    }

    /// A template that is written out, with the arguments for it: those that are given, and what the
    /// file computes within the template.
    fn written_template(
        &mut self,
        properties: ExprId,
        found: &Found,
        is_stack: bool,
    ) -> Option<(ReferenceId, Vec<Property>)> {
        if self.deploys_nothing(found.expr) {
            return None;
        }
        let how = match found.is_value || is_stack {
            true => WrittenOut::Value,
            false => self.evaluation_of(properties)?,
        };
        let mut params = match how {
            // Evaluated out here, it has no names of its own (nested-01, faulty-82).
            WrittenOut::Outer => Vec::new(),
            WrittenOut::Inner | WrittenOut::Value => self.given(properties)?,
        };
        let source = self.parsed.text();
        let written = write(&self.template, source, found.expr, how)?;
        let names = written.names(&self.template, source);
        let (mut lowered, hoisted) = lower_written_out(&json::parse(written.json.clone()), how);
        for (_, string) in hoisted {
            let number = number_of(&string)?;
            params.push(Property::Set {
                key: PropertyKey::Fixed(names.get(number)?.clone()),
                value: *written.computed.get(number)?,
            });
        }
        lead_back(&mut lowered, &written, &names);
        let reference = self.template.references.push(Reference {
            purpose: Purpose::Module,
            path: None,
            at: self.template.exprs[found.expr].span,
        });
        self.nested.push(Nested { reference, lowered });
        Some((reference, params))
    }

    /// Whether a template plainly holds no resources, as those have that only count uses of a module.
    fn deploys_nothing(&self, template: ExprId) -> bool {
        let resources = self.template.member_of(template, "resources");
        resources.is_some_and(|resources| match &self.template.exprs[resources].kind {
            ExprKind::Array(items) => items.is_empty(),
            ExprKind::Object(properties) => properties.is_empty(),
            _ => false,
        })
    }

    /// Who evaluates a template that is written out in the property. `None`: that is computed.
    fn evaluation_of(&self, properties: ExprId) -> Option<WrittenOut> {
        let options = self
            .template
            .member_of(properties, "expressionEvaluationOptions");
        let Some(options) = options else {
            return Some(WrittenOut::Outer);
        };
        let ExprKind::Object(members) = &self.template.exprs[options].kind else {
            return None;
        };
        match self.template.member_of(options, "scope") {
            None if members.is_empty() => Some(WrittenOut::Outer),
            None => None,
            Some(scope) => match &self.template.exprs[scope].kind {
                ExprKind::Text(text) if text.eq_ignore_ascii_case("inner") => {
                    Some(WrittenOut::Inner)
                }
                ExprKind::Text(text) if text.eq_ignore_ascii_case("outer") => {
                    Some(WrittenOut::Outer)
                }
                _ => None,
            },
        }
    }

    /// `{ a: { value: x } }` → `a: x`. `None`: an argument is not plainly there.
    fn arguments_of(&self, parameters: ExprId) -> Option<Vec<Property>> {
        let ExprKind::Object(properties) = &self.template.exprs[parameters].kind else {
            return None;
        };
        let argument = |property: &Property| match property {
            Property::Set {
                key: key @ PropertyKey::Fixed(_),
                value,
            } => Some(Property::Set {
                key: key.clone(),
                value: self.template.member_of(*value, "value")?,
            }),
            _ => None,
        };
        properties.iter().map(argument).collect()
    }

    /// The body of the call.
    fn call_of(&mut self, object: ExprId, is_stack: bool, params: Vec<Property>) -> ExprId {
        let span = self.template.exprs[object].span;
        let mut properties = Vec::new();
        for name in MEMBERS {
            let value = match name {
                // What a stack calls its deployment is the service's affair.
                "name" if is_stack => Some(self.missing(span)),
                _ => self.template.member_of(object, name),
            };
            if let Some(value) = value {
                let key = PropertyKey::Fixed(self.intern(name));
                properties.push(Property::Set { key, value });
            }
        }
        let value = self.add(span, ExprKind::Object(params.into()));
        let key = PropertyKey::Fixed(self.intern("params"));
        properties.push(Property::Set { key, value });
        self.add(span, ExprKind::Object(properties.into()))
    }
}
