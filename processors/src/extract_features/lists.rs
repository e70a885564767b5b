//! Lists of features and statistics, as properties hold them.

use tutti_audio::features::{Feature, Statistic};
use tutti_sdk::model::spec::{PropertyKind, ValueError};
use tutti_sdk::property::PropertyType;

/// Percentiles at most: each is searched for in all frames.
const PERCENTILES_MAX: usize = 20;

/// The key of a feature in JSON: librosa's name, but for MFCC, which have the plural that people's
/// scripts gave them.
pub(super) fn key(feature: Feature) -> &'static str {
    match feature {
        Feature::Mfcc => "mfccs",
        other => other.name(),
    }
}

/// Features in the order in which they were named.
#[derive(Debug, Clone)]
pub(crate) struct FeatureList(Vec<Feature>);

impl FeatureList {
    pub(super) fn features(&self) -> &[Feature] {
        &self.0
    }
}

/// What is told of a value over all frames.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Told {
    Statistic(Statistic),
    /// From 0 to 100.
    Percentile(f64),
}

/// Statistics with their names, in the order in which they were named.
#[derive(Debug, Clone)]
pub(crate) struct StatisticList(pub(super) Vec<(String, Told)>);

impl PropertyType for FeatureList {
    fn kind() -> PropertyKind {
        PropertyKind::Text
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        let known = || Feature::ALL.map(Feature::name).join(", ");
        let find = |name: &str| Feature::ALL.into_iter().find(|each| each.name() == name);
        list(text, "feature", &known, find)
            .map(|list| Self(list.into_iter().map(|(_, each)| each).collect()))
    }
}

impl PropertyType for StatisticList {
    fn kind() -> PropertyKind {
        PropertyKind::Text
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        let known = || "mean, std, min, max, median, or a percentile such as p95".to_owned();
        let list = list(text, "statistic", &known, told)?;
        let percentiles = list.iter().filter(|(_, told)| matches!(told, Told::Percentile(_)));
        if percentiles.count() > PERCENTILES_MAX {
            let most = format!("there may be {PERCENTILES_MAX} percentiles");
            return Err(ValueError::new("there are too many percentiles").with_help(most));
        }
        Ok(Self(list))
    }
}

fn told(name: &str) -> Option<Told> {
    Some(match name {
        "mean" => Told::Statistic(Statistic::Mean),
        "std" => Told::Statistic(Statistic::Std),
        "min" => Told::Statistic(Statistic::Min),
        "max" => Told::Statistic(Statistic::Max),
        "median" => Told::Percentile(50.0),
        other => {
            let percent = other.strip_prefix('p')?;
            let is_plain = percent.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            let percent: f64 = percent.parse().ok().filter(|_| is_plain)?;
            return (0.0..=100.0).contains(&percent).then_some(Told::Percentile(percent));
        }
    })
}

fn list<T>(
    text: &str,
    what: &str,
    known: &dyn Fn() -> String,
    find: impl Fn(&str) -> Option<T>,
) -> Result<Vec<(String, T)>, ValueError> {
    let mut list: Vec<(String, T)> = Vec::new();
    for name in text.split(',').map(str::trim) {
        let Some(value) = find(name) else {
            return Err(ValueError::new(format!("\"{name}\" is not a {what}"))
                .with_help(format!("write some of these, with commas between them: {}", known())));
        };
        if list.iter().any(|(seen, _)| seen == name) {
            return Err(ValueError::new(format!("\"{name}\" stands twice in the list")));
        }
        list.push((name.to_owned(), value));
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_its_order() {
        let list = FeatureList::parse(" rms,mfcc ", &FeatureList::kind()).unwrap();
        assert_eq!(list.features(), [Feature::Rms, Feature::Mfcc]);
        assert_eq!([Feature::Rms, Feature::Mfcc].map(key), ["rms", "mfccs"]);
        let list = StatisticList::parse("p99.5, median,std", &StatisticList::kind()).unwrap();
        let expected = [
            ("p99.5".to_owned(), Told::Percentile(99.5)),
            ("median".to_owned(), Told::Percentile(50.0)),
            ("std".to_owned(), Told::Statistic(Statistic::Std)),
        ];
        assert_eq!(list.0, expected);
    }

    #[test]
    fn unknown_repeated_and_missing_names_are_told() {
        let message = |text| FeatureList::parse(text, &FeatureList::kind()).unwrap_err().message;
        assert_eq!(message("mfcc, mfc"), "\"mfc\" is not a feature");
        assert_eq!(message("rms,rms"), "\"rms\" stands twice in the list");
        assert_eq!(message(""), "\"\" is not a feature");
        let parse = |text: &str| StatisticList::parse(text, &StatisticList::kind());
        for wrong in ["variance", "p", "p101", "p-5", "p+5", "pnan", "pinf", "p1e1", "mean,,std"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert!(parse("variance").unwrap_err().help.unwrap().ends_with("such as p95"));
        let many = |count: usize| (0..count).map(|p| format!("p{p}")).collect::<Vec<_>>().join(",");
        assert!(parse(&many(20)).is_ok() && parse(&many(21)).is_err());
    }
}
