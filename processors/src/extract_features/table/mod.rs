//! Features as tables of Arrow, in a file of Arrow's IPC format or of Parquet, written batch by
//! batch.

mod file;
mod score;

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use arrow_array::{ArrayRef, FixedSizeListArray, Float32Array, Float64Array, StringArray};
use arrow_schema::{DataType, Field, Schema};
use tutti_audio::features::{Feature, Features};

pub(super) use file::TableFormat;
pub(super) use score::write_score;

use super::json::of_recording;
use super::lists::{StatisticList, key};
use super::metadata::Metadata;
use super::statistics::statistics;
use super::write_error::WriteError;
use file::Table;

/// Frames of a batch.
const BATCH: usize = 1_024;

/// A row for each frame: its time in seconds, and a column for each feature of frames. What is
/// told of the recording stands in the schema's metadata, as JSON.
pub(super) fn write_frames(
    (out, format): (&mut (impl Write + Send), TableFormat),
    features: &mut Features,
    metadata: &Metadata,
) -> Result<(), WriteError> {
    let columns: Vec<_> = features.columns().collect();
    let mut fields = vec![Field::new("time", DataType::Float64, false)];
    fields.extend(columns.iter().map(|&(feature, width)| field(feature, width)));
    let schema = Arc::new(Schema::new_with_metadata(fields, said(features, metadata)));
    let mut table = Table::new(out, &schema, format)?;
    let (mut frame, mut index, mut is_over) = (Vec::new(), 0, false);
    while !is_over {
        let mut times = Vec::with_capacity(BATCH);
        let mut values: Vec<Vec<f32>> =
            columns.iter().map(|(_, width)| Vec::with_capacity(width * BATCH)).collect();
        while times.len() < BATCH && !is_over {
            if !features.next_frame(&mut frame)? {
                is_over = true;
                continue;
            }
            times.push(metadata.time(index));
            index += 1;
            let mut rest = frame.as_slice();
            for (values, &(_, width)) in values.iter_mut().zip(&columns) {
                let (own, others) = rest.split_at(width.min(rest.len()));
                values.extend_from_slice(own);
                rest = others;
            }
        }
        if times.is_empty() {
            break;
        }
        let mut arrays: Vec<ArrayRef> = vec![Arc::new(Float64Array::from(times))];
        for (values, &(feature, width)) in values.into_iter().zip(&columns) {
            arrays.push(array(feature, width, values)?);
        }
        table.write(arrays)?;
    }
    table.finish()
}

/// A row for each statistic: its name, and a column for each feature of frames.
pub(super) fn write_statistics(
    (out, format): (&mut (impl Write + Send), TableFormat),
    features: &mut Features,
    list: &StatisticList,
    metadata: &Metadata,
) -> Result<(), WriteError> {
    let columns: Vec<_> = features.columns().collect();
    let mut fields = vec![Field::new("statistic", DataType::Utf8, false)];
    fields.extend(columns.iter().map(|&(feature, width)| field(feature, width)));
    let schema = Arc::new(Schema::new_with_metadata(fields, said(features, metadata)));
    let all = statistics(features, list)?;
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    let mut arrays: Vec<ArrayRef> = vec![Arc::new(StringArray::from(names))];
    let mut from = 0;
    for &(feature, width) in &columns {
        let of = |(_, values): &(&str, Vec<f32>)| {
            values.get(from..from + width).unwrap_or_default().to_vec()
        };
        arrays.push(array(feature, width, all.iter().flat_map(of).collect())?);
        from += width;
    }
    let mut table = Table::new(out, &schema, format)?;
    table.write(arrays)?;
    table.finish()
}

/// What goes with the table, by name: the metadata, and what is told of the recording.
fn said(features: &Features, metadata: &Metadata) -> HashMap<String, String> {
    let mut said = HashMap::from([("tutti".to_owned(), metadata.to_json().to_string())]);
    for &feature in features.plan().iter().filter(|feature| feature.is_of_recording()) {
        let told = of_recording(feature, features.of_recording(), true);
        said.insert(key(feature).to_owned(), told.to_string());
    }
    said
}

fn item() -> Arc<Field> {
    Arc::new(Field::new("item", DataType::Float32, false))
}

fn field(feature: Feature, width: usize) -> Field {
    let data_type = if feature.is_scalar() {
        DataType::Float32
    } else {
        DataType::FixedSizeList(item(), width as i32)
    };
    let unit = HashMap::from([("unit".to_owned(), feature.unit().to_owned())]);
    Field::new(key(feature), data_type, false).with_metadata(unit)
}

fn array(feature: Feature, width: usize, values: Vec<f32>) -> Result<ArrayRef, WriteError> {
    let values = Arc::new(Float32Array::from(values));
    if feature.is_scalar() {
        return Ok(values);
    }
    Ok(Arc::new(FixedSizeListArray::try_new(item(), width as i32, values, None)?))
}
