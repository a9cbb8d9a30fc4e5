//! The tools that productions are made of: modes, the state of a pass, a look at the next tokens,
//! lists and nesting. Nothing here knows a production.

use std::marker::PhantomData;

use chumsky::input::{Checkpoint, Cursor, InputRef};
use chumsky::inspector::Inspector;
use chumsky::{Parser, extra};

use super::MAX_DEPTH;
use super::keep::{end_of_list, line_ends_here, stray};
use super::recovery::{Problem, Voice, fail, marker};
use crate::bicep::ast::{
    Expr, ExprId, ExprKind, Extent, Id, List, Name, StatementId, StatementKind, TokenId, Tree,
    Type, TypeId, TypeKind,
};
use crate::bicep::error::{SyntaxError, SyntaxErrorKind as Error};
use crate::bicep::token::{Kind, Tokens, TriviaKind};
use crate::text::Span;

/// What a pass over the tokens is for.
pub(super) trait Mode: 'static {
    /// Whether the pass goes on behind a problem.
    const RECOVER: bool;
    /// Whether it recovers to keep as much as it can, instead of as the compiler does.
    const KEEP: bool;
    /// Whether it recovers as the compiler does and collects problems.
    const REPORT: bool = Self::RECOVER && !Self::KEEP;
}

/// Builds the tree of a file without problems.
pub(super) struct Fast;
/// Finds the problems of a file.
pub(super) struct Report;
/// Builds the tree of a file with problems.
pub(super) struct Keep;

impl Mode for Fast {
    const RECOVER: bool = false;
    const KEEP: bool = false;
}
impl Mode for Report {
    const RECOVER: bool = true;
    const KEEP: bool = false;
}
impl Mode for Keep {
    const RECOVER: bool = true;
    const KEEP: bool = true;
}

/// Errors and state of our parsers.
type Extra<'t, M> = extra::Full<Problem, State<'t, M>, ()>;

/// What a production reads.
pub(super) type Input<'t, 'p, M> = InputRef<'t, 'p, &'t [Kind], Extra<'t, M>>;

/// A production made of parsers in a row; it costs nothing to make one, so it is made where it is used.
///
/// Only combinators that leave the input where a parser failed may be used, as regions go on from
/// there: `then`, `ignore_then`, `then_ignore` and `map` are enough.
pub(super) trait Rule<'t, M: Mode, T>:
    Parser<'t, &'t [Kind], T, Extra<'t, M>> + Copy
{
}

impl<'t, M: Mode, T, P> Rule<'t, M, T> for P where P: Parser<'t, &'t [Kind], T, Extra<'t, M>> + Copy {}

/// What a production returns.
pub(super) type Parsed<T> = Result<T, Problem>;

/// The state of a pass.
pub(super) struct State<'t, M> {
    pub(super) text: &'t str,
    pub(super) tokens: &'t Tokens,
    /// What the lexer found wrong.
    pub(super) lexical: &'t [SyntaxError],
    pub(super) tree: Tree,
    /// Ids of the lists that are not finished yet.
    pub(super) scratch: Vec<u32>,
    /// What was found wrong so far.
    pub(super) problems: Vec<SyntaxError>,
    /// Levels of nesting around the current place.
    pub(super) depth: u32,
    /// Levels of nesting in what was read since the current level began.
    pub(super) height: u32,
    /// How loud the next part of a statement is.
    pub(super) voice: Voice,
    /// The token before which a part of no length was put last.
    pub(super) empty_before: u32,
    /// How many constructs around the current place wait for `)`, `]`, `}` and the end of a hole;
    /// counted by [`Keep`] alone.
    pub(super) awaited: [u32; 4],
    /// A bracket that is never closed: [`Fast`] need not read what stands in it.
    unclosed: u32,
    /// Where the pass begins; [`Fast`] moves it on to the last statement before which all is well.
    pub(super) sound: Sound,
    /// Looks at tokens and tokens taken, for tests that time grows with the text alone.
    #[cfg(test)]
    pub(super) steps: u64,
    mode: PhantomData<M>,
}

/// A line before which nothing is wrong, and what was stored until then.
#[derive(Clone, Copy)]
pub(super) struct Sound {
    pub(super) token: u32,
    statements: usize,
    height: u32,
    tree: Extent,
}

