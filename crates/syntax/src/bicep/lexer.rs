//! Text to tokens: what the `logos` rules on [`Kind`] call, and the loop that keeps the tokens.
//!
//! Enters: a text. Leaves: every token the reference compiler would make, comments and directives
//! beside them, and what is wrong with the characters. Never absent: the end-of-file token.
//!
//! Strings are finished by hand here, because a piece ends at a hole and a hole ends where the
//! brackets inside it say. The stack of open holes lies in [`State`]. One defect of the compiler is
//! kept, as files are judged by it: a `{` inside a hole is never taken off the stack again, so the
//! brace that should end the hole is read as a plain brace.

use logos::{Lexer, Logos, Skip};
use memchr::{memchr, memchr2, memmem};

use super::error::{SyntaxError, SyntaxErrorKind as Error};
use super::token::{Kind, Tokens, Trivia, TriviaKind};
use crate::text::Span;

/// Longest identifier the language allows.
const MAX_IDENTIFIER: usize = 255;

/// The words that make a directive, behind the `#`.
const DIRECTIVES: [&str; 3] = [
    "disable-next-line",
    "disable-diagnostics",
    "restore-diagnostics",
];

/// Splits `text` into tokens. `text` must be shorter than 4 GiB.
pub(super) fn lex(text: &str) -> (Tokens, Vec<SyntaxError>) {
    let mut tokens = Tokens::default();
    tokens.reserve(text.len());
    let mut lexer = Kind::lexer_with_extras(text, State::default());
    if text.starts_with('\u{feff}') {
        lexer.bump('\u{feff}'.len_utf8());
    }
    while let Some(kind) = lexer.next() {
        let (start, end) = (lexer.span().start, lexer.span().end);
        let kind = kind.unwrap_or(Kind::Unrecognized);
        if kind.is_identifier() {
            if end - start > MAX_IDENTIFIER {
                lexer.extras.error(Error::NameTooLong, start, end);
            }
        } else if lexer.extras.hole_broken {
            lexer.extras.hole_broken = false;
            tokens.malformed.push(tokens.kinds.len() as u32);
            tokens.push(Kind::StringRight, start, start);
        } else if kind == Kind::Unrecognized {
            lexer.extras.unrecognized(&mut tokens, lexer.slice(), start);
        } else if lexer.extras.malformed {
            lexer.extras.malformed = false;
            tokens.malformed.push(tokens.kinds.len() as u32);
        }
        tokens.push(kind, start, end);
    }
    tokens.push(Kind::Eof, text.len(), text.len());
    tokens.trivia = lexer.extras.trivia;
    (tokens, lexer.extras.errors)
}

/// What the lexer remembers between tokens.
#[derive(Default)]
pub struct State {
    /// The holes around the current place, and the braces in them.
    open: Vec<Open>,
    trivia: Vec<Trivia>,
    errors: Vec<SyntaxError>,
    /// The piece of a string just read is no string.
    malformed: bool,
    /// A line break has just closed a hole.
    hole_broken: bool,
}

/// Something open that a `}` may close.
#[derive(Clone, Copy)]
enum Open {
    /// A brace inside a hole.
    Brace,
    /// A hole of a single-line string.
    Hole,
    /// A hole of a multi-line string that started with so many dollars.
    MultiLineHole(u32),
}

/// How a piece of a string ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// At the closing quotes, or where the text broke off.
    Closed,
    /// At the start of a hole.
    Hole,
}

impl State {
    fn error(&mut self, kind: Error, start: usize, end: usize) {
        self.errors.push(SyntaxError {
            kind,
            span: Span::new(start as u32, end as u32),
        });
    }

    fn malformed(&mut self, kind: Error, start: usize, end: usize) {
        self.malformed = true;
        self.error(kind, start, end);
    }

    /// Reports a character. The compiler counts in UTF-16, so one above U+FFFF is two tokens there;
    /// the first of them has no length in bytes.
    #[cold]
    fn unrecognized(&mut self, tokens: &mut Tokens, slice: &str, start: usize) {
        let kind = if slice == "\"" {
            Error::DoubleQuote
        } else {
            Error::UnrecognizedCharacter
        };
        if slice.chars().any(|c| c > '\u{ffff}') {
            self.error(kind, start, start);
            tokens.push(Kind::Unrecognized, start, start);
        }
        self.error(kind, start, start + slice.len());
    }

