//! `ReplaceText`: changes text in the content.

mod replacement;
mod substitution;
#[cfg(test)]
mod tests;
mod work;

use tutti_sdk::model::flowfile::{Content, FlowFile};
use tutti_sdk::model::spec::{ExpressionScope, PropertyError, PropertyKind, ValueError};
use tutti_sdk::property::{Choice, DataSize, Evaluated, PropertyType, Regex};
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, ProcessError, Processor, Properties, SUCCESS,
    Session, async_trait,
};

use crate::text::CharacterSet;
use replacement::Replacement;
use work::{Action, Place, Work};

/// What is done to the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum ReplacementStrategy {
    /// **Replacement Value** is put in front of the text, or of each line.
    #[choice("Prepend")]
    Prepend,
    /// **Replacement Value** is put behind the text, or behind each line and in front of its end.
    #[choice("Append")]
    Append,
    /// **Text to Prepend** is put in front, and **Text to Append** behind.
    #[choice("Surround")]
    Surround,
    /// What the regular expression **Search Value** matches is replaced. In **Replacement Value**
    /// `$1` stands for its first group, and `$0` for all of the match. For `.*` it is as
    /// `Always Replace`.
    #[choice("Regex Replace")]
    Regex,
    /// **Search Value** is replaced wherever it stands.
    #[choice("Literal Replace")]
    Literal,
    /// The text, or each line but its end, becomes **Replacement Value**.
    #[choice("Always Replace")]
    Always,
    /// `${name}` in the text becomes the value of that attribute; see above.
    #[choice("Substitute Variables")]
    Variables,
}

/// What a text is to this processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum EvaluationMode {
    /// Each line by itself, with its end.
    #[choice("Line-by-Line")]
    Lines,
    /// All of the content.
    #[choice("Entire text")]
    Whole,
}

/// Which lines are worked on; the others stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum LineMode {
    /// All lines.
    #[choice("All")]
    All,
    /// The first line.
    #[choice("First-Line")]
    First,
    /// The last line.
    #[choice("Last-Line")]
    Last,
    /// All lines but the first.
    #[choice("Except-First-Line")]
    ExceptFirst,
    /// All lines but the last.
    #[choice("Except-Last-Line")]
    ExceptLast,
}

impl LineMode {
    fn takes(self, is_first: bool, is_last: bool) -> bool {
        match self {
            Self::All => true,
            Self::First => is_first,
            Self::Last => is_last,
            Self::ExceptFirst => !is_first,
            Self::ExceptLast => !is_last,
        }
    }
}

/// A text with expressions, of which the strategy says what it is.
#[derive(Debug)]
pub(crate) struct Source(String);

impl PropertyType for Source {
    const EXPRESSION: ExpressionScope = ExpressionScope::FlowFile;

    fn kind() -> PropertyKind {
        PropertyKind::Text
    }

    fn parse(text: &str, kind: &PropertyKind) -> Result<Self, ValueError> {
        Evaluated::<String>::parse(text, kind)?;
        Ok(Self(text.to_owned()))
    }

    fn doubt(&self) -> Option<ValueError> {
        Evaluated::<String>::parse(&self.0, &PropertyKind::Text).ok()?.doubt()
    }
}

impl Source {
    fn of<T: PropertyType>(&self, name: &'static str) -> Result<Evaluated<T>, BuildError> {
        <Evaluated<T> as PropertyType>::parse(&self.0, &T::kind())
            .map_err(|error| BuildError::Properties(vec![PropertyError::of(name, error)]))
    }
}

