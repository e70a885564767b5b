use tutti_sdk::bulletin::Level;
use tutti_sdk::testkit::{Output, TestRunner};

use super::*;
use crate::bounded::assert_waits;

const DECOMPRESS: (&str, &str) = ("Mode", "decompress");
const FORMAT: &str = "Compression Format";
const FORMATS: [(&str, &str, &str); 9] = [
    ("gzip", "application/gzip", ".gz"),
    ("deflate", "application/x-deflate", ".zlib"),
    ("zstd", "application/zstd", ".zst"),
    ("lz4-framed", "application/x-lz4-framed", ".lz4"),
    ("bzip2", "application/x-bzip2", ".bz2"),
    ("lzma", "application/x-lzma", ".lzma"),
    ("xz-lzma2", "application/x-xz", ".xz"),
    ("snappy framed", "application/x-snappy-framed", ".sz"),
    ("brotli", "application/x-brotli", ".br"),
];
/// Those that tell one content from another by a sum.
const SUMMED: [&str; 7] =
    ["gzip", "deflate", "zstd", "lz4-framed", "bzip2", "xz-lzma2", "snappy framed"];
/// What other programs make of `sound` and an end of line.
const FOREIGN: [(&str, &[u8]); 9] = [
    ("gzip", b"\x1f\x8b\x08\0\0\0\0\0\x02\x03+\xce/\xcdK\xe1\x02\0i\xcf\xfa\xd8\x06\0\0\0"),
    ("deflate", b"x\x9c+\xce/\xcdK\xe1\x02\0\x08\xd3\x024"),
    ("zstd", b"(\xb5/\xfd\x04X1\0\0sound\x0a<\xae\xcbS"),
    ("lz4-framed", b"\x04\x22M\x18d@\xa7\x06\0\0\x80sound\x0a\0\0\0\0\xcb\xc25^"),
    (
        "bzip2",
        b"BZh91AY&SYy\xcb\x94\x10\0\0\x02A\x80\0\x10\x04\x01\x8a\0 \0\"\x18h0\
            \x04\xc2\x98]\xc9\x14\xe1BA\xe7.P@",
    ),
    (
        "lzma",
        b"]\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\09\x9b\xcb\x11\x9b\x02V\x91\xb5\x7f\
            \xff\xfeG\xf0\0",
    ),
    (
        "xz-lzma2",
        b"\xfd7zXZ\0\0\x04\xe6\xd6\xb4F\x02\0!\x01\x16\0\0\0t/\xe5\xa3\x01\0\x05sound\x0a\0\0\0}c6R\
            \x96\x974\xfb\0\x01\x1e\x06\xc1/\xa4\x1d\x1f\xb6\xf3}\x01\0\0\0\0\x04YZ",
    ),
    ("snappy framed", b"\xff\x06\0\0sNaPpY\x01\x0a\0\0GK\x09\0sound\x0a"),
    ("brotli", b"\x8b\x02\x80sound\x0a\x03"),
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
    for format in ["gzip", "zstd", "lz4-framed", "bzip2", "xz-lzma2", "snappy framed"] {
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
        let mut broken = vec![Vec::new(), b"plain text".to_vec(), half, short, more];
        broken.extend(SUMMED.contains(&format).then_some(other));
        for content in broken {
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
        assert!(bomb.len() < 50_000, "{format}");
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
    for format in ["zstd", "bzip2", "lzma", "xz-lzma2", "brotli"] {
        assert_ne!(size(format, "1").await, size(format, "9").await, "{format}");
    }
    assert_eq!(size("bzip2", "0").await, size("bzip2", "1").await);
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

#[tokio::test]
async fn what_takes_too_much_memory_is_refused() {
    // Dictionaries of 1 GB, and a window of as much.
    let lzma = b"]\0\0\0\x40\xff\xff\xff\xff\xff\xff\xff\xff\09\x9b\xcb\x11\x9b\x02V".to_vec();
    let mut xz = FOREIGN[6].1.to_vec();
    xz[16] = 36;
    let crc = {
        let mut crc = flate2::Crc::new();
        crc.update(&xz[12..20]);
        crc.sum()
    };
    xz[20..24].copy_from_slice(&crc.to_le_bytes());
    let brotli = [0x11, 30, 0, 0].to_vec();
    for (format, content, told) in [
        ("lzma", lzma, "memory"),
        ("xz-lzma2", xz, "memory"),
        ("brotli", brotli, "its window is larger than RFC 7932 allows"),
    ] {
        let runner = run(&[DECOMPRESS, (FORMAT, format)], &content, &[]).await;
        runner.assert_all_transferred(FAILURE, 1);
        runner.assert_bulletin(Level::Error, told);
    }
}