    fn trivia(&mut self, kind: TriviaKind, span: logos::Span) {
        if self.trivia.is_empty() {
            self.trivia.reserve(32);
        }
        self.trivia.push(Trivia {
            span: Span::new(span.start as u32, span.end as u32),
            kind,
        });
    }
}

type Cursor<'s> = Lexer<'s, Kind>;

// ---------------------------------------------------------------- trivia

/// `//` to the end of the line.
#[inline]
pub(super) fn line_comment(cursor: &mut Cursor<'_>) -> Skip {
    let rest = cursor.remainder().as_bytes();
    let length = memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    cursor.bump(length);
    let span = cursor.span();
    cursor.extras.trivia(TriviaKind::LineComment, span);
    Skip
}

/// `/*` to the first `*/`.
pub(super) fn block_comment(cursor: &mut Cursor<'_>) -> Skip {
    let rest = cursor.remainder().as_bytes();
    let length = memmem::find(rest, b"*/").map(|at| at + 2);
    cursor.bump(length.unwrap_or(rest.len()));
    let span = cursor.span();
    if length.is_none() {
        cursor
            .extras
            .error(Error::UnterminatedComment, span.start, span.end);
    }
    cursor.extras.trivia(TriviaKind::BlockComment, span);
    Skip
}

/// A directive where only white space stands before the `#` on its line, else a stray character.
/// Lines are counted by LF alone here.
pub(super) fn hash(cursor: &mut Cursor<'_>) -> logos::Filter<()> {
    let rest = cursor.remainder();
    let Some(word) = DIRECTIVES.iter().find(|word| rest.starts_with(**word)) else {
        return logos::Filter::Emit(());
    };
    let before = &cursor.source()[..cursor.span().start];
    let before = before.strip_prefix('\u{feff}').unwrap_or(before);
    let last = before
        .chars()
        .rev()
        .find(|&c| c == '\n' || !c.is_whitespace());
    if last.is_some_and(|c| c != '\n') {
        return logos::Filter::Emit(());
    }
    directive(cursor, word.len());
    logos::Filter::Skip
}

