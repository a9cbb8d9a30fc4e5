//! `uri`, `parseUri`, `buildUri`, `uriComponent`, `uriComponentToString`.
//!
//! The first three are .NET's `System.Uri`; what is understood here are plain addresses with `//`
//! and a host in ASCII, everything else is not evaluated.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

use super::arguments::{object, text};
use super::{Function, ONE, Outcome, TWO, strict};
use crate::eval::unknown::Kinds;
use crate::eval::value::{Thunk, Value};
use crate::eval::work::Work;

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    strict("buildUri", ONE, Kinds::TEXT, build_uri),
    strict("parseUri", ONE, Kinds::OBJECT, parse_uri),
    strict("uri", TWO, Kinds::TEXT, uri),
    strict("uriComponent", ONE, Kinds::TEXT, uri_component),
    strict(
        "uriComponentToString",
        ONE,
        Kinds::TEXT,
        uri_component_to_string,
    ),
];

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Oracle: string-uriComponent-0009, string-uriComponent-0011.
fn uri_component(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let text = text(arguments, 0)?;
    work.spend(text.len())?;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_unreserved(byte) {
            out.push(char::from(byte));
        } else {
            push_escaped(&mut out, byte);
        }
    }
    Ok(Value::text(out))
}

fn push_escaped(out: &mut String, byte: u8) {
    _ = write!(out, "%{byte:02X}");
}

fn uri_component_to_string(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let text = text(arguments, 0)?;
    work.spend(text.len())?;
    Ok(Value::text(form_decoded(text)?))
}

/// Form decoding: `+` is a blank, `%u0041` is `A`, what is no escape stays
/// (string-uriComponent-0026, string-uriComponent-0050, string-uriComponent-0054).
pub(super) fn form_decoded(text: &str) -> Result<String, Value> {
    let mut out = String::new();
    // Bytes that have to be read as UTF-8 together.
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '+' => bytes.push(b' '),
            '%' => match (
                rest.strip_prefix('u').and_then(|rest| hex(rest, 4)),
                hex(rest, 2),
            ) {
                (Some(unit), _) => {
                    flush(&mut bytes, &mut out);
                    let decoded = char::from_u32(unit);
                    out.push(decoded.ok_or_else(|| Value::unsupported("an escaped surrogate"))?);
                    rest = &rest[5..];
                }
                (None, Some(byte)) => {
                    bytes.push(byte as u8);
                    rest = &rest[2..];
                }
                (None, None) => bytes.push(b'%'),
            },
            c if c.is_ascii() => bytes.push(c as u8),
            c => {
                flush(&mut bytes, &mut out);
                out.push(c);
            }
        }
    }
    flush(&mut bytes, &mut out);
    Ok(out)
}

fn flush(bytes: &mut Vec<u8>, out: &mut String) {
    out.push_str(&String::from_utf8_lossy(bytes));
    bytes.clear();
}

fn hex(text: &str, digits: usize) -> Option<u32> {
    let digits = text.get(..digits)?;
    digits
        .bytes()
        .all(|c| c.is_ascii_hexdigit())
        .then(|| u32::from_str_radix(digits, 16).ok())?
}

/// An absolute address, taken apart and written the way `System.Uri` does.
#[derive(Clone, Debug)]
struct Address {
    scheme: String,
    user: Option<String>,
    host: String,
    /// `None` when it is the scheme's own.
    port: Option<u16>,
    path: String,
    query: Option<String>,
    fragment: Option<String>,
}

fn unusual() -> Value {
    Value::unsupported("this form of a URI")
}

/// Where the scheme ends, if there is one.
fn scheme_of(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let of_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let begins = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    (begins && scheme.chars().all(of_scheme)).then_some(scheme)
}

fn own_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        "ftp" => Some(21),
        _ => None,
    }
}

/// Whether the address is one that `System.Uri` treats alike under every scheme it does not know: no
/// path to be shortened, nothing to be escaped. Schemes that it knows have rules of their own.
fn is_plain_of_unknown_scheme(scheme: &str, rest: &str) -> bool {
    const KNOWN: [&str; 15] = [
        "file", "gopher", "ldap", "mailto", "net.pipe", "net.tcp", "news", "nntp", "telnet", "urn",
        "uuid", "vsmacros", "ws", "wss", "xap",
    ];
    let plain = |c: u8| c.is_ascii_alphanumeric() || b"-_./:?=&@".contains(&c);
    scheme.len() > 1 && !KNOWN.contains(&scheme) && rest.bytes().all(plain) && !rest.contains("/.")
}

