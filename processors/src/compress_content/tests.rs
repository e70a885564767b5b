use tutti_sdk::bulletin::Level;
use tutti_sdk::testkit::{Output, TestRunner};

use super::*;
use crate::bounded::assert_waits;

const DECOMPRESS: (&str, &str) = ("Mode", "decompress");
const FORMAT: &str = "Compression Format";
const FORMATS: [(&str, &str, &str); 4] = [
    ("gzip", "application/gzip", ".gz"),
    ("deflate", "application/x-deflate", ".zlib"),
    ("zstd", "application/zstd", ".zst"),
    ("lz4-framed", "application/x-lz4-framed", ".lz4"),
];
/// What gzip, zlib, zstd and lz4 make of `sound` and an end of line.
const FOREIGN: [(&str, &[u8]); 4] = [
    ("gzip", b"\x1f\x8b\x08\0\0\0\0\0\x02\x03+\xce/\xcdK\xe1\x02\0i\xcf\xfa\xd8\x06\0\0\0"),
    ("deflate", b"x\x9c+\xce/\xcdK\xe1\x02\0\x08\xd3\x024"),
    ("zstd", b"(\xb5/\xfd\x04X1\0\0sound\x0a<\xae\xcbS"),
    ("lz4-framed", b"\x04\x22M\x18d@\xa7\x06\0\0\x80sound\x0a\0\0\0\0\xcb\xc25^"),
];

async fn run(
    properties: &[(&str, &str)],
    content: &[u8],
    attributes: &[(&str, &str)],
) -> TestRunner {
    let mut runner = TestRunner::new::<CompressContent>(properties);
    runner.enqueue(content, attributes);
    runner.run().await.unwrap();
    runner
}

async fn done(properties: &[(&str, &str)], content: &[u8], attributes: &[(&str, &str)]) -> Output {
    let runner = run(properties, content, attributes).await;
    runner.assert_all_transferred(SUCCESS, 1);
    runner.only(SUCCESS)
}

fn text() -> Vec<u8> {
    (0..60_000_u32).flat_map(|number| number.to_string().into_bytes()).collect()
}

async fn compressed(format: &str, content: &[u8]) -> Vec<u8> {
    done(&[(FORMAT, format)], content, &[]).await.bytes()
}

#[tokio::test]
async fn what_is_compressed_comes_back() {
    let named = [("filename", "a.txt"), ("mime.type", "text/plain")];
    let update = ("Update Filename", "true");
    for (format, mime_type, ending) in FORMATS {
        for content in [Vec::new(), b"a".to_vec(), text()] {
            let output = done(&[(FORMAT, format), update], &content, &named).await;
            assert_eq!(output.attribute("mime.type"), mime_type);
            assert_eq!(output.attribute("filename"), format!("a.txt{ending}"));
            let bytes = output.bytes();
            assert!(content.len() < 1_000 || bytes.len() < content.len(), "{format}");
            let name = format!("a.TXT{}", ending.to_uppercase());
            let back = [("filename", name.as_str()), ("mime.type", mime_type)];
            // The type says which format it is.
            let output = done(&[DECOMPRESS, update], &bytes, &back).await;
            assert_eq!(output.bytes(), content, "{format}");
            assert_eq!(output.attribute("filename"), "a.TXT");
            assert_eq!(output.flowfile.attribute("mime.type"), None);
            // Without being told to, no name is changed.
            let output = done(&[DECOMPRESS, (FORMAT, format)], &bytes, &back).await;
            assert_eq!(output.attribute("filename"), name);
        }
    }
}

#[tokio::test]
async fn parts_behind_each_other_are_one_content() {
    for format in ["gzip", "zstd", "lz4-framed"] {
        let two = [compressed(format, b"a").await, compressed(format, b"b").await].concat();
        let output = done(&[DECOMPRESS, (FORMAT, format)], &two, &[]).await;
        assert_eq!(output.text(), "ab", "{format}");
    }
}

