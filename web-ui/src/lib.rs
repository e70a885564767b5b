//! The canvas as files in the binary, for the server to hand out.
//!
//! Must never read a disk at run time: what is not embedded is not there.

/// A file of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// What is in it.
    pub bytes: &'static [u8],
    /// Its `Content-Type`.
    pub content_type: &'static str,
    /// Whether its name changes whenever its bytes do, so that it may be kept for ever.
    pub is_immutable: bool,
}

/// Names and bytes, sorted by name; `build.rs` wrote them.
static ASSETS: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file at `path` of the page, as `index.html` or `/assets/index-….js`; `/` is the page itself.
pub fn asset(path: &str) -> Option<Asset> {
    let path = path.trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let index = ASSETS.binary_search_by_key(&path, |(name, _)| name).ok()?;
    let (name, bytes) = ASSETS.get(index)?;
    Some(Asset { bytes, content_type: content_type(name), is_immutable: is_hashed(name) })
}

/// The names of all files, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    ASSETS.iter().map(|(name, _)| *name)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// The build puts what it names by a hash into this folder.
fn is_hashed(name: &str) -> bool {
    name.starts_with("assets/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> String {
        let page = asset("/").map(|page| String::from_utf8_lossy(page.bytes).into_owned());
        page.unwrap_or_default()
    }

    #[test]
    fn the_page_and_all_that_it_names_are_there() {
        let page = page();
        let named: Vec<_> = page
            .split(['"', '\''])
            .filter(|part| part.starts_with("./") && part.contains('.'))
            .collect();
        assert!(named.len() >= 3, "{page}");
        for name in named {
            assert!(asset(name.trim_start_matches('.')).is_some(), "{name}");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert_eq!(asset("index.html").map(|page| page.is_immutable), Some(false));
        let scripts: Vec<_> = names().filter(|name| name.starts_with("assets/")).collect();
        assert!(!scripts.is_empty());
        for name in scripts {
            assert!(asset(name).is_some_and(|script| script.is_immutable), "{name}");
        }
        assert_eq!(asset("assets/none.js"), None);
        assert_eq!(asset("../Cargo.toml"), None);
    }

    #[test]
    fn the_page_has_nothing_that_its_policy_forbids() {
        let page = page();
        assert!(!page.contains("<style") && !page.contains("style="), "{page}");
        for script in page.split("<script").skip(1) {
            assert!(script.split('>').next().is_some_and(|tag| tag.contains("src=")), "{page}");
        }
        assert!(!page.contains("http:") && !page.contains("https:"), "{page}");
    }

    #[test]
    fn every_file_has_a_type() {
        for name in names() {
            assert_ne!(content_type(name), "application/octet-stream", "{name}");
        }
    }
}
