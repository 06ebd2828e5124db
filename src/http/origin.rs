//! From where a request comes: the address of its sender, and what the sender says it is.
//!
//! Promises: a header is believed only when one of our own proxies sent it; addresses that belong to one customer
//! count as one.

use crate::app::App;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv6Addr};

/// So much of what a browser says about itself is kept.
const AGENT_LENGTH: usize = 200;

/// From where a request comes.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The address; none for requests from inside the process, as in the demonstration.
    pub address: Option<IpAddr>,
    /// What the browser or program says it is, shortened.
    pub user_agent: Option<String>,
}

impl Origin {
    /// What counts as one sender: an IPv4 address, or the 64 bits of an IPv6 address that one customer has.
    #[must_use]
    pub fn network(&self) -> Option<IpAddr> {
        self.address.map(|address| match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(whole) => IpAddr::V6(Ipv6Addr::from_bits(whole.to_bits() & !u128::from(u64::MAX))),
        })
    }
}

/// The sender: whoever our own proxies say it is, and otherwise who stands at the other end of the line.
fn sender(peer: Option<IpAddr>, forwarded: impl DoubleEndedIterator<Item = String>, ours: &[IpAddr]) -> Option<IpAddr> {
    let mut nearest = peer?.to_canonical();
    for said in forwarded.rev() {
        if !ours.contains(&nearest) {
            break;
        }
        // A proxy that says nothing readable has said nothing.
        let Ok(before) = said.trim().parse::<IpAddr>() else { break };
        nearest = before.to_canonical();
    }
    Some(nearest)
}

impl Origin {
    /// From where this request comes.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        let ours = request.app_data::<web::Data<App>>().map_or(&[][..], |app| &app.config.trusted_proxies);
        let forwarded: Vec<String> = request
            .headers()
            .get_all(header::X_FORWARDED_FOR)
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(',').map(str::to_owned))
            .collect();
        let address = sender(request.peer_addr().map(|peer| peer.ip()), forwarded.into_iter(), ours);
        let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        let user_agent = agent.map(|agent| agent.chars().take(AGENT_LENGTH).collect());
        Self { address, user_agent }
    }
}

impl FromRequest for Origin {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}