impl<'t, M> State<'t, M> {
    pub(super) fn new(text: &'t str, tokens: &'t Tokens, lexical: &'t [SyntaxError]) -> Self {
        let tree = Tree::with_room(tokens.kinds().len() + 64);
        Self {
            text,
            tokens,
            lexical,
            scratch: Vec::with_capacity(256),
            problems: Vec::new(),
            depth: 0,
            height: 0,
            voice: Voice::Loud,
            empty_before: u32::MAX,
            awaited: [0; 4],
            unclosed: first_unclosed(tokens.kinds()),
            sound: Sound {
                token: 0,
                statements: 0,
                height: 0,
                tree: tree.extent(),
            },
            tree,
            #[cfg(test)]
            steps: 0,
            mode: PhantomData,
        }
    }

    /// The state for another pass, from the end of the sound part on: its statements and all problems
    /// are kept.
    pub(super) fn again<N>(mut self) -> State<'t, N> {
        self.tree.cut(self.sound.tree);
        self.scratch.truncate(self.sound.statements);
        State {
            text: self.text,
            tokens: self.tokens,
            lexical: self.lexical,
            tree: self.tree,
            scratch: self.scratch,
            problems: self.problems,
            depth: 0,
            height: self.sound.height,
            voice: Voice::Loud,
            empty_before: u32::MAX,
            awaited: [0; 4],
            unclosed: self.unclosed,
            sound: self.sound,
            #[cfg(test)]
            steps: self.steps,
            mode: PhantomData,
        }
    }

    /// Where a token starts.
    pub(super) fn start(&self, token: u32) -> u32 {
        self.tokens.starts[token as usize]
    }

    /// Where a token ends.
    pub(super) fn end(&self, token: u32) -> u32 {
        self.tokens.ends[token as usize]
    }

    /// Whether an expression is a skipped or missing one.
    pub(super) fn is_missing(&self, expr: ExprId) -> bool {
        matches!(self.tree[expr].kind, ExprKind::Missing)
    }
}

/// The first bracket that is never closed, or `u32::MAX`. Only asked for speed: a file with one more
/// opening than closing bracket is broken, and nearly all files have as many of both.
fn first_unclosed(kinds: &[Kind]) -> u32 {
    let opening = kinds.iter().filter(|kind| kind.opens()).count();
    let closing = kinds.iter().filter(|kind| kind.closes()).count();
    let mut first = u32::MAX;
    if opening <= closing {
        return first;
    }
    let mut closed = 0_u32;
    for (at, &kind) in kinds.iter().enumerate().rev() {
        if kind.closes() {
            closed += 1;
        } else if kind.opens() && closed > 0 {
            closed -= 1;
        } else if kind.opens() {
            first = at as u32;
        }
    }
    first
}

/// What has to be undone when the parser goes back.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    pub(super) scratch: usize,
    pub(super) problems: usize,
    pub(super) depth: u32,
    pub(super) height: u32,
    pub(super) awaited: [u32; 4],
}

impl<M> State<'_, M> {
    /// Notes that nothing is wrong before token `here`, the first of a statement. False if the lexer
    /// has found something there. Decorators without a declaration stay with what follows them.
    pub(super) fn is_sound_before(&mut self, here: u32) -> bool {
        let start = self.start(here);
        let broken = self.lexical.first();
        if broken.is_some_and(|error| error.span.start <= start) {
            return false;
        }
        let last = self.scratch.last().map(|&id| StatementId::from_raw(id));
        if !last.is_some_and(|id| self.tree[id].kind == StatementKind::Skipped) {
            self.sound = Sound {
                token: here,
                statements: self.scratch.len(),
                height: self.height,
                tree: self.tree.extent(),
            };
        }
        true
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            scratch: self.scratch.len(),
            problems: self.problems.len(),
            depth: self.depth,
            height: self.height,
            awaited: self.awaited,
        }
    }

    pub(super) fn undo(&mut self, mark: Mark) {
        self.scratch.truncate(mark.scratch);
        self.problems.truncate(mark.problems);
        self.depth = mark.depth;
        self.height = mark.height;
        self.awaited = mark.awaited;
    }
}