/// Reads the codes behind the word of a directive, which is `word` bytes long. The directive ends
/// with its last code; a code ends at the first character that cannot be part of one.
fn directive(cursor: &mut Cursor<'_>, word: usize) {
    let rest = cursor.remainder().as_bytes();
    let mut at = word;
    let mut end = None;
    loop {
        let start = at;
        while rest.get(at).is_some_and(|&b| is_code_byte(b)) {
            at += 1;
        }
        if at > start {
            end = Some(at);
        }
        if !matches!(rest.get(at), Some(b' ' | b'\t')) {
            break;
        }
        while matches!(rest.get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
    }
    cursor.bump(end.unwrap_or(at));
    let span = cursor.span();
    if end.is_none() {
        cursor
            .extras
            .error(Error::DirectiveWithoutCodes, span.end, span.end);
    }
    cursor.extras.trivia(TriviaKind::Directive, span);
}

fn is_code_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

// ---------------------------------------------------------------- brackets, line breaks

/// A run of CR and LF; ends every open hole.
#[inline]
pub(super) fn line_break(cursor: &mut Cursor<'_>) {
    if !cursor.extras.open.is_empty() {
        cursor.extras.open.clear();
        cursor.extras.hole_broken = true;
        let at = cursor.span().start;
        cursor.extras.error(Error::StringAtLineBreak, at, at);
    }
}

/// `{`
#[inline]
pub(super) fn left_brace(cursor: &mut Cursor<'_>) {
    if !cursor.extras.open.is_empty() {
        cursor.extras.open.push(Open::Brace);
    }
}

/// `}`: a brace, or the end of a hole and with it the next piece of the string.
#[inline]
pub(super) fn right_brace(cursor: &mut Cursor<'_>) -> Kind {
    let end = match cursor.extras.open.last() {
        None | Some(Open::Brace) => return Kind::RightBrace,
        Some(Open::Hole) => segment(cursor),
        Some(&Open::MultiLineHole(dollars)) => multi_line_segment(cursor, dollars as usize),
    };
    if end == End::Hole {
        Kind::StringMiddle
    } else {
        cursor.extras.open.pop();
        Kind::StringRight
    }
}

/// A stray character.
pub(super) fn unrecognized(_: &mut Cursor<'_>) {}

// ---------------------------------------------------------------- strings

/// `'`, perhaps the first of three.
#[inline]
pub(super) fn quote(cursor: &mut Cursor<'_>) -> Kind {
    if cursor.remainder().as_bytes().starts_with(b"''") {
        cursor.bump(2);
        multi_line_segment(cursor, 0);
        return Kind::StringComplete;
    }
    let end = segment(cursor);
    first_piece(cursor, end, Open::Hole)
}

/// `$'''`, with any number of dollars.
pub(super) fn dollars_and_quotes(cursor: &mut Cursor<'_>) -> Kind {
    let dollars = cursor.slice().len() - 3;
    let end = multi_line_segment(cursor, dollars);
    first_piece(cursor, end, Open::MultiLineHole(dollars as u32))
}

fn first_piece(cursor: &mut Cursor<'_>, end: End, hole: Open) -> Kind {
    if end == End::Hole {
        cursor.extras.open.push(hole);
        Kind::StringLeft
    } else {
        Kind::StringComplete
    }
}

/// Whether a byte of a single-line string needs a look: quote, backslash, dollar or line break.
static STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut at = 0;
    let bytes = b"'\\$\n\r";
    while at < bytes.len() {
        stops[bytes[at] as usize] = true;
        at += 1;
    }
    stops
};

/// Reads a single-line string up to its end or its next hole.
#[inline]
fn segment(cursor: &mut Cursor<'_>) -> End {
    let base = cursor.span().end;
    let rest = cursor.remainder();
    let bytes = rest.as_bytes();
    let mut at = 0;
    let end = loop {
        while bytes.get(at).is_some_and(|&b| !STOPS[b as usize]) {
            at += 1;
        }
        match bytes.get(at) {
            Some(b'\'') => {
                at += 1;
                break End::Closed;
            }
            Some(b'$') if bytes.get(at + 1) == Some(&b'{') => {
                at += 2;
                break End::Hole;
            }
            Some(b'$') => at += 1,
            Some(b'\\') if at + 1 == bytes.len() => {
                at += 1;
                let start = cursor.span().start;
                let kind = Error::StringAtBackslash;
                cursor.extras.malformed(kind, start, base + at);
                break End::Closed;
            }
            Some(b'\\') => at += escape(&mut cursor.extras, &rest[at..], base + at),
            Some(_) => {
                let start = cursor.span().start;
                let kind = Error::StringAtLineBreak;
                cursor.extras.malformed(kind, start, base + at);
                break End::Closed;
            }
            None => {
                let start = cursor.span().start;
                let kind = Error::StringAtEndOfFile;
                cursor.extras.malformed(kind, start, base + at);
                break End::Closed;
            }
        }
    };
    cursor.bump(at);
    end
}

/// The length of the escape that `rest`, at least two bytes long, starts with. `at` is its offset.
fn escape(state: &mut State, rest: &str, at: usize) -> usize {
    let bytes = rest.as_bytes();
    match bytes[1] {
        b'$' if bytes.get(2) == Some(&b'{') => 3,
        b'n' | b'r' | b't' | b'\\' | b'\'' | b'$' => 2,
        b'u' => unicode_escape(state, bytes, at),
        _ => {
            let letter = rest[1..].chars().next().map_or(0, char::len_utf8);
            // In UTF-16 the first half of a character above U+FFFF, which has no bytes of its own.
            let shown = if letter > 3 { 0 } else { letter };
            state.malformed(Error::UnknownEscape, at, at + 1 + shown);
            1 + letter
        }
    }
}

/// The length of `\u{…}`, or of as much of it as is there.
fn unicode_escape(state: &mut State, bytes: &[u8], at: usize) -> usize {
    if bytes.len() == 2 {
        return 2; // the end of the file is reported by the caller
    }
    if bytes[2] != b'{' {
        state.malformed(Error::BadUnicodeEscape, at, at + 2);
        return 2;
    }
    let digits = bytes[3..]
        .iter()
        .take_while(|b| b.is_ascii_hexdigit())
        .count();
    let end = 3 + digits;
    match bytes.get(end) {
        None => end,
        Some(b'}') if digits > 0 => {
            if super::string::code_point(&bytes[3..end]).is_none() {
                state.malformed(Error::BadUnicodeEscape, at, at + end + 1);
            }
            end + 1
        }
        Some(_) => {
            state.malformed(Error::BadUnicodeEscape, at, at + end);
            end
        }
    }
}

/// Reads a multi-line string up to its closing quotes or to its next hole; without dollars there
/// are no holes.
fn multi_line_segment(cursor: &mut Cursor<'_>, dollars: usize) -> End {
    let bytes = cursor.remainder().as_bytes();
    let mut at = 0;
    loop {
        let next = if dollars == 0 {
            memchr(b'\'', &bytes[at..])
        } else {
            memchr2(b'\'', b'$', &bytes[at..])
        };
        let Some(next) = next else {
            cursor.bump(bytes.len());
            let span = cursor.span();
            let kind = Error::MultiLineStringAtEndOfFile;
            cursor.extras.malformed(kind, span.start, span.end);
            return End::Closed;
        };
        at += next;
        let first = bytes[at];
        let run = bytes[at..].iter().take_while(|&&b| b == first).count();
        at += run;
        if first == b'\'' && run >= 3 {
            cursor.bump(at);
            return End::Closed;
        }
        if first == b'$' && run >= dollars && bytes.get(at) == Some(&b'{') {
            cursor.bump(at + 1);
            return End::Hole;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens as `Kind text`, without the end of the file.
    fn tokens(text: &str) -> Vec<String> {
        let (tokens, _) = lex(text);
        let spans = tokens.starts.iter().zip(&tokens.ends);
        let all = tokens.kinds.iter().zip(spans);
        let shown = all.map(|(kind, (&start, &end))| {
            let name = kind.token_name();
            format!("{name} {}", &text[start as usize..end as usize])
        });
        let mut shown: Vec<_> = shown.collect();
        assert_eq!(shown.pop().as_deref(), Some("EndOfFile "));
        shown
    }

    /// The errors as code, start and end.
    fn errors(text: &str) -> Vec<(&'static str, u32, u32)> {
        let (_, errors) = lex(text);
        let errors = errors.iter();
        errors
            .map(|error| (error.kind.code(), error.span.start, error.span.end))
            .collect()
    }

    fn trivia(text: &str) -> Vec<String> {
        let (tokens, _) = lex(text);
        let trivia = tokens.trivia.iter();
        trivia
            .map(|trivia| text[trivia.span.range()].to_owned())
            .collect()
    }

    #[test]
    fn the_longest_token_wins() {
        assert_eq!(
            tokens("a!=b ..c ...d ?? e.?f"),
            [
                "Identifier a",
                "NotEquals !=",
                "Identifier b",
                "Dot .",
                "Dot .",
                "Identifier c",
                "Ellipsis ...",
                "Identifier d",
                "DoubleQuestion ??",
                "Identifier e",
                "Dot .",
                "Question ?",
                "Identifier f",
            ]
        );
        assert_eq!(
            tokens("1.5 trueish true"),
            [
                "Integer 1",
                "Dot .",
                "Integer 5",
                "Identifier trueish",
                "TrueKeyword true",
            ]
        );
    }

    #[test]
    fn a_run_of_line_breaks_is_one_token_unless_blanks_part_it() {
        assert_eq!(tokens("\r\n\r\n \n"), ["NewLine \r\n\r\n", "NewLine \n"]);
        assert_eq!(tokens("a/*\n*/b"), ["Identifier a", "Identifier b"]);
    }

    #[test]
    fn strings_fall_into_pieces_at_their_holes() {
        assert_eq!(
            tokens("'a${b}c${'d${e}'}f'"),
            [
                "StringLeftPiece 'a${",
                "Identifier b",
                "StringMiddlePiece }c${",
                "StringLeftPiece 'd${",
                "Identifier e",
                "StringRightPiece }'",
                "StringRightPiece }f'",
            ]
        );
        assert_eq!(
            tokens("'\\${a}' '$${b}'"),
            [
                "StringComplete '\\${a}'",
                "StringLeftPiece '$${",
                "Identifier b",
                "StringRightPiece }'",
            ]
        );
    }

    #[test]
    fn multi_line_strings_have_holes_only_behind_as_many_dollars() {
        assert_eq!(tokens("'''${a}'''"), ["StringComplete '''${a}'''"]);
        assert_eq!(tokens("''''a''''"), ["StringComplete ''''a''''"]);
        assert_eq!(
            tokens("$$'''${a}\n$$${b}'''"),
            [
                "StringLeftPiece $$'''${a}\n$$${",
                "Identifier b",
                "StringRightPiece }'''",
            ]
        );
    }

    #[test]
    fn a_line_break_closes_all_open_holes() {
        let text = "'${'${a\nb";
        assert_eq!(errors(text), [("BCP004", 7, 7)]);
        assert_eq!(
            tokens(text),
            [
                "StringLeftPiece '${",
                "StringLeftPiece '${",
                "Identifier a",
                "StringRightPiece ",
                "NewLine \n",
                "Identifier b",
            ]
        );
    }

    #[test]
    fn a_brace_in_a_hole_stays_open_as_in_the_compiler() {
        assert_eq!(
            tokens("'${{}}'"),
            [
                "StringLeftPiece '${",
                "LeftBrace {",
                "RightBrace }",
                "RightBrace }",
                "StringComplete '",
            ]
        );
    }

    #[test]
    fn broken_strings_say_where_they_broke() {
        assert_eq!(errors("'a\n"), [("BCP004", 0, 2)]);
        assert_eq!(errors("'a"), [("BCP003", 0, 2)]);
        assert_eq!(errors("'a\\"), [("BCP005", 0, 3)]);
        assert_eq!(errors("'''a"), [("BCP140", 0, 4)]);
        assert_eq!(errors("'\\q'"), [("BCP006", 1, 3)]);
        assert_eq!(errors("'\\u{'"), [("BCP133", 1, 4)]);
        assert_eq!(errors("'\\u{110000}'"), [("BCP133", 1, 11)]);
        assert!(lex("'a").0.is_malformed(super::super::ast::Id::from_raw(0)));
    }

    #[test]
    fn stray_characters_are_tokens_that_are_reported() {
        assert_eq!(errors("&"), [("BCP001", 0, 1)]);
        assert_eq!(errors("$$"), [("BCP001", 0, 2)]);
        assert_eq!(errors("\""), [("BCP103", 0, 1)]);
        assert_eq!(errors("\u{a0}"), [("BCP001", 0, 2)]);
    }

    #[test]
    fn a_character_of_two_utf16_units_is_two_tokens() {
        assert_eq!(tokens("😀"), ["Unrecognized ", "Unrecognized 😀"]);
        assert_eq!(errors("😀"), [("BCP001", 0, 0), ("BCP001", 0, 4)]);
    }

    #[test]
    fn names_have_at_most_255_characters() {
        assert_eq!(errors(&"a".repeat(255)), []);
        assert_eq!(errors(&"a".repeat(256)), [("BCP024", 0, 256)]);
    }

    #[test]
    fn comments_and_directives_are_trivia() {
        let text = "a // b\n/* c\n */ #disable-next-line d\n  #disable-next-line e f-1 // g";
        assert_eq!(
            trivia(text),
            ["// b", "/* c\n */", "#disable-next-line e f-1", "// g"]
        );
        assert_eq!(errors("/*/"), [("BCP002", 0, 3)]);
    }

    #[test]
    fn directives_start_their_line_and_name_something() {
        assert_eq!(errors("#disable-next-line  \n"), [("BCP226", 20, 20)]);
        assert_eq!(trivia("#disable-diagnosticsa,b"), ["#disable-diagnosticsa"]);
        assert_eq!(errors("a #disable-next-line b")[0], ("BCP001", 2, 3));
        assert_eq!(errors("\r#disable-next-line b"), []);
        assert_eq!(errors("a\r#disable-next-line b")[0], ("BCP001", 2, 3));
    }

    #[test]
    fn a_byte_order_mark_is_no_token_but_counts() {
        assert_eq!(tokens("\u{feff}a"), ["Identifier a"]);
        assert_eq!(lex("\u{feff}a").0.starts, [3, 4]);
        assert_eq!(errors("\u{feff}#disable-next-line a"), []);
    }
}
