//! `parseCidr`, `cidrSubnet`, `cidrHost`.
//!
//! The engine's reader of networks is lenient: it drops characters that belong in no address,
//! takes the class of an address without a prefix, reads octets with a leading 0 as octal and
//! fills up short addresses (cidr-parse-0012 to cidr-parse-0024). Do not use it to judge addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::arguments::{int32, text};
use super::{Function, ONE, Outcome, THREE, TWO, strict};
use crate::eval::unknown::Kinds;
use crate::eval::value::{Thunk, Value};
use crate::eval::work::Work;

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    strict("cidrHost", TWO, Kinds::TEXT, cidr_host),
    strict("cidrSubnet", THREE, Kinds::TEXT, cidr_subnet),
    strict("parseCidr", ONE, Kinds::OBJECT, parse_cidr),
];

/// A network: the address in the lowest bits of a wide number, its width, and the prefix.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Network {
    first: u128,
    bits: u32,
    prefix: u32,
}

impl Network {
    fn new(address: IpAddr, prefix: u32) -> Option<Self> {
        let (value, bits) = match address {
            IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
            IpAddr::V6(address) => (u128::from(address), 128),
        };
        if prefix > bits {
            return None;
        }
        let network = Self {
            first: value,
            bits,
            prefix,
        };
        Some(Self {
            first: value & network.mask(),
            ..network
        })
    }

    /// Ones for every bit of an address.
    fn all(self) -> u128 {
        u128::MAX >> (128 - self.bits)
    }

    fn hosts(self) -> u128 {
        self.all().checked_shr(self.prefix).unwrap_or(0)
    }

    fn mask(self) -> u128 {
        self.all() & !self.hosts()
    }

    fn last(self) -> u128 {
        self.first | self.hosts()
    }

    /// An address as .NET writes it; addresses that might be written with an IPv4 part are not sure.
    fn written(self, address: u128) -> Result<String, Value> {
        if self.bits == 32 {
            return Ok(Ipv4Addr::from((address & self.all()) as u32).to_string());
        }
        let mixed = address >> 32 == 0 && address > 0xffff || address >> 32 == 0xffff;
        let isatap = address >> 32 & 0xffff_ffff == 0x5efe;
        if mixed || isatap {
            return Err(Value::unsupported("an IPv6 address with an IPv4 part"));
        }
        Ok(Ipv6Addr::from(address).to_string())
    }
}

fn no_network() -> Value {
    Value::failed("the text is no CIDR block")
}

fn parse(text: &str) -> Result<Network, Value> {
    let belongs =
        |c: &char| c.is_ascii_hexdigit() || matches!(c, '.' | '/' | ':') || c.is_whitespace();
    let clean: String = text.chars().filter(belongs).collect();
    let mut parts = clean.split([' ', '/']).filter(|part| !part.is_empty());
    if clean.chars().any(|c| c.is_whitespace() && c != ' ') {
        return Err(Value::unsupported("a CIDR block with white space"));
    }
    let address = address(parts.next().ok_or_else(no_network)?)?;
    let prefix = match parts.next() {
        None => class(address)?,
        Some(prefix) => match prefix.parse::<u8>() {
            Ok(prefix) => u32::from(prefix),
            Err(_) => mask(prefix)?,
        },
    };
    Network::new(address, prefix).ok_or_else(no_network)
}

fn address(text: &str) -> Result<IpAddr, Value> {
    if text.contains(':') {
        return text.parse().map(IpAddr::V6).map_err(|_| no_network());
    }
    Ok(IpAddr::V4(short_address(text).ok_or_else(no_network)?))
}

/// One to four parts, the last one filling what is left; octal after a leading 0.
fn short_address(text: &str) -> Option<Ipv4Addr> {
    let parts: Vec<&str> = text.split('.').collect();
    let (last, first) = parts.split_last()?;
    if first.len() > 3 {
        return None;
    }
    let mut value = 0u32;
    for part in first {
        value = value << 8 | u32::from(u8::try_from(number(part)?).ok()?);
    }
    let free = 32 - 8 * first.len() as u32;
    let last = number(last)?;
    if u64::from(last) >= 1 << free {
        return None;
    }
    Some(Ipv4Addr::from(value.checked_shl(free).unwrap_or(0) | last))
}

