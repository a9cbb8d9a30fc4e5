//! Deployments written as resources whose template is a file: `template: loadJsonContent('t.json')`.
//!
//! Such a resource calls a module, with the `value`s of its `parameters` as arguments; the compiler
//! escapes what it loads, so that the expressions in the file are evaluated in the file's own names.
//! Absent: templates that are written out in the property.

use super::Lowering;
use crate::project::is_arm_template;
use crate::template::{
    Body, ExprId, ExprKind, FileFunction, Module, ModuleId, Property, PropertyKey, Purpose,
    Reference, ReferenceId, ResourceId,
};

/// The type of what deploys other resources.
const DEPLOYMENT: &str = "Microsoft.Resources/deployments";

/// Members that mean the same in a module.
const MEMBERS: [&str; 4] = ["name", "scope", "subscriptionId", "resourceGroup"];

impl Lowering<'_> {
    /// Adds a module for each deployment of a file. They come behind all other modules, whose ids are
    /// given out already.
    pub(super) fn deployments_of_files(&mut self) {
        let ids: Vec<ResourceId> = self.template.resources.ids().collect();
        for id in ids {
            self.template.resources[id].deploys = self.deployment_of_file(id);
        }
    }

    fn deployment_of_file(&mut self, id: ResourceId) -> Option<ModuleId> {
        let declaration = &self.template.resources[id];
        let is_deployment = declaration.r#type.as_ref()?.is(DEPLOYMENT);
        if !is_deployment || declaration.existing {
            return None;
        }
        let (name, at, body) = (declaration.name.clone(), declaration.at, declaration.body);
        let properties = self.template.member_of(body.object, "properties")?;
        let file = self.loaded_template(properties)?;
        let params = match self.template.member_of(properties, "parameters") {
            Some(parameters) => self.arguments_of(parameters)?,
            None => Vec::new(),
        };
        let object = self.call_of(body.object, params);
        let loaded = &self.template.references[file];
        let reference = Reference {
            purpose: Purpose::Module,
            path: loaded.path.clone(),
            at: loaded.at,
        };
        let reference = self.template.references.push(reference);
        let body = Body { object, ..body };
        Some(self.template.modules.push(Module {
            name,
            at,
            reference,
            body,
        }))
    }

    /// The file that is loaded as the template, as a whole.
    fn loaded_template(&self, properties: ExprId) -> Option<ReferenceId> {
        let template = self.template.member_of(properties, "template")?;
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
    fn call_of(&mut self, object: ExprId, params: Vec<Property>) -> ExprId {
        let span = self.template.exprs[object].span;
        let mut properties = Vec::new();
        for name in MEMBERS {
            if let Some(value) = self.template.member_of(object, name) {
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
