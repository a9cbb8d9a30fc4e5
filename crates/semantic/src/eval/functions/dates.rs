//! `dateTimeAdd`, `dateTimeToEpoch`, `dateTimeFromEpoch`.
//!
//! Enters: dates as people write them in templates (ISO 8601, `M/d/yyyy`, RFC 1123), durations,
//! .NET date formats. Times without an offset are UTC, as in a container. Absent: the other forms
//! that .NET's parser takes in the machine's culture.

use std::fmt::Write as _;

use super::arguments::{text, wrong};
use super::{Count, Function, Outcome, strict};
use crate::eval::unknown::{Kinds, Why};
use crate::eval::value::Value;
use crate::eval::work::Work;

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    strict("dateTimeAdd", (2, Some(3)), Kinds::TEXT, date_time_add),
    strict(
        "dateTimeFromEpoch",
        UP_TO_ONE,
        Kinds::TEXT,
        date_time_from_epoch,
    ),
    strict(
        "dateTimeToEpoch",
        UP_TO_ONE,
        Kinds::NUMBER,
        date_time_to_epoch,
    ),
];

const UP_TO_ONE: Count = (0, Some(1));

/// Ticks of .NET: ten million a second.
const SECOND: i64 = 10_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Days from the year 1 to 1970, and to the end of the year 9999.
const DAYS_TO_1970: i64 = 719_162;
const DAYS_IN_ALL: i64 = 3_652_059;

/// A time: ticks of the local clock since the year 1, and its distance from UTC in minutes.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Moment {
    ticks: i64,
    offset: i64,
}

/// A calendar date and time of day.
struct Fields {
    year: i64,
    month: i64,
    day: i64,
    ticks: i64,
    weekday: usize,
}

impl Moment {
    fn checked(ticks: i64, offset: i64) -> Option<Self> {
        let inside = |ticks: i64| (0..DAYS_IN_ALL * DAY).contains(&ticks);
        let moment = Self { ticks, offset };
        (inside(ticks) && inside(moment.utc())).then_some(moment)
    }

    fn utc(self) -> i64 {
        self.ticks - self.offset * MINUTE
    }

    fn in_utc(self) -> Self {
        Self {
            ticks: self.utc(),
            offset: 0,
        }
    }

    fn fields(self) -> Fields {
        let days = self.ticks.div_euclid(DAY);
        let (year, month, day) = date_of(days);
        Fields {
            year,
            month,
            day,
            ticks: self.ticks.rem_euclid(DAY),
            // The first day of the year 1 was a Monday.
            weekday: usize::try_from((days + 1).rem_euclid(7)).unwrap_or(0),
        }
    }
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since the first day of the year 1.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let before = year - 1;
    let years = before * 365 + before / 4 - before / 100 + before / 400;
    let months: i64 = (1..month).map(|month| days_in_month(year, month)).sum();
    years + months + day - 1
}

fn date_of(days: i64) -> (i64, i64, i64) {
    // A year too late at most, then step back.
    let mut year = days / 365 + 1;
    while days_of(year, 1, 1) > days {
        year -= 1;
    }
    let mut left = days - days_of(year, 1, 1);
    let mut month = 1;
    while left >= days_in_month(year, month) {
        left -= days_in_month(year, month);
        month += 1;
    }
    (year, month, left + 1)
}

/// Reads numbers and signs from the front of a text.
struct Scanner<'a>(&'a str);

