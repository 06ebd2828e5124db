//! Where an address that a user gives may lead.

use liannong::http::outward::{Network, Unreachable, Written, is_public, may_reach};
use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

const INSIDE: [&str; 41] = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.1.1",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "2001::1",
    "3fff::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::10.0.0.1",
    "2002:7f00:1::",
    "::10.0.0.1",
    "2002:a9fe:a9fe::1",
];

#[test]
fn nothing_leads_into_a_network_that_is_not_public() {
    for inside in INSIDE {
        assert!(!is_public(ip(inside)), "{inside}");
    }
    for outside in [
        "1.1.1.1",
        "8.8.8.8",
        "100.63.0.1",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.169.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.5.5.5",
        "2400:3200::1",
        "2606:4700::1",
        "::ffff:8.8.8.8",
    ] {
        assert!(is_public(ip(outside)), "{outside}");
    }
}

#[test]
fn what_is_configured_may_be_reached_and_nothing_beside_it() {
    let allowed: Vec<Network> = ["10.1.0.0/16", "192.168.7.9", "fd00:1::/32"].map(|n| n.parse().unwrap()).to_vec();
    for inside in ["10.1.255.255", "192.168.7.9", "fd00:1:ffff::1", "::ffff:10.1.0.1"] {
        assert!(may_reach(ip(inside), &allowed), "{inside}");
    }
    for outside in ["10.2.0.1", "192.168.7.8", "fd00:2::1", "127.0.0.1"] {
        assert!(!may_reach(ip(outside), &allowed), "{outside}");
    }
    for wrong in ["10.0.0.0/33", "10.0.0/8", "a/8", "10.0.0.0/-1", "", "::/129", "10.0.0.0/ 8x"] {
        assert!(wrong.parse::<Network>().is_err(), "{wrong}");
    }
    assert!("0.0.0.0/0".parse::<Network>().unwrap().contains(ip("8.8.8.8")));
    assert!(!"0.0.0.0/0".parse::<Network>().unwrap().contains(ip("2606:4700::1")));
}

#[test]
fn an_address_is_read_strictly() {
    let parse = |text: &str| Written::parse(text, &[]);
    parse("https://example.com/hook?a=b").unwrap();
    parse("https://8.8.8.8:8443/").unwrap();
    for (text, why) in [
        ("http://example.com/", Unreachable::Plain),
        ("ftp://example.com/", Unreachable::Form),
        ("file:///etc/passwd", Unreachable::Form),
        ("example.com", Unreachable::Form),
        ("//example.com/", Unreachable::Form),
        ("https://user:secret@example.com/", Unreachable::Form),
        ("https://example.com@127.0.0.1/", Unreachable::Form),
        ("https://example.com\\@127.0.0.1/", Unreachable::Form),
        ("https://", Unreachable::Form),
        ("https://exa mple.com/", Unreachable::Form),
        ("https://例子.中国/", Unreachable::Form),
        ("https://2130706433/", Unreachable::Form),
        ("https://0x7f000001/", Unreachable::Form),
        ("https://0177.0.0.1/", Unreachable::Form),
        ("https://127.1/", Unreachable::Form),
        ("https://1.2.3.4.5/", Unreachable::Form),
        ("https://127.0.0.1./", Unreachable::Form),
        ("https://127.0.0.1/", Unreachable::Private),
        ("https://[::1]/", Unreachable::Private),
        ("https://[::ffff:10.0.0.1]/", Unreachable::Private),
        ("https://169.254.169.254/latest/meta-data/", Unreachable::Private),
    ] {
        assert_eq!(parse(text).unwrap_err(), why, "{text}");
        assert!(!why.fault("/url").detail.zh.is_empty());
    }
    let allowed = ["10.1.0.0/16".parse().unwrap()];
    Written::parse("http://10.1.2.3:8000/hook", &allowed).unwrap();
}

#[test]
fn a_name_that_leads_to_both_sides_is_refused_whole() {
    let written = || Written::parse("https://example.com/", &[]).unwrap();
    let at = |text: &str| SocketAddr::new(ip(text), 443);
    assert_eq!(written().judge(vec![at("8.8.8.8")], &[]).unwrap().addresses, [at("8.8.8.8")]);
    let refused = written().judge(vec![at("8.8.8.8"), at("10.0.0.1")], &[]);
    assert_eq!(refused.unwrap_err(), Unreachable::Private);
    assert_eq!(written().judge(Vec::new(), &[]).unwrap_err(), Unreachable::Unknown);
}

#[tokio::test]
async fn a_name_of_this_machine_is_found_out() {
    let refused = Written::parse("https://localhost/", &[]).unwrap().resolve(&[]).await;
    assert_eq!(refused.unwrap_err(), Unreachable::Private);
}

proptest! {
    /// However it is dressed, an address is what it is inside.
    #[test]
    fn every_form_of_an_address_is_judged_alike(bits: u32) {
        let plain = Ipv4Addr::from_bits(bits);
        let [a, b, c, d] = plain.octets().map(u16::from);
        let (high, low) = (a << 8 | b, c << 8 | d);
        let judged = is_public(IpAddr::V4(plain));
        prop_assert_eq!(is_public(IpAddr::V6(plain.to_ipv6_mapped())), judged);
        prop_assert_eq!(is_public(IpAddr::V6(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low))), judged);
        prop_assert_eq!(is_public(IpAddr::V6(Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1))), judged);
    }
}
