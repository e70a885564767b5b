//! A cell of an Arrow column as JSON.

use std::fmt::Write as _;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal128Type, Decimal256Type,
    DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType, DurationSecondType,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use serde_json::Value;

use super::page::{CELL_MAX, decimal, whole};

/// Bytes and members of a cell that are shown.
const SHOWN_MAX: usize = 1_024;
/// How deep lists and structures may lie in each other.
const DEPTH_MAX: usize = 16;
/// Values of a cell, those in lists and structures included: a few bytes of content may stand for
/// as many as one likes.
const VALUES_MAX: usize = 4_096;
/// Bytes of their texts and names.
const TEXT_BYTES_MAX: usize = 64 << 10;

/// The value in a row; of what has none in JSON, a word on what it is.
pub(super) fn cell(column: &ArrayRef, row: usize) -> Value {
    let mut room = Room { values: VALUES_MAX, bytes: TEXT_BYTES_MAX };
    value(&**column, row, DEPTH_MAX, &mut room)
}

/// What a cell may still have.
struct Room {
    values: usize,
    bytes: usize,
}

impl Room {
    /// Makes room for one more value with a text or name of so many bytes; whether there is any.
    fn takes(&mut self, bytes: usize) -> bool {
        let fits = self.values > 0 && self.bytes > 0;
        self.values = self.values.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
        fits
    }
}

fn value(array: &dyn Array, row: usize, depth: usize, room: &mut Room) -> Value {
    use DataType::{
        Binary, Boolean, Decimal128, Decimal256, Dictionary, FixedSizeBinary, FixedSizeList,
        LargeBinary, LargeList, LargeUtf8, List, Map, Null, Struct, Utf8, Utf8View,
    };
    if !room.takes(0) {
        return "…".into();
    }
    if array.is_null(row) || depth == 0 {
        return Value::Null;
    }
    let mut list = |values: ArrayRef| list(&*values, depth - 1, room);
    match array.data_type() {
        Null => Value::Null,
        Boolean => array.as_boolean().value(row).into(),
        Utf8 => text(array.as_string::<i32>().value(row), room),
        LargeUtf8 => text(array.as_string::<i64>().value(row), room),
        Utf8View => text(array.as_string_view().value(row), room),
        Binary => bytes(array.as_binary::<i32>().value(row), room),
        LargeBinary => bytes(array.as_binary::<i64>().value(row), room),
        DataType::BinaryView => bytes(array.as_binary_view().value(row), room),
        FixedSizeBinary(_) => bytes(array.as_fixed_size_binary().value(row), room),
        Decimal128(..) => array.as_primitive::<Decimal128Type>().value_as_string(row).into(),
        Decimal256(..) => array.as_primitive::<Decimal256Type>().value_as_string(row).into(),
        List(_) => list(array.as_list::<i32>().value(row)),
        LargeList(_) => list(array.as_list::<i64>().value(row)),
        FixedSizeList(..) => list(array.as_fixed_size_list().value(row)),
        Map(..) => list(std::sync::Arc::new(array.as_map().value(row))),
        Struct(fields) => {
            let columns = array.as_struct().columns().iter();
            let mut members = serde_json::Map::new();
            for (field, of) in fields.iter().zip(columns).take(SHOWN_MAX) {
                if !room.takes(field.name().len()) {
                    break;
                }
                let name = shortened(field.name()).to_owned();
                members.insert(name, value(&**of, row, depth - 1, room));
            }
            Value::Object(members)
        }
        Dictionary(..) => {
            let Some(dictionary) = array.as_any_dictionary_opt() else { return Value::Null };
            let (keys, values) = (dictionary.keys(), dictionary.values());
            let key = number(keys, row, keys.data_type()).and_then(|key| key.as_u64());
            let key = key.and_then(|key| usize::try_from(key).ok());
            let key = key.filter(|key| *key < values.len());
            key.map_or(Value::Null, |key| value(&**values, key, depth - 1, room))
        }
        other => number(array, row, other)
            .or_else(|| time(array, row, other))
            .unwrap_or_else(|| format!("({other})").into()),
    }
}