/// The properties of [`ReplaceText`].
#[derive(Debug, Properties)]
pub(crate) struct ReplaceTextProperties {
    /// What is done to the text.
    #[property(default = "Regex Replace")]
    replacement_strategy: ReplacementStrategy,
    /// What to search for. In a regular expression, what expressions give stands for itself.
    #[property(
        default = "(?s)(^.*$)",
        depends_on("Replacement Strategy", "Regex Replace", "Literal Replace")
    )]
    search_value: Source,
    /// What to put there. With `Regex Replace` expressions see the groups of the match as the
    /// attributes `$1`, `$2` and so on, as in `${'$1':toLower()}`, and what they give stands for
    /// itself; a `$` that begins no group, and `\$`, are dollar signs.
    #[property(
        default = "$1",
        depends_on(
            "Replacement Strategy",
            "Regex Replace",
            "Literal Replace",
            "Always Replace",
            "Prepend",
            "Append"
        )
    )]
    replacement_value: Source,
    /// What to put in front.
    #[property(
        name = "Text to Prepend",
        depends_on("Replacement Strategy", "Surround"),
        example = "<"
    )]
    text_to_prepend: Option<Evaluated<String>>,
    /// What to put behind.
    #[property(
        name = "Text to Append",
        depends_on("Replacement Strategy", "Surround"),
        example = ">"
    )]
    text_to_append: Option<Evaluated<String>>,
    /// How the bytes of the content stand for characters.
    #[property(default = "UTF-8")]
    character_set: CharacterSet,
    /// How long a line may be, and with `Entire text` how large the content, for `Regex Replace`
    /// and `Substitute Variables`. What is longer goes to `failure`.
    #[property(default = "1 MB")]
    maximum_buffer_size: DataSize,
    /// Whether to look at each line by itself.
    #[property(default = "Line-by-Line")]
    evaluation_mode: EvaluationMode,
    /// Which lines are worked on; the others stay as they are.
    #[property(
        name = "Line-by-Line Evaluation Mode",
        default = "All",
        depends_on("Evaluation Mode", "Line-by-Line")
    )]
    line_by_line_evaluation_mode: LineMode,
}

/// What is done, before it is known to which flowfile.
enum Strategy {
    Surround(Option<Evaluated<String>>, Option<Evaluated<String>>),
    Always(Evaluated<String>),
    Literal(Evaluated<String>, Evaluated<String>),
    Regex(Evaluated<Regex>, Evaluated<Replacement>),
    Variables,
}

impl Strategy {
    fn of(properties: &ReplaceTextProperties) -> Result<Self, BuildError> {
        const SEARCH: &str = "Search Value";
        const VALUE: &str = "Replacement Value";
        const BEFORE: &str = "Text to Prepend";
        const BEHIND: &str = "Text to Append";
        let (search, value) = (&properties.search_value, &properties.replacement_value);
        let (before, behind) = (&properties.text_to_prepend, &properties.text_to_append);
        let refused = |error| Err(BuildError::Properties(vec![error]));
        Ok(match properties.replacement_strategy {
            ReplacementStrategy::Prepend => Self::Surround(Some(value.of(VALUE)?), None),
            ReplacementStrategy::Append => Self::Surround(None, Some(value.of(VALUE)?)),
            ReplacementStrategy::Surround if before.is_none() && behind.is_none() => {
                let error = ValueError::new("there is nothing to surround the text with")
                    .with_help("say what to put in front, behind, or both");
                return refused(PropertyError::together(BEFORE, [BEHIND], error));
            }
            ReplacementStrategy::Surround => Self::Surround(before.clone(), behind.clone()),
            ReplacementStrategy::Regex if search.0 == ".*" => Self::Always(value.of(VALUE)?),
            ReplacementStrategy::Regex => Self::Regex(search.of(SEARCH)?, value.of(VALUE)?),
            ReplacementStrategy::Literal if search.0.is_empty() => {
                let error = ValueError::new("there is nothing to search for")
                    .with_help("write the text that is to be replaced");
                return refused(PropertyError::of(SEARCH, error));
            }
            ReplacementStrategy::Literal => Self::Literal(search.of(SEARCH)?, value.of(VALUE)?),
            ReplacementStrategy::Always => Self::Always(value.of(VALUE)?),
            ReplacementStrategy::Variables => Self::Variables,
        })
    }

