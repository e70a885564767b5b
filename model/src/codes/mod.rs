//! The kinds of mistake in a flow: the one catalogue that messages, pages and tests are made from.

mod page;
mod pages;

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

pub use page::{Of, Page, index_markdown, markdown};
use pages::{connections, parameters, processors, tests, text};

/// How bad a mistake is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The flow cannot run.
    Error,
    /// The flow can run, but hardly as meant.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

macro_rules! codes {
    ($($name:ident $code:literal $severity:ident $title:literal $page:path,)*) => {
        /// A kind of mistake. Its code never changes and is never given to another.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// Every code, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as messages show it, e.g. `T0101`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What it is called.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// Whether a flow with it can run.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// Whether it is about what is connected with what.
            pub fn is_of_connections(self) -> bool {
                self.as_str().starts_with("T02")
            }

            /// What there is to say about it.
            pub fn page(self) -> &'static Page {
                match self { $(Self::$name => &$page,)* }
            }
        }
    };
}

codes! {
    Syntax "T0001" Error "The text is not JSON" text::SYNTAX,
    Comment "T0002" Error "A comment in a flow" text::COMMENT,
    Loose "T0003" Error "Almost JSON" text::LOOSE,
    DuplicateMember "T0004" Error "A member stands twice in an object" text::DUPLICATE_MEMBER,
    WrongType "T0005" Error "A value of the wrong type" text::WRONG_TYPE,
    NotText "T0006" Error "A value that is not in quotes" text::NOT_TEXT,
    UnknownMember "T0007" Error "An unknown member" text::UNKNOWN_MEMBER,
    MissingMember "T0008" Error "A member is missing" text::MISSING_MEMBER,
    FormatVersion "T0009" Error "An unknown version of the format" text::FORMAT_VERSION,
    BadName "T0010" Error "A name that cannot be a name" text::BAD_NAME,
    Limit "T0011" Error "More than a flow may hold" text::LIMIT,
    DuplicateName "T0012" Error "Two things with one name" text::DUPLICATE_NAME,
    BadChoice "T0013" Error "A word that is not one of the choices" text::BAD_CHOICE,
    BadDuration "T0014" Error "A time that cannot be read" text::BAD_DURATION,
    BadDataSize "T0015" Error "An amount of data that cannot be read" text::BAD_DATA_SIZE,
    BadCron "T0016" Error "A cron expression that cannot be read" text::BAD_CRON,
    OutOfRange "T0017" Error "A number out of range" text::OUT_OF_RANGE,
    ListedTwice "T0018" Error "The same thing twice in a list" text::LISTED_TWICE,
    FileName "T0019" Warning "A flow and its file have different names" text::FILE_NAME,
    UnreadableLayout "T0020" Error "A layout that cannot be read" text::UNREADABLE_LAYOUT,
    StrayLayout "T0021" Warning "A layout of what the flow does not have" text::STRAY_LAYOUT,
    UnknownType "T0101" Error "An unknown type of processor" processors::UNKNOWN_TYPE,
    UnknownServiceType "T0102" Error "An unknown type of service" processors::UNKNOWN_SERVICE_TYPE,
    UnknownProperty "T0103" Error "An unknown property" processors::UNKNOWN_PROPERTY,
    MissingProperty "T0104" Error "A required property has no value" processors::MISSING_PROPERTY,
    BadValue "T0105" Error "A property's value is refused" processors::BAD_VALUE,
    PropertyWithoutEffect "T0106" Warning "A property that has no effect"
        processors::PROPERTY_WITHOUT_EFFECT,
    SimilarProperty "T0107" Warning "A property of the user's own that looks like a known one"
        processors::SIMILAR_PROPERTY,
    LiteralSecret "T0108" Error "A secret in the text of a flow" processors::LITERAL_SECRET,
    LeakedSecret "T0109" Error "A secret in a property that is shown" processors::LEAKED_SECRET,
    SharedResource "T0110" Error "Two processors on one exclusive resource"
        processors::SHARED_RESOURCE,
    UnknownService "T0111" Error "An unknown service" processors::UNKNOWN_SERVICE,
    WrongService "T0112" Error "A service of another kind" processors::WRONG_SERVICE,
    Serial "T0113" Warning "Several tasks for a processor that runs one at a time"
        processors::SERIAL,
    Unfitting "T0114" Error "Properties that do not go together" processors::UNFITTING,
    DoubtfulValue "T0115" Warning "A value that is allowed and hardly meant"
        processors::DOUBTFUL_VALUE,
    DisabledService "T0116" Error "A service that is disabled" processors::DISABLED_SERVICE,
    ServiceCycle "T0117" Error "Services that need each other" processors::SERVICE_CYCLE,
    UnknownComponent "T0201" Error "A connection to nothing" connections::UNKNOWN_COMPONENT,
    WrongEnd "T0202" Error "A connection that goes the wrong way" connections::WRONG_END,
    UnknownRelationship "T0203" Error "An unknown relationship" connections::UNKNOWN_RELATIONSHIP,
    MissingRelationships "T0204" Error "A connection without relationships"
        connections::MISSING_RELATIONSHIPS,
    NeedlessRelationships "T0205" Error "Relationships of what has none"
        connections::NEEDLESS_RELATIONSHIPS,
    UnconnectedRelationship "T0206" Error "A relationship that leads nowhere"
        connections::UNCONNECTED_RELATIONSHIP,
    ConnectedAndTerminated "T0207" Warning "A relationship both connected and auto-terminated"
        connections::CONNECTED_AND_TERMINATED,
    MissingInput "T0208" Error "A processor that needs input and gets none"
        connections::MISSING_INPUT,
    ForbiddenInput "T0209" Error "Input for a processor that takes none"
        connections::FORBIDDEN_INPUT,
    DuplicateConnection "T0210" Error "Two connections for the same"
        connections::DUPLICATE_CONNECTION,
    DeadEnd "T0211" Error "A port or funnel that leads nowhere" connections::DEAD_END,
    Unreachable "T0212" Warning "A processor that nothing can reach" connections::UNREACHABLE,
    WrongContent "T0213" Error "Content that what comes after cannot work on"
        connections::WRONG_CONTENT,
    UnknownParameter "T0301" Error "An unknown parameter" parameters::UNKNOWN_PARAMETER,
    BadReference "T0302" Error "A reference to a parameter that cannot be read"
        parameters::BAD_REFERENCE,
    UnknownContext "T0303" Error "An unknown parameter context" parameters::UNKNOWN_CONTEXT,
    ContextCycle "T0304" Error "Parameter contexts that inherit in a circle"
        parameters::CONTEXT_CYCLE,
    SecretParameter "T0305" Error "A secret as a parameter's value" parameters::SECRET_PARAMETER,
    MissingValue "T0306" Error "A parameter without a value" parameters::MISSING_VALUE,
    UnusedParameter "T0307" Warning "A parameter that nothing uses" parameters::UNUSED_PARAMETER,
    UnknownGivenParameter "T0308" Error "A value for a parameter that does not exist"
        parameters::UNKNOWN_GIVEN_PARAMETER,
    ChangedSensitivity "T0309" Error "A parameter is sensitive in one context and not in another"
        parameters::CHANGED_SENSITIVITY,
    StrayTest "T0401" Error "A test of what the flow does not have" tests::STRAY_TEST,
    BadMatcher "T0402" Error "An expectation that cannot be read" tests::BAD_MATCHER,
    BadContent "T0403" Error "Content that is none" tests::BAD_CONTENT,
    BadMoment "T0404" Error "A moment that cannot be read" tests::BAD_MOMENT,
    Misplaced "T0405" Error "What says nothing where it stands in a test" tests::MISPLACED,
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
