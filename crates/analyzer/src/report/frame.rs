//! The code frame under a human-readable finding: the only user of `ariadne`.
//!
//! `ariadne` 0.6 is exact about its input, so everything goes through this adapter:
//!
//! * Ranges reach it in characters. With byte ranges it cuts text inside a character when a range
//!   is not on a boundary, or when a second file has anything but ASCII before its first label.
//! * Its text is ours with each character that it takes for a line break (and we do not), or that
//!   would steer the terminal, exchanged for another; so its lines are those of `LineIndex`.
//! * A blank is added at the end, so that every offset has a character to point at.
//! * A label marks the first line of what it means, so every label stands on one line.
//! * Its own column counts characters; the place in the head of a frame is put in here.
//! * It draws long lines at full length; places on such lines are told without code.

use std::fmt::Write as _;
use std::ops::Range;

use ariadne::{Cache, Color, Config, Label, ReportKind, Source as Drawn};
use tricep_syntax::text::{Encoding, Location, Source};

use super::place::address;
use super::printable::{one_line, shown};
use super::{Report, place};

/// A line with more characters than this is not drawn.
const LONGEST_LINE: usize = 200;
/// The most places drawn in one frame.
const MOST_MARKS: usize = 24;
/// Stands before the number of a file where `ariadne` writes the file's name; no text given to it
/// holds this character.
const FILE: char = '\u{1}';

/// A place to mark, and the words beside it.
#[derive(Clone, Copy)]
pub(super) struct Mark<'a> {
    pub(super) at: Location,
    pub(super) words: &'a str,
    pub(super) color: Color,
}

/// Draws frames over the files of a report.
pub(super) struct Frames<'a> {
    report: &'a Report,
    config: Config,
    files: Files,
}

impl<'a> Frames<'a> {
    /// Frames in colour or plain.
    pub(super) fn new(report: &'a Report, color: bool) -> Self {
        Self {
            report,
            config: Config::new().with_color(color),
            files: Files(report.sources.iter().map(|_| None).collect()),
        }
    }

    /// The frame of some places. The first is the one the finding is about; the places of a file
    /// are drawn together, in the order of their lines.
    pub(super) fn draw(&mut self, marks: &[Mark<'_>]) -> String {
        let (kept, left_out) = marks.split_at(marks.len().min(MOST_MARKS));
        let (mut drawn, told): (Vec<Mark<'_>>, Vec<Mark<'_>>) =
            kept.iter().partition(|mark| self.can_be_drawn(mark.at));
        let mut list = String::new();
        for mark in &told {
            let address = address(self.report, mark.at);
            let _ = writeln!(
                list,
                "  at {}: {}",
                one_line(&address),
                one_line(mark.words)
            );
        }
        if !left_out.is_empty() {
            let _ = writeln!(list, "  and {} more places", left_out.len());
        }
        let Some(&first) = drawn.first() else {
            return list;
        };
        drawn.sort_by_key(|mark| (rank(kept, mark), mark.at.span.start));
        let frame = self.frame(first, &drawn);
        if first.at == marks[0].at {
            frame + &list
        } else {
            list + &frame
        }
    }

    /// Lets `ariadne` draw, and drops the first line: the message is the caller's to write.
    fn frame(&mut self, first: Mark<'_>, marks: &[Mark<'_>]) -> String {
        let span = (first.at.file.0, self.chars(first.at));
        let mut frame = ariadne::Report::build(ReportKind::Error, span).with_config(self.config);
        for mark in marks {
            let label = Label::new((mark.at.file.0, self.chars(mark.at)));
            let words = one_line(mark.words);
            frame.add_label(label.with_message(words).with_color(mark.color));
        }
        let mut bytes = Vec::new();
        let _ = frame.finish().write(&mut self.files, &mut bytes);
        let mut out = String::new();
        for line in String::from_utf8_lossy(&bytes).lines().skip(1) {
            let line = self.with_place(line, first, marks);
            let _ = writeln!(out, "{}", line.trim_end());
        }
        out
    }

