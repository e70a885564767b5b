use std::path::PathBuf;
use std::time::Duration;

use tutti_model::spec::{Dependency, ExpressionScope, PropertyKind};

use super::*;

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
enum Strategy {
    /// Stop at once.
    Fail,
    /// Route by name.
    #[choice("Route to Property name")]
    ByName,
}

/// What several types of processors have in common.
#[derive(Debug, tutti_sdk_macros::Properties)]
struct Common {
    /// Its region.
    #[property(default = "here")]
    region: String,
    /// How often.
    #[property(default = "3", max = 5)]
    retries: u32,
}

/// Properties of every type.
#[derive(Debug, tutti_sdk_macros::Properties)]
struct Everything {
    /// Where to look.
    ///
    /// In Markdown.
    #[property(exclusive = "emptied folder")]
    directory: PathBuf,
    /// What to take.
    #[property(name = "File Filter", default = ".*", example = r".*\.wav")]
    filter: Regex,
    /// How many.
    #[property(default = "10", min = 1, max = 100)]
    batch_size: u32,
    /// How long.
    #[property(default = "10 sec")]
    minimum_age: Duration,
    /// How much.
    maximum_size: Option<DataSize>,
    /// What then.
    #[property(default = "fail")]
    strategy: Strategy,
    #[flatten]
    common: Common,
    /// The key.
    #[property(sensitive, depends_on("Strategy", "fail"))]
    secret_key: Option<Secret>,
    /// What it is called.
    #[property(default = "name")]
    object_key: Evaluated<String>,
    /// Attributes.
    #[dynamic(name = "attribute name", attributes)]
    attributes: Dynamic<Evaluated<String>>,
}

fn parse(values: &[(&str, &str)]) -> Result<Everything, String> {
    let values = values.iter().map(|&(name, value)| (name.into(), value.into())).collect();
    let named = [("album".to_owned(), "Blue".to_owned())];
    Everything::parse(&values, &named).map_err(|error| error.to_string())
}

#[test]
fn a_struct_declares_its_properties() {
    let specs = Everything::specs();
    let names: Vec<_> = specs.iter().map(|spec| &*spec.name).collect();
    assert_eq!(
        names,
        [
            "Directory",
            "File Filter",
            "Batch Size",
            "Minimum Age",
            "Maximum Size",
            "Strategy",
            "Region",
            "Retries",
            "Secret Key",
            "Object Key"
        ]
    );
    assert_eq!(specs[0].description, "Where to look.\n\nIn Markdown.");
    assert!(specs[0].required && !specs[1].required && !specs[4].required);
    assert_eq!(specs[0].exclusive.as_deref(), Some("emptied folder"));
    assert_eq!(specs[2].kind, PropertyKind::Integer { min: 1, max: 100 });
    assert!(specs[2].check.check("0").is_err() && specs[2].check.check("100").is_ok());
    assert!(specs[8].sensitive);
    let strategy = Dependency { property: "Strategy".into(), values: vec!["fail".into()] };
    assert_eq!(specs[8].depends_on, Some(strategy));
    assert_eq!(specs[9].expression, ExpressionScope::FlowFile);
    assert_eq!(specs[9].check.doubt("${filename}"), None);
    assert_eq!(specs[9].check.doubt("a ${filename").unwrap().position, Some(2));
    let dynamic = Everything::dynamic().unwrap();
    assert_eq!(dynamic.check.doubt("${").unwrap().position, Some(0));
    assert_eq!((&*dynamic.name, &*dynamic.description), ("attribute name", "Attributes."));
    assert!(!dynamic.relationships);
}

#[test]
fn defaults_and_values_become_typed() {
    let all = parse(&[("Directory", "/in"), ("Maximum Size", "1.5 KB")]).unwrap();
    assert_eq!(all.directory, PathBuf::from("/in"));
    assert!(all.filter.matches("a.wav").unwrap());
    assert_eq!((all.batch_size, all.minimum_age), (10, Duration::from_secs(10)));
    assert_eq!(all.maximum_size, Some(DataSize(1536)));
    assert_eq!(all.strategy, Strategy::Fail);
    assert!(all.secret_key.is_none());
    assert_eq!((all.common.region.as_str(), all.common.retries), ("here", 3));
    assert_eq!(all.attributes.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["album"]);
    let _ = &all.object_key;
}

#[test]
fn wrong_values_name_their_property() {
    assert_eq!(parse(&[]).unwrap_err(), "property \"Directory\": a value is required");
    let error = |name, value| parse(&[("Directory", "/in"), (name, value)]).unwrap_err();
    assert!(error("Batch Size", "101").contains("\"Batch Size\": 101 is out of range"));
    assert!(error("Minimum Age", "10 parsecs").contains("\"parsecs\" is not a unit of time"));
    assert!(error("Maximum Size", "many").contains("\"many\" does not begin with a number"));
    assert!(error("Strategy", "none").contains("\"none\" is not one of the choices"));
    assert!(error("File Filter", "(").contains("is not valid"));
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let values =
        [("Batch Size", "0"), ("Strategy", "none"), ("Retries", "6"), ("Object Key", "${")];
    let values = values.map(|(name, value)| (name.into(), value.into())).into_iter().collect();
    let named = ["fine", "${", "also fine", "${x:y()}"].map(|text| (text.into(), text.into()));
    let BuildError::Properties(wrong) = Everything::parse(&values, &named).unwrap_err() else {
        panic!("they are wrong one by one")
    };
    let found: Vec<_> = wrong.iter().map(|each| &*each.properties[0]).collect();
    assert_eq!(found, ["Directory", "Batch Size", "Strategy", "Retries", "${x:y()}"]);
    let told = BuildError::Properties(wrong).to_string();
    let beginning = "property \"Directory\": a value is required; property \"Batch Size\": 0 is";
    assert!(told.starts_with(beginning), "{told}");
}

#[test]
fn a_choice_takes_its_name_or_the_one_given() {
    let kind = Strategy::kind();
    assert_eq!(Strategy::parse("fail", &kind), Ok(Strategy::Fail));
    assert_eq!(Strategy::parse("Route to Property name", &kind), Ok(Strategy::ByName));
    let help = Strategy::parse("x", &kind).unwrap_err().help.unwrap();
    assert_eq!(help, "write one of \"fail\", \"Route to Property name\"");
}

#[test]
fn a_regular_expression_matches_the_whole_of_a_text() {
    let regex = Regex::parse(r"a|b(?=c)c", &PropertyKind::Regex).unwrap();
    assert!(regex.matches("bc").unwrap() && !regex.matches("xa").unwrap());
    assert!(Regex::parse("a)|(b", &PropertyKind::Regex).is_err(), "whole only in a group");
    let bomb = Regex::parse(r"(a|b|ab)*(?=c)", &PropertyKind::Regex).unwrap();
    let given_up = bomb.matches(&"ab".repeat(60));
    assert!(given_up.unwrap_err().to_string().contains("was given up"));
}

#[test]
fn a_secret_does_not_show_itself() {
    let secret = Secret::parse("hush", &PropertyKind::Text).unwrap();
    assert_eq!((format!("{secret:?}").as_str(), secret.expose()), ("Secret(…)", "hush"));
}
