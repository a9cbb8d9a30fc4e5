//! Integers against ranges, texts against lengths and patterns.

use super::super::model::{Marks, Range, Text, Type};
use super::super::problem::{Kind, Level};
use super::super::text_length;
use super::{At, Narrow, Want};

/// No pattern is longer, and none takes more memory when it is made.
const MAX_PATTERN: usize = 4096;
const MAX_PATTERN_SIZE: usize = 1 << 20;

impl<'a> Narrow<'_, 'a> {
    pub(super) fn scalar(
        &mut self,
        want: Want<'_>,
        at: At,
        given: Type<'a>,
        wanted: &Type<'a>,
    ) -> Type<'a> {
        let warn = want.in_resource || wanted.is_marked(Marks::WARN_VALUE);
        let level = Level::warning_if(warn);
        match (given, wanted) {
            (Type::Int(given, marks), Type::Int(limits, wanted)) => {
                let kinds = [
                    Kind::TooGreat,
                    Kind::TooSmall,
                    Kind::MayBeTooSmall,
                    Kind::MayBeTooGreat,
                ];
                if self.range(at, level, given, *limits, kinds) {
                    Type::Int(meet(given, *limits), *wanted)
                } else {
                    Type::Int(given, marks)
                }
            }
            (Type::IntIs(value, marks), Type::Int(limits, _)) => {
                if let Some(max) = limits.max.filter(|&max| value > max) {
                    self.report_here(at, level, Kind::TooGreat(value, max));
                } else if let Some(min) = limits.min.filter(|&min| value < min) {
                    self.report_here(at, level, Kind::TooSmall(value, min));
                }
                Type::IntIs(value, marks)
            }
            (Type::Int(given, marks), Type::IntIs(value, _)) => {
                if let Some(min) = given.min.filter(|min| min > value) {
                    self.report_here(at, level, Kind::TooGreat(min, *value));
                } else if let Some(max) = given.max.filter(|max| max < value) {
                    self.report_here(at, level, Kind::TooSmall(max, *value));
                } else {
                    return wanted.clone();
                }
                Type::Int(given, marks)
            }
            (Type::Text(given), Type::Text(limits)) => self.text(at, level, given, limits),
            (Type::TextIs(text, marks), Type::Text(limits)) => {
                let length = Range::exactly(text_length(&text));
                self.length(at, level, length, limits.length);
                self.pattern(at, level, &text, limits.pattern);
                Type::TextIs(text, marks)
            }
            (Type::Text(given), Type::TextIs(literal, _)) => {
                let limits = Range::exactly(text_length(literal));
                let apart = given.length.min > limits.max && given.length.min.is_some()
                    || given.length.max.is_some_and(|max| Some(max) < limits.min);
                if apart {
                    self.length(at, level, given.length, limits);
                    return Type::Text(given);
                }
                wanted.clone()
            }
            (_, Type::IntIs(..) | Type::TextIs(..)) => wanted.clone(),
            (given, _) => given,
        }
    }

    fn text(&mut self, at: At, level: Level, given: Text<'a>, limits: &Text<'a>) -> Type<'a> {
        if !self.length(at, level, given.length, limits.length) {
            return Type::Text(given);
        }
        Type::Text(Text {
            length: meet(given.length, limits.length),
            pattern: None,
            marks: limits.marks,
        })
    }

    /// A length against its limits; `false` if none fits.
    pub(super) fn length(&mut self, at: At, level: Level, given: Range, limits: Range) -> bool {
        let kinds = [
            Kind::TooLong,
            Kind::TooShort,
            Kind::MayBeTooShort,
            Kind::MayBeTooLong,
        ];
        self.range(at, level, given, limits, kinds)
    }

    /// Numbers against limits; `false` if none fits. What may be wrong is only a warning.
    fn range(
        &mut self,
        at: At,
        level: Level,
        given: Range,
        limits: Range,
        [above, below, may_be_below, may_be_above]: [fn(i64, i64) -> Kind; 4],
    ) -> bool {
        if let (Some(min), Some(limit)) = (given.min, limits.max)
            && min > limit
        {
            self.report_here(at, level, above(min, limit));
            return false;
        }
        if let (Some(max), Some(limit)) = (given.max, limits.min)
            && max < limit
        {
            self.report_here(at, level, below(max, limit));
            return false;
        }
        if let (Some(min), Some(limit)) = (given.min, limits.min)
            && min < limit
        {
            self.report_here(at, Level::Warning, may_be_below(min, limit));
        }
        if let (Some(max), Some(limit)) = (given.max, limits.max)
            && max > limit
        {
            self.report_here(at, Level::Warning, may_be_above(max, limit));
        }
        true
    }

    fn pattern(&mut self, at: At, level: Level, text: &str, pattern: Option<&'a str>) {
        let Some(pattern) = pattern else { return };
        let mut patterns = self.types.patterns.borrow_mut();
        let regex = patterns.entry(pattern).or_insert_with(|| compile(pattern));
        let matches = regex.as_ref().is_none_or(|regex| regex.is_match(text));
        drop(patterns);
        if !matches {
            self.report_here(at, level, Kind::Pattern(pattern.to_owned()));
        }
    }
}

/// The regular expression of a pattern of .NET. `None`: it may mean something else here; the
/// compiler passes over patterns too that it cannot run in linear time.
fn compile(pattern: &str) -> Option<regex::Regex> {
    let is_plain = pattern.is_ascii() && pattern.len() <= MAX_PATTERN;
    // Character classes that subtract or intersect are written differently.
    let differs = ["&&", "--", "~~", "-[", "(?"]
        .iter()
        .any(|sign| pattern.contains(sign));
    if !is_plain || differs {
        return None;
    }
    regex::RegexBuilder::new(pattern)
        .size_limit(MAX_PATTERN_SIZE)
        .build()
        .ok()
}

fn meet(a: Range, b: Range) -> Range {
    let pick = |a: Option<i64>, b: Option<i64>, choose: fn(i64, i64) -> i64| match (a, b) {
        (Some(a), Some(b)) => Some(choose(a, b)),
        (a, b) => a.or(b),
    };
    Range {
        min: pick(a.min, b.min, i64::max),
        max: pick(a.max, b.max, i64::min),
    }
}