    /// The line with the file's number, line and column exchanged for the place as we count it.
    fn with_place(&self, line: &str, first: Mark<'_>, marks: &[Mark<'_>]) -> String {
        let Some((before, rest)) = line.split_once(FILE) else {
            return line.to_owned();
        };
        let (name, after) = rest.split_at(rest.find(' ').unwrap_or(rest.len()));
        let file = name.split(':').next().and_then(|n| n.parse().ok());
        let mark = std::iter::once(&first)
            .chain(marks)
            .find(|mark| Some(mark.at.file.0) == file);
        let address = mark.map(|mark| address(self.report, mark.at));
        format!("{before}{}{after}", one_line(&address.unwrap_or_default()))
    }

    fn can_be_drawn(&mut self, at: Location) -> bool {
        let source = self.report.source(at.file);
        if source.text().trim_matches('\u{feff}').is_empty() {
            return false;
        }
        let line = place::place(source, at.span.start).line as usize - 1;
        let drawn = self.files.drawn(source, at.file.0);
        drawn
            .line(line)
            .is_some_and(|line| line.len() <= LONGEST_LINE)
    }

    /// The characters to mark, at least one, all on the line where the span starts.
    fn chars(&mut self, at: Location) -> Range<usize> {
        let source = self.report.source(at.file);
        let (text, lines) = (source.text(), source.lines());
        let start = lines.line_column(text, at.span.start, Encoding::Utf32);
        let end = lines.line_column(text, at.span.end, Encoding::Utf32);
        let drawn = self.files.drawn(source, at.file.0);
        let Some(line) = drawn.line(start.line as usize) else {
            return 0..1;
        };
        let content = drawn.get_line_text(line).unwrap_or_default().trim_end();
        let last = if end.line == start.line {
            end.column as usize
        } else {
            content.chars().count()
        };
        let first = start.column as usize;
        line.offset() + first..line.offset() + last.max(first + 1)
    }
}

