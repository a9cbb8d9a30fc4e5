//! Resources and the bodies of resources and modules.

use tricep_syntax::bicep::ast::{self, ItemKind, Statement, StatementKind};

use super::{Lowering, Scope};
use crate::template::{
    ApiVersion, Body, ExprId, ExprKind, Loop, Repeated, Resource, ResourceId, ResourceType, Symbol,
};

impl Lowering<'_> {
    /// Lowers a resource into the place that was reserved for it.
    pub(super) fn resource(
        &mut self,
        id: ResourceId,
        statement: &Statement,
        parent: Option<ResourceId>,
    ) {
        let StatementKind::Resource {
            name,
            r#type,
            existing,
            body,
        } = statement.kind
        else {
            return;
        };
        self.decorators(statement.decorators);
        let (resource_type, api_version) = self.resource_type(r#type, parent);
        let name_text = self.optional_name(name);
        let at = self.name_span(name, self.tree[r#type].span);
        self.template.written.add_type(id, self.tree[r#type].span);
        let placeholder = self.template.resources[id].body;
        // Children look at the type of their parent, so it must be known before the body is lowered.
        self.template.resources[id] = Resource {
            name: name_text,
            at,
            span: statement.span,
            r#type: resource_type,
            api_version,
            existing,
            nested_in: parent,
            deploys: None,
            body: placeholder,
        };
        let body = self.body(body, Some(id));
        self.template.resources[id].body = body;
    }

    /// Splits `'type@version'`; a nested resource's type is a segment below its parent's.
    fn resource_type(
        &self,
        expr: ast::ExprId,
        parent: Option<ResourceId>,
    ) -> (Option<ResourceType>, Option<ApiVersion>) {
        let parent = parent.map(|parent| &self.template.resources[parent]);
        let inherited = parent.and_then(|parent| parent.api_version.clone());
        let Some(text) = self.parsed.string_value(expr) else {
            return (None, inherited);
        };
        let (name, version) = match text.rsplit_once('@') {
            Some((name, version)) => (name, Some(ApiVersion::new(version))),
            None => (&*text, None),
        };
        let full = match parent {
            Some(parent) => parent.r#type.as_ref().map(|parent| parent.child(name)),
            None => Some(ResourceType::new(name)),
        };
        let version = version.or(inherited);
        (full.map(|full| spelt(full, version.as_ref())), version)
    }

    /// Lowers a body: `{ … }`, `if (…) { … }`, `[for …: { … }]`, `[for …: if (…) { … }]`.
    pub(super) fn body(&mut self, id: ast::ExprId, owner: Option<ResourceId>) -> Body {
        if let ast::ExprKind::For(head) = self.tree[id].kind {
            let head = self.tree[head];
            let source = self.expr(head.source);
            let (item, index, scope) = self.loop_names(head.item, head.index);
            self.scopes.push(scope);
            let (condition, object) = self.conditional_body(head.body, owner);
            self.scopes.pop();
            return Body {
                each: Some(Loop {
                    item,
                    index,
                    source,
                }),
                condition,
                object,
            };
        }
        let (condition, object) = self.conditional_body(id, owner);
        Body {
            each: None,
            condition,
            object,
        }
    }

    fn conditional_body(
        &mut self,
        id: ast::ExprId,
        owner: Option<ResourceId>,
    ) -> (Option<ExprId>, ExprId) {
        match self.tree[id].kind {
            ast::ExprKind::If { condition, body } => {
                let condition = self.expr(condition);
                (Some(condition), self.body_object(body, owner))
            }
            _ => (None, self.body_object(id, owner)),
        }
    }

    /// The object of a body. The names of nested resources are visible in it.
    fn body_object(&mut self, id: ast::ExprId, owner: Option<ResourceId>) -> ExprId {
        let (ast::ExprKind::Object(items), Some(owner)) = (self.tree[id].kind, owner) else {
            return self.expr(id);
        };
        let mut scope = Scope::new();
        let mut nested = Vec::new();
        let mut names = Vec::new();
        for item in self.tree.list(items) {
            let ItemKind::Resource(statement) = self.tree[item].kind else {
                continue;
            };
            let StatementKind::Resource { name, .. } = self.tree[statement].kind else {
                continue;
            };
            let child = self.reserve_resource(self.tree[statement].span);
            nested.push((child, statement));
            if let Some(name) = name {
                scope.push((self.name(name), Symbol::Resource(child)));
                names.push(self.place_of(name));
            }
        }
        self.repeated(Repeated::Name, names);
        self.scopes.push(scope);
        let properties = self.properties(items);
        let object = self.add(self.tree[id].span, ExprKind::Object(properties));
        for (child, statement) in nested {
            let statement = self.tree[statement];
            self.resource(child, &statement, Some(owner));
        }
        self.scopes.pop();
        object
    }
}

/// The type as the compiler spells it, which shows in ids: as its types do, whatever the source says.
/// Types that they do not have are left as they are.
fn spelt(r#type: ResourceType, version: Option<&ApiVersion>) -> ResourceType {
    let version = version.map_or("", ApiVersion::as_str);
    match tricep_catalogue::azure().resource(r#type.as_str(), version) {
        Ok(Some(known)) if known.name != r#type.as_str() => ResourceType::new(known.name),
        _ => r#type,
    }
}
