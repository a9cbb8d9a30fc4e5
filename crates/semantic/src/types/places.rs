//! Where resources are deployed and what their names must look like: what the compiler checks once
//! the types are known (`ScopeHelper`, `EmitLimitationCalculator.DetectIncorrectlyFormattedNames`).

use tricep_catalogue::Scopes;
use tricep_syntax::text::{FileId, Span};

use super::Types;
use super::model::Type;
use super::problem::{Kind, Level, Problem};
use super::resource::{Declared, names_resource, property_value};
use crate::template::{ExprId, ExprKind, ResourceId, Symbol, TargetScope, Template, TextPart};

/// So many resources are followed to where one is deployed.
const MAX_STEPS: usize = 64;

/// What a resource is deployed to.
#[derive(Clone, Copy, Debug)]
struct Place {
    kind: Scopes,
    /// Whether it is the scope of the file, not another one of the kind.
    own: bool,
    /// The resource that is extended.
    on: Option<ResourceId>,
}

impl<'a> Types<'a> {
    /// Checks the scope and the name of a resource.
    pub(super) fn check_place(&self, file: FileId, id: ResourceId, problems: &mut Vec<Problem>) {
        let declared = self.declared_resource(file, id);
        if declared.body.is_none() {
            return;
        }
        let template = self.project.template(file);
        let resource = &template.resources[id];
        let parent = property_value(&template.exprs, resource.body.object, "parent");
        let is_child = resource.nested_in.is_some()
            || parent.is_some_and(|parent| names_resource(&template.exprs, parent));
        // A parent that is no resource is reported as such.
        if is_child || parent.is_none() {
            check_name(template, id, declared.name, is_child, problems);
        }
        self.check_scope(file, id, &declared, problems);
    }

    /// The resource that another one is a child of.
    fn parent(&self, file: FileId, id: ResourceId) -> Option<ResourceId> {
        let template = self.project.template(file);
        let resource = &template.resources[id];
        if let Some(parent) = resource.nested_in {
            return Some(parent);
        }
        let parent = property_value(&template.exprs, resource.body.object, "parent")?;
        named(self.infer(file, parent))
    }

    /// The ancestors of a resource, the nearest first. `None`: they go round in a circle.
    fn ancestors(&self, file: FileId, id: ResourceId) -> Option<Vec<ResourceId>> {
        let next = |&id: &ResourceId| self.parent(file, id);
        let ancestors: Vec<ResourceId> = std::iter::successors(self.parent(file, id), next)
            .take(MAX_STEPS)
            .collect();
        (ancestors.len() < MAX_STEPS).then_some(ancestors)
    }

    fn check_scope(
        &self,
        file: FileId,
        id: ResourceId,
        declared: &Declared<'a>,
        problems: &mut Vec<Problem>,
    ) {
        let template = self.project.template(file);
        let resource = &template.resources[id];
        let scope = property_value(&template.exprs, resource.body.object, "scope");
        let scope_span = scope.map(|scope| template.exprs[scope].span);
        let whole = scope_span.unwrap_or_else(|| self.value_span(file, id));
        let mut report = |kind: Kind, level: Level, span: Span| {
            problems.push(Problem {
                kind,
                level,
                span,
                suggestion: None,
            });
        };
        if self.is_cyclic(file, Symbol::Resource(id)) {
            return;
        }
        let Some(ancestors) = self.ancestors(file, id) else {
            return;
        };
        let root = ancestors.last().copied();
        if let (Some(span), Some(_)) = (scope_span, root) {
            return report(Kind::ScopeOfChild, Level::Error, span);
        }
        let (place, wrong) = self.place(file, root.unwrap_or(id));
        if let (Some(given), None) = (wrong, root) {
            return report(
                Kind::WrongScope(names(declared.scopes), names(given)),
                Level::Error,
                whole,
            );
        }
        let Some(place) = place.filter(|_| !resource.existing) else {
            return;
        };
        let deployable = self.is_deployable(file, place);
        if let Some(root) = root.filter(|&root| template.resources[root].existing && !deployable) {
            let name = template.resources[root].name.to_string();
            let span = self.value_span(file, id);
            return report(Kind::AncestorElsewhere(name), Level::Error, span);
        }
        if !deployable {
            report(Kind::Elsewhere, Level::Error, whole);
        }
        let Some(kind) = self.kind_of(file, place) else {
            return;
        };
        if declared.read_only.contains(kind) {
            let name = declared.name.to_owned();
            report(Kind::OnlyExistingHere(name), Level::Warning, whole);
        }
    }

    /// Where a resource without ancestors is deployed; and the scope that does not do for it.
    fn place(&self, file: FileId, id: ResourceId) -> (Option<Place>, Option<Scopes>) {
        let template = self.project.template(file);
        let declared = self.declared_resource(file, id);
        let Some(own) = template.target_scope.map(scopes_of) else {
            return (None, None);
        };
        let default = Place {
            kind: own,
            own: true,
            on: None,
        };
        let scope = property_value(&template.exprs, template.resources[id].body.object, "scope");
        let Some(scope) = scope else {
            let fits = declared.scopes.contains(own);
            return (Some(default), (!fits).then_some(own));
        };
        let place = match self.infer(file, scope) {
            Type::Scope(kind, object) => Place {
                kind,
                own: !object.properties.is_empty(),
                on: None,
            },
            Type::Resource(of, on) if of == file => match self.group(file, on) {
                Some(kind) => Place {
                    kind,
                    own: false,
                    on: None,
                },
                None => Place {
                    kind: Scopes::EXTENSION,
                    own: true,
                    on: Some(on),
                },
            },
            // Reported as a value of the wrong type, or too hard to tell.
            Type::Unknown | Type::Module(..) => return (None, None),
            _ => return (Some(default), None),
        };
        if declared.scopes.contains(place.kind) {
            (Some(place), None)
        } else {
            (Some(default), Some(place.kind))
        }
    }

