//! Lists of features and statistics, as properties hold them.

use tutti_audio::features::{Feature, Statistic};
use tutti_sdk::model::spec::{PropertyKind, ValueError};
use tutti_sdk::property::PropertyType;

/// librosa's names. In JSON, MFCC have the plural that people's scripts gave them.
const FEATURES: [(&str, &str, Feature); 9] = [
    ("mfcc", "mfccs", Feature::Mfcc),
    ("melspectrogram", "melspectrogram", Feature::Melspectrogram),
    ("stft", "stft", Feature::Stft),
    ("spectral_centroid", "spectral_centroid", Feature::SpectralCentroid),
    ("spectral_bandwidth", "spectral_bandwidth", Feature::SpectralBandwidth),
    ("spectral_rolloff", "spectral_rolloff", Feature::SpectralRolloff),
    ("spectral_flatness", "spectral_flatness", Feature::SpectralFlatness),
    ("rms", "rms", Feature::Rms),
    ("zero_crossing_rate", "zero_crossing_rate", Feature::ZeroCrossingRate),
];

const STATISTICS: [(&str, Statistic); 4] = [
    ("mean", Statistic::Mean),
    ("std", Statistic::Std),
    ("min", Statistic::Min),
    ("max", Statistic::Max),
];

/// Features in the order in which they were named, each with its key in JSON.
#[derive(Debug, Clone)]
pub(crate) struct FeatureList(Vec<(&'static str, Feature)>);

impl FeatureList {
    pub(super) fn features(&self) -> impl Iterator<Item = Feature> {
        self.0.iter().map(|(_, feature)| *feature)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(key, _)| *key)
    }
}

/// Statistics in the order in which they were named.
#[derive(Debug, Clone)]
pub(crate) struct StatisticList(pub(super) Vec<(&'static str, Statistic)>);

impl PropertyType for FeatureList {
    fn kind() -> PropertyKind {
        PropertyKind::Text
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        let known: Vec<_> = FEATURES.map(|(name, key, feature)| (name, (key, feature))).to_vec();
        list(text, "feature", &known).map(Self)
    }
}

impl PropertyType for StatisticList {
    fn kind() -> PropertyKind {
        PropertyKind::Text
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        let known: Vec<_> = STATISTICS.map(|(name, each)| (name, (name, each))).to_vec();
        list(text, "statistic", &known).map(Self)
    }
}

fn list<T: Copy>(text: &str, what: &str, known: &[(&str, T)]) -> Result<Vec<T>, ValueError> {
    let names = || known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let mut list = Vec::new();
    let mut seen = Vec::new();
    for name in text.split(',').map(str::trim) {
        let Some((_, value)) = known.iter().find(|(each, _)| *each == name) else {
            return Err(ValueError::new(format!("\"{name}\" is not a {what}"))
                .with_help(format!("write some of these, with commas between them: {}", names())));
        };
        if seen.contains(&name) {
            return Err(ValueError::new(format!("\"{name}\" stands twice in the list")));
        }
        seen.push(name);
        list.push(*value);
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_keeps_its_order() {
        let list = FeatureList::parse(" rms,mfcc ", &FeatureList::kind()).unwrap();
        assert_eq!(list.keys().collect::<Vec<_>>(), ["rms", "mfccs"]);
        assert_eq!(list.features().collect::<Vec<_>>(), [Feature::Rms, Feature::Mfcc]);
    }

    #[test]
    fn unknown_repeated_and_missing_names_are_told() {
        let message = |text| FeatureList::parse(text, &FeatureList::kind()).unwrap_err().message;
        assert_eq!(message("mfcc, mfc"), "\"mfc\" is not a feature");
        assert_eq!(message("rms,rms"), "\"rms\" stands twice in the list");
        assert_eq!(message(""), "\"\" is not a feature");
        let error = StatisticList::parse("median", &StatisticList::kind()).unwrap_err();
        assert!(error.help.unwrap().ends_with("mean, std, min, max"));
    }
}
