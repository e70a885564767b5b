//! `java.net.URI` built from seven parts: what is quoted, and which parts make no URI.

use crate::error::Failure;

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
        check_scheme(scheme)?;
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
        let is_bare_address = host.contains(':') && !host.starts_with('[') && !host.ends_with(']');
        check_host(host, is_bare_address, parts)?;
        if is_bare_address {
            text.push('[');
            text.push_str(host);
            text.push(']');
        } else {
            text.push_str(host);
        }
        if parts.port != -1 {
            if parts.port < 0 {
                return Err(format!("{} is no port of a URI", parts.port).into());
            }
            text.push_str(&format!(":{}", parts.port));
        }
        if !host.is_empty()
            && parts.path.is_some_and(|path| !path.is_empty() && !path.starts_with('/'))
        {
            return Err("the path of a URI with a host must begin with '/'".into());
        }
    }
    let head = text.len();
    if let Some(path) = parts.path {
        quote(path, ":@&=+$,;/", &mut text);
    }
    check_path(parts, text.get(head..).unwrap_or_default())?;
    for (sign, part) in [('?', parts.query), ('#', parts.fragment)] {
        if let Some(part) = part {
            text.push(sign);
            quote(part, ";/?:@&=+$,[]", &mut text);
        }
    }
    Ok(text)
}

fn check_scheme(scheme: &str) -> Result<(), Failure> {
    let is_valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    if is_valid { Ok(()) } else { Err(format!("'{scheme}' is no scheme of a URI").into()) }
}

fn check_path(parts: &Parts<'_>, path: &str) -> Result<(), Failure> {
    let nothing_after = path.is_empty() && parts.query.is_none();
    if parts.host.is_none_or(str::is_empty) && nothing_after {
        if parts.host.is_some() {
            return Err("a URI needs an authority after '//'".into());
        }
        if parts.scheme.is_some() {
            return Err("a URI needs something after its scheme".into());
        }
    }
    if parts.host.is_none() && path.starts_with("//") {
        let authority = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        if authority.is_empty() && path.len() == 2 {
            return Err("a URI needs an authority after '//'".into());
        }
    }
    if parts.scheme.is_none()
        && parts.host.is_none()
        && let Some((head, _)) = path.split('/').next().and_then(|head| head.split_once(':'))
    {
        return check_scheme(head);
    }
    Ok(())
}

/// Java asks for a host that a server may have: a name, an IPv4 address or a bracketed IPv6 one.
fn check_host(host: &str, is_bare_address: bool, parts: &Parts<'_>) -> Result<(), Failure> {
    let illegal = || Err(format!("'{host}' is no host of a URI").into());
    if host.is_empty() {
        return if parts.user_info.is_some() || parts.port != -1 { illegal() } else { Ok(()) };
    }
    let bracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if is_bare_address || bracketed.is_some() {
        let address = bracketed.unwrap_or(host).split('%').next().unwrap_or_default();
        let is_address = address.parse::<std::net::Ipv6Addr>().is_ok();
        return if is_address { Ok(()) } else { illegal() };
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    let labels: Vec<&str> = name.split('.').collect();
    let is_address = labels.len() == 4
        && labels.iter().all(|label| {
            label.bytes().all(|b| b.is_ascii_digit())
                && label.parse::<u32>().is_ok_and(|part| part < 256)
        });
    let is_name =
        labels.iter().all(|label| {
            label.starts_with(|c: char| c.is_ascii_alphanumeric())
                && label.ends_with(|c: char| c.is_ascii_alphanumeric())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        }) && labels.last().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_alphabetic()));
    if is_address || is_name { Ok(()) } else { illegal() }
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
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
}

/// `Character.isSpaceChar` beyond ASCII: Unicode's separators.
fn is_space(c: char) -> bool {
    c.is_whitespace() && c != '\u{85}'
}
