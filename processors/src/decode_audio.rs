//! `DecodeAudio`: tells what a recording is, and lets it be read as samples.
//!
//! By default it decodes nothing: whoever reads the samples does, once.

use std::io;

use tutti_audio::decode::{self, Damage, StreamInfo};
use tutti_audio::wav::SampleFormat;
use tutti_sdk::model::flowfile::{Content, FlowFile, core_attribute};
use tutti_sdk::property::Choice;
use tutti_sdk::{
    BuildContext, BuildError, ContentWriter, Description, FAILURE, Makes, ProcessError, Processor,
    Properties, SUCCESS, Session, async_trait, derive,
};

use crate::audio::{self, Encoded, FRAMES, Recipe, SampleRate, Samples as Bytes};

/// What becomes of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Output {
    /// The recording stays encoded, and is decoded by whoever reads it. Costs no disk.
    OnDemand,
    /// A WAV file is written.
    #[choice("WAV")]
    Wav,
    /// Samples are written without a header, channels interleaved, the lowest byte first.
    #[choice("PCM")]
    Pcm,
}

/// Which channels there are afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Channels {
    /// Those of the recording.
    All,
    /// One, the mean of all.
    Mono,
}

/// How a sample is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Samples {
    /// A whole number of 16 bits; what is beyond full scale is clipped.
    #[choice("16 bit")]
    Int16,
    /// A whole number of 24 bits; what is beyond full scale is clipped.
    #[choice("24 bit")]
    Int24,
    /// A floating point number of 32 bits, full scale from -1 to 1.
    #[choice("32 bit float")]
    Float32,
}

impl From<Samples> for SampleFormat {
    fn from(samples: Samples) -> Self {
        match samples {
            Samples::Int16 => Self::Int16,
            Samples::Int24 => Self::Int24,
            Samples::Float32 => Self::Float32,
        }
    }
}

/// The properties of [`DecodeAudio`].
#[derive(Debug, Properties)]
pub(crate) struct DecodeAudioProperties {
    /// What becomes of the content.
    #[property(default = "on demand")]
    output: Output,
    /// In Hz, or `native` for that of each recording. Resampling costs time, and makes features
    /// differ from those of the recording's own rate.
    #[property(default = "native", example = "22050")]
    sample_rate: SampleRate,
    /// Which channels there are afterwards. Averaged before they are resampled.
    #[property(default = "all")]
    channels: Channels,
    /// How a sample is written.
    #[property(default = "32 bit float", depends_on("Output", "WAV", "PCM"))]
    sample_format: Samples,
}

/// Tells what a recording is, and lets it be read as samples.
pub(crate) struct DecodeAudio(DecodeAudioProperties);

#[async_trait]
impl Processor for DecodeAudio {
    type Properties = DecodeAudioProperties;

    fn describe() -> Description {
        Description {
            description: "\
Reads WAV, AIFF, CAF, FLAC, MP3, Ogg Vorbis, AAC and ALAC (in MP4 or bare), and Matroska; told by \
content, never by name. What an encoder adds at the beginning and the end is left out.\n\n\
By default the content stays as it is and becomes samples when it is read: **ExtractFeatures** \
decodes it straight into its work, and any other processor reads a WAV file of 32-bit floating \
point numbers. Then only the container is checked here, without decoding, and a packet that turns \
out to be broken is reported by whoever decodes it; in the WAV file as much silence follows the \
end as was left out. With **Output** `WAV` or `PCM` everything is \
decoded here and written down, and takes room in the repository.\n\n\
Broken packets are left out, counted and reported; the rest is used. What cannot be decoded at all \
goes to `failure`, with the place in bytes where it went wrong.\n\n\
A WAV file beyond 4 GB is RF64, written and read (BW64 too).\n\n\
Limits: of an MPEG-4 edit list of several parts, everything is decoded; the tags of CAF are not \
read, nor those behind the samples of RF64.",
            tags: &["audio", "music", "decode", "wav", "flac", "mp3", "ogg", "aac", "tags"],
            accepts: &["audio/*", "video/*", "application/ogg"],
            makes: const {
                &[
                    Makes::of(SUCCESS, "audio/*").when("Output", &["on demand"]),
                    Makes::of(SUCCESS, "audio/wav").when("Output", &["WAV"]),
                    Makes::of(SUCCESS, "application/octet-stream").when("Output", &["PCM"]),
                ]
            },
            relationships: &[
                (SUCCESS, "Recordings that can be read as samples."),
                (FAILURE, "What could not be decoded, unchanged."),
            ],
            writes: &[
                ("audio.codec", "The encoding, such as `mp3`, `flac`, `vorbis` or `pcm_s16le`."),
                ("audio.container", "What the encoding is wrapped in, such as `wave` or `ogg`."),
                ("audio.sample.rate", "Of the samples that will be read, in Hz."),
                ("audio.channels", "How many channels will be read."),
                (
                    "audio.duration",
                    "In seconds; of Matroska, which rounds to milliseconds, up to 2 ms off until \
                     it is decoded.",
                ),
                ("audio.bits.per.sample", "Of the recording, where its encoding has such."),
                ("audio.tag.*", "The recording's tags, such as `audio.tag.title`."),
                (audio::DAMAGE, "What is broken in the recording, if anything is."),
                (core_attribute::MIME_TYPE, "The type of the recording, told by its content."),
            ],
            example_flow: Some("decode-audio"),
            ..Description::transform(
                "DecodeAudio",
                "Tells what a recording is, and lets it be read as samples.",
            )
        }
    }

