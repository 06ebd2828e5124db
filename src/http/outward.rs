//! Addresses that users give: where the house may knock for them, and where never (against SSRF).
//!
//! Promises: an address is judged by the numbers it resolves to, all of them, not by its name; whoever connects gets
//! those numbers and connects to them and nothing else, so that a name which answers differently the second time gains
//! nothing. Redirects are new addresses: they are judged again or not followed.
//! Refused unless configured: private, loopback, link-local and unique-local networks, carrier-grade NAT, multicast,
//! broadcast, documentation and benchmark networks, the metadata services of clouds, and IPv6 forms of all of these.
//! Knows no webhook and makes no connection itself.

use crate::problem::{FieldProblem, Text};
use actix_web::http::Uri;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::str::FromStr;

/// A network: an address and how many of its first bits count, as `10.1.0.0/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl FromStr for Network {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "a network is written as 10.1.0.0/16";
        let (address, bits) = text.trim().split_once('/').unwrap_or((text.trim(), ""));
        let address: IpAddr = address.parse().map_err(|_| FORM)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = if bits.is_empty() { most } else { bits.parse().map_err(|_| FORM)? };
        if bits <= most { Ok(Self { address, bits }) } else { Err(FORM) }
    }
}

impl Network {
    /// Whether an address is in it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, plain(address)) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                own.to_bits() & mask == other.to_bits() & mask
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
                own.to_bits() & mask == other.to_bits() & mask
            }
            _ => false,
        }
    }
}

/// The IPv4 address inside an IPv6 form of it (mapped, 6to4, NAT64, compatible); otherwise the address itself.
fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(whole) = address else { return address };
    let parts = whole.segments();
    let v4 = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => v4(high, low),
        _ => address,
    }
}

/// Whether an address belongs to the public network.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match plain(address) {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let refused = address.is_private()
        || address.is_loopback()
        || address.is_link_local() // with it the metadata service, 169.254.169.254
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b)) // carrier-grade NAT, with Alibaba's metadata service in it
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || address == Ipv4Addr::new(168, 63, 129, 16); // Azure's own address, public only by its number
    !refused
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Global unicast is 2000::/3 and nothing else.
    let global = first & 0xe000 == 0x2000;
    let refused = match first {
        // Documentation, and the special purposes, Teredo among them.
        0x2001 => second == 0x0db8 || second < 0x0200,
        // Documentation again.
        0x3fff => second < 0x1000,
        _ => false,
    };
    global && !refused
}

/// Whether the house may connect to an address that a user gave.
#[must_use]
pub fn may_reach(address: IpAddr, allowed: &[Network]) -> bool {
    is_public(address) || allowed.iter().any(|network| network.contains(address))
}

/// Where a user's address leads, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The name or number as it was written, for the `Host` header and the certificate.
    pub host: String,
    /// The numbers it resolved to, each allowed. Connect to these.
    pub addresses: Vec<SocketAddr>,
    /// Whether it is spoken to over TLS.
    pub is_tls: bool,
}

/// An address as it was written: not resolved yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    host: String,
    port: u16,
    is_tls: bool,
}

/// Why an address is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    /// Not an address of the web, or with a name and password in it.
    #[error("the address is not one of the form https://host/path")]
    Form,
    /// Unencrypted, outside the networks that are allowed by configuration.
    #[error("the address is not encrypted")]
    Plain,
    /// The name does not resolve.
    #[error("the name does not resolve")]
    Unknown,
    /// It leads into a network that is not public.
    #[error("the address leads into a private network")]
    Private,
}

impl Unreachable {
    /// As a fault of a field.
    #[must_use]
    pub fn fault(self, pointer: &str) -> FieldProblem {
        let (zh, en) = match self {
            Self::Form => (
                "应为 https://主机/路径 形式的地址，不含用户名和密码。",
                "An address of the form https://host/path without name and password is expected.",
            ),
            Self::Plain => ("地址须使用 https。", "The address must use https."),
            Self::Unknown => ("该主机名无法解析。", "The name of the host does not resolve."),
            Self::Private => ("地址不能指向内部网络。", "The address cannot lead into a private network."),
        };
        FieldProblem { pointer: pointer.to_owned(), detail: Text::new(zh, en) }
    }
}

impl Written {
    /// Reads an address. One that is a number is judged at once.
    ///
    /// # Errors
    /// [`Unreachable`].
    pub fn parse(text: &str, allowed: &[Network]) -> Result<Self, Unreachable> {
        if text.len() > 2000 || text.contains(['\\', '#']) || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Unreachable::Form);
        }
        let uri: Uri = text.parse().map_err(|_| Unreachable::Form)?;
        let authority = uri.authority().ok_or(Unreachable::Form)?;
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(Unreachable::Form),
        };
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        if authority.as_str().contains('@') || host.is_empty() {
            return Err(Unreachable::Form);
        }
        let number: Option<IpAddr> = host.parse().ok();
        // 2130706433, 0x7f.1 and 0177.0.0.1 are numbers to some resolvers and names to us: no name ends in a number.
        let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
        let looks_numeric = last.bytes().all(|b| b.is_ascii_digit()) || last.starts_with("0x");
        if number.is_none() && looks_numeric {
            return Err(Unreachable::Form);
        }
        if !is_tls && !number.is_some_and(|number| allowed.iter().any(|network| network.contains(number))) {
            return Err(Unreachable::Plain);
        }
        if number.is_some_and(|number| !may_reach(number, allowed)) {
            return Err(Unreachable::Private);
        }
        let port = authority.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        Ok(Self { host, port, is_tls })
    }

    /// Resolves it, off the threads that serve, and judges every number.
    ///
    /// # Errors
    /// [`Unreachable`] when one of them is not allowed: a name that leads to both sides is refused whole.
    pub async fn resolve(self, allowed: &[Network]) -> Result<Destination, Unreachable> {
        let asked = (self.host.clone(), self.port);
        let found = tokio::task::spawn_blocking(move || asked.to_socket_addrs().map(Vec::from_iter)).await;
        let addresses = found.ok().and_then(Result::ok).ok_or(Unreachable::Unknown)?;
        self.judge(addresses, allowed)
    }

    /// Judges what it resolved to. Pure.
    ///
    /// # Errors
    /// As [`Written::resolve`].
    pub fn judge(self, addresses: Vec<SocketAddr>, allowed: &[Network]) -> Result<Destination, Unreachable> {
        if addresses.is_empty() {
            return Err(Unreachable::Unknown);
        }
        if addresses.iter().any(|address| !may_reach(address.ip(), allowed)) {
            return Err(Unreachable::Private);
        }
        Ok(Destination { host: self.host, addresses, is_tls: self.is_tls })
    }
}