impl Address {
    /// `Ok(None)`: no absolute address. Oracle: string-parseUri-0020, string-parseUri-0023.
    fn parse(text: &str) -> Result<Option<Self>, Value> {
        if text.trim() != text || text.starts_with(['/', '\\']) {
            return if text.starts_with('/') {
                Ok(None)
            } else {
                Err(unusual())
            };
        }
        let Some(scheme) = scheme_of(text) else {
            return Ok(None);
        };
        let rest = &text[scheme.len() + 1..];
        let scheme = scheme.to_ascii_lowercase();
        if own_port(&scheme).is_none() && !is_plain_of_unknown_scheme(&scheme, rest) {
            return Err(unusual());
        }
        // Back slashes are slashes, but for those behind the path (string-uri-0029).
        let rest = slashes(rest);
        let rest = rest.strip_prefix("//").ok_or_else(unusual)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let Some((user, host, port)) = authority_of(&scheme, authority)? else {
            return Ok(None);
        };
        let (path, query, fragment) = parts(rest)?;
        let path = without_dots(if path.is_empty() { "/" } else { &path });
        Ok(Some(Self {
            scheme,
            user,
            host,
            port,
            path,
            query,
            fragment,
        }))
    }

    fn written(&self) -> String {
        let mut out = format!("{}://", self.scheme);
        if let Some(user) = &self.user {
            _ = write!(out, "{user}@");
        }
        out.push_str(&self.host);
        if let Some(port) = self.port {
            _ = write!(out, ":{port}");
        }
        out.push_str(&self.path);
        if let Some(query) = &self.query {
            _ = write!(out, "?{query}");
        }
        if let Some(fragment) = &self.fragment {
            _ = write!(out, "#{fragment}");
        }
        out
    }
}

fn slashes(text: &str) -> String {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    let (path, rest) = text.split_at(end);
    format!("{}{rest}", path.replace('\\', "/"))
}

type Authority = (Option<String>, String, Option<u16>);

fn authority_of(scheme: &str, authority: &str) -> Result<Option<Authority>, Value> {
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user.to_owned()), host),
        None => (None, authority),
    };
    if user
        .as_ref()
        .is_some_and(|user| !user.bytes().all(|c| is_unreserved(c) || c == b':'))
    {
        return Err(unusual());
    }
    let split = host.rfind(':').filter(|at| !host[*at..].contains(']'));
    let (host, port) = match split {
        Some(at) => (&host[..at], &host[at + 1..]),
        None => (host, ""),
    };
    if port.len() > 5 || !port.bytes().all(|c| c.is_ascii_digit()) {
        return Ok(None);
    }
    if split.is_some() && port.trim_start_matches('0').is_empty() {
        return Err(unusual());
    }
    let port = match port.parse::<u32>() {
        Err(_) => None,
        Ok(port) => match u16::try_from(port) {
            Ok(port) => Some(port),
            Err(_) => return Ok(None),
        },
    };
    let port = port.filter(|port| own_port(scheme) != Some(*port));
    Ok(Some((user, checked_host(host)?, port)))
}

/// Hosts that are written as they are, in lower case.
fn checked_host(host: &str) -> Result<String, Value> {
    let host = host.to_ascii_lowercase();
    if let Some(inner) = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        let address: Ipv6Addr = inner.parse().map_err(|_| unusual())?;
        return if address.to_string() == inner {
            Ok(host)
        } else {
            Err(unusual())
        };
    }
    let of_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let plain = host.chars().all(of_host)
        && host
            .split('.')
            .all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    let last = host.rsplit('.').next().unwrap_or_default();
    let numeric = last.starts_with(|c: char| c.is_ascii_digit());
    if !plain || numeric && host.parse::<Ipv4Addr>().is_err() {
        return Err(unusual());
    }
    Ok(host)
}

type Parts = (String, Option<String>, Option<String>);

/// Path, query and fragment, escaped.
fn parts(text: &str) -> Result<Parts, Value> {
    let (text, fragment) = match text.split_once('#') {
        Some((text, fragment)) => (text, Some(escaped(fragment)?)),
        None => (text, None),
    };
    let (path, query) = match text.split_once('?') {
        Some((path, query)) => (path, Some(escaped(query)?)),
        None => (text, None),
    };
    Ok((escaped(path)?, query, fragment))
}