    /// What is done to `flowfile`.
    fn action(&self, session: &Session, flowfile: &FlowFile) -> Result<Action, ProcessError> {
        let text = |text: &Evaluated<String>| text.evaluate(session, flowfile);
        let perhaps = |part: &Option<Evaluated<String>>| {
            part.as_ref().map_or_else(|| Ok(String::new()), text)
        };
        Ok(match self {
            Self::Surround(before, behind) => Action::Surround(perhaps(before)?, perhaps(behind)?),
            Self::Always(value) => Action::Always(text(value)?),
            Self::Literal(search, value) => {
                let search = text(search)?;
                if search.is_empty() {
                    return Err(ProcessError::user("\"Search Value\" came to nothing")
                        .with_help("see that the attributes in it have values"));
                }
                Action::Literal(search, text(value)?)
            }
            Self::Regex(regex, value) => {
                Action::Regex(regex.evaluate(session, flowfile)?, value.clone())
            }
            Self::Variables => Action::Variables,
        })
    }
}

/// Changes text in the content.
pub(crate) struct ReplaceText {
    strategy: Strategy,
    place: Place,
    charset: CharacterSet,
    max: DataSize,
}

#[async_trait]
impl Processor for ReplaceText {
    type Properties = ReplaceTextProperties;

    fn describe() -> Description {
        Description {
            description: "\
Content in which nothing is replaced stays as it is, and an empty content has no lines. Lines end \
with `\\n`, `\\r\\n` or `\\r`, and keep their ends. Regular expressions are Java's: `$` matches in \
front of the last end of a line, too.\n\n\
With `Substitute Variables`, `${name:-default}` is the default where there is no such attribute, \
`$${name}` is `${name}`, and a name of no attribute stays as it stands. Variables in values are \
substituted, too; one that leads back to itself is a failure.\n\n\
Everything is streamed, in constant memory, but for what **Maximum Buffer Size** bounds; in NiFi \
that bounds `Literal Replace` on the entire text, too. Unlike NiFi, content that is no text in \
the character set goes to `failure`, instead of being damaged, unless as an entire text it is \
only prepended or appended to; so does a replacement that the character set cannot write. In \
NiFi a `$` that begins no group takes the meaning from every other `$` of the replacement.",
            tags: &["text", "replace", "regex", "update", "modify", "append", "prepend"],
            relationships: &[
                (SUCCESS, "Flowfiles that were worked on, whether something was replaced or not."),
                (FAILURE, "Flowfiles that could not be worked on, as they came."),
            ],
            reads: &[("*", "What `Substitute Variables` and expressions refer to.")],
            example_flow: Some("replace-text"),
            ..Description::transform("ReplaceText", "Changes text in the content.")
        }
    }

    fn build(properties: ReplaceTextProperties, _: &BuildContext) -> Result<Self, BuildError> {
        let place = match properties.evaluation_mode {
            EvaluationMode::Lines => Place::Lines(properties.line_by_line_evaluation_mode),
            EvaluationMode::Whole => Place::Whole,
        };
        let (charset, max) = (properties.character_set, properties.maximum_buffer_size);
        Ok(Self { strategy: Strategy::of(&properties)?, place, charset, max })
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        match self.replace(session, &flowfile).await {
            Ok(replaced) => {
                if let Some(content) = replaced {
                    session.set_content(&mut flowfile, content);
                }
                session.transfer(flowfile, SUCCESS);
            }
            Err(error) => session.fail_or_retry(flowfile, &error),
        }
        Ok(())
    }
}

impl ReplaceText {
    /// The new content, if anything is replaced.
    async fn replace(
        &self,
        session: &Session,
        flowfile: &FlowFile,
    ) -> Result<Option<Content>, ProcessError> {
        let work = Work {
            action: self.strategy.action(session, flowfile)?,
            place: self.place,
            charset: self.charset,
            max: self.max,
            evaluator: session.evaluator(flowfile),
        };
        let (reader, writer) = (session.read(flowfile)?, session.write()?);
        session.compute(move || work.run(reader, writer)).await?
    }
}
