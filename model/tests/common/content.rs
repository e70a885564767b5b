//! Types that say what content they work on and make.

use tutti_model::spec::{ContentSpec, Dependency, InputRequirement, ProcessorSpec, PropertySpec};

use super::{processor, property, relationships};

/// What a type makes, behind a relationship or all.
pub(super) fn makes(
    relationship: Option<&'static str>,
    media_type: Option<&'static str>,
    when: Option<(&'static str, &'static str)>,
) -> ContentSpec {
    ContentSpec {
        relationship: relationship.map(Into::into),
        media_type: media_type.map(Into::into),
        when: when.map(|(property, value)| Dependency {
            property: property.into(),
            values: vec![value.into()],
        }),
    }
}

/// Three that say what content they work on and make.
pub(super) fn types() -> [ProcessorSpec; 3] {
    let both = || relationships(&[("success", "What went well."), ("failure", "What did not.")]);
    let json = Some("application/json");
    [
        ProcessorSpec {
            accepts: vec!["audio/*".into()],
            makes: vec![
                makes(Some("failure"), None, None),
                makes(Some("success"), Some("audio/wav"), None),
            ],
            relationships: both(),
            ..processor("DecodeAudio", InputRequirement::Required)
        },
        ProcessorSpec {
            makes: vec![
                makes(Some("failure"), None, None),
                makes(Some("success"), None, Some(("Destination", "flowfile-attribute"))),
                makes(Some("success"), json, Some(("Destination", "flowfile-content"))),
            ],
            properties: vec![PropertySpec {
                default: Some("flowfile-attribute".into()),
                ..property("Destination")
            }],
            relationships: both(),
            ..processor("AttributesToJSON", InputRequirement::Required)
        },
        ProcessorSpec {
            accepts: vec!["application/json".into()],
            makes: vec![makes(None, None, None)],
            ..processor("EvaluateJsonPath", InputRequirement::Required)
        },
    ]
}