/// Escapes what may not stand in a URI; undoes escapes of what need not be escaped
/// (string-uri-0021, string-uri-0031, string-uri-0032).
fn escaped(text: &str) -> Result<String, Value> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '%' => match hex(rest, 2) {
                Some(byte) => {
                    let byte = byte as u8;
                    if byte == b'.' {
                        // It may become part of a `..`.
                        return Err(unusual());
                    } else if is_unreserved(byte) {
                        out.push(char::from(byte));
                    } else if byte.is_ascii() && !rest[..2].bytes().any(|c| c.is_ascii_lowercase())
                    {
                        out.push('%');
                        out.push_str(&rest[..2]);
                    } else {
                        return Err(unusual());
                    }
                    rest = &rest[2..];
                }
                None => out.push_str("%25"),
            },
            '[' | ']' | '\\' => return Err(unusual()),
            ' ' | '"' | '<' | '>' | '^' | '`' | '{' | '|' | '}' => push_escaped(&mut out, c as u8),
            c if c.is_ascii_control() => return Err(unusual()),
            c if c.is_ascii() => out.push(c),
            c if c.is_alphanumeric() => {
                let mut buffer = [0; 4];
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    push_escaped(&mut out, byte);
                }
            }
            _ => return Err(unusual()),
        }
    }
    Ok(out)
}