fn number(text: &str) -> Option<u32> {
    match text.strip_prefix('0') {
        Some(octal) if !octal.is_empty() => u32::from_str_radix(octal, 8).ok(),
        _ if text.bytes().all(|c| c.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

/// The prefix of the old address classes, or half an IPv6 address.
fn class(address: IpAddr) -> Result<u32, Value> {
    match address {
        IpAddr::V6(_) => Ok(64),
        IpAddr::V4(address) => match address.octets()[0] {
            0..128 => Ok(8),
            128..192 => Ok(16),
            192..224 => Ok(24),
            _ => Err(Value::unsupported("the class of this address")),
        },
    }
}

fn mask(text: &str) -> Result<u32, Value> {
    let bits = match address(text)? {
        IpAddr::V4(mask) => u32::from(mask),
        IpAddr::V6(_) => return Err(Value::unsupported("an IPv6 mask")),
    };
    let prefix = bits.leading_ones();
    if bits.count_ones() != prefix {
        return Err(no_network());
    }
    Ok(prefix)
}

/// Oracle: cidr-parse-0001, cidr-parse-0007, cidr-parse-0027.
fn parse_cidr(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let network = parse(text(arguments, 0)?)?;
    let (first, last) = usable(network);
    let mut members = vec![
        ("network", network.written(network.first)?),
        ("netmask", network.written(network.mask())?),
    ];
    if network.bits == 32 {
        members.push(("broadcast", network.written(network.last())?));
    }
    members.push(("firstUsable", network.written(first)?));
    members.push(("lastUsable", network.written(last)?));
    let texts = members
        .into_iter()
        .map(|(key, text)| (key, Value::text(text)));
    let prefix = [("cidr", Value::Int(i64::from(network.prefix)))];
    let entries = texts
        .chain(prefix)
        .map(|(key, value)| (key.into(), Thunk::ready(value)));
    Ok(Value::object(entries))
}

/// All of an IPv6 network is usable; of an IPv4 network not the first and last address.
fn usable(network: Network) -> (u128, u128) {
    match (network.bits, network.prefix) {
        (32, 31..) => (network.first, network.first),
        (32, _) => (network.first + 1, network.last() - 1),
        _ => (network.first, network.last()),
    }
}

/// Oracle: cidr-subnet-0006, cidr-subnet-0011, cidr-subnet-0033.
fn cidr_subnet(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    /// The engine lists all subnets; whether it gets there is not sure beyond so many.
    const MOST_BITS: u32 = 24;
    let network = parse(text(arguments, 0)?)?;
    let (prefix, index) = (int32(arguments, 1)?, int32(arguments, 2)?);
    let prefix = u32::try_from(prefix)
        .ok()
        .filter(|prefix| (network.prefix..=network.bits).contains(prefix))
        .ok_or_else(|| Value::failed("the new prefix does not fit the network"))?;
    let more = prefix - network.prefix;
    if more > MOST_BITS {
        return Ok(Value::unsupported("so many subnets"));
    }
    let index = u128::try_from(index)
        .ok()
        .filter(|index| *index < 1 << more);
    let index = index.ok_or_else(|| Value::failed("there is no subnet of this number"))?;
    let first = network.first | index.checked_shl(network.bits - prefix).unwrap_or(0);
    Ok(Value::text(format!("{}/{prefix}", network.written(first)?)))
}

/// Counts from the address after the first; the last one is left out too (cidr-host-0001,
/// cidr-host-0017, cidr-host-0045). Before the first host is the network's own address (expression
/// x613 of the ARM oracle).
fn cidr_host(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    let network = parse(text(arguments, 0)?)?;
    let index = int32(arguments, 1)?;
    let hosts = network.hosts().saturating_sub(1);
    match index {
        -1 if hosts > 0 => return Ok(Value::text(network.written(network.first)?)),
        ..0 => return Ok(Value::unsupported("a negative index of a host")),
        _ => {}
    }
    let index = u128::try_from(index).ok().filter(|index| *index < hosts);
    let index = index.ok_or_else(|| Value::failed("the network has no host of this number"))?;
    Ok(Value::text(network.written(network.first + 1 + index)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> String {
        parse(text).map_or_else(
            |_| "?".to_owned(),
            |network| {
                format!(
                    "{}/{}",
                    network.written(network.first).unwrap_or_default(),
                    network.prefix
                )
            },
        )
    }

    #[test]
    fn networks_are_read_leniently() {
        assert_eq!(network("192.168.1.77/24"), "192.168.1.0/24"); // cidr-parse-0004
        assert_eq!(network("10.0.0.0/-1"), "0.0.0.0/1"); // cidr-parse-0012
        assert_eq!(network("10.0.0.0"), "10.0.0.0/8"); // cidr-parse-0013
        assert_eq!(network("10.0.0/8"), "10.0.0.0/8"); // cidr-parse-0014
        assert_eq!(network("10.0.0.256/24"), "?"); // cidr-parse-0015
        assert_eq!(network("010.0.0.0/8"), "8.0.0.0/8"); // cidr-parse-0016
        assert_eq!(network("abc"), "?"); // cidr-parse-0021
        assert_eq!(network("/24"), "0.0.0.0/8"); // cidr-parse-0022
        assert_eq!(network("10.0.0.0/24/1"), "10.0.0.0/24"); // cidr-parse-0024
        assert_eq!(network("fe80::1%eth0/64"), "fe80::/64"); // cidr-parse-0033
        assert_eq!(network("2001:db8:1:2:3:4:5:6/61"), "2001:db8:1::/61"); // cidr-parse-0038
        assert_eq!(network("10.0.0.0/33"), "?");
    }
}