fn list(values: &dyn Array, depth: usize, room: &mut Room) -> Value {
    let mut shown = Vec::new();
    while shown.len() < values.len().min(SHOWN_MAX) && room.values > 0 {
        shown.push(value(values, shown.len(), depth, room));
    }
    if values.len() > shown.len() {
        shown.push(format!("… of {}", values.len()).into());
    }
    Value::Array(shown)
}

/// No more of it than a cell may have: many values may be the same long text, which lies in the
/// content once.
fn text(text: &str, room: &mut Room) -> Value {
    let text = shortened(text);
    room.bytes = room.bytes.saturating_sub(text.len());
    text.into()
}

/// One character more than is shown, so that it is seen to be cut.
fn shortened(text: &str) -> &str {
    let end = text.char_indices().nth(CELL_MAX + 1).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

fn bytes(bytes: &[u8], room: &mut Room) -> Value {
    room.bytes = room.bytes.saturating_sub(bytes.len().min(SHOWN_MAX));
    let mut text = "0x".to_owned();
    // Writing to a text cannot fail.
    for byte in bytes.iter().take(SHOWN_MAX) {
        let _ = write!(text, "{byte:02x}");
    }
    if bytes.len() > SHOWN_MAX {
        let _ = write!(text, "… of {} bytes", bytes.len());
    }
    text.into()
}

fn number(array: &dyn Array, row: usize, kind: &DataType) -> Option<Value> {
    fn of<T: ArrowPrimitiveType>(array: &dyn Array, row: usize) -> T::Native {
        array.as_primitive::<T>().value(row)
    }
    Some(match kind {
        DataType::Int8 => of::<Int8Type>(array, row).into(),
        DataType::Int16 => of::<Int16Type>(array, row).into(),
        DataType::Int32 => of::<Int32Type>(array, row).into(),
        DataType::Int64 => whole(of::<Int64Type>(array, row)),
        DataType::UInt8 => of::<UInt8Type>(array, row).into(),
        DataType::UInt16 => of::<UInt16Type>(array, row).into(),
        DataType::UInt32 => of::<UInt32Type>(array, row).into(),
        DataType::UInt64 => whole(of::<UInt64Type>(array, row)),
        DataType::Float16 => decimal(f64::from(of::<Float16Type>(array, row))),
        DataType::Float32 => single(of::<Float32Type>(array, row)),
        DataType::Float64 => decimal(of::<Float64Type>(array, row)),
        _ => return None,
    })
}

/// With no more digits than a number of single precision has.
fn single(number: f32) -> Value {
    number.to_string().parse::<f64>().map_or(Value::Null, decimal)
}

/// Moments as ISO 8601 writes them; those that no calendar has, as their number. With a zone they
/// are moments of UTC, and say so; durations have their unit.
fn time(array: &dyn Array, row: usize, kind: &DataType) -> Option<Value> {
    use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    let utc = if matches!(kind, DataType::Timestamp(_, Some(_))) { "Z" } else { "" };
    macro_rules! text {
        ($kind:ty, $as:ident) => {{
            let array = array.as_primitive::<$kind>();
            let text = array.$as(row).map(|time| format!("{time:?}{utc}"));
            text.map_or_else(|| whole(array.value(row)), Value::from)
        }};
    }
    macro_rules! lasting {
        ($kind:ty, $unit:literal) => {
            format!("{} {}", array.as_primitive::<$kind>().value(row), $unit).into()
        };
    }
    Some(match kind {
        DataType::Duration(Second) => lasting!(DurationSecondType, "s"),
        DataType::Duration(Millisecond) => lasting!(DurationMillisecondType, "ms"),
        DataType::Duration(Microsecond) => lasting!(DurationMicrosecondType, "µs"),
        DataType::Duration(Nanosecond) => lasting!(DurationNanosecondType, "ns"),
        DataType::Date32 => text!(Date32Type, value_as_date),
        DataType::Date64 => text!(Date64Type, value_as_datetime),
        DataType::Timestamp(Second, _) => text!(TimestampSecondType, value_as_datetime),
        DataType::Timestamp(Millisecond, _) => text!(TimestampMillisecondType, value_as_datetime),
        DataType::Timestamp(Microsecond, _) => text!(TimestampMicrosecondType, value_as_datetime),
        DataType::Timestamp(Nanosecond, _) => text!(TimestampNanosecondType, value_as_datetime),
        DataType::Time32(Second) => text!(Time32SecondType, value_as_time),
        DataType::Time32(Millisecond) => text!(Time32MillisecondType, value_as_time),
        DataType::Time64(Microsecond) => text!(Time64MicrosecondType, value_as_time),
        DataType::Time64(Nanosecond) => text!(Time64NanosecondType, value_as_time),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::builder::{Int32Builder, ListBuilder};
    use arrow_array::{
        BinaryArray, BooleanArray, Date32Array, Decimal128Array, DurationSecondArray,
        FixedSizeListArray, Float32Array, Float64Array, IntervalYearMonthArray, NullArray,
        StringArray, StructArray, TimestampMillisecondArray, UInt64Array,
    };
    use arrow_schema::Field;
    use serde_json::json;

    use super::*;

    fn first(array: impl Array + 'static) -> Value {
        let array: ArrayRef = Arc::new(array);
        cell(&array, 0)
    }

    #[test]
    fn values_are_what_they_are_and_what_json_lacks_is_text() {
        assert_eq!(first(BooleanArray::from(vec![true])), json!(true));
        assert_eq!(first(Float32Array::from(vec![0.1])), json!(0.1));
        assert_eq!(first(Float32Array::from(vec![f32::NAN])), json!("NaN"));
        assert_eq!(first(Float64Array::from(vec![f64::INFINITY])), json!("inf"));
        assert_eq!(first(UInt64Array::from(vec![u64::MAX])), json!("18446744073709551615"));
        assert_eq!(first(StringArray::from(vec![None::<&str>])), Value::Null);
        assert_eq!(first(BinaryArray::from(vec![&b"\x00\xff"[..]])), json!("0x00ff"));
        assert_eq!(first(Date32Array::from(vec![1])), json!("1970-01-02"));
        let times = TimestampMillisecondArray::from(vec![1_500, i64::MAX]);
        assert_eq!(first(times.clone()), json!("1970-01-01T00:00:01.500"));
        assert_eq!(cell(&(Arc::new(times) as ArrayRef), 1), json!("9223372036854775807"));
        let money = Decimal128Array::from(vec![1_234]).with_precision_and_scale(10, 2).unwrap();
        assert_eq!(first(money), json!("12.34"));
        assert_eq!(first(DurationSecondArray::from(vec![-1])), json!("-1 s"));
        let berlin = TimestampMillisecondArray::from(vec![0]).with_timezone("Europe/Berlin");
        assert_eq!(first(berlin), json!("1970-01-01T00:00:00Z"));
        let months = IntervalYearMonthArray::from(vec![14]);
        assert!(first(months).as_str().unwrap().contains("Interval"));
    }

    #[test]
    fn of_a_long_text_that_many_share_no_more_is_copied_than_is_shown() {
        let long = "é".repeat(1 << 20);
        let text = first(StringArray::from(vec![long]));
        assert_eq!(text.as_str().unwrap().chars().count(), CELL_MAX + 1);
    }

    #[test]
    fn lists_and_structures_are_lists_and_objects_within_bounds() {
        let mut lists = ListBuilder::new(Int32Builder::new());
        lists.append_value([Some(1), None]);
        lists.append_value((0..2_000).map(Some));
        let lists: ArrayRef = Arc::new(lists.finish());
        assert_eq!(cell(&lists, 0), json!([1, null]));
        let long = cell(&lists, 1);
        assert_eq!(long.as_array().unwrap().len(), SHOWN_MAX + 1);
        assert_eq!(long[SHOWN_MAX], "… of 2000");
        let nulls: ArrayRef = Arc::new(NullArray::new(200 * 200 * 200));
        let nested = (0..3).fold(nulls, |values, _| {
            let field = Arc::new(Field::new("item", values.data_type().clone(), true));
            Arc::new(FixedSizeListArray::new(field, 200, values, None)) as ArrayRef
        });
        let shown = cell(&nested, 0).to_string();
        assert!(shown.len() < 10 * VALUES_MAX && shown.contains('…'), "{} bytes", shown.len());
        let field = Arc::new(Field::new("x", DataType::Utf8, true));
        let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("a")]));
        let whole = StructArray::from(vec![(field, texts)]);
        assert_eq!(first(whole), json!({ "x": "a" }));
    }
}
