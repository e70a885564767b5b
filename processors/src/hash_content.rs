//! `HashContent`: tells contents apart, and whether one has changed, by their digests.

use std::fmt::Write as _;
use std::io::{self, Read};

use sha2::digest::{Digest as _, DynDigest};
use tutti_sdk::property::{AttributeName, Choice};
use tutti_sdk::{
    BuildContext, BuildError, ContentReader, Description, FAILURE, Makes, ProcessError, Processor,
    Properties, SUCCESS, Session, async_trait,
};

/// Bytes that are read at a time.
const BUFFER_BYTES: usize = 64 * 1024;

/// How the digest is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum HashAlgorithm {
    /// 128 bits, RFC 1321. Broken: use it only to compare with digests that are there already.
    #[choice("MD5")]
    Md5,
    /// 160 bits, FIPS 180-4. Broken: use it only to compare with digests that are there already.
    #[choice("SHA-1")]
    Sha1,
    /// 224 bits, FIPS 180-4.
    #[choice("SHA-224")]
    Sha224,
    /// 256 bits, FIPS 180-4.
    #[choice("SHA-256")]
    Sha256,
    /// 384 bits, FIPS 180-4.
    #[choice("SHA-384")]
    Sha384,
    /// 512 bits, FIPS 180-4.
    #[choice("SHA-512")]
    Sha512,
    /// 256 bits, FIPS 202.
    #[choice("SHA3-256")]
    Sha3256,
    /// 512 bits, FIPS 202.
    #[choice("SHA3-512")]
    Sha3512,
}

impl HashAlgorithm {
    fn begin(self) -> Box<dyn DynDigest + Send> {
        match self {
            Self::Md5 => Box::new(md5::Md5::new()),
            Self::Sha1 => Box::new(sha1::Sha1::new()),
            Self::Sha224 => Box::new(sha2::Sha224::new()),
            Self::Sha256 => Box::new(sha2::Sha256::new()),
            Self::Sha384 => Box::new(sha2::Sha384::new()),
            Self::Sha512 => Box::new(sha2::Sha512::new()),
            Self::Sha3256 => Box::new(sha3::Sha3_256::new()),
            Self::Sha3512 => Box::new(sha3::Sha3_512::new()),
        }
    }
}

/// The properties of [`HashContent`].
#[derive(Debug, Properties)]
pub(crate) struct HashContentProperties {
    /// The attribute that gets the digest, in hexadecimal with small letters.
    #[property(default = "hash.value")]
    hash_attribute_name: AttributeName,
    /// How the digest is made.
    #[property(default = "SHA-256")]
    hash_algorithm: HashAlgorithm,
}

/// Writes a digest of the content into an attribute.
pub(crate) struct HashContent(HashContentProperties);

#[async_trait]
impl Processor for HashContent {
    type Properties = HashContentProperties;

    fn describe() -> Description {
        Description {
            description: "\
Equal contents have equal digests. Derived content, as `DecodeAudio` makes it, is made in order to \
be hashed: its digest is that of what a reader gets.",
            tags: &["hash", "digest", "checksum", "content", "MD5", "SHA-256"],
            makes: const { &[Makes::all_as_it_came()] },
            relationships: &[
                (SUCCESS, "Every flowfile whose content could be read."),
                (FAILURE, "Flowfiles whose content cannot be made, as that of a broken recording."),
            ],
            writes: &[(
                "hash.value",
                "The digest, or the attribute that **Hash Attribute Name** names.",
            )],
            example_flow: Some("hash-content"),
            ..Description::transform(
                "HashContent",
                "Writes a digest of the content into an attribute.",
            )
        }
    }

    fn build(properties: HashContentProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(properties))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        let (reader, algorithm) = (session.read(&flowfile)?, self.0.hash_algorithm);
        match session.blocking(move || digest(reader, algorithm)).await? {
            Ok(digest) => {
                flowfile.set_attribute(self.0.hash_attribute_name.as_str(), digest);
                session.transfer(flowfile, SUCCESS);
            }
            Err(error) => session.fail_or_retry(flowfile, &ProcessError::unreadable(error)),
        }
        Ok(())
    }
}