    fn build(properties: DecodeAudioProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(properties))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        match self.decode(session, &flowfile).await {
            Ok(decoded) => {
                audio::report_damage(session, &mut flowfile, &decoded.damage);
                for (name, value) in decoded.attributes {
                    flowfile.set_attribute(&name, value);
                }
                session.set_content(&mut flowfile, decoded.content);
                session.transfer(flowfile, SUCCESS);
            }
            // It goes to `failure` as it was before it was to be decoded.
            Err(error) => session.fail_or_retry(flowfile, &error.of_content()),
        }
        Ok(())
    }
}

struct Decoded {
    content: Content,
    attributes: Vec<(String, String)>,
    damage: Damage,
}

impl DecodeAudio {
    async fn decode(
        &self,
        session: &Session,
        flowfile: &FlowFile,
    ) -> Result<Decoded, ProcessError> {
        let Encoded { content, source, .. } = Encoded::open(session, flowfile)?;
        let mono = self.0.channels == Channels::Mono;
        let recipe = Recipe { sample_rate: self.0.sample_rate.0, mono, frames: None };
        match self.0.output {
            Output::OnDemand => {
                session.compute(move || on_demand(source, &content, recipe)).await?
            }
            Output::Wav => self.wav(session, flowfile, recipe).await,
            Output::Pcm => {
                let written = self.written(session, source, recipe, None).await?;
                written.ok_or_else(changing)
            }
        }
    }

    /// Writes a WAV file. What its header says of its length is what the packets say; where they
    /// do not, or turn out to be broken, everything is decoded once more to count it.
    async fn wav(
        &self,
        session: &Session,
        flowfile: &FlowFile,
        recipe: Recipe,
    ) -> Result<Decoded, ProcessError> {
        let source = || Encoded::open(session, flowfile).map(|encoded| encoded.source);
        let looked = source()?;
        let scanned = session.compute(move || decode::scan(Box::new(looked))).await?;
        if let Some(frames) = scanned.map_err(audio::cannot_decode)?.decodable {
            let written = self.written(session, source()?, recipe, Some(frames)).await?;
            if let Some(decoded) = written {
                return Ok(decoded);
            }
        }
        let counted = source()?;
        let frames = session.compute(move || audio::count(counted)).await??;
        let written = self.written(session, source()?, recipe, Some(frames)).await?;
        written.ok_or_else(changing)
    }

    /// Decodes everything and writes it down, as a WAV file if it is known how many `frames` there
    /// are; `None` when there are others, and nothing is kept.
    async fn written(
        &self,
        session: &Session,
        source: audio::Stored,
        recipe: Recipe,
        frames: Option<u64>,
    ) -> Result<Option<Decoded>, ProcessError> {
        let (writer, format) = (session.write()?, self.0.sample_format.into());
        session.compute(move || written(source, recipe, writer, format, frames)).await?
    }
}

