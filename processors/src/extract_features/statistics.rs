//! Statistics of every value of a frame, in the order in which they were asked for.

use tutti_audio::features::{ExtractError, Features, Summary, percentiles};

use super::lists::{StatisticList, Told};

/// Each statistic's name, and it of each value of a frame.
pub(super) fn statistics<'l>(
    features: &mut Features,
    list: &'l StatisticList,
) -> Result<Vec<(&'l str, Vec<f32>)>, ExtractError> {
    let percent = |(_, told): &(String, Told)| match told {
        Told::Percentile(percent) => Some(*percent),
        Told::Statistic(_) => None,
    };
    let percents: Vec<f64> = list.0.iter().filter_map(percent).collect();
    let summary = Summary::of(features)?;
    let mut found = match percents.as_slice() {
        [] => Vec::new(),
        some => percentiles(features, some)?,
    }
    .into_iter();
    let of = |(name, told): &'l (String, Told)| {
        let values = match told {
            Told::Statistic(statistic) => summary.get(*statistic),
            Told::Percentile(_) => found.next().unwrap_or_default(),
        };
        (name.as_str(), values)
    };
    Ok(list.0.iter().map(of).collect())
}