    /// Resource groups and management groups are scopes themselves.
    fn group(&self, file: FileId, id: ResourceId) -> Option<Scopes> {
        let name = self.type_name(file, id)?;
        if name.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups") {
            Some(Scopes::RESOURCE_GROUP)
        } else if name.eq_ignore_ascii_case("Microsoft.Management/managementGroups") {
            Some(Scopes::MANAGEMENT_GROUP)
        } else {
            None
        }
    }

    /// Whether something can be deployed there by this file.
    fn is_deployable(&self, file: FileId, place: Place) -> bool {
        let mut place = place;
        for _ in 0..MAX_STEPS {
            let Some(on) = place.on else {
                let own = self.project.template(file).target_scope.map(scopes_of);
                let here = place.own && own.is_none_or(|own| own == place.kind);
                return place.kind == Scopes::TENANT || here;
            };
            let Some(ancestors) = self.ancestors(file, on) else {
                return true;
            };
            let root = ancestors.last().copied().unwrap_or(on);
            match self.place(file, root).0 {
                Some(next) => place = next,
                None => return true,
            }
        }
        true
    }

    /// The kind of scope in the end: of what is extended.
    fn kind_of(&self, file: FileId, place: Place) -> Option<Scopes> {
        let mut place = place;
        for _ in 0..MAX_STEPS {
            let Some(on) = place.on else {
                return Some(place.kind);
            };
            let ancestors = self.ancestors(file, on)?;
            place = self
                .place(file, ancestors.last().copied().unwrap_or(on))
                .0?;
        }
        None
    }

    /// The value of a resource declaration: what stands behind `=`.
    fn value_span(&self, file: FileId, id: ResourceId) -> Span {
        let unit = self.project.unit(file);
        let resource = &unit.template.resources[id];
        let object = unit.template.exprs[resource.body.object].span;
        if resource.body.each.is_none() && resource.body.condition.is_none() {
            return object;
        }
        let from = unit
            .template
            .written
            .resource_type(id)
            .map_or(object.start, |at| at.end);
        let head = unit
            .text
            .get(from as usize..object.start as usize)
            .unwrap_or_default();
        let Some((before, after)) = head.split_once('=') else {
            return object;
        };
        let blanks = after.len() - after.trim_start().len();
        let start = from as usize + before.len() + 1 + blanks;
        Span::new(start as u32, resource.span.end)
    }
}

/// The resource that a value is.
fn named(r#type: Type<'_>) -> Option<ResourceId> {
    match r#type {
        Type::Resource(_, id) => Some(id),
        _ => None,
    }
}

/// A name has a segment less than the type, but that of a child only its own.
fn check_name(
    template: &Template,
    id: ResourceId,
    r#type: &str,
    is_child: bool,
    problems: &mut Vec<Problem>,
) {
    let object = template.resources[id].body.object;
    let Some(name) = property_value(&template.exprs, object, "name") else {
        return;
    };
    let Some((slashes, is_whole)) = slashes(template, name) else {
        return;
    };
    let wanted = r#type.matches('/').count().saturating_sub(1);
    let kind = match is_child {
        true if slashes > 0 => Kind::NameOfChild,
        false if slashes > wanted || (is_whole && slashes < wanted) => {
            Kind::NameSegments(wanted + 1)
        }
        _ => return,
    };
    problems.push(Problem {
        kind,
        level: Level::Error,
        span: template.exprs[name].span,
        suggestion: None,
    });
}

/// The slashes in a written text, and whether they are all.
fn slashes(template: &Template, name: ExprId) -> Option<(usize, bool)> {
    match &template.exprs[name].kind {
        ExprKind::Text(text) => Some((text.matches('/').count(), true)),
        ExprKind::Interpolation(parts) => {
            let count = |part: &TextPart| match part {
                TextPart::Text(text) => text.matches('/').count(),
                TextPart::Hole(_) => 0,
            };
            Some((parts.iter().map(count).sum(), false))
        }
        _ => None,
    }
}

fn scopes_of(scope: TargetScope) -> Scopes {
    match scope {
        TargetScope::Tenant => Scopes::TENANT,
        TargetScope::ManagementGroup => Scopes::MANAGEMENT_GROUP,
        TargetScope::Subscription => Scopes::SUBSCRIPTION,
        TargetScope::ResourceGroup => Scopes::RESOURCE_GROUP,
    }
}

/// Scopes in words.
fn names(scopes: Scopes) -> String {
    let all = [
        (Scopes::TENANT, "tenant"),
        (Scopes::MANAGEMENT_GROUP, "managementGroup"),
        (Scopes::SUBSCRIPTION, "subscription"),
        (Scopes::RESOURCE_GROUP, "resourceGroup"),
        (Scopes::EXTENSION, "resource"),
    ];
    let named = all.iter().filter(|(scope, _)| scopes.contains(*scope));
    let names: Vec<&str> = named.map(|&(_, name)| name).collect();
    names.join("`, `")
}