/// Files in the order of their first mark.
fn rank(marks: &[Mark<'_>], mark: &Mark<'_>) -> Option<usize> {
    marks.iter().position(|m| m.at.file == mark.at.file)
}

/// The text of each file as `ariadne` takes it, made when first needed.
struct Files(Vec<Option<Drawn<String>>>);

impl Files {
    fn drawn(&mut self, source: &Source, file: u32) -> &Drawn<String> {
        self.0[file as usize].get_or_insert_with(|| {
            let text: &str = source.text();
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            let drawable = |c| match c {
                '\n' | '\r' => c,
                c => shown(c),
            };
            Drawn::from(text.chars().map(drawable).chain([' ']).collect::<String>())
        })
    }
}

impl Cache<u32> for &mut Files {
    type Storage = String;

    fn fetch(&mut self, file: &u32) -> Result<&Drawn<String>, impl std::fmt::Debug> {
        self.0[*file as usize].as_ref().ok_or("a file not drawn")
    }

    fn display<'a>(&self, file: &'a u32) -> Option<impl std::fmt::Display + 'a> {
        Some(format!("{FILE}{file}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tricep_syntax::text::{FileId, Span};

    use super::*;
    use crate::report::testing;

    fn draw(text: &str, start: u32, end: u32) -> String {
        let report = testing::lone(text, Span::new(start, end));
        let mark = Mark {
            at: report.findings[0].at,
            words: "here",
            color: Color::Red,
        };
        let frame = Frames::new(&report, false).draw(&[mark]);
        assert!(frame.contains("here"), "{frame}");
        assert!(frame.contains(&address(&report, mark.at)), "{frame}");
        frame
    }

    /// The marked line and what stands under it.
    fn code(frame: &str) -> Vec<&str> {
        frame
            .lines()
            .skip(2)
            .take(2)
            .map(|line| line.split_once('│').map_or("", |(_, code)| code))
            .collect()
    }

    #[test]
    fn wide_characters_and_tabs_before_the_mark_move_it() {
        let text = "\té😀ab";
        let at = text.find("ab").unwrap() as u32;
        let frame = draw(text, at, at + 2);
        assert_eq!(code(&frame), ["     é😀ab", "        ─┬"]);
        assert!(frame.contains("[ a.bicep:1:5 ]"));
    }

    #[test]
    fn a_byte_order_mark_and_crlf_move_nothing() {
        let frame = draw("\u{feff}ab\r\ncd\r\n", 7, 8);
        assert_eq!(code(&frame), [" cd", " ┬"]);
        assert!(frame.contains("[ a.bicep:2:1 ]"));
    }

    #[test]
    fn an_empty_span_marks_the_character_after_it() {
        assert_eq!(code(&draw("ab\ncd", 1, 1)), [" ab", "  ┬"]);
        assert_eq!(code(&draw("ab\r\ncd", 2, 2)), [" ab", "   ┬"]);
    }

    #[test]
    fn the_end_of_the_file_has_a_place() {
        assert_eq!(code(&draw("ab\n", 3, 3)), ["", " ┬"]);
        assert_eq!(code(&draw("ab", 70, 80)), [" ab", "   ┬"]);
        assert!(draw("ab\n", 3, 3).contains("\n 2 │"));
    }

    #[test]
    fn a_span_inside_a_character_marks_the_character() {
        assert_eq!(code(&draw("a😀b", 2, 3)), [" a😀b", "  ┬─"]);
    }

    #[test]
    fn an_empty_file_has_no_code_to_show() {
        assert_eq!(draw("", 0, 0), "  at a.bicep:1:1: here\n");
        assert_eq!(draw("\u{feff}", 0, 9), "  at a.bicep:1:1: here\n");
    }

    #[test]
    fn a_long_line_is_not_shown() {
        assert_eq!(
            draw(&"x".repeat(500), 300, 310),
            "  at a.bicep:1:301: here\n"
        );
    }

    #[test]
    fn the_place_of_the_finding_comes_first_drawn_or_not() {
        let long = "x".repeat(500);
        let report = testing::lone(&format!("ab\n{long}"), Span::new(0, 2));
        let mark = |start, words| Mark {
            at: Location {
                file: FileId(0),
                span: Span::new(start, start + 1),
            },
            words,
            color: Color::Red,
        };
        let mut frames = Frames::new(&report, false);
        let told = frames.draw(&[mark(100, "finding"), mark(0, "step")]);
        assert!(
            told.starts_with("  at a.bicep:2:98: finding\n   ╭"),
            "{told}"
        );
        let drawn = frames.draw(&[mark(0, "finding"), mark(100, "step")]);
        assert!(drawn.ends_with("╯\n  at a.bicep:2:98: step\n"), "{drawn}");
    }

    #[test]
    fn a_span_over_lines_marks_the_first() {
        assert_eq!(code(&draw("ab {  \n  c\n}\nd", 0, 13)), [" ab {", " ──┬─"]);
    }

    #[test]
    fn characters_that_break_lines_elsewhere_do_not_here() {
        let text = "a\u{2028}b\u{85}c\u{c}d\u{1b}e\nf";
        let at = text.find('f').unwrap() as u32;
        assert!(draw(text, at, at + 1).contains("\n 2 │ f\n"));
        assert_eq!(code(&draw(text, 0, 1)), [" a b c d�e", " ┬"]);
    }

    #[test]
    fn places_in_other_files_follow() {
        let report = testing::report();
        let mark = |at, words| Mark {
            at,
            words,
            color: Color::Blue,
        };
        let fail = &report.findings[3];
        let mut marks = vec![mark(fail.at, "empty")];
        marks.extend(fail.trail.iter().map(|note| mark(note.at, &note.message)));
        let frame = Frames::new(&report, false).draw(&marks);
        assert!(
            frame.contains("├─[ infra/a, b: 100% é.bicep:1:8 ]"),
            "{frame}"
        );
        let own = |line| frame.find(line).unwrap();
        assert!(own("\n 2 │") < own("\n 8 │"));
    }

    #[test]
    fn very_many_places_are_counted() {
        let report = testing::lone("ab", Span::new(0, 1));
        let mark = Mark {
            at: report.findings[0].at,
            words: "here",
            color: Color::Red,
        };
        let frame = Frames::new(&report, false).draw(&[mark; 30]);
        assert!(frame.ends_with("  and 6 more places\n"));
    }

    /// Pieces that have gone wrong before, and any text.
    fn texts() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("é".to_owned()),
            Just("😀".to_owned()),
            Just("\t".to_owned()),
            Just("\r\n".to_owned()),
            Just("\r".to_owned()),
            Just("\n".to_owned()),
            Just("\u{feff}".to_owned()),
            Just("\u{2028}".to_owned()),
            Just("e\u{301}".to_owned()),
            Just("  ".to_owned()),
            Just("x".repeat(250)),
            any::<String>(),
            "[a-z {}:]{0,12}",
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn no_text_and_spans_panic_and_every_word_is_shown(
            texts in [texts(), texts()],
            spans in prop::collection::vec((0u32..2, 0u32..400, 0u32..40), 1..6),
            color: bool,
        ) {
            let report = Report {
                sources: texts.iter().map(|text| Source::new("a.bicep", text.as_str())).collect(),
                ..Report::default()
            };
            let words: Vec<_> = (0..spans.len()).map(|n| format!("words {n};")).collect();
            let marks: Vec<_> = spans.iter().zip(&words).map(|(&(file, start, len), words)| Mark {
                at: Location { file: FileId(file), span: Span::new(start, start + len) },
                words,
                color: Color::Red,
            }).collect();
            let frame = Frames::new(&report, color).draw(&marks);
            for (mark, words) in marks.iter().zip(&words) {
                prop_assert!(frame.contains(words.as_str()), "{frame}");
                let line = address(&report, mark.at);
                let line = line.split(':').nth(1).unwrap_or_default();
                prop_assert!(frame.contains(line), "line {line} in\n{frame}");
            }
            prop_assert!(!frame.contains(FILE));
        }
    }
}