impl<'t, M: Mode> Inspector<'t, &'t [Kind]> for State<'t, M> {
    type Checkpoint = Mark;
    #[inline(always)]
    fn on_token(&mut self, _: &Kind) {}
    #[inline(always)]
    fn on_save<'p>(&self, _: &Cursor<'t, 'p, &'t [Kind]>) -> Mark {
        self.mark()
    }
    #[inline(always)]
    fn on_rewind<'p>(&mut self, to: &Checkpoint<'t, 'p, &'t [Kind], Mark>) {
        self.undo(*to.inspector());
    }
}

/// Looks at and takes tokens.
pub(super) trait Look<'t, M> {
    /// The next token.
    fn kind(&mut self) -> Kind;
    /// The token `ahead` behind the next one.
    fn ahead(&mut self, ahead: u32) -> Kind;
    /// The number of the next token.
    fn here(&mut self) -> u32;
    /// Takes a token and returns its number; never past the end of the file.
    fn bump(&mut self) -> u32;
    /// Takes the next token if it is a `kind`.
    fn take(&mut self, kind: Kind) -> bool;
    /// Takes all line breaks that follow.
    fn breaks(&mut self);
    /// Takes the line breaks inside brackets; [`Keep`] leaves the one before a declaration, where
    /// brackets end at the latest.
    fn inner_breaks(&mut self);
    /// The first token that is no line break, from `ahead` behind the next one on.
    fn past_breaks(&mut self, ahead: u32) -> Kind;
    /// The bytes from token `start` to the last token taken.
    fn bytes_from(&mut self, start: u32) -> Span;
    /// Stores an expression that starts with token `start` and ends with the last token taken.
    fn expr(&mut self, start: u32, kind: ExprKind) -> ExprId;
    /// Stores a type, likewise.
    fn r#type(&mut self, start: u32, kind: TypeKind) -> TypeId;
}

impl<'t, M: Mode> Look<'t, M> for Input<'t, '_, M> {
    #[inline(always)]
    fn kind(&mut self) -> Kind {
        count_step(self);
        self.peek().unwrap_or(Kind::Eof)
    }
    #[inline]
    fn ahead(&mut self, ahead: u32) -> Kind {
        count_step(self);
        let at = self.here() + ahead;
        let kinds = &self.state().tokens.kinds;
        kinds.get(at as usize).copied().unwrap_or(Kind::Eof)
    }
    #[inline(always)]
    fn here(&mut self) -> u32 {
        *self.cursor().inner() as u32
    }
    #[inline(always)]
    fn bump(&mut self) -> u32 {
        count_step(self);
        let at = self.here();
        self.skip();
        at
    }
    #[inline(always)]
    fn take(&mut self, kind: Kind) -> bool {
        let found = self.kind() == kind;
        if found {
            self.skip();
        }
        found
    }
    #[inline]
    fn breaks(&mut self) {
        while self.take(Kind::NewLine) {}
    }
    #[inline]
    fn inner_breaks(&mut self) {
        while self.kind() == Kind::NewLine && !line_ends_here(self) {
            self.skip();
        }
    }
    #[inline]
    fn past_breaks(&mut self, mut ahead: u32) -> Kind {
        loop {
            match self.ahead(ahead) {
                Kind::NewLine => ahead += 1,
                kind => return kind,
            }
        }
    }
    #[inline]
    fn bytes_from(&mut self, start: u32) -> Span {
        let end = self.here();
        let state = self.state();
        if end > start {
            Span::new(state.start(start), state.end(end - 1))
        } else {
            Span::at(if start > 0 {
                state.end(start - 1)
            } else {
                state.start(0)
            })
        }
    }
    #[inline]
    fn expr(&mut self, start: u32, kind: ExprKind) -> ExprId {
        let span = self.bytes_from(start);
        self.state().tree.add_expr(Expr { span, kind })
    }
    #[inline]
    fn r#type(&mut self, start: u32, kind: TypeKind) -> TypeId {
        let span = self.bytes_from(start);
        self.state().tree.add_type(Type { span, kind })
    }
}

/// Counts in tests, and is nothing otherwise.
#[inline(always)]
fn count_step<M: Mode>(_inp: &mut Input<'_, '_, M>) {
    #[cfg(test)]
    {
        _inp.state().steps += 1;
    }
}

/// A token that has to be there.
#[inline]
pub(super) fn expect<M: Mode>(inp: &mut Input<'_, '_, M>, kind: Kind) -> Parsed<()> {
    expect_or(inp, kind, Error::Expected(kind))
}