/// A recording that is read twice and is not the same.
fn changing() -> ProcessError {
    ProcessError::internal("the recording has another length each time that it is decoded")
}

/// Looks at the packets without decoding them.
fn on_demand(
    source: audio::Stored,
    encoded: &Content,
    recipe: Recipe,
) -> Result<Decoded, ProcessError> {
    let scanned = decode::scan(Box::new(source)).map_err(audio::cannot_decode)?;
    let counted = Recipe { frames: scanned.decodable, ..recipe };
    let content = derive::derived(encoded, FRAMES, &counted.to_text()?)
        .ok_or_else(|| ProcessError::user("cannot decode the recording: it has no bytes"))?;
    let mime_type = scanned.info.mime_type;
    let mut attributes = attributes(&scanned.info, recipe);
    attributes.push((core_attribute::MIME_TYPE.into(), mime_type.into()));
    Ok(Decoded { content, attributes, damage: scanned.damage })
}

fn written(
    source: audio::Stored,
    recipe: Recipe,
    mut writer: ContentWriter,
    format: SampleFormat,
    frames: Option<u64>,
) -> Result<Option<Decoded>, ProcessError> {
    let decoder = audio::open(source, recipe)?;
    let (mut samples, mime_type) = match frames {
        Some(frames) => (Bytes::wav(decoder, format, frames), "audio/wav"),
        None => (Bytes::raw(decoder, format), "application/octet-stream"),
    };
    match io::copy(&mut samples, &mut writer) {
        _ if samples.is_longer() => return Ok(None),
        Ok(_) if samples.is_shorter() => return Ok(None),
        Ok(_) => {}
        Err(error) => return Err(error.downcast().unwrap_or_else(audio::cannot_write)),
    }
    let decoder = samples.decoder();
    let mut attributes = attributes(decoder.info(), recipe);
    attributes.push((core_attribute::MIME_TYPE.into(), mime_type.into()));
    let content = writer.finish().map_err(audio::cannot_write)?;
    Ok(Some(Decoded { content, attributes, damage: decoder.damage().clone() }))
}

