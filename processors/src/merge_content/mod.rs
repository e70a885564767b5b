//! `MergeContent`: makes one flowfile of several.

mod attributes;
mod bins;
mod pack;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use parking_lot::Mutex;
use tutti_sdk::model::flowfile::{Content, FlowFile, FlowFileId, Pick, core_attribute};
use tutti_sdk::model::spec::{PropertyError, ValueError};
use tutti_sdk::property::{AttributeName, Choice, DataSize, Evaluated};
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, Makes, ProcessError, Processor,
    ProcessorContext, Properties, Session, async_trait,
};

use crate::fragments::{self, ORIGINAL};
use attributes::AttributeStrategy;
use bins::{Look, Plan, Ready, Rules, Sorting, Waiting};
use pack::{DelimiterStrategy, Failed, MergeFormat};

const MERGED: &str = "merged";
const COUNT: &str = "merge.count";
const AGE: &str = "merge.bin.age";
const REASON: &str = "merge.reason";
const MERGED_UUID: &str = "merge.uuid";

/// Which flowfiles become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum MergeStrategy {
    /// As many as come together, within the bounds that are set.
    #[choice("Bin-Packing Algorithm")]
    Pack,
    /// The parts of what was split, in their order, by `fragment.identifier`, `fragment.index` and
    /// `fragment.count`.
    #[choice("Defragment")]
    Defragment,
}

/// The properties of [`MergeContent`].
#[derive(Debug, Properties)]
pub(crate) struct MergeContentProperties {
    /// Which flowfiles become one.
    #[property(default = "Bin-Packing Algorithm")]
    merge_strategy: MergeStrategy,
    /// How their contents become one.
    #[property(default = "Binary Concatenation")]
    merge_format: MergeFormat,
    /// Which of their attributes the merged flowfile has.
    #[property(default = "Keep Only Common Attributes")]
    attribute_strategy: AttributeStrategy,
    /// The attribute whose value must be the same for all that become one; those without it come
    /// together, too.
    #[property(example = "album", depends_on("Merge Strategy", "Bin-Packing Algorithm"))]
    correlation_attribute_name: Option<AttributeName>,
    /// How many flowfiles there must be, before **Max Bin Age** has passed.
    #[property(
        name = "Minimum Number of Entries",
        default = "1",
        min = 1,
        max = 10_000,
        depends_on("Merge Strategy", "Bin-Packing Algorithm")
    )]
    minimum_number_of_entries: u32,
    /// How many flowfiles become one at most.
    #[property(
        name = "Maximum Number of Entries",
        default = "1000",
        min = 1,
        depends_on("Merge Strategy", "Bin-Packing Algorithm")
    )]
    maximum_number_of_entries: u32,
    /// How many bytes they must have together, before **Max Bin Age** has passed.
    #[property(default = "0 B", depends_on("Merge Strategy", "Bin-Packing Algorithm"))]
    minimum_group_size: DataSize,
    /// How many bytes they have together at most. One that is larger by itself stays alone.
    #[property(example = "256 MB", depends_on("Merge Strategy", "Bin-Packing Algorithm"))]
    maximum_group_size: Option<DataSize>,
    /// How long flowfiles wait for more; then those that are there become one, or, as parts of
    /// something of which some lack, go to `failure`. Without it they wait as long as it takes.
    #[property(name = "Max Bin Age", example = "5 min")]
    max_bin_age: Option<Duration>,
    /// How many groups may wait at a time. When one more begins, the one that has waited longest
    /// becomes one as it is, or, as parts of something of which some lack, goes to `failure`.
    #[property(name = "Maximum number of Bins", default = "5", min = 1, max = 1_000)]
    maximum_number_of_bins: u32,
    /// Where header, footer and demarcator come from.
    #[property(
        default = "Do Not Use Delimiters",
        depends_on("Merge Format", "Binary Concatenation")
    )]
    delimiter_strategy: DelimiterStrategy,
    /// What stands before all contents: the text, or the file that has it. Its expressions see the
    /// first flowfile.
    #[property(example = "[", depends_on("Delimiter Strategy", "Filename", "Text"))]
    header: Option<Evaluated<String>>,
    /// What stands behind all contents, as **Header**.
    #[property(example = "]", depends_on("Delimiter Strategy", "Filename", "Text"))]
    footer: Option<Evaluated<String>>,
    /// What stands between two contents, as **Header**.
    #[property(example = ",", depends_on("Delimiter Strategy", "Filename", "Text"))]
    demarcator: Option<Evaluated<String>>,
    /// How much work to put into deflating; 0 is none.
    #[property(default = "1", min = 0, max = 9, depends_on("Merge Format", "ZIP"))]
    compression_level: u32,
    /// Whether the names of entries begin with the folders of the attribute `path`.
    #[property(default = "false", depends_on("Merge Format", "TAR", "ZIP"))]
    keep_path: bool,
    /// When an entry was changed, as `2024-01-31T23:59:59Z` or `2024-01-31T23:59:59+0000`. What is
    /// neither counts as now.
    #[property(default = "${file.lastModifiedTime}", depends_on("Merge Format", "TAR"))]
    tar_modified_time: Option<Evaluated<String>>,
}