/// A word that has to be there.
#[inline]
pub(super) fn expect_keyword<M: Mode>(inp: &mut Input<'_, '_, M>, kind: Kind) -> Parsed<()> {
    expect_or(inp, kind, Error::ExpectedKeyword(kind))
}

/// A token that has to be there, or else `error`.
#[inline]
pub(super) fn expect_or<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    kind: Kind,
    error: Error,
) -> Parsed<()> {
    if inp.take(kind) {
        Ok(())
    } else {
        fail(inp, error)
    }
}

/// An identifier, or else `error`.
#[inline]
pub(super) fn identifier<M: Mode>(inp: &mut Input<'_, '_, M>, error: Error) -> Parsed<Name> {
    if inp.kind().is_identifier() {
        Ok(Name::new(TokenId::from_raw(inp.bump())))
    } else {
        fail(inp, error)
    }
}

/// An identifier, or a marker of its absence.
pub(super) fn identifier_or_marker<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    error: Error,
) -> Parsed<Option<Name>> {
    if inp.kind().is_identifier() {
        Ok(Some(Name::new(TokenId::from_raw(inp.bump()))))
    } else {
        marker(inp, error)?;
        Ok(None)
    }
}

// ---------------------------------------------------------------- nesting

/// Stack that has to be left at every eighth level; the frames of a debug build are large.
const RED_ZONE: usize = 640 * 1024;
/// What is added when it is not.
const NEW_STACK: usize = 4 * 1024 * 1024;

/// Reads something one level deeper.
#[inline]
pub(super) fn nested<'t, 'p, M: Mode, T>(
    inp: &mut Input<'t, 'p, M>,
    rule: impl FnOnce(&mut Input<'t, 'p, M>) -> Parsed<T>,
) -> Parsed<T> {
    let state = inp.state();
    if state.depth >= MAX_DEPTH {
        return fail(inp, Error::TooDeep);
    }
    state.depth += 1;
    let outer = std::mem::replace(&mut state.height, 0);
    let result = if state.depth % 8 == 0 {
        stacker::maybe_grow(RED_ZONE, NEW_STACK, || rule(inp))
    } else {
        rule(inp)
    }?;
    let state = inp.state();
    state.depth -= 1;
    state.height = outer.max(state.height + 1);
    if state.height > MAX_DEPTH {
        return fail(inp, Error::TooDeep);
    }
    Ok(result)
}

/// Reads something that stands beside what was read on this level before, so that only the deeper of
/// the two counts.
#[inline]
pub(super) fn beside<'t, 'p, M: Mode, T>(
    inp: &mut Input<'t, 'p, M>,
    rule: impl FnOnce(&mut Input<'t, 'p, M>) -> Parsed<T>,
) -> Parsed<T> {
    let before = std::mem::replace(&mut inp.state().height, 0);
    let value = rule(inp)?;
    let state = inp.state();
    state.height = state.height.max(before);
    Ok(value)
}

/// Counts a link of a chain such as `a + b + c`, which makes a deep tree without nesting.
#[inline]
pub(super) fn link<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<()> {
    let state = inp.state();
    state.height += 1;
    if state.height > MAX_DEPTH {
        return fail(inp, Error::TooDeep);
    }
    Ok(())
}

// ---------------------------------------------------------------- lists

/// Starts a list; [`finish`] takes what was pushed since.
#[inline]
pub(super) fn begin<M: Mode>(inp: &mut Input<'_, '_, M>) -> usize {
    inp.state().scratch.len()
}

/// Adds to the list begun last.
#[inline]
pub(super) fn push<M: Mode, T: Id>(inp: &mut Input<'_, '_, M>, id: T) {
    inp.state().scratch.push(id.raw());
}

/// Stores the list that was begun at `mark`.
#[inline]
pub(super) fn finish<M: Mode, T: Id>(inp: &mut Input<'_, '_, M>, mark: usize) -> List<T> {
    let state = inp.state();
    let list = state
        .tree
        .add_raw_list(state.scratch[mark..].iter().copied());
    state.scratch.truncate(mark);
    list
}