fn attributes(info: &StreamInfo, recipe: Recipe) -> Vec<(String, String)> {
    let mut all = vec![
        ("audio.codec".to_owned(), info.codec.to_string()),
        ("audio.container".to_owned(), info.container.to_string()),
        (
            "audio.sample.rate".to_owned(),
            recipe.sample_rate.unwrap_or(info.sample_rate).to_string(),
        ),
        ("audio.channels".to_owned(), if recipe.mono { 1 } else { info.channels }.to_string()),
    ];
    if let Some(frames) = info.frames {
        let seconds = frames as f64 / f64::from(info.sample_rate);
        all.push(("audio.duration".to_owned(), format!("{seconds:.6}")));
    }
    if let Some(bits) = info.bits_per_sample {
        all.push(("audio.bits.per.sample".to_owned(), bits.to_string()));
    }
    all.extend(info.tags.iter().map(|(name, value)| (format!("audio.tag.{name}"), value.clone())));
    all
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use tutti_sdk::bulletin::Level;
    use tutti_sdk::testkit::{Output as Transferred, TestRunner};

    use super::*;
    use crate::audio::Frames;
    use crate::extract_features::ExtractFeatures;
    use crate::put_file::PutFile;
    use crate::put_object::PutObject;

    fn fixture(name: &str) -> Vec<u8> {
        std::fs::read(Path::new("../tests/fixtures/audio").join(name)).unwrap()
    }

    async fn decode(properties: &[(&str, &str)], recording: &[u8]) -> TestRunner {
        let mut runner = TestRunner::new::<DecodeAudio>(properties).with_deriver(Arc::new(Frames));
        runner.enqueue(recording, &[("filename", "a.txt")]);
        runner.run().await.unwrap();
        runner
    }

    fn of<const N: usize>(output: &Transferred, names: [&str; N]) -> [String; N] {
        names.map(|name| output.attribute(name).to_owned())
    }

    const ABOUT: [&str; 5] =
        ["audio.codec", "audio.sample.rate", "audio.channels", "audio.duration", "mime.type"];

    #[tokio::test]
    async fn a_recording_stays_encoded_and_is_told_by_its_content() {
        let flac = fixture("mountain.flac");
        let runner = decode(&[], &flac).await;
        let output = runner.only(SUCCESS);
        assert_eq!(of(&output, ABOUT), ["flac", "44100", "2", "6.000000", "audio/flac"]);
        assert_eq!(output.attribute("audio.bits.per.sample"), "16");
        // It costs what the encoded recording costs, and is a WAV file when it is read.
        assert_eq!(output.flowfile.size_bytes(), flac.len() as u64);
        let wav = output.bytes();
        assert!(wav.starts_with(b"RIFF"));
        assert_eq!(wav.len(), 58 + 6 * 44_100 * 2 * 4);
    }

    #[tokio::test]
    async fn what_is_decoded_can_be_decoded_otherwise() {
        let first = decode(&[], &fixture("tom.wav")).await;
        let mut second = TestRunner::new::<DecodeAudio>(&[
            ("Sample Rate", "22050"),
            ("Channels", "mono"),
            ("Output", "PCM"),
            ("Sample Format", "16 bit"),
        ]);
        second.enqueue_output(&first.only(SUCCESS));
        second.run().await.unwrap();
        let output = second.only(SUCCESS);
        assert_eq!(output.bytes().len(), 17_106_usize.div_ceil(2) * 2);
        let about = of(&output, ["audio.sample.rate", "audio.channels", "mime.type"]);
        assert_eq!(about, ["22050", "1", "application/octet-stream"]);
    }

    #[tokio::test]
    async fn a_wav_file_written_out_is_the_one_that_went_in() {
        let wav = fixture("tom.wav");
        let runner = decode(&[("Output", "WAV"), ("Sample Format", "16 bit")], &wav).await;
        let output = runner.only(SUCCESS);
        assert_eq!(output.attribute("mime.type"), "audio/wav");
        let data = wav.windows(4).position(|four| four == b"data").unwrap() + 8;
        assert!(output.bytes()[58..] == wav[data..data + 17_106 * 4], "other samples");
    }

    /// AAC of which one packet of 1,024 samples cannot be decoded.
    fn damaged() -> Vec<u8> {
        let mut aac = std::fs::read("../audio/tests/formats/tom.aac").unwrap();
        let length = |aac: &[u8], at: usize| {
            let [high, middle, low] = [3, 4, 5].map(|byte| usize::from(aac[at + byte]));
            (high & 3) << 11 | middle << 3 | low >> 5
        };
        let at = (0..4).fold(0, |at, _| at + length(&aac, at));
        let end = at + length(&aac, at);
        aac[at + 7..end].fill(0x4f);
        aac
    }

    #[tokio::test]
    async fn the_header_is_right_although_a_packet_turns_out_to_be_broken() {
        let recording = damaged();
        let pcm = decode(&[("Output", "PCM")], &recording).await.only(SUCCESS);
        assert!(pcm.attribute("audio.damage").contains("packet"));
        let pcm = pcm.bytes();
        let written = decode(&[("Output", "WAV")], &recording).await.only(SUCCESS);
        assert!(written.attribute("audio.damage").contains("packet"));
        let derived = decode(&[], &recording).await.only(SUCCESS);
        // In the one it is left out, in the other silence follows the end for it.
        for (wav, silence) in [(written.bytes(), 0), (derived.bytes(), 1_024 * 2 * 4)] {
            let stated = u32::from_le_bytes(wav[54..58].try_into().unwrap()) as usize;
            assert_eq!((stated, wav.len()), (pcm.len() + silence, 58 + pcm.len() + silence));
            assert!(wav[58..58 + pcm.len()] == pcm, "other samples");
            assert!(wav[58 + pcm.len()..].iter().all(|byte| *byte == 0), "no silence");
        }
    }

    #[tokio::test]
    async fn what_only_reading_shows_to_be_broken_is_told_by_whoever_reads() {
        let decoded = decode(&[], &damaged()).await;
        assert!(decoded.messages().is_empty(), "looking does not show it");
        let decoded = decoded.only(SUCCESS);
        let wav_bytes = Some(decoded.bytes().len() as u64);
        let folder = tempfile::tempdir().unwrap();
        let url = url::Url::from_directory_path(folder.path()).unwrap();
        let file = [("Directory", folder.path().to_str().unwrap())];
        let object = [("Object Store URL", url.as_str()), ("Bucket", "b")];
        let memory = [("Object Store URL", "memory://damaged"), ("Bucket", "b")];
        for mut sink in [
            TestRunner::new::<PutFile>(&file),
            TestRunner::new::<PutObject>(&object),
            TestRunner::new::<PutObject>(&memory),
        ] {
            sink = sink.with_deriver(Arc::new(Frames));
            sink.enqueue_output(&decoded);
            sink.run().await.unwrap();
            sink.assert_all_transferred(SUCCESS, 1);
            sink.assert_bulletin(Level::Warning, "the recording is damaged: 1 packet is broken");
            let bulletin = sink.bulletins().remove(0);
            assert_eq!(bulletin.flowfile.as_deref(), Some(sink.only(SUCCESS).flowfile.uuid()));
            assert_eq!(bulletin.filename.as_deref(), Some("a.txt"));
            // And as many bytes are said to be there as are.
            let sent = sink.events().into_iter().find_map(|event| event.transit_bytes);
            assert_eq!(sent, wav_bytes);
        }
        let mut features = TestRunner::new::<ExtractFeatures>(&[]);
        features.enqueue_output(&decoded);
        features.run().await.unwrap();
        features.assert_bulletin(Level::Warning, "the recording is damaged: 1 packet is broken");
        let damage = features.only(SUCCESS).attribute("audio.damage").to_owned();
        assert!(damage.contains("1 packet is broken"), "{damage}");
    }

    #[tokio::test]
    async fn what_cannot_be_decoded_goes_to_failure_and_says_why() {
        let text = b"la la la".to_vec();
        let broken = fixture("mountain.flac")[..30].to_vec();
        for (content, part) in [
            (Vec::new(), "it is empty: 0 bytes"),
            (text, "it begins with the text \"la la la\""),
            (broken, "its header is broken near byte 30: the file ends within it"),
        ] {
            let runner = decode(&[], &content).await;
            runner.assert_all_transferred(FAILURE, 1);
            assert_eq!(runner.only(FAILURE).bytes(), content);
            let message = runner.bulletins().remove(0).message;
            assert!(message.contains(part), "{message}");
        }
    }

    #[tokio::test]
    async fn a_sink_that_cannot_read_what_is_derived_fails_with_the_recording() {
        let recording = audio::hopeless();
        let decoded = decode(&[], &recording).await.only(SUCCESS);
        let folder = tempfile::tempdir().unwrap();
        let properties = [("Directory", folder.path().to_str().unwrap())];
        let mut sink = TestRunner::new::<PutFile>(&properties).with_deriver(Arc::new(Frames));
        sink.enqueue_output(&decoded);
        sink.run().await.unwrap();
        sink.assert_all_transferred(FAILURE, 1);
        let failed = sink.only(FAILURE);
        assert!(failed.bytes() == recording, "other bytes");
        let reason = failed.attribute("failure.reason");
        assert!(reason.contains("nothing in it could be decoded"), "{reason}");
        // What may pass leaves the content as it is, to be tried again.
        sink.clear();
        sink.enqueue_output(&decode(&[], &fixture("tom.wav")).await.only(SUCCESS));
        sink.fail_reads_after(Some(100));
        sink.run().await.unwrap();
        assert_eq!((sink.queued(), sink.transferred(FAILURE).len()), (1, 0));
        sink.fail_reads_after(None);
        sink.clock().advance_ms(60_000);
        sink.run().await.unwrap();
        sink.assert_all_transferred(SUCCESS, 1);
    }

    #[tokio::test]
    async fn a_truncated_recording_is_told_by_looking_only() {
        for name in ["mountain.wav", "march.mp3", "mountain.flac"] {
            let whole = fixture(name);
            let length = whole.len() / 2;
            let runner = decode(&[], &whole[..length]).await;
            let damage = runner.only(SUCCESS).attribute("audio.damage").to_owned();
            assert!(
                damage.contains(&format!("the file ends at byte {length}")),
                "{name}: {damage}"
            );
        }
    }
}
