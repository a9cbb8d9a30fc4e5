//! A file → its problems: every place where the compiler lays a value beside a type.

use tricep_syntax::bicep::Dialect;
use tricep_syntax::text::{FileId, Span};

use super::Types;
use super::model::{Flags, Property, Range, Text, Type};
use super::narrow::Narrow;
use super::problem::{Kind, Level, Problem};
use super::resource::{is_azure, is_reference};
use crate::project::Origin;
use crate::template::{ArrayItem, ExprKind, Module, ModuleId, ResourceId, TypeKind, TypeNote};

/// The first string in a place.
fn literal_in(text: &str, place: Span) -> Option<Span> {
    let within = text.get(place.range())?;
    let start = within.find('\'')?;
    let length = within.get(start + 1..)?.find('\'')? + 2;
    let start = place.start + start as u32;
    Some(Span::new(start, start + length as u32))
}

impl<'a> Types<'a> {
    /// What the compiler would say about the values of a file, sorted by place. Of files that are
    /// not the user's nothing is said.
    #[must_use]
    pub fn check(&self, file: FileId) -> Vec<Problem> {
        self.fuel.set(super::FUEL);
        let mut problems = Vec::new();
        if self.project.unit(file).origin != Origin::Own {
            return problems;
        }
        let template = self.project.template(file);
        if template.dialect == Dialect::Bicep {
            for id in template.resources.ids() {
                self.check_resource(file, id, &mut problems);
            }
            let stand_ins = template.stand_ins();
            for id in template.modules.ids().filter(|id| !stand_ins.contains(id)) {
                self.check_module(file, id, &mut problems);
            }
            self.check_values(file, &mut problems);
            self.check_allowed(file, &mut problems);
            self.check_members(file, &mut problems);
            self.check_derived(file, &mut problems);
        }
        if template.dialect == Dialect::Params {
            self.check_assignments(file, &mut problems);
        }
        if template.dialect != Dialect::Arm {
            self.check_accesses(file, &mut problems);
            self.check_names(file, &mut problems);
        }
        // Nobody else asks for them.
        self.values.borrow_mut().remove(&file);
        self.locals.borrow_mut().remove(&file);
        self.parameters.borrow_mut().clear();
        self.cycles.borrow_mut().remove(&file);
        problems.sort_by(|a, b| (a.span, a.code()).cmp(&(b.span, b.code())));
        problems.dedup_by(|a, b| a.span == b.span && a.code() == b.code() && a.kind == b.kind);
        self.forget_values();
        problems
    }

    /// Forgets what only one file asks for; there are millions of expressions in a large tree.
    fn forget_values(&self) {
        self.values.borrow_mut().clear();
        self.locals.borrow_mut().clear();
        self.resources.borrow_mut().clear();
        self.read.borrow_mut().clear();
        self.read_modules.borrow_mut().clear();
        self.cycles.borrow_mut().clear();
    }

    /// Types made of resource types, `resourceInput<'T@v'>`, whose text names none. A type or version
    /// that nobody knows is no mistake there.
    fn check_derived(&self, file: FileId, problems: &mut Vec<Problem>) {
        let template = self.project.template(file);
        let text = &self.project.unit(file).text;
        for (id, declared) in template.types.iter_enumerated() {
            let Some(TypeNote::OfResource {
                resource, pointer, ..
            }) = template.written.note(id)
            else {
                continue;
            };
            let (name, version) = match resource.rsplit_once('@') {
                Some((name, version)) => (name, Some(version)),
                None => (&**resource, None),
            };
            // The name of an extension may stand before a colon.
            let is_foreign = name.find(':').is_some_and(|colon| colon > 0);
            let is_sound =
                is_reference(name, version) && version.is_some_and(|v| is_azure(name, v));
            if is_sound || is_foreign || !pointer.is_empty() {
                continue;
            }
            if let Some(span) = literal_in(text, declared.span) {
                problems.push(Problem {
                    kind: Kind::InvalidType,
                    level: Level::Error,
                    span,
                    suggestion: None,
                });
            }
        }
    }

