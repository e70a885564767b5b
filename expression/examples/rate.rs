//! Prints how many evaluations a second the crate makes, for some expressions of everyday flows.
//! Run it on a quiet machine: `cargo run --release -p tutti-expression --example rate`.

use std::time::{Duration, Instant};

use tutti_expression::{Expression, MapContext};

const EXPRESSIONS: &[&str] = &[
    "plain text",
    "${filename}",
    "${path}/${filename:substringBeforeLast('.')}.json",
    "${fileSize:gt(1024):and(${mime.type:equals('audio/flac')})}",
    "${filename:replaceAll('.*_(\\d{8})\\.(\\w+)', '$2-$1')}",
    "${filename:matches('[a-z]+_[0-9]+[.]flac')}",
    "${entryDate:format(\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\", 'Europe/Vienna')}",
    "${date:toDate('yyyy-MM-dd'):toNumber():plus(86400000):format('yyyy/MM/dd')}",
    "${allMatchingAttributes('.*e'):count()}",
    "${json:jsonPath('$.tags[?(@.score > 0.5)].name')}",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let context = MapContext::with_attributes([
        ("filename", "take_20240131.flac"),
        ("path", "/data/in"),
        ("fileSize", "2048"),
        ("mime.type", "audio/flac"),
        ("entryDate", "1420058163264"),
        ("date", "2024-01-31"),
        ("json", r#"{"tags":[{"name":"jazz","score":0.9},{"name":"rock","score":0.1}]}"#),
    ]);
    for text in EXPRESSIONS {
        let expression = Expression::parse(text)?;
        let begin = Instant::now();
        let mut count = 0u32;
        while begin.elapsed() < Duration::from_millis(200) {
            for _ in 0..100 {
                std::hint::black_box(expression.evaluate(&context)?);
            }
            count += 100;
        }
        let rate = f64::from(count) / begin.elapsed().as_secs_f64();
        println!("{rate:>12.0} a second  {text}");
    }
    Ok(())
}