/// Stores the two lists whose ids were pushed by turns since `mark`.
pub(super) fn finish_alternating<M: Mode, A: Id, B: Id>(
    inp: &mut Input<'_, '_, M>,
    mark: usize,
) -> (List<A>, List<B>) {
    let state = inp.state();
    let both = &state.scratch[mark..];
    let lists = (
        state.tree.add_raw_list(both.iter().step_by(2).copied()),
        state
            .tree
            .add_raw_list(both.iter().skip(1).step_by(2).copied()),
    );
    state.scratch.truncate(mark);
    lists
}

/// `( NewLine* ( item ( ItemEnd item )* ItemEnd? )? )`, up to and without `close`.
///
/// Items are separated by line breaks or by one comma.
#[inline]
pub(super) fn items<'t, 'p, M: Mode, T: Id>(
    inp: &mut Input<'t, 'p, M>,
    close: Kind,
    mut item: impl FnMut(&mut Input<'t, 'p, M>) -> Parsed<T>,
) -> Parsed<List<T>> {
    let mark = begin(inp);
    inp.inner_breaks();
    loop {
        let next = inp.kind();
        if next == close || next == Kind::Eof || end_of_list(inp, close) {
            break;
        }
        let before = inp.here();
        if !M::RECOVER && before > inp.state().unclosed {
            return fail(inp, Error::Expected(close));
        }
        let id = item(inp)?;
        if M::KEEP && inp.here() == before {
            stray(inp);
            continue;
        }
        push(inp, id);
        match inp.kind() {
            Kind::NewLine => inp.inner_breaks(),
            Kind::Comma => {
                inp.bump();
                if inp.kind() == Kind::NewLine {
                    marker(inp, Error::CommaAtLineBreak)?;
                    if !line_ends_here(inp) {
                        inp.bump();
                    }
                }
            }
            next if next == close || next == Kind::Eof => break,
            _ => marker(inp, Error::ExpectedSeparator)?,
        }
    }
    Ok(finish(inp, mark))
}

/// `( NewLine* ( item ( ',' NewLine* item )* NewLine* )? )`, up to and without `close`.
///
/// Commas are required here. A line break may stand before the closer, more of them only with
/// comments between.
#[inline]
pub(super) fn arguments<'t, 'p, M: Mode, T: Id>(
    inp: &mut Input<'t, 'p, M>,
    close: Kind,
    mut item: impl FnMut(&mut Input<'t, 'p, M>) -> Parsed<T>,
) -> Parsed<List<T>> {
    let mark = begin(inp);
    inp.inner_breaks();
    while inp.kind() != close && inp.kind() != Kind::Eof && !end_of_list(inp, close) {
        let before = inp.here();
        if !M::RECOVER && before > inp.state().unclosed {
            return fail(inp, Error::Expected(close));
        }
        let id = item(inp)?;
        if M::KEEP && inp.here() == before && inp.kind() != Kind::Comma {
            stray(inp);
            continue;
        }
        push(inp, id);
        match inp.kind() {
            Kind::Comma => {
                inp.bump();
                inp.inner_breaks();
                // No comma may stand last: the item behind it is missing then.
                if inp.kind() == close {
                    let id = item(inp)?;
                    push(inp, id);
                }
            }
            Kind::NewLine => {
                let behind = behind_commented_breaks(inp);
                if behind == Kind::Eof {
                    break;
                }
                if behind != close {
                    marker(inp, Error::ExpectedComma)?;
                }
                inp.inner_breaks();
            }
            next if next == close || next == Kind::Eof => {}
            _ => marker(inp, Error::ExpectedSeparator)?,
        }
    }
    Ok(finish(inp, mark))
}

/// What follows a line break, further ones passed over as long as each has a comment before it.
fn behind_commented_breaks<M: Mode>(inp: &mut Input<'_, '_, M>) -> Kind {
    let mut ahead = 1;
    while inp.ahead(ahead) == Kind::NewLine && comment_before(inp, ahead) {
        ahead += 1;
    }
    inp.ahead(ahead)
}

/// Whether a comment stands between a token and the one before it.
fn comment_before<M: Mode>(inp: &mut Input<'_, '_, M>, ahead: u32) -> bool {
    let token = inp.here() + ahead;
    let state = inp.state();
    let (from, to) = (state.end(token - 1), state.start(token));
    let trivia = &state.tokens.trivia;
    let first = trivia.partition_point(|trivia| trivia.span.start < from);
    trivia[first..]
        .iter()
        .take_while(|trivia| trivia.span.start < to)
        .any(|trivia| trivia.kind != TriviaKind::Directive)
}