    fn check_resource(&self, file: FileId, id: ResourceId, problems: &mut Vec<Problem>) {
        let template = self.project.template(file);
        let resource = &template.resources[id];
        // What a mistake before it runs into is no declaration to the compiler.
        if template.written.is_within_mistake(resource.span.start) {
            return;
        }
        let declared = self.declared_resource(file, id);
        let at = template.written.resource_type(id).unwrap_or(resource.at);
        for (kind, is_error) in &declared.problems {
            problems.push(Problem {
                kind: kind.clone(),
                level: Level::warning_if(!is_error),
                span: at,
                suggestion: None,
            });
        }
        let Some(body) = &declared.body else { return };
        self.check_place(file, id, problems);
        if !self.runs(file, resource.body.each.map(|each| each.source)) {
            return;
        }
        let existing = resource.existing && resource.body.each.is_none();
        let mut narrow = Narrow::new(self, file, false);
        narrow.resource_body(resource.body.object, body, resource.at, existing);
        problems.append(&mut narrow.problems);
    }

    /// Whether a loop over this is one; no loop is fine.
    fn runs(&self, file: FileId, source: Option<crate::template::ExprId>) -> bool {
        source.is_none_or(|source| self.is_loopable(&self.infer(file, source)))
    }

    /// The value of a resource when it is read: its body with the types of what was assigned.
    pub(super) fn resource_value(&self, file: FileId, id: ResourceId) -> Type<'a> {
        if let Some(known) = self.read.borrow().get(&(file, id)) {
            return known.clone();
        }
        if !self.busy.borrow_mut().insert((file, id)) {
            return Type::Unknown;
        }
        let resource = &self.project.template(file).resources[id];
        let declared = self.declared_resource(file, id);
        let value = match &declared.body {
            Some(body) if self.runs(file, resource.body.each.map(|each| each.source)) => {
                let mut narrow = Narrow::new(self, file, true);
                narrow.resource_body(resource.body.object, body, resource.at, false)
            }
            Some(body) => body.clone(),
            None if declared.refused => Type::Error,
            None => Type::Unknown,
        };
        self.busy.borrow_mut().remove(&(file, id));
        self.read.borrow_mut().insert((file, id), value.clone());
        value
    }

    fn check_module(&self, file: FileId, id: ModuleId, problems: &mut Vec<Problem>) {
        let template = self.project.template(file);
        let module = &template.modules[id];
        if !self.runs(file, module.body.each.map(|each| each.source)) {
            return;
        }
        self.check_parts(file, module, problems);
        let body = self.module_body(file, module);
        let mut narrow = Narrow::new(self, file, false);
        narrow.value(module.body.object, &body, Some(module.at));
        problems.append(&mut narrow.problems);
    }

    /// Resource types that the parameters and outputs of a compiled module are parts of must be
    /// known; those of a module in Bicep are its own affair.
    fn check_parts(&self, file: FileId, module: &Module, problems: &mut Vec<Problem>) {
        let Some(target) = self.target(file, module) else {
            return;
        };
        if self.project.template(target).dialect != Dialect::Arm {
            return;
        }
        let at = self.project.template(file).references[module.reference].at;
        let unknown = self.unknown_parts(target);
        problems.extend(unknown.iter().map(|&resource| Problem {
            kind: Kind::UnknownType(resource.to_owned()),
            level: Level::Warning,
            span: at,
            suggestion: None,
        }));
    }

    /// The body that a module wants.
    pub(super) fn module_type(&self, file: FileId, id: ModuleId) -> Type<'a> {
        self.module_body(file, &self.project.template(file).modules[id])
    }

    /// The value of a module when it is read.
    pub(super) fn module_value(&self, file: FileId, id: ModuleId) -> Type<'a> {
        if let Some(known) = self.read_modules.borrow().get(&(file, id)) {
            return known.clone();
        }
        let module = &self.project.template(file).modules[id];
        let body = self.module_body(file, module);
        // A module that leads back to itself is reported elsewhere.
        self.read_modules
            .borrow_mut()
            .insert((file, id), body.clone());
        let mut narrow = Narrow::new(self, file, true);
        let value = narrow.value(module.body.object, &body, None);
        self.read_modules
            .borrow_mut()
            .insert((file, id), value.clone());
        value
    }

    fn module_body(&self, file: FileId, module: &Module) -> Type<'a> {
        let unit = self.project.template(file);
        let Some(target) = self.target(file, module) else {
            return Type::Unknown;
        };
        let (own, its) = (
            unit.target_scope,
            self.project.template(target).target_scope,
        );
        let elsewhere = own.is_some() && its.is_some() && own != its;
        let key = (target, elsewhere);
        if let Some(known) = self.modules.borrow().get(&key) {
            return known.clone();
        }
        let body = self.interface(target, elsewhere);
        self.modules.borrow_mut().insert(key, body.clone());
        body
    }

    /// The file of a module.
    fn target(&self, file: FileId, module: &Module) -> Option<FileId> {
        self.leads_to(file, module.reference)
    }

    /// What a file is as a module (`LanguageConstants.CreateModuleType`). One that is deployed
    /// `elsewhere` than the file that calls it must be told where.
    fn interface(&self, file: FileId, elsewhere: bool) -> Type<'a> {
        let template = self.project.template(file);
        if template.dialect == Dialect::Params {
            return Type::Unknown;
        }
        let parameters = template
            .parameters
            .iter_enumerated()
            .map(|(id, parameter)| {
                let of = self.parameter(file, id);
                // A type that is not known may be nullable.
                let optional =
                    parameter.value.is_some() || of.is_any() || of.without_null().is_some();
                let (flags, of) = if optional {
                    (Flags::WRITE_ONLY, of.or_null())
                } else {
                    (Flags::WRITE_ONLY.with(Flags::REQUIRED), of)
                };
                Property::new(&*parameter.name, flags, of)
            });
        let parameters: Vec<Property<'a>> = parameters.collect();
        let needed = parameters.iter().any(|p| p.flags.has(Flags::REQUIRED));
        let outputs = template.outputs.iter().map(|output| {
            let of = self.declared(file, output.r#type, Some(&output.constraints));
            Property::new(&*output.name, Flags::READ_ONLY, of)
        });
        let name = Type::Text(Text {
            length: Range {
                min: Some(1),
                max: Some(64),
            },
            pattern: Some(r"^[-\w._()]+$"),
            ..Text::default()
        });
        let own = Flags::WRITE_ONLY.with(Flags::NO_ANY);
        let scope = if elsewhere {
            own.with(Flags::REQUIRED)
        } else {
            own
        };
        let params = if needed {
            Flags::WRITE_ONLY.with(Flags::REQUIRED)
        } else {
            Flags::WRITE_ONLY
        };
        Type::object(
            vec![
                Property::new("name", Flags::NONE, name),
                Property::new("scope", scope, Type::AnyScope),
                Property::new("params", params, Type::object(parameters, None)),
                Property::new(
                    "outputs",
                    Flags::READ_ONLY,
                    Type::object(outputs.collect(), None),
                ),
                Property::new("dependsOn", own, Type::array_of(Type::Dependency)),
                Property::new("identity", Flags::NONE, identity()),
                // Only with an experimental feature, which is not for the file to say.
                Property::new("extensionConfigs", Flags::WRITE_ONLY, Type::Unknown),
            ],
            None,
        )
    }

    /// Defaults of parameters, outputs, variables with a type, bodies of functions.
    fn check_values(&self, file: FileId, problems: &mut Vec<Problem>) {
        let template = self.project.template(file);
        let mut narrow = Narrow::new(self, file, false);
        for (id, parameter) in template.parameters.iter_enumerated() {
            if let Some(value) = parameter.value {
                // The parent of a default is no declaration, so the object itself is marked.
                narrow.value(value, &self.parameter(file, id), None);
            }
        }
        for output in template.outputs.iter() {
            let wanted = self.declared_whole(file, output.r#type, &output.constraints);
            narrow.value(output.value, &wanted, Some(output.at));
        }
        for (id, variable) in template.variables.iter_enumerated() {
            if let Some(r#type) = template.written.variable_type(id) {
                let wanted = match template.types[r#type].kind {
                    TypeKind::Null => Type::Error,
                    _ => self.declared(file, r#type, None),
                };
                narrow.value(variable.value, &wanted, Some(variable.at));
            }
        }
        for function in template.functions.iter() {
            let wanted = self.declared(file, function.result, None);
            narrow.value(function.body, &wanted, None);
        }
        problems.append(&mut narrow.problems);
    }

    /// The allowed values of parameters. Those of an array may be its items instead.
    fn check_allowed(&self, file: FileId, problems: &mut Vec<Problem>) {
        let template = self.project.template(file);
        let mut narrow = Narrow::new(self, file, false);
        for parameter in template.parameters.iter() {
            let (Some(allowed), Some(r#type)) = (parameter.constraints.allowed, parameter.r#type)
            else {
                continue;
            };
            let wanted = self.declared_whole(file, r#type, &parameter.constraints);
            let wanted = wanted.without_null().unwrap_or(wanted);
            let ExprKind::Array(items) = &template.exprs[allowed].kind else {
                continue;
            };
            let is_array = |item: &ArrayItem| match item {
                ArrayItem::One(item) => {
                    matches!(template.exprs[*item].kind, ExprKind::Array(_))
                }
                ArrayItem::Spread(_) => false,
            };
            let lists_items = self.fits(&wanted, &Type::any_array()) && !items.iter().any(is_array);
            if !lists_items && !wanted.is_any() {
                narrow.value(allowed, &Type::array_of(wanted), None);
            }
        }
        problems.append(&mut narrow.problems);
    }

    /// The values of a parameter file against the parameters of the template it is for.
    fn check_assignments(&self, file: FileId, problems: &mut Vec<Problem>) {
        let unit = self.project.unit(file);
        let using = unit.template.using;
        let Some(target) = using.and_then(|using| self.leads_to(file, using)) else {
            return;
        };
        let mut narrow = Narrow::new(self, file, false);
        let declared = &self.project.template(target).parameters;
        for assigned in unit.template.parameters.iter() {
            let mut declared = declared.iter_enumerated();
            let wanted = declared.find(|(_, parameter)| parameter.name == assigned.name);
            let (Some(value), Some((id, _))) = (assigned.value, wanted) else {
                continue;
            };
            // `null` stands for no value.
            if !matches!(self.infer(file, value), Type::Null) {
                narrow.value(value, &self.parameter(target, id), Some(assigned.at));
            }
        }
        problems.append(&mut narrow.problems);
    }

    /// Everything that is read of something.
    fn check_accesses(&self, file: FileId, problems: &mut Vec<Problem>) {
        let template = self.project.template(file);
        for (id, expr) in template.exprs.iter_enumerated() {
            if matches!(expr.kind, ExprKind::Member { .. } | ExprKind::Index { .. }) {
                self.access(file, id, &mut Some(problems));
            }
        }
    }
}

/// The identity that deploys a module (`LanguageConstants.IdentityObject`).
fn identity<'a>() -> Type<'a> {
    let kinds = Type::union([Type::literal("None"), Type::literal("UserAssigned")]);
    Type::object(
        vec![
            Property::new("type", Flags::REQUIRED, kinds),
            Property::new("userAssignedIdentities", Flags::NONE, Type::any_object()),
        ],
        None,
    )
}
