//! The tree of one file: flat arenas, children by typed id, names as token numbers.
//!
//! The tree says what was written and nothing more. Ids are places in the arenas of *this* tree;
//! two parses of one text are equal. Scopes, symbols and types are born later, in lowering.

mod expression;
mod statement;
mod type_expr;

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::ops::Index;

pub use expression::{Expr, ExprKind, For, ForId, Item, ItemId, ItemKind, Key};
pub use statement::{
    FuncParam, FuncParamId, ImportItem, ImportItemId, Statement, StatementId, StatementKind, Using,
};
pub use type_expr::{Type, TypeId, TypeItem, TypeItemId, TypeKey, TypeKind};

/// A place in an arena of a [`Tree`].
pub trait Id: Copy + Eq + fmt::Debug {
    /// The id of arena slot `index`.
    fn from_raw(index: u32) -> Self;
    /// The arena slot.
    fn raw(self) -> u32;
}

/// Defines a typed arena index.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(u32);
        impl $crate::bicep::ast::Id for $name {
            #[inline]
            fn from_raw(index: u32) -> Self {
                Self(index)
            }
            #[inline]
            fn raw(self) -> u32 {
                self.0
            }
        }
    };
}
use id;

id! {
    /// A token of the file.
    TokenId
}

/// An identifier in the text: the number of its token. `Option<Name>` is as small as `Name`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name(NonZeroU32);

impl Name {
    /// The name spelt by `token`.
    #[inline]
    #[must_use]
    pub fn new(token: TokenId) -> Self {
        // Saturation is out of reach: a file holds fewer than 2^32 - 1 tokens.
        Self(NonZeroU32::MIN.saturating_add(token.raw()))
    }

    /// The token that spells the name.
    #[inline]
    #[must_use]
    pub fn token(self) -> TokenId {
        TokenId::from_raw(self.0.get() - 1)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({})", self.0.get() - 1)
    }
}

/// Some ids of one kind, in source order; read it with [`Tree::list`].
pub struct List<T> {
    /// Where the length stands in the tree's pool of lists; the ids follow it. 0 is the empty list.
    at: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> List<T> {
    /// The list without elements.
    pub const EMPTY: Self = Self {
        at: 0,
        of: PhantomData,
    };
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for List<T> {}
impl<T> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}
impl<T> Eq for List<T> {}
impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "List@{}", self.at)
    }
}

/// The syntax tree of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tree {
    exprs: Vec<Expr>,
    fors: Vec<For>,
    items: Vec<Item>,
    types: Vec<Type>,
    type_items: Vec<TypeItem>,
    statements: Vec<Statement>,
    func_params: Vec<FuncParam>,
    import_items: Vec<ImportItem>,
    /// Every list: its length, then its ids. Slot 0 is the empty list.
    lists: Vec<u32>,
    body: List<StatementId>,
}

impl Default for Tree {
    fn default() -> Self {
        Self::with_room(0)
    }
}

impl Tree {
    /// The statements at the top of the file.
    #[must_use]
    pub fn body(&self) -> List<StatementId> {
        self.body
    }

    /// Every expression, in no useful order.
    pub fn exprs(&self) -> impl ExactSizeIterator<Item = (ExprId, &Expr)> {
        let numbered = self.exprs.iter().enumerate();
        numbered.map(|(n, expr)| (ExprId::from_raw(n as u32), expr))
    }

    /// Sets what [`Tree::body`] returns.
    pub fn set_body(&mut self, body: List<StatementId>) {
        self.body = body;
    }