fn digest(mut content: ContentReader, algorithm: HashAlgorithm) -> io::Result<String> {
    let mut digest = algorithm.begin();
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        match content.read(&mut buffer)? {
            0 => break,
            count => digest.update(buffer.get(..count).unwrap_or_default()),
        }
    }
    let mut text = String::new();
    for byte in digest.finalize() {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tutti_sdk::derive::{self, DerivedRead, Deriver};
    use tutti_sdk::host::ReadSeek;
    use tutti_sdk::testkit::TestRunner;

    use super::*;

    /// Makes content of nothing that it is given.
    struct Broken;

    impl Deriver for Broken {
        fn kind(&self) -> &'static str {
            "broken"
        }

        fn open(
            &self,
            _: Box<dyn ReadSeek>,
            _: &str,
        ) -> Result<Box<dyn DerivedRead>, ProcessError> {
            Err(ProcessError::user("no packet can be decoded"))
        }
    }

    /// The digests of "abc", as the standards give them.
    #[tokio::test]
    async fn digests_are_those_of_the_standards() {
        for (algorithm, expected) in [
            ("MD5", "900150983cd24fb0d6963f7d28e17f72"),
            ("SHA-1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("SHA-224", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
            ("SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "SHA-384",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed\
                 8086072ba1e7cc2358baeca134c825a7",
            ),
            (
                "SHA-512",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                 2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            ),
            ("SHA3-256", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
            (
                "SHA3-512",
                "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e\
                 10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
            ),
        ] {
            let mut runner = TestRunner::new::<HashContent>(&[("Hash Algorithm", algorithm)]);
            runner.enqueue(b"abc", &[]);
            runner.run().await.unwrap();
            let output = runner.only(SUCCESS);
            assert_eq!((output.attribute("hash.value"), output.text().as_str()), (expected, "abc"));
        }
    }

    #[tokio::test]
    async fn long_and_empty_contents_have_digests_in_the_attribute_that_is_named() {
        let mut runner = TestRunner::new::<HashContent>(&[
            ("Hash Algorithm", "SHA-1"),
            ("Hash Attribute Name", "sum"),
        ]);
        runner.enqueue(&b"a".repeat(1_000_000), &[]);
        runner.enqueue(b"", &[]);
        runner.run_times(2).await.unwrap();
        let outputs = runner.transferred(SUCCESS);
        let sums: Vec<_> = outputs.iter().map(|output| output.attribute("sum")).collect();
        assert_eq!(
            sums,
            [
                "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
                "da39a3ee5e6b4b0d3255bfef95601890afd80709"
            ]
        );
    }

    #[test]
    fn the_attribute_has_a_name_and_is_not_the_uuid() {
        for name in ["uuid", " ", "a\nb"] {
            let refused = TestRunner::try_new::<HashContent>(&[("Hash Attribute Name", name)]);
            let error = refused.err().unwrap().to_string();
            assert!(error.contains("Hash Attribute Name"), "{error}");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_read_now_is_tried_again() {
        let mut runner = TestRunner::new::<HashContent>(&[]);
        runner.enqueue(&b"a".repeat(100_000), &[]);
        runner.fail_reads_after(Some(70_000));
        runner.run().await.unwrap();
        assert_eq!(runner.queued(), 1);
        runner.fail_reads_after(None);
        runner.clock().advance_ms(60_000);
        runner.run().await.unwrap();
        assert_eq!(runner.only(SUCCESS).attribute("hash.value").len(), 64);
    }

    #[tokio::test]
    async fn what_cannot_be_made_fails_as_what_it_was_to_be_made_from() {
        let runner = TestRunner::new::<HashContent>(&[]);
        let content = derive::derived(&runner.store(b"no recording"), "broken", "").unwrap();
        runner.enqueue_content(content, &[]);
        let mut runner = runner.with_deriver(Arc::new(Broken));
        runner.run().await.unwrap();
        let output = runner.only(FAILURE);
        assert_eq!((output.attribute("hash.value"), output.text().as_str()), ("", "no recording"));
        assert_eq!(output.attribute("failure.processor"), "HashContent");
    }
}