/// Makes one flowfile of several.
pub(crate) struct MergeContent {
    properties: MergeContentProperties,
    rules: Rules,
    waiting: Mutex<Waiting>,
}

#[async_trait]
impl Processor for MergeContent {
    type Properties = MergeContentProperties;

    fn describe() -> Description {
        Description {
            description: "\
Flowfiles wait in the queue until there are enough, so a kill loses none, and back-pressure \
counts them: let the connection hold more than **Maximum number of Bins** groups have, as one \
that is full with fewer than are needed stays full. Up to 20,000 flowfiles of it are looked at. \
How long a group has waited is forgotten in a stop. Contents are streamed, in bounded memory.\n\n\
With several incoming connections a group may come from all of them. In NiFi it does not. Of two \
flowfiles that would be entries of the same name in a zip the second goes to `failure`, and to \
`failure` alone. Entries lead nowhere else: `..` in `path` is left out. `tar.permissions` are \
read as they are written, in octal. NiFi's formats `Avro` and `FlowFile Tar, v1` are not there.",
            tags: &["merge", "join", "bin", "defragment", "tar", "zip", "archive", "concatenate"],
            serial: true,
            makes: const {
                &[
                    Makes::of(MERGED, "application/tar").when("Merge Format", &["TAR"]),
                    Makes::of(MERGED, "application/zip").when("Merge Format", &["ZIP"]),
                    Makes::as_it_came(ORIGINAL),
                ]
            },
            relationships: &[
                (MERGED, "What several became."),
                (ORIGINAL, "The flowfiles that became one, as they came."),
                (
                    FAILURE,
                    "Flowfiles that could not become one, as they came: parts of something of \
                     which some lack, or that say nothing of where they belong, and what cannot be \
                     read.",
                ),
            ],
            reads: &[
                (fragments::IDENTIFIER, "What a part belongs to, with `Defragment`."),
                (fragments::INDEX, "Its place, a whole number, with `Defragment`."),
                (fragments::COUNT, "How many parts there are, up to 10,000; one of them has it."),
                (fragments::ORIGINAL_FILENAME, "The name of what several become."),
                ("tar.permissions", "Who may do what with the entry, as `644`, with `TAR`."),
            ],
            writes: &[
                (
                    core_attribute::FILENAME,
                    "The `filename` of a single one; else `segment.original.filename`, and where \
                     that lacks the `uuid`. With `.tar`, `.zip` or `.pkg`, by **Merge Format**.",
                ),
                (
                    core_attribute::MIME_TYPE,
                    "By **Merge Format**; with `Binary Concatenation` what all have alike.",
                ),
                (COUNT, "How many became one."),
                (AGE, "How long the first of them had waited here, in milliseconds."),
                (
                    REASON,
                    "Why they became one then: `MAX_BYTES_THRESHOLD_REACHED`, \
                     `MAX_ENTRIES_THRESHOLD_REACHED`, `MIN_THRESHOLDS_REACHED`, `TIMEOUT` or \
                     `BIN_MANAGER_FULL`.",
                ),
                (MERGED_UUID, "On `original`: the `uuid` of what they became."),
            ],
            example_flow: Some("merge-content"),
            ..Description::transform("MergeContent", "Makes one flowfile of several.")
        }
    }

    fn build(properties: MergeContentProperties, _: &BuildContext) -> Result<Self, BuildError> {
        let rules = rules(&properties)?;
        Ok(Self { properties, rules, waiting: Mutex::default() })
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let plan = self.look(session)?;
        if plan.ready.is_empty() && plan.misfits.is_empty() {
            let now = session.clock().now();
            session.rest(plan.due_in_ms.map(|due_in_ms| now.plus_ms(due_in_ms)));
            return Ok(());
        }
        for (member, why) in plan.misfits {
            for flowfile in take(session, &[member])? {
                session.fail(flowfile, FAILURE, &incomplete(&why));
            }
        }
        for bin in plan.ready {
            session.commit().await?;
            if session.context().is_stopping() {
                break;
            }
            self.finish(session, bin).await?;
        }
        Ok(())
    }

    async fn on_stopped(&self, _: &ProcessorContext) {
        self.waiting.lock().clear();
    }
}

/// The rules that `properties` make, where these go together.
fn rules(properties: &MergeContentProperties) -> Result<Rules, BuildError> {
    let mut wrong = Vec::new();
    let mut ordered = |is_ordered: bool, least: &'static str, most: &'static str| {
        if !is_ordered {
            let error = ValueError::new(format!("the least is more than \"{most}\""))
                .with_help("lower the one, or raise the other");
            wrong.push(PropertyError::together(least, [most], error));
        }
    };
    let entries = (properties.minimum_number_of_entries, properties.maximum_number_of_entries);
    let bytes_max = properties.maximum_group_size.map_or(u64::MAX, DataSize::bytes);
    let bytes = (properties.minimum_group_size.bytes(), bytes_max);
    let packs = properties.merge_strategy == MergeStrategy::Pack;
    ordered(
        !packs || entries.0 <= entries.1,
        "Minimum Number of Entries",
        "Maximum Number of Entries",
    );
    ordered(!packs || bytes.0 <= bytes.1, "Minimum Group Size", "Maximum Group Size");
    BuildError::unless_empty(wrong)?;
    let sorting = match properties.merge_strategy {
        MergeStrategy::Pack => Sorting::Pack {
            correlation: properties
                .correlation_attribute_name
                .as_ref()
                .map(|name| name.as_str().into()),
            entries: (entries.0.into(), entries.1.into()),
            bytes,
        },
        MergeStrategy::Defragment => Sorting::Defragment,
    };
    let age = properties.max_bin_age;
    Ok(Rules {
        sorting,
        bins_max: properties.maximum_number_of_bins as usize,
        age_max_ms: age.map(|age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX)),
    })
}