/// A path without `.` and `..` (string-uri-0024).
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    for (index, segment) in segments.iter().enumerate() {
        let last = index + 1 == segments.len();
        match *segment {
            "." | ".." => {
                if *segment == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            segment => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

/// The second address seen from the first.
fn uri(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let (base, relative) = (text(arguments, 0)?, text(arguments, 1)?);
    if base.contains(' ') {
        return Err(Value::failed("the first URI is not well formed")); // string-uri-0018
    }
    if !well_formed(base) {
        return Ok(unusual());
    }
    let Some(base) = Address::parse(base)? else {
        return Err(Value::failed("the first URI is not absolute"));
    };
    if relative.trim() != &**relative {
        return Ok(unusual());
    }
    if scheme_of(relative).is_some() {
        return match Address::parse(relative)? {
            Some(address) => Ok(Value::text(address.written())),
            None => Ok(unusual()),
        };
    }
    if own_port(&base.scheme).is_none() {
        return Ok(unusual());
    }
    let relative = slashes(relative);
    if relative.starts_with("//") {
        return match Address::parse(&format!("{}:{relative}", base.scheme))? {
            Some(address) => Ok(Value::text(address.written())),
            None => Ok(unusual()),
        };
    }
    let (path, query, fragment) = parts(&relative)?;
    let mut address = Address { fragment, ..base };
    if path.is_empty() {
        if query.is_some() {
            address.query = query;
        } else if relative.is_empty() {
            // Whether the fragment of the first one stays is another matter.
            if arguments_have_fragment(arguments) {
                return Ok(unusual());
            }
        }
        return Ok(Value::text(address.written()));
    }
    let joined = if path.starts_with('/') {
        path
    } else {
        let directory = address
            .path
            .rfind('/')
            .map_or("/", |end| &address.path[..=end]);
        format!("{directory}{path}")
    };
    address.path = without_dots(&joined);
    address.query = query;
    Ok(Value::text(address.written()))
}

fn arguments_have_fragment(arguments: &[Value]) -> bool {
    matches!(&arguments[0], Value::Text(base) if base.contains('#'))
}

/// Whether an address is one without any character that would have to be escaped.
fn well_formed(text: &str) -> bool {
    text.bytes()
        .all(|c| c.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&c))
        && !text.contains('%')
}

/// Empty parts are left out, but the port is null then (string-parseUri-0002).
fn parse_uri(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let text = text(arguments, 0)?;
    if text.starts_with('/') {
        // A path is an absolute URI where paths begin with a slash.
        return Ok(unusual());
    }
    let Some(address) = Address::parse(text)? else {
        return Err(Value::failed("the text is no absolute URI"));
    };
    let port = address
        .port
        .map_or(Value::Null, |port| Value::Int(i64::from(port)));
    let mut members = vec![
        ("scheme", Value::text(address.scheme)),
        ("host", Value::text(address.host)),
        ("port", port),
    ];
    if address.path != "/" {
        members.push(("path", Value::text(address.path)));
    }
    match address.query {
        Some(query) if query.is_empty() => return Ok(unusual()),
        Some(query) => members.push(("query", Value::text(format!("?{query}")))),
        None => {}
    }
    Ok(Value::object(
        members
            .into_iter()
            .map(|(key, value)| (key.into(), Thunk::ready(value))),
    ))
}

/// Escapes are undone in the result (string-parseUri-0041, string-parseUri-0042).
fn build_uri(work: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let components = object(arguments, 0)?;
    let mut member = |key: &str| -> Result<Option<Value>, Value> {
        let Some(entry) = components.get(key) else {
            return Ok(None);
        };
        let value = work.value(&entry.value);
        match value.open() {
            Some(unknown) => Err(super::arguments::derived(unknown, Kinds::TEXT)),
            None => Ok(Some(value)),
        }
    };
    let (scheme, host) = (member("scheme")?, member("host")?);
    let (Some(Value::Text(scheme)), Some(Value::Text(host))) = (&scheme, &host) else {
        return Err(Value::failed("a URI needs a scheme and a host"));
    };
    if scheme.is_empty() || host.is_empty() {
        return Err(Value::failed("a URI needs a scheme and a host"));
    }
    let scheme = scheme.to_ascii_lowercase();
    if scheme_of(&format!("{scheme}:")).is_none() || own_port(&scheme).is_none() {
        return Ok(unusual());
    }
    let port = match member("port")? {
        None | Some(Value::Int(-1)) => None,
        Some(Value::Int(port)) => Some(u16::try_from(port).map_err(|_| unusual())?),
        Some(_) => return Ok(unusual()),
    };
    let port = port.filter(|port| own_port(&scheme) != Some(*port));
    let path = optional_text(member("path")?)?;
    let query = optional_text(member("query")?)?;
    let mut out = format!("{scheme}://{}", checked_host(host)?);
    if let Some(port) = port {
        _ = write!(out, ":{port}");
    }
    let path = path.strip_prefix('/').unwrap_or(&path);
    if path.contains("./") || path.ends_with('.') || path.starts_with('/') {
        return Ok(unusual());
    }
    out.push('/');
    out.push_str(&readable(&path.replace('?', "%3F").replace('#', "%23"))?);
    let bare = query.strip_prefix('?').unwrap_or(&query);
    if bare.contains('#') || bare.starts_with('?') || bare.is_empty() != query.is_empty() {
        return Ok(unusual());
    }
    if !bare.is_empty() {
        out.push('?');
        out.push_str(&readable(bare)?);
    }
    Ok(Value::text(out))
}

fn optional_text(value: Option<Value>) -> Result<Rc<str>, Value> {
    match value {
        None => Ok(Rc::from("")),
        Some(Value::Text(text)) => Ok(text),
        Some(_) => Err(unusual()),
    }
}

/// Escapes of blanks and of what need not be escaped are undone, those of `?` and `#` stay.
fn readable(text: &str) -> Result<String, Value> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '%' => {
                let byte = hex(rest, 2).ok_or_else(unusual)? as u8;
                match byte {
                    b'?' | b'#' => _ = write!(out, "%{}", &rest[..2]),
                    b' ' => out.push(' '),
                    byte if is_unreserved(byte) => out.push(char::from(byte)),
                    _ => return Err(unusual()),
                }
                rest = &rest[2..];
            }
            ' ' => out.push(c),
            c if c.is_ascii_graphic() && !"\"<>\\^`{|}[]".contains(c) => out.push(c),
            c if !c.is_ascii() && c.is_alphanumeric() => out.push(c),
            _ => return Err(unusual()),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_decoding_leaves_what_is_no_escape() {
        let decoded = |text| form_decoded(text).unwrap_or_else(|_| "?".to_owned());
        assert_eq!(decoded("a%2Bb+c"), "a+b c"); // string-uriComponent-0051
        assert_eq!(decoded("%zz"), "%zz"); // string-uriComponent-0038
        assert_eq!(decoded("%2"), "%2"); // string-uriComponent-0050
        assert_eq!(decoded("%u0041"), "A"); // string-uriComponent-0054
        assert_eq!(decoded("%ff%fe"), "\u{fffd}\u{fffd}"); // string-uriComponent-0056
        assert_eq!(decoded("%C3"), "\u{fffd}"); // string-uriComponent-0057
        assert_eq!(decoded("Ω/ß"), "Ω/ß"); // string-uriComponent-0041
    }

    #[test]
    fn paths_lose_their_dots() {
        assert_eq!(without_dots("/a/b/../../../c"), "/c"); // string-uri-0024
        assert_eq!(without_dots("/a/b/./d"), "/a/b/d"); // string-uri-0007
        assert_eq!(without_dots("/a/b//c"), "/a/b//c"); // string-uri-0023
        assert_eq!(without_dots("/a/.."), "/");
    }

    #[test]
    fn addresses_are_written_plainly() {
        let written = |text| match Address::parse(text) {
            Ok(Some(address)) => address.written(),
            Ok(None) => "none".to_owned(),
            Err(_) => "?".to_owned(),
        };
        assert_eq!(written("http://contoso.com:80/"), "http://contoso.com/"); // string-uri-0015
        assert_eq!(written("custom://Host/p"), "custom://host/p"); // string-parseUri-0026
        assert_eq!(written("https://contoso.com:99999/"), "none"); // string-parseUri-0023
        assert_eq!(written("contoso.com"), "none"); // string-parseUri-0020
        assert_eq!(written("http://[::1]/"), "http://[::1]/"); // string-uri-0034
        assert_eq!(written("custom://h/a/../b"), "?");
        assert_eq!(written("ldap://h:389/"), "?");
        assert_eq!(written("https://h/%2e%2e/b"), "?");
        assert_eq!(written("https://bücher.example/"), "?");
    }
}