#[tokio::test]
async fn what_is_broken_fails_as_it_came() {
    for (format, _, _) in FORMATS {
        let whole = compressed(format, &text()).await;
        let half = whole.get(..whole.len() / 2).unwrap().to_vec();
        let short = whole.get(..whole.len() - 1).unwrap().to_vec();
        let more = [&whole[..], b"more"].concat();
        let mut other = whole.clone();
        other[whole.len() / 2] ^= 0x55;
        for content in [Vec::new(), b"plain text".to_vec(), half, short, more, other] {
            let runner =
                run(&[DECOMPRESS, (FORMAT, format)], &content, &[("mime.type", "x/y")]).await;
            runner.assert_all_transferred(FAILURE, 1);
            runner.assert_bulletin(Level::Error, "or broken");
            let output = runner.only(FAILURE);
            assert_eq!(
                (output.bytes(), output.attribute("mime.type")),
                (content, "x/y"),
                "{format}"
            );
        }
    }
}

#[tokio::test]
async fn nothing_grows_beyond_its_bound() {
    let zeros = vec![0; 1_000_000];
    for (format, _, _) in FORMATS {
        let bomb = compressed(format, &zeros).await;
        assert!(bomb.len() < 10_000, "{format}");
        let max = |size| [DECOMPRESS, (FORMAT, format), ("Maximum Output Size", size)];
        let runner = run(&max("999999 B"), &bomb, &[]).await;
        runner.assert_all_transferred(FAILURE, 1);
        runner.assert_bulletin(Level::Error, "larger than \"Maximum Output Size\" allows");
        assert_eq!(done(&max("1000000 B"), &bomb, &[]).await.bytes().len(), zeros.len());
    }
}

#[tokio::test]
async fn levels_matter() {
    let size = async |format, level| {
        let properties = [(FORMAT, format), ("Compression Level", level)];
        done(&properties, &text(), &[]).await.bytes().len()
    };
    for format in ["gzip", "deflate"] {
        assert!(size(format, "0").await > text().len(), "{format}");
        assert_ne!(size(format, "1").await, size(format, "9").await, "{format}");
    }
    assert_ne!(size("zstd", "1").await, size("zstd", "9").await);
    let refused = TestRunner::try_new::<CompressContent>(&[("Compression Level", "10")]);
    assert!(refused.err().unwrap().to_string().contains("out of range"));
}

#[tokio::test]
async fn the_type_decides_where_nothing_else_does() {
    let output = done(&[DECOMPRESS], b"text", &[("mime.type", "text/plain")]).await;
    assert_eq!((output.text().as_str(), output.attribute("mime.type")), ("text", "text/plain"));
    let runner = run(&[DECOMPRESS], b"text", &[]).await;
    runner.assert_all_transferred(FAILURE, 1);
    runner.assert_bulletin(Level::Error, "\"mime.type\", which is to say the format, is not there");
    for (mime_type, format) in [("application/x-gzip", "gzip"), ("application/deflate", "deflate")]
    {
        let bytes = compressed(format, b"a").await;
        assert_eq!(done(&[DECOMPRESS], &bytes, &[("mime.type", mime_type)]).await.text(), "a");
    }
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    for (format, _, _) in FORMATS {
        let bytes = compressed(format, &text()).await;
        for (properties, content) in [
            ([("Mode", "compress"), (FORMAT, format)], text()),
            ([DECOMPRESS, (FORMAT, format)], bytes),
        ] {
            let mut runner = TestRunner::new::<CompressContent>(&properties);
            runner.enqueue(&content, &[]);
            runner.fail_reads_after(Some(100));
            assert_waits(&mut runner, "cannot read the content").await;
            runner.fail_reads_after(None);
            runner.fail_writes_after(Some(1));
            runner.clock().advance_ms(60_000);
            assert_waits(&mut runner, "cannot store the content").await;
            runner.fail_writes_after(None);
            runner.clock().advance_ms(120_000);
            runner.run().await.unwrap();
            runner.assert_all_transferred(SUCCESS, 1);
        }
    }
}

#[tokio::test]
async fn what_other_programs_compress_is_read() {
    for (format, bytes) in FOREIGN {
        let output = done(&[DECOMPRESS, (FORMAT, format)], bytes, &[]).await;
        assert_eq!(output.text(), "sound\n", "{format}");
    }
}