/// Takes these out of the queue, in this order; fewer where some are not there any more.
fn take(session: &mut Session, members: &[FlowFileId]) -> Result<Vec<FlowFile>, ProcessError> {
    let places: HashMap<_, _> =
        members.iter().enumerate().map(|(place, member)| (*member, place)).collect();
    // Looks no further when it has as many.
    let is_wanted = |flowfile: &FlowFile| places.contains_key(&flowfile.id());
    let mut taken = session.get_where(members.len(), |flowfile| {
        if is_wanted(flowfile) { Pick::Take } else { Pick::Skip }
    })?;
    taken.sort_by_key(|flowfile| places.get(&flowfile.id()));
    Ok(taken)
}

/// Parts cannot be put together.
fn incomplete(why: &str) -> ProcessError {
    ProcessError::user("the parts cannot be put together").caused_by(why.to_owned()).with_help(
        "see what becomes of the others on their way, and raise \"Max Bin Age\" or \"Maximum \
         number of Bins\" where they only come late",
    )
}

impl MergeContent {
    /// What of the queue is to become one now.
    fn look(&self, session: &mut Session) -> Result<Plan, ProcessError> {
        let now_ms = session.clock().monotonic_ms();
        let mut waiting = self.waiting.lock();
        let mut look = Look::new(&self.rules, &waiting, now_ms);
        session.get_where(usize::MAX, |flowfile| look.offer(flowfile))?;
        let (plan, left) = look.end();
        *waiting = left;
        Ok(plan)
    }

    async fn finish(&self, session: &mut Session, bin: Ready) -> Result<(), ProcessError> {
        let mut parents = take(session, &bin.members)?;
        if parents.len() < bin.members.len() {
            // Something expired meanwhile: what is left is looked at anew.
            for parent in parents {
                session.give_back(parent);
            }
            return Ok(());
        }
        let reason = match bin.reason {
            Ok(reason) => reason,
            Err(why) => {
                let error = incomplete(&why);
                for parent in parents {
                    session.fail(parent, FAILURE, &error);
                }
                return Ok(());
            }
        };
        if self.properties.merge_format == MergeFormat::Zip {
            let mut names = BTreeSet::new();
            let keep_path = self.properties.keep_path;
            let is_again =
                |parent: &mut FlowFile| !names.insert(pack::entry_name(parent, keep_path));
            for parent in parents.extract_if(.., is_again).collect::<Vec<_>>() {
                let error = ProcessError::user("the zip has another entry of the same name")
                    .with_help(
                        "give flowfiles names of their own, for example with UpdateAttribute",
                    );
                session.fail(parent, FAILURE, &error);
            }
        }
        match pack::pack(session, &self.properties, &parents).await {
            Ok(content) => self.merge(session, parents, content, (reason, bin.age_ms)),
            Err(Failed::All(error)) => return Err(error),
            Err(Failed::Member(place, error)) => {
                for (each, parent) in parents.into_iter().enumerate() {
                    if each == place {
                        session.fail(parent, FAILURE, &error);
                    } else {
                        session.give_back(parent);
                    }
                }
            }
        }
        Ok(())
    }

    fn merge(
        &self,
        session: &mut Session,
        parents: Vec<FlowFile>,
        content: Content,
        (reason, age_ms): (&str, u64),
    ) {
        let mut whole = session.create_joined(&parents);
        self.properties.attribute_strategy.apply(&parents, &mut whole);
        let format = self.properties.merge_format;
        let name = match &parents[..] {
            [only] => only.attribute(core_attribute::FILENAME),
            [first, ..] => first.attribute(fragments::ORIGINAL_FILENAME),
            [] => None,
        };
        let uuid = whole.uuid().to_owned();
        let name = format!("{}{}", name.unwrap_or(&uuid), format.ending());
        whole.set_attribute(core_attribute::FILENAME, name);
        whole.set_attribute(core_attribute::MIME_TYPE, format.mime_type(&parents));
        whole.set_attribute(COUNT, parents.len().to_string());
        whole.set_attribute(AGE, age_ms.to_string());
        whole.set_attribute(REASON, reason);
        session.set_content(&mut whole, content);
        session.transfer(whole, MERGED);
        for mut parent in parents {
            parent.set_attribute(MERGED_UUID, uuid.as_str());
            session.transfer(parent, ORIGINAL);
        }
    }
}