    /// The ids of a list.
    pub fn list<T: Id>(
        &self,
        list: List<T>,
    ) -> impl ExactSizeIterator<Item = T> + DoubleEndedIterator + '_ {
        let start = list.at as usize + 1;
        let length = self.lists[list.at as usize] as usize;
        self.lists[start..start + length]
            .iter()
            .map(|&raw| T::from_raw(raw))
    }

    /// Stores a list.
    #[inline]
    pub fn add_list<T: Id>(&mut self, ids: &[T]) -> List<T> {
        if ids.is_empty() {
            return List::EMPTY;
        }
        let at = self.lists.len() as u32;
        self.lists.push(ids.len() as u32);
        self.lists.extend(ids.iter().map(|id| id.raw()));
        List {
            at,
            of: PhantomData,
        }
    }

    /// Stores a list of the ids with these numbers.
    #[inline]
    pub(crate) fn add_raw_list<T: Id>(
        &mut self,
        ids: impl ExactSizeIterator<Item = u32>,
    ) -> List<T> {
        if ids.len() == 0 {
            return List::EMPTY;
        }
        let at = self.lists.len() as u32;
        self.lists.push(ids.len() as u32);
        self.lists.extend(ids);
        List {
            at,
            of: PhantomData,
        }
    }

    /// How much is stored.
    #[inline]
    pub(crate) fn extent(&self) -> Extent {
        Extent {
            exprs: self.exprs.len(),
            fors: self.fors.len(),
            items: self.items.len(),
            types: self.types.len(),
            type_items: self.type_items.len(),
            statements: self.statements.len(),
            func_params: self.func_params.len(),
            import_items: self.import_items.len(),
            lists: self.lists.len(),
        }
    }

    /// Forgets what was stored since.
    pub(crate) fn cut(&mut self, extent: Extent) {
        self.exprs.truncate(extent.exprs);
        self.fors.truncate(extent.fors);
        self.items.truncate(extent.items);
        self.types.truncate(extent.types);
        self.type_items.truncate(extent.type_items);
        self.statements.truncate(extent.statements);
        self.func_params.truncate(extent.func_params);
        self.import_items.truncate(extent.import_items);
        self.lists.truncate(extent.lists);
    }

    /// An empty tree with room for a file of so many tokens; most files need no more.
    pub(crate) fn with_room(tokens: usize) -> Self {
        let mut lists = Vec::with_capacity(tokens / 2 + 1);
        lists.push(0);
        Self {
            exprs: Vec::with_capacity(tokens / 3),
            fors: Vec::new(),
            items: Vec::with_capacity(tokens / 8),
            types: Vec::with_capacity(tokens / 16),
            type_items: Vec::new(),
            statements: Vec::with_capacity(tokens / 16),
            func_params: Vec::new(),
            import_items: Vec::new(),
            lists,
            body: List::EMPTY,
        }
    }
}

/// How much a tree held at some time.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    exprs: usize,
    fors: usize,
    items: usize,
    types: usize,
    type_items: usize,
    statements: usize,
    func_params: usize,
    import_items: usize,
    lists: usize,
}

/// Gives the tree an arena: `tree.add_NAME(node) -> ID` and `tree[id]`.
macro_rules! arenas {
    ($($field:ident, $add:ident: $id:ident => $node:ident;)*) => {
        impl Tree {
            $(
                #[doc = concat!("Stores a node and returns its place.")]
                #[inline]
                pub fn $add(&mut self, node: $node) -> $id {
                    let id = $id::from_raw(self.$field.len() as u32);
                    self.$field.push(node);
                    id
                }
            )*
        }
        $(
            impl Index<$id> for Tree {
                type Output = $node;
                #[inline]
                fn index(&self, id: $id) -> &$node {
                    &self.$field[id.raw() as usize]
                }
            }
        )*
    };
}

arenas! {
    exprs, add_expr: ExprId => Expr;
    fors, add_for: ForId => For;
    items, add_item: ItemId => Item;
    types, add_type: TypeId => Type;
    type_items, add_type_item: TypeItemId => TypeItem;
    statements, add_statement: StatementId => Statement;
    func_params, add_func_param: FuncParamId => FuncParam;
    import_items, add_import_item: ImportItemId => ImportItem;
}

pub use expression::ExprId;
