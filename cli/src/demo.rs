//! What the canvas offers to who has nothing of their own yet: a flow, and recordings for it.
//!
//! The recordings are not under the licence of the program: NOTICE says of each who made it.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;

const FLOW: &str = include_str!("demo/demo.json");

const RECORDINGS: [(&str, &[u8]); 3] = [
    ("march.mp3", include_bytes!("../../tests/fixtures/audio/march.mp3")),
    ("mountain.mp3", include_bytes!("../../tests/fixtures/audio/mountain.mp3")),
    ("palace.ogg", include_bytes!("../../tests/fixtures/audio/palace.ogg")),
];

/// Puts the recordings into `folder`, and hands back the text of the flow that works on them there.
pub(crate) fn make(folder: &Path) -> io::Result<String> {
    let folder = std::path::absolute(folder)?;
    let (input, output) = (folder.join("recordings"), folder.join("features"));
    fs::create_dir_all(&input)?;
    for (name, bytes) in RECORDINGS {
        let path = input.join(name);
        if !path.exists() {
            fs::write(path, bytes)?;
        }
    }
    let mut flow: Value = serde_json::from_str(FLOW)?;
    for (name, path) in [("input", input), ("output", output)] {
        // A name with other bytes cannot stand in a flow; then the user says where it is.
        if let Some(path) = path.to_str() {
            flow["parameterContexts"]["main"]["parameters"][name]["value"] = path.into();
        }
    }
    Ok(flow.to_string())
}

#[cfg(test)]
mod tests {
    use tutti_model::definition::FlowDefinition;
    use tutti_model::document::Document;
    use tutti_model::parameter::ParameterValues;

    use super::*;

    #[test]
    fn the_flow_is_right_canonical_and_finds_its_recordings() {
        let canonical = tutti_model::fmt::format(&Document::parse(FLOW, "demo.json").unwrap());
        assert_eq!(canonical.unwrap(), FLOW);
        let folder = tempfile::tempdir().unwrap();
        let text = make(folder.path()).unwrap();
        let flow = FlowDefinition::parse(&Document::parse(&text, "demo.json").unwrap());
        let catalog = crate::catalog::catalog();
        let valid = tutti_model::validate(&flow, &catalog, &ParameterValues::new()).unwrap();
        assert!(valid.warnings.is_empty(), "{:?}", valid.warnings);
        let input = folder.path().join("recordings");
        assert_eq!(fs::read_dir(input).unwrap().count(), RECORDINGS.len());
    }
}
