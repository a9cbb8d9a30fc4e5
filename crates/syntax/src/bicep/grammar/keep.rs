//! How [`Keep`] decides what belongs together in a broken file.
//!
//! It minds three things: which closing brackets are waited for, where the next property or line
//! starts, and above all the lines that plainly start a declaration: a keyword in the first column
//! with what belongs behind it. Open brackets end there at the latest, even if the file is only laid out
//! oddly, such as with decorators in brackets that are not indented. For the other modes a bracket
//! has to be closed, and a list ends at its closer.
//!
//! [`Keep`]: super::Keep

use super::kit::{Input, Look, Mode, Parsed, expect};
use super::literal::starts_string;
use super::recovery::Stops;
use crate::bicep::token::Kind;

/// Skips to one of `stops`, to the end of the item or line, or to a closer that something around
/// waits for; whole brackets are skipped as one, unless a declaration starts before they end.
pub(super) fn skip_with_brackets<M: Mode>(inp: &mut Input<'_, '_, M>, stops: Stops) {
    if declaration_at(inp, 0) {
        return;
    }
    let mut depth = 0_u32;
    loop {
        let next = inp.kind();
        match next {
            Kind::Eof => return,
            Kind::NewLine if depth == 0 || line_ends_here(inp) => return,
            Kind::Comma if depth == 0 => return,
            _ if depth == 0 && stops.has(next) => return,
            Kind::LeftBrace | Kind::LeftParen | Kind::LeftSquare | Kind::StringLeft => depth += 1,
            Kind::RightBrace | Kind::RightParen | Kind::RightSquare | Kind::StringRight => {
                if depth == 0 && is_awaited(inp, next) {
                    return;
                }
                depth = depth.saturating_sub(1);
            }
            Kind::StringMiddle if depth == 0 && is_awaited(inp, next) => return,
            _ => {}
        }
        inp.bump();
    }
}

/// Whether one of `wanted` follows on the line, outside brackets. The look goes only so far, as it may
/// be taken at every line of a file without an end.
pub(super) fn on_line<M: Mode>(inp: &mut Input<'_, '_, M>, wanted: Stops) -> bool {
    const FAR: u32 = 1000;
    let mut depth = 0_u32;
    for ahead in 0..FAR {
        match inp.ahead(ahead) {
            Kind::Eof => return false,
            Kind::NewLine if depth == 0 || declaration_at(inp, ahead + 1) => return false,
            kind if depth == 0 && wanted.has(kind) => return true,
            Kind::LeftBrace | Kind::LeftParen | Kind::LeftSquare => depth += 1,
            Kind::RightBrace | Kind::RightParen | Kind::RightSquare => {
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
    }
    false
}

/// Reads up to a closing bracket. `Keep` remembers that it is waited for, and does as if it were there
/// where it is missing.
#[inline]
pub(super) fn closed_by<'t, 'p, M: Mode, T>(
    inp: &mut Input<'t, 'p, M>,
    close: Kind,
    rule: impl FnOnce(&mut Input<'t, 'p, M>) -> Parsed<T>,
) -> Parsed<T> {
    let value = awaiting(inp, close, rule)?;
    if !M::KEEP {
        expect(inp, close)?;
    } else if inp.kind() == close {
        inp.bump();
    }
    Ok(value)
}

/// Reads something that a `close` ends.
#[inline]
pub(super) fn awaiting<'t, 'p, M: Mode, T>(
    inp: &mut Input<'t, 'p, M>,
    close: Kind,
    rule: impl FnOnce(&mut Input<'t, 'p, M>) -> Parsed<T>,
) -> Parsed<T> {
    if !M::KEEP {
        return rule(inp);
    }
    let slot = closer_slot(close);
    if let Some(slot) = slot {
        inp.state().awaited[slot] += 1;
    }
    let value = rule(inp)?;
    if let Some(slot) = slot {
        inp.state().awaited[slot] -= 1;
    }
    Ok(value)
}

fn closer_slot(kind: Kind) -> Option<usize> {
    match kind {
        Kind::RightParen => Some(0),
        Kind::RightSquare => Some(1),
        Kind::RightBrace => Some(2),
        Kind::StringMiddle | Kind::StringRight => Some(3),
        _ => None,
    }
}

fn is_awaited<M: Mode>(inp: &mut Input<'_, '_, M>, kind: Kind) -> bool {
    closer_slot(kind).is_some_and(|slot| inp.state().awaited[slot] > 0)
}

/// Whether a list that lacks its `close` ends here: at a declaration, at the closer of something
/// around it, at a property of the object around it, or at `from 'path'` in an import. Closers that
/// nothing waits for are left to [`stray`].
#[inline]
pub(super) fn end_of_list<M: Mode>(inp: &mut Input<'_, '_, M>, close: Kind) -> bool {
    if !M::KEEP {
        return false;
    }
    let next = inp.kind();
    next != close && is_awaited(inp, next)
        || declaration_at(inp, 0)
        || line_ends_here(inp)
        || next == Kind::From && starts_string(inp.ahead(1))
        || close != Kind::RightBrace && is_awaited(inp, Kind::RightBrace) && key_at(inp, 0)
}

/// Whether a property starts with the token `ahead` behind the next one: within an object, other
/// brackets have to end there.
pub(super) fn key_at<M: Mode>(inp: &mut Input<'_, '_, M>, ahead: u32) -> bool {
    let next = inp.ahead(ahead);
    (next.is_identifier() || next == Kind::StringComplete) && inp.ahead(ahead + 1) == Kind::Colon
}

/// Skips a token that an item could not start with.
pub(super) fn stray<M: Mode>(inp: &mut Input<'_, '_, M>) {
    if inp.kind() != Kind::Eof {
        inp.bump();
    }
}

/// Whether the next token is a line break behind which a declaration starts, so that open brackets
/// have to end before it.
#[inline]
pub(super) fn line_ends_here<M: Mode>(inp: &mut Input<'_, '_, M>) -> bool {
    M::KEEP && inp.kind() == Kind::NewLine && declaration_at(inp, 1)
}

/// Whether a declaration starts with the token `ahead` behind the next one: a keyword in the first
/// column, with what belongs behind it.
pub(super) fn declaration_at<M: Mode>(inp: &mut Input<'_, '_, M>, ahead: u32) -> bool {
    let kind = inp.ahead(ahead);
    let behind = inp.ahead(ahead + 1);
    let fits = match kind {
        Kind::At => behind.is_identifier(),
        Kind::TargetScope => behind == Kind::Assign,
        Kind::Import | Kind::Extension | Kind::Using | Kind::Extends => {
            behind.is_identifier()
                || matches!(
                    behind,
                    Kind::LeftBrace | Kind::Star | Kind::StringComplete | Kind::StringLeft
                )
        }
        _ => kind.starts_statement() && behind.is_identifier(),
    };
    if !fits {
        return false;
    }
    let token = inp.here() + ahead;
    let state = inp.state();
    let before = &state.text[..state.start(token) as usize];
    before.is_empty() || before.ends_with(['\n', '\r', '\u{feff}'])
}
