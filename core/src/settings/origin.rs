//! Which sites may show the embedded case view: an origin as a browser names it, `https://` host and perhaps port, nothing else.
//! Refuses wildcards, paths, users and whatever could end a header's directive; plain http only for this machine.

/// The longest origin, in characters.
const LONGEST: usize = 200;

/// An origin as a browser names it: small letters, no port that goes without saying, no slash at the end.
#[must_use]
pub fn as_browsers_write(text: &str) -> String {
    let text = text.trim().to_ascii_lowercase();
    let text = text.strip_suffix('/').unwrap_or(&text);
    let usual_port = if text.starts_with("https://") { ":443" } else { ":80" };
    text.strip_suffix(usual_port).unwrap_or(text).to_owned()
}

/// Whether a site of this origin may be allowed to show the case view.
#[must_use]
pub fn is_embeddable(origin: &str) -> bool {
    if origin.len() > LONGEST || as_browsers_write(origin) != origin {
        return false;
    }
    let (is_secure, authority) = match (origin.strip_prefix("https://"), origin.strip_prefix("http://")) {
        (Some(authority), _) => (true, authority),
        (None, Some(authority)) => (false, authority),
        (None, None) => return false,
    };
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, port)) => (Host::Address(address), port),
            None => return false,
        },
        None => {
            let at = authority.find(':').unwrap_or(authority.len());
            let (name, port) = authority.split_at(at);
            (Host::Name(name), port)
        }
    };
    is_port(port) && host.is_valid() && (is_secure || host.is_this_machine())
}

enum Host<'t> {
    Name(&'t str),
    Address(&'t str),
}

impl Host<'_> {
    fn is_valid(&self) -> bool {
        match self {
            Self::Name(name) => {
                let is_label = |label: &str| {
                    !label.is_empty()
                        && label.len() <= 63
                        && !label.starts_with('-')
                        && !label.ends_with('-')
                        && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                };
                name.split('.').all(is_label)
            }
            Self::Address(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        }
    }

    fn is_this_machine(&self) -> bool {
        match self {
            Self::Name(name) => *name == "localhost" || name.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback()),
            Self::Address(address) => address.parse::<std::net::Ipv6Addr>().is_ok_and(|address| address.is_loopback()),
        }
    }
}

/// Nothing, or a colon and a number from 1 to 65535 as it is usually written.
fn is_port(text: &str) -> bool {
    let Some(digits) = text.strip_prefix(':') else {
        return text.is_empty();
    };
    digits.parse::<u16>().is_ok_and(|port| port > 0 && port.to_string() == digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port_and_nothing_else() {
        for fine in [
            "https://cases.firm.example",
            "https://cases.firm.example:8443",
            "https://10.0.0.7",
            "https://[2001:db8::7]:8443",
            "http://localhost:4020",
            "http://127.0.0.1:4020",
            "http://[::1]:4020",
        ] {
            assert!(is_embeddable(fine), "{fine}");
        }
        for bad in [
            "",
            "*",
            "https://",
            "https://*",
            "https://*.firm.example",
            "http://cases.firm.example",
            "http://10.0.0.7",
            "http://localhost.evil.example",
            "https://firm.example/",
            "https://firm.example/cases",
            "https://firm.example:443",
            "https://firm.example:0",
            "https://firm.example:08443",
            "https://firm.example:99999",
            "https://user@firm.example",
            "https://firm.example; script-src *",
            "https://firm.example 'self'",
            "https://Firm.example",
            "https://fírm.example",
            "https://-firm.example",
            "https://firm..example",
            "https://[2001:db8::7",
            "javascript:alert(1)",
            "null",
            "data:text/html,x",
        ] {
            assert!(!is_embeddable(bad), "{bad}");
        }
    }

    #[test]
    fn an_origin_is_kept_as_browsers_write_it() {
        assert_eq!(as_browsers_write(" HTTPS://Cases.Firm.Example:443/ "), "https://cases.firm.example");
        assert_eq!(as_browsers_write("http://localhost:80"), "http://localhost");
        assert_eq!(as_browsers_write("http://localhost:8080/"), "http://localhost:8080");
    }
}
