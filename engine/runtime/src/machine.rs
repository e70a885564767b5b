//! What flows may know of the machine: its name, its address, its time zone.
//!
//! Asks no name server, which could hold up whoever evaluates an expression.

use std::net::UdpSocket;

use tutti_model::cron::Zone;

/// A machine, as `${hostname()}` and `${ip()}` tell of it, and as cron expressions without a zone
/// take the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Its name, as it calls itself.
    pub name: String,
    /// Its address in the network that it would send from, or the loopback address if it is in
    /// none.
    pub address: String,
    /// Where its hours are told.
    pub zone: Zone,
}

impl Machine {
    /// The machine that this process runs on.
    pub fn this() -> Self {
        let loopback = Self::default();
        let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
        Self {
            name: if name.is_empty() { loopback.name } else { name },
            address: sending_address().unwrap_or(loopback.address),
            zone: zone(std::env::var("TZ").ok().as_deref()),
        }
    }
}

impl Default for Machine {
    /// A machine without a network, in universal time.
    fn default() -> Self {
        Self { name: "localhost".into(), address: "127.0.0.1".into(), zone: Zone::UTC }
    }
}

/// The address of the interface towards other networks. Sends nothing: connecting a socket of
/// datagrams only chooses the interface. The destination is one that is kept for documentation
/// (RFC 5737).
fn sending_address() -> Option<String> {
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    socket.connect(("192.0.2.1", 9)).ok()?;
    Some(socket.local_addr().ok()?.ip().to_string())
}

/// What the variable `TZ` says, as containers set it, or else what the system is set to; universal
/// time if neither names a zone.
fn zone(variable: Option<&str>) -> Zone {
    let named = variable.map(|name| name.strip_prefix(':').unwrap_or(name)).and_then(Zone::named);
    let of_system = || Zone::named(&iana_time_zone::get_timezone().ok()?);
    named.or_else(of_system).unwrap_or(Zone::UTC)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    #[test]
    fn this_machine_has_the_name_that_the_system_tells_and_an_address() {
        let machine = Machine::this();
        let told = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
        assert_eq!(machine.name, told.trim_end());
        assert_eq!(zone(Some("Europe/Vienna")).name(), "Europe/Vienna");
        assert_eq!(zone(Some(":Asia/Tokyo")).name(), "Asia/Tokyo");
        assert!(!machine.address.parse::<IpAddr>().unwrap().is_unspecified(), "{machine:?}");
    }
}
