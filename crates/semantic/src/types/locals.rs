//! What the names of loops, lambdas and functions stand for.

use std::rc::Rc;

use tricep_syntax::text::FileId;

use super::Types;
use super::model::{Items, Marks, Range, Type};
use crate::index::Idx as _;
use crate::template::{ExprId, ExprKind, LocalId, Template, TypeId};

/// The greatest number of rounds of a loop that is deployed (`MaxResourceCopyIndexValue`).
const MAX_INDEX: i64 = 800;

/// Where a local name comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Local {
    /// An item of what an expression gives.
    Item(ExprId),
    /// Its number.
    Index(ExprId),
    /// A parameter of a function.
    Typed(TypeId),
    /// A parameter of a lambda: its number there, the function called and its first argument.
    Lambda(usize, ExprId),
    /// Something else.
    Other,
}

/// Where each local name of a file comes from.
pub(crate) fn locals(template: &Template) -> Rc<[Local]> {
    let mut locals = vec![Local::Other; template.locals];
    let mut set = |id: LocalId, local: Local| {
        if let Some(place) = locals.get_mut(id.index()) {
            *place = local;
        }
    };
    for (id, expr) in template.exprs.iter_enumerated() {
        match &expr.kind {
            ExprKind::For {
                item,
                index,
                source,
                ..
            } => {
                set(*item, Local::Item(*source));
                if let Some(index) = index {
                    set(*index, Local::Index(*source));
                }
            }
            ExprKind::Call { arguments, .. } => {
                for &argument in arguments {
                    if let ExprKind::Lambda { parameters, .. } = &template.exprs[argument].kind {
                        for (number, &parameter) in parameters.iter().enumerate() {
                            set(parameter, Local::Lambda(number, id));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let bodies = template.resources.iter().map(|resource| resource.body);
    let bodies = bodies.chain(template.modules.iter().map(|module| module.body));
    for each in bodies.filter_map(|body| body.each) {
        set(each.item, Local::Item(each.source));
        if let Some(index) = each.index {
            set(index, Local::Index(each.source));
        }
    }
    for function in template.functions.iter() {
        for &(parameter, r#type) in &function.parameters {
            set(parameter, Local::Typed(r#type));
        }
    }
    Rc::from(locals)
}

impl<'a> Types<'a> {
    /// The type of a local name.
    pub(super) fn local(&self, file: FileId, id: LocalId) -> Type<'a> {
        match self.origin_of(file, id) {
            Local::Item(source) => match self.infer(file, source) {
                Type::Array(array) => self.item(&array.items),
                Type::Error => Type::Error,
                Type::Unknown => Type::Unknown,
                _ => Type::Any,
            },
            Local::Index(source) => match self.infer(file, source) {
                Type::Error => Type::Error,
                Type::Unknown => Type::Unknown,
                Type::Array(array) => index(array.length.max),
                _ => index(None),
            },
            Local::Typed(r#type) => self.declared(file, r#type, None),
            Local::Lambda(number, call) => self.lambda_parameter(file, number, call),
            Local::Other => Type::Unknown,
        }
    }

    fn origin_of(&self, file: FileId, id: LocalId) -> Local {
        let mut files = self.locals.borrow_mut();
        let known = files
            .entry(file)
            .or_insert_with(|| locals(self.project.template(file)));
        known.get(id.index()).copied().unwrap_or(Local::Other)
    }

    /// The parameter of a lambda that is given to a function: an item of the array that comes first.
    fn lambda_parameter(&self, file: FileId, number: usize, call: ExprId) -> Type<'a> {
        let template = self.project.template(file);
        let ExprKind::Call {
            function,
            arguments,
        } = &template.exprs[call].kind
        else {
            return Type::Unknown;
        };
        let Some(&first) = arguments.first() else {
            return Type::Unknown;
        };
        let is_item = match &**function {
            "map" | "filter" | "toObject" | "groupBy" => number == 0,
            "sort" => true,
            _ => return Type::Unknown,
        };
        match self.infer(file, first) {
            Type::Array(array) if is_item => match &array.items {
                Items::Any => Type::Any,
                items => self.item(items),
            },
            Type::Any if is_item => Type::Any,
            _ => Type::Unknown,
        }
    }
}

/// The number of a round.
fn index<'a>(length: Option<i64>) -> Type<'a> {
    let max = match length {
        None | Some(0) => MAX_INDEX,
        Some(length) => length - 1,
    };
    match max {
        0 => Type::IntIs(0, Marks::NONE),
        max => Type::Int(
            Range {
                min: Some(0),
                max: Some(max),
            },
            Marks::NONE,
        ),
    }
}