impl Scanner<'_> {
    /// A number of `min` to `max` digits.
    fn number(&mut self, min: usize, max: usize) -> Option<i64> {
        let count = self
            .0
            .bytes()
            .take(max)
            .take_while(u8::is_ascii_digit)
            .count();
        if count < min {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        digits.parse().ok()
    }

    fn eat(&mut self, wanted: &str) -> bool {
        match self.0.strip_prefix(wanted) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn word(&mut self, words: &[&str]) -> Option<i64> {
        let at = words.iter().position(|word| self.eat(word))?;
        i64::try_from(at).ok()
    }

    /// A month by its name or the first letters of it: its number.
    fn month(&mut self) -> Option<i64> {
        let end = self.0.find(|c: char| !c.is_ascii_alphabetic());
        let (word, rest) = self.0.split_at(end?);
        let month = MONTHS.iter().position(|name| {
            word.eq_ignore_ascii_case(name) || word.eq_ignore_ascii_case(short(name))
        })?;
        self.0 = rest;
        i64::try_from(month + 1).ok()
    }

    /// ` AM` or ` PM`: the hours to add.
    fn half_of_day(&mut self) -> Option<i64> {
        [(" AM", 0), (" PM", 12)]
            .into_iter()
            .find_map(|(word, hours)| self.eat(word).then_some(hours))
    }

    /// The ticks of a fraction of a second.
    fn fraction(&mut self) -> Option<i64> {
        let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=7).contains(&digits) {
            return None;
        }
        let value = self.number(digits, digits)?;
        Some(value * 10i64.pow(7 - u32::try_from(digits).ok()?))
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

fn short(name: &str) -> &str {
    &name[..3]
}

/// Texts that look like no date at all fail; others that are not understood are not evaluated.
fn parse(text: &str) -> Result<Moment, Value> {
    if !text.bytes().any(|c| c.is_ascii_digit()) {
        return Err(Value::failed("the text is no date and time")); // datetime-add-0042
    }
    let (date, mut rest) = date(text).ok_or_else(unread)?;
    let (year, month, day) = date;
    if !(1..=9999).contains(&year)
        || !(1..=12).contains(&month)
        || day < 1
        || day > days_in_month(year, month)
    {
        return Err(Value::failed("the text is no date and time")); // datetime-add-0033
    }
    let mut time = 0;
    if !rest.0.is_empty() {
        if !rest.eat("T") && !rest.eat(" ") {
            return Err(unread());
        }
        time = time_of_day(&mut rest)?;
    }
    let offset = offset(&mut rest).ok_or_else(unread)?;
    Moment::checked(days_of(year, month, day) * DAY + time, offset)
        .ok_or_else(|| Value::failed("the time is out of range"))
}

fn unread() -> Value {
    Value::unsupported("a date in this form")
}

/// `yyyy-MM-dd`, `M/d/yyyy` (datetime-add-0032), `d MMM yyyy` (datetime-add-0035), `MMMM d, yyyy`
/// (datetime-add-0036), or `ddd, dd MMM yyyy` (datetime-epoch-0016).
fn date(text: &str) -> Option<((i64, i64, i64), Scanner<'_>)> {
    let mut scanner = Scanner(text);
    if text.as_bytes().get(4) == Some(&b'-') {
        let year = scanner.number(4, 4)?;
        let month = scanner.eat("-").then(|| scanner.number(2, 2))??;
        let day = scanner.eat("-").then(|| scanner.number(2, 2))??;
        return Some(((year, month, day), scanner));
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('/') {
        let month = scanner.number(1, 2)?;
        let day = scanner.eat("/").then(|| scanner.number(1, 2))??;
        let year = scanner.eat("/").then(|| scanner.number(4, 4))??;
        return Some(((year, month, day), scanner));
    }
    if let Some(found) = day_and_month_name(text).or_else(|| month_name_and_day(text)) {
        return Some(found);
    }
    let weekdays = WEEKDAYS.map(short);
    let weekday = scanner.word(&weekdays)?;
    let day = scanner.eat(", ").then(|| scanner.number(2, 2))??;
    let month = scanner
        .eat(" ")
        .then(|| scanner.word(&MONTHS.map(short)))??
        + 1;
    let year = scanner.eat(" ").then(|| scanner.number(4, 4))??;
    // A weekday that is not the date's makes the parser fail; leave that alone.
    let right = (days_of(year.max(1), month, day) + 1).rem_euclid(7) == weekday;
    right.then_some(((year, month, day), scanner))
}

fn day_and_month_name(text: &str) -> Option<((i64, i64, i64), Scanner<'_>)> {
    let mut scanner = Scanner(text);
    let day = scanner.number(1, 2)?;
    let month = scanner.eat(" ").then(|| scanner.month())??;
    let year = scanner.eat(" ").then(|| scanner.number(4, 4))??;
    Some(((year, month, day), scanner))
}

fn month_name_and_day(text: &str) -> Option<((i64, i64, i64), Scanner<'_>)> {
    let mut scanner = Scanner(text);
    let month = scanner.month()?;
    let day = scanner.eat(" ").then(|| scanner.number(1, 2))??;
    scanner.eat(",");
    let year = scanner.eat(" ").then(|| scanner.number(4, 4))??;
    Some(((year, month, day), scanner))
}

fn time_of_day(scanner: &mut Scanner<'_>) -> Result<i64, Value> {
    let before = scanner.0.len();
    let mut hour = scanner.number(1, 2).ok_or_else(unread)?;
    let is_short = before - scanner.0.len() == 1;
    let minute = scanner
        .eat(":")
        .then(|| scanner.number(2, 2))
        .flatten()
        .ok_or_else(unread)?;
    let mut second = 0;
    let mut fraction = 0;
    if scanner.eat(":") {
        second = scanner.number(2, 2).ok_or_else(unread)?;
        if scanner.eat(".") {
            fraction = scanner.fraction().ok_or_else(unread)?;
        }
    }
    match scanner.half_of_day() {
        Some(half) if (1..=12).contains(&hour) => hour = hour % 12 + half,
        None if !is_short && hour != 24 => {}
        _ => return Err(unread()),
    }
    if hour > 24 || minute > 59 || second > 59 {
        return Err(Value::failed("the text is no date and time"));
    }
    Ok(hour * HOUR + minute * MINUTE + second * SECOND + fraction)
}

fn offset(scanner: &mut Scanner<'_>) -> Option<i64> {
    if scanner.0.is_empty() || scanner.eat("Z") || scanner.eat(" GMT") {
        return scanner.0.is_empty().then_some(0);
    }
    let sign = if scanner.eat("+") {
        1
    } else if scanner.eat("-") {
        -1
    } else {
        return None;
    };
    let hours = scanner.number(2, 2)?;
    let minutes = scanner.eat(":").then(|| scanner.number(2, 2))??;
    let inside = minutes < 60 && hours * 60 + minutes <= 14 * 60;
    (inside && scanner.0.is_empty()).then_some(sign * (hours * 60 + minutes))
}

/// A duration as a fixed span: a year is 365 days, twelve months are a year, each month left over
/// is 30 days (datetime-add-0022, datetime-add-0087). No weeks, no fractional days.
fn duration(text: &str) -> Result<i64, Value> {
    let bad = || Value::failed("the text is no ISO 8601 duration");
    let large = || Value::unsupported("so long a duration");
    let unsure = || Value::unsupported("a duration with half a fraction");
    let mut scanner = Scanner(text.trim_matches([' ', '\t', '\n', '\r']));
    let negative = scanner.eat("-");
    if !scanner.eat("P") {
        return Err(bad());
    }
    let mut ticks: i64 = 0;
    let mut parts = 0;
    let mut months = 0;
    let units = [
        ("Y", 0),
        ("M", 0),
        ("D", DAY),
        ("T", 0),
        ("H", HOUR),
        ("M", MINUTE),
        ("S", SECOND),
    ];
    let mut next = 0;
    while !scanner.0.is_empty() {
        if next <= 3 && scanner.eat("T") {
            next = 4;
            if scanner.0.is_empty() {
                return Err(bad());
            }
            continue;
        }
        if scanner.0.starts_with('.') {
            return Err(unsure());
        }
        let value = scanner.number(1, 18).ok_or_else(bad)?;
        if value > i64::from(i32::MAX) {
            return Err(large());
        }
        let mut fraction = 0;
        if scanner.eat(".") {
            if scanner.0.bytes().take_while(u8::is_ascii_digit).count() > 7 {
                return Err(large());
            }
            // Whether a point needs digits on both sides is not sure.
            fraction = scanner.fraction().ok_or_else(unsure)?;
            if next < 4 || !scanner.0.starts_with('S') {
                return Err(bad());
            }
        }
        let end = if next < 4 { 3 } else { 7 };
        let unit = (next..end)
            .find(|unit| scanner.eat(units[*unit].0))
            .ok_or_else(bad)?;
        match unit {
            0 => months += value * 12,
            1 => months += value,
            unit => {
                let span = value
                    .checked_mul(units[unit].1)
                    .and_then(|span| ticks.checked_add(span));
                ticks = span.ok_or_else(large)?;
            }
        }
        ticks += fraction;
        next = unit + 1;
        parts += 1;
    }
    if parts == 0 {
        return Err(bad());
    }
    let days = months / 12 * 365 + months % 12 * 30;
    let span = days
        .checked_mul(DAY)
        .and_then(|span| ticks.checked_add(span))
        .ok_or_else(large)?;
    Ok(if negative { -span } else { span })
}

/// Keeps the local clock and its offset; the usual format writes `Z` all the same
/// (datetime-add-0028).
fn date_time_add(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let format: &str = match arguments.get(2) {
        Some(_) => text(arguments, 2)?,
        None => USUAL,
    };
    let base = text(arguments, 0)?;
    let span = duration(text(arguments, 1)?)?;
    let base = parse(base)?;
    let ticks = base.ticks.checked_add(span);
    let moment = ticks.and_then(|ticks| Moment::checked(ticks, base.offset));
    let moment = moment.ok_or_else(|| Value::failed("the time is out of range"))?;
    work.spend(format.len())?;
    Ok(Value::text(formatted(moment, format)?))
}

const USUAL: &str = "yyyy-MM-ddTHH:mm:ssZ";

fn now(name: &str, kinds: Kinds) -> Outcome {
    Ok(Value::unknown(Why::Runtime(format!("`{name}()`")), kinds))
}

/// Oracle: datetime-epoch-0005, datetime-epoch-0006.
fn date_time_to_epoch(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    if arguments.is_empty() {
        return now("dateTimeToEpoch", Kinds::NUMBER);
    }
    let moment = parse(text(arguments, 0)?)?;
    if moment.utc() < DAYS_TO_1970 * DAY && moment.utc() % SECOND != 0 {
        return Ok(Value::unsupported("a fraction of a second before 1970"));
    }
    Ok(Value::Int(
        (moment.utc() - DAYS_TO_1970 * DAY).div_euclid(SECOND),
    ))
}

/// Seconds as a number or a text of digits (datetime-epoch-0033).
fn date_time_from_epoch(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let seconds = match arguments.first() {
        None => return now("dateTimeFromEpoch", Kinds::TEXT),
        Some(Value::Int(seconds)) => *seconds,
        Some(Value::Text(text)) => match text.parse() {
            Ok(seconds) if text.bytes().all(|c| c.is_ascii_digit()) => seconds,
            _ => return Ok(Value::unsupported("seconds in this form")),
        },
        Some(Value::Float(_)) => return Ok(Value::unsupported("seconds in this form")),
        Some(other) => return Err(wrong(other, 0, "an integer")),
    };
    let ticks = seconds
        .checked_mul(SECOND)
        .and_then(|ticks| ticks.checked_add(DAYS_TO_1970 * DAY));
    let moment = ticks.and_then(|ticks| Moment::checked(ticks, 0));
    let moment = moment.ok_or_else(|| Value::failed("the number of seconds is out of range"))?;
    Ok(Value::text(formatted(moment, USUAL)?))
}

/// A time in a standard or custom format, in the invariant culture.
fn formatted(moment: Moment, format: &str) -> Result<String, Value> {
    let mut letters = format.chars();
    let (moment, pattern) = match (letters.next(), letters.next()) {
        (None, _) => return Err(Value::unsupported("an empty date format")),
        (Some(letter), None) => standard(moment, letter)?,
        _ => (moment, format),
    };
    custom(moment, pattern)
}

fn bad_format() -> Value {
    Value::failed("the date format is not well formed")
}

/// Oracle: datetime-add-0046 to datetime-add-0061.
fn standard(moment: Moment, letter: char) -> Result<(Moment, &'static str), Value> {
    let pattern = match letter {
        'd' => "MM/dd/yyyy",
        'D' => "dddd, dd MMMM yyyy",
        'f' => "dddd, dd MMMM yyyy HH:mm",
        'F' => "dddd, dd MMMM yyyy HH:mm:ss",
        'g' => "MM/dd/yyyy HH:mm",
        'G' => "MM/dd/yyyy HH:mm:ss",
        'm' | 'M' => "MMMM dd",
        'o' | 'O' => "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffzzz",
        'r' | 'R' => return Ok((moment.in_utc(), "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'")),
        's' => "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
        't' => "HH:mm",
        'T' => "HH:mm:ss",
        'u' => return Ok((moment.in_utc(), "yyyy'-'MM'-'dd HH':'mm':'ss'Z'")),
        'y' | 'Y' => "yyyy MMMM",
        _ => return Err(bad_format()), // datetime-add-0059
    };
    Ok((moment, pattern))
}

fn custom(moment: Moment, pattern: &str) -> Result<String, Value> {
    let fields = moment.fields();
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        match c {
            '\\' => {
                let escaped = after.chars().next().ok_or_else(bad_format)?;
                out.push(escaped);
                rest = &after[escaped.len_utf8()..];
            }
            '\'' | '"' => {
                if after.contains('\\') {
                    return Err(Value::unsupported(
                        "an escape in a quoted part of a date format",
                    ));
                }
                let end = after.find(c).ok_or_else(bad_format)?;
                out.push_str(&after[..end]);
                rest = &after[end + 1..];
            }
            '%' => match after.chars().next() {
                None | Some('%') => return Err(bad_format()),
                Some(_) => rest = after,
            },
            c if c.is_ascii_alphabetic() => {
                let count = rest.chars().take_while(|next| *next == c).count();
                push_field(&mut out, moment, &fields, c, count)?;
                rest = &rest[count..];
            }
            c => {
                out.push(c);
                rest = after;
            }
        }
    }
    Ok(out)
}

fn push_field(
    out: &mut String,
    moment: Moment,
    fields: &Fields,
    letter: char,
    count: usize,
) -> Result<(), Value> {
    let number = |out: &mut String, value: i64, width: usize| _ = write!(out, "{value:0width$}");
    let (hour, minute, second) = (
        fields.ticks / HOUR,
        fields.ticks / MINUTE % 60,
        fields.ticks / SECOND % 60,
    );
    let month = MONTHS[usize::try_from(fields.month - 1).unwrap_or(0)];
    let weekday = WEEKDAYS[fields.weekday];
    match (letter, count) {
        ('d', 1..=2) => number(out, fields.day, count),
        ('d', 3) => out.push_str(short(weekday)),
        ('d', _) => out.push_str(weekday),
        ('M', 1..=2) => number(out, fields.month, count),
        ('M', 3) => out.push_str(short(month)),
        ('M', _) => out.push_str(month),
        ('y', 1..=2) => number(out, fields.year % 100, count),
        ('y', _) => number(out, fields.year, count),
        ('h', _) => number(
            out,
            if hour % 12 == 0 { 12 } else { hour % 12 },
            count.min(2),
        ),
        ('H', _) => number(out, hour, count.min(2)),
        ('m', _) => number(out, minute, count.min(2)),
        ('s', _) => number(out, second, count.min(2)),
        ('t', 1) => out.push(if hour < 12 { 'A' } else { 'P' }),
        ('t', _) => out.push_str(if hour < 12 { "AM" } else { "PM" }),
        ('f', 1..=7) => out.push_str(&fraction(fields.ticks, count)),
        ('F', 1..=7) => push_short_fraction(out, fields.ticks, count),
        ('f' | 'F', _) => return Err(bad_format()),
        ('z', 1..=2) => {
            let (sign, offset) = (sign(moment.offset), moment.offset.abs());
            _ = write!(out, "{sign}{:0count$}", offset / 60);
        }
        ('z', _) | ('K', _) => {
            for _ in 0..if letter == 'K' { count } else { 1 } {
                let (sign, offset) = (sign(moment.offset), moment.offset.abs());
                _ = write!(out, "{sign}{:02}:{:02}", offset / 60, offset % 60);
            }
        }
        ('g', _) => out.push_str("A.D."), // datetime-add-0076
        (other, _) => out.extend(std::iter::repeat_n(other, count)),
    }
    Ok(())
}

fn sign(offset: i64) -> char {
    if offset < 0 { '-' } else { '+' }
}

fn fraction(ticks: i64, digits: usize) -> String {
    format!("{:07}", ticks % SECOND)[..digits].to_owned()
}

/// `F`: without zeros at the end, and without the point before it when nothing is left.
fn push_short_fraction(out: &mut String, ticks: i64, digits: usize) {
    let fraction = fraction(ticks, digits);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() && out.ends_with('.') {
        out.pop();
    }
    out.push_str(fraction);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(base: &str, by: &str, format: &str) -> String {
        let result = duration(by).and_then(|span| {
            let base = parse(base)?;
            formatted(
                Moment {
                    ticks: base.ticks + span,
                    ..base
                },
                format,
            )
        });
        result.unwrap_or_else(|_| "?".to_owned())
    }

    #[test]
    fn durations_are_fixed_spans() {
        let from_2020 = |by| add("2020-01-01T00:00:00Z", by, USUAL);
        assert_eq!(
            add("2020-01-31T00:00:00Z", "P1M", USUAL),
            "2020-03-01T00:00:00Z"
        ); // datetime-add-0001
        assert_eq!(
            add("2020-02-29T00:00:00Z", "P1Y", USUAL),
            "2021-02-28T00:00:00Z"
        ); // datetime-add-0002
        assert_eq!(from_2020("P3Y"), "2022-12-31T00:00:00Z"); // datetime-add-0009
        assert_eq!(from_2020("P13M"), "2021-01-30T00:00:00Z"); // datetime-add-0022
        assert_eq!(from_2020("P11M"), "2020-11-26T00:00:00Z"); // datetime-add-0087
        assert_eq!(from_2020("PT1.5S"), "2020-01-01T00:00:01Z"); // datetime-add-0008
        assert_eq!(from_2020(" P1D"), "2020-01-02T00:00:00Z"); // datetime-add-0095
        assert_eq!(
            add("2020-03-31T00:00:00Z", "-P1M", USUAL),
            "2020-03-01T00:00:00Z"
        ); // datetime-add-0023
        for bad in ["P1W", "P", "1D", "p1d", "P1.5D", "P-1D", "+P1D", "PT"] {
            assert_eq!(from_2020(bad), "?", "{bad}"); // datetime-add-0012 and following
        }
    }

    #[test]
    fn the_offset_stays_with_the_local_clock() {
        assert_eq!(
            add("2020-01-01T00:00:00-05:30", "PT1H", USUAL),
            "2020-01-01T01:00:00Z"
        ); // datetime-add-0028
        let moment = parse("2020-01-01T00:00:00+01:00")
            .ok()
            .map(|moment| moment.utc() / SECOND);
        assert_eq!(moment, Some(1_577_833_200 + DAYS_TO_1970 * 86_400)); // datetime-epoch-0005
    }

    #[test]
    fn standard_and_custom_formats() {
        let morning = |format| add("2020-01-01T03:04:05Z", "P1D", format);
        let afternoon = |format| add("2020-01-01T15:04:05Z", "PT0S", format);
        assert_eq!(morning("d"), "01/02/2020"); // datetime-add-0046
        assert_eq!(morning("f"), "Thursday, 02 January 2020 03:04"); // datetime-add-0048
        assert_eq!(morning("O"), "2020-01-02T03:04:05.0000000+00:00"); // datetime-add-0053
        assert_eq!(morning("U"), "?"); // datetime-add-0059
        assert_eq!(morning("y"), "2020 January"); // datetime-add-0061
        assert_eq!(afternoon("yyyyy yyy yy y"), "02020 2020 20 20"); // datetime-add-0066
        assert_eq!(afternoon("zzz K"), "+00:00 +00:00"); // datetime-add-0067
        assert_eq!(afternoon("\\Da\\te"), "Date"); // datetime-add-0070
        assert_eq!(afternoon("%d"), "1"); // datetime-add-0074
        assert_eq!(afternoon("yyyyMMddTHHmmssZ"), "20200101T150405Z"); // datetime-add-0075
        assert_eq!(afternoon("gg yyyy"), "A.D. 2020"); // datetime-add-0076
    }

    #[test]
    fn dates_in_other_forms() {
        assert_eq!(add("29 february 2020", "P0D", "s"), "2020-02-29T00:00:00");
        assert_eq!(
            add("Mar 3 2021 12:05:06 AM", "P0D", "s"),
            "2021-03-03T00:05:06"
        );
        assert_eq!(
            add("May 31, 2021 12:00 PM", "P0D", "s"),
            "2021-05-31T12:00:00"
        );
        for unread in [
            "Janu 2, 2020",
            "2020-01-01 3:04",
            "2020-01-01 13:04 PM",
            "2 Jan 20",
        ] {
            assert_eq!(add(unread, "P0D", "s"), "?", "{unread}");
        }
        assert_eq!(add("01/02/2020", "P1D", USUAL), "2020-01-03T00:00:00Z"); // datetime-add-0032
        assert_eq!(
            add("Thu, 02 Jan 2020 03:04:05 GMT", "P0D", "s"),
            "2020-01-02T03:04:05"
        ); // datetime-epoch-0016
        assert_eq!(add("13/02/2020", "P1D", USUAL), "?"); // datetime-add-0033
        assert_eq!(
            add("2020-01-01 00:00:00Z", "P1D", USUAL),
            "2020-01-02T00:00:00Z"
        ); // datetime-add-0029
    }
}
