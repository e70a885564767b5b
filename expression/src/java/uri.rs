//! `java.net.URI` built from seven parts: what is quoted, and what makes no URI.

use crate::error::Failure;
use crate::java::text::push;

/// The parts of a URI; a port of -1 is no port.
pub(crate) struct Parts<'a> {
    pub(crate) scheme: Option<&'a str>,
    pub(crate) user_info: Option<&'a str>,
    pub(crate) host: Option<&'a str>,
    pub(crate) port: i32,
    pub(crate) path: Option<&'a str>,
    pub(crate) query: Option<&'a str>,
    pub(crate) fragment: Option<&'a str>,
}

/// The text of the URI of these parts.
pub(crate) fn uri(parts: &Parts<'_>) -> Result<String, Failure> {
    let mut text = String::new();
    if let Some(scheme) = parts.scheme {
        if parts.path.is_some_and(|path| !path.is_empty() && !path.starts_with('/')) {
            return Err("a URI with a scheme needs a path that begins with '/'".into());
        }
        text.push_str(scheme);
        text.push(':');
    }
    if let Some(host) = parts.host {
        text.push_str("//");
        if let Some(user_info) = parts.user_info {
            quote(user_info, ";:&=+$,", &mut text);
            text.push('@');
        }
        if host.contains(':') && !host.starts_with('[') && !host.ends_with(']') {
            push(&mut text, format_args!("[{host}]"));
        } else {
            text.push_str(host);
        }
        if parts.port != -1 {
            push(&mut text, format_args!(":{}", parts.port));
        }
    }
    if let Some(path) = parts.path {
        quote(path, ":@&=+$,;/", &mut text);
    }
    for (sign, part) in [('?', parts.query), ('#', parts.fragment)] {
        if let Some(part) = part {
            text.push(sign);
            quote(part, ";/?:@&=+$,[]", &mut text);
        }
    }
    check(&text)?;
    Ok(text)
}

/// Java reads the text that it has built, and refuses what is no URI of a server.
fn check(text: &str) -> Result<(), Failure> {
    let hierarchy = match text.find(['/', '?', '#', ':']) {
        Some(at) if text.get(at..).is_some_and(|rest| rest.starts_with(':')) => {
            let (scheme, rest) = text.split_at(at);
            check_scheme(scheme)?;
            let rest = rest.get(1..).unwrap_or_default();
            if !rest.starts_with('/') {
                return if rest.is_empty() || rest.starts_with('#') {
                    Err("a URI needs something after its scheme".into())
                } else {
                    Ok(())
                };
            }
            rest
        }
        _ => text,
    };
    let Some(rest) = hierarchy.strip_prefix("//") else { return Ok(()) };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest.split_at(end) {
        ("", "") => Err("a URI needs an authority after '//'".into()),
        ("", _) => Ok(()),
        (authority, _) => check_authority(authority),
    }
}

fn check_scheme(scheme: &str) -> Result<(), Failure> {
    let is_valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    if is_valid { Ok(()) } else { Err(format!("'{scheme}' is no scheme of a URI").into()) }
}

/// The host must be a name, an IPv4 address or a bracketed IPv6 address; a port is digits.
fn check_authority(authority: &str) -> Result<(), Failure> {
    let server = authority.split_once('@').map_or(authority, |(_, server)| server);
    let (is_host, rest) = if let Some((address, rest)) =
        server.strip_prefix('[').and_then(|rest| rest.split_once(']'))
    {
        let address = address.split('%').next().unwrap_or_default();
        (address.parse::<std::net::Ipv6Addr>().is_ok(), rest)
    } else {
        let end = server.find(':').unwrap_or(server.len());
        let (host, rest) = server.split_at(end);
        (is_address(host) || is_name(host), rest)
    };
    if !is_host {
        return Err(format!("'{server}' is no host of a URI").into());
    }
    let port = rest.strip_prefix(':').unwrap_or(rest);
    let is_port = port.bytes().all(|b| b.is_ascii_digit()) && (rest.is_empty() || rest != port);
    if is_port { Ok(()) } else { Err(format!("'{port}' is no port of a URI").into()) }
}

fn is_address(host: &str) -> bool {
    let parts: Vec<&str> = host.split('.').collect();
    let is_part = |part: &&str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_digit())
            && part.parse::<u32>().is_ok_and(|part| part < 256)
    };
    parts.len() == 4 && parts.iter().all(is_part)
}

fn is_name(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    let is_label = |label: &str| {
        label.starts_with(|c: char| c.is_ascii_alphanumeric())
            && label.ends_with(|c: char| c.is_ascii_alphanumeric())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let top = name.rsplit('.').next().unwrap_or_default();
    name.split('.').all(is_label) && top.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Percent-encodes what is neither unreserved nor in `allowed`; letters beyond ASCII stay.
fn quote(text: &str, allowed: &str, out: &mut String) {
    for c in text.chars() {
        let is_plain = c.is_ascii_alphanumeric()
            || "-_.!~*'()".contains(c)
            || allowed.contains(c)
            || !c.is_ascii() && !c.is_control() && !is_space(c);
        if is_plain {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                push(out, format_args!("%{byte:02X}"));
            }
        }
    }
}

/// `Character.isSpaceChar` beyond ASCII: Unicode's separators.
fn is_space(c: char) -> bool {
    c.is_whitespace() && c != '\u{85}'
}
