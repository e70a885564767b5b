//! The kinds of mistake in a flow: the one catalogue that messages, pages and tests are made from.

use std::fmt;

use serde::{Serialize, Serializer};

/// How bad a mistake is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
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
    ($($name:ident $code:literal $severity:ident $title:literal,)*) => {
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
        }
    };
}

codes! {
    Syntax "T0001" Error "The text is not JSON",
    Comment "T0002" Error "A comment in a flow",
    Loose "T0003" Error "Almost JSON",
    DuplicateMember "T0004" Error "A member stands twice in an object",
    WrongType "T0005" Error "A value of the wrong type",
    NotText "T0006" Error "A value that is not in quotes",
    UnknownMember "T0007" Error "An unknown member",
    MissingMember "T0008" Error "A member is missing",
    FormatVersion "T0009" Error "An unknown version of the format",
    BadName "T0010" Error "A name that cannot be a name",
    Limit "T0011" Error "More than a flow may hold",
    DuplicateName "T0012" Error "Two things with one name",
    BadChoice "T0013" Error "A word that is not one of the choices",
    BadDuration "T0014" Error "A time that cannot be read",
    BadDataSize "T0015" Error "An amount of data that cannot be read",
    BadCron "T0016" Error "A cron expression that cannot be read",
    OutOfRange "T0017" Error "A number out of range",
    ListedTwice "T0018" Error "The same thing twice in a list",
    FileName "T0019" Warning "A flow and its file have different names",
    UnknownType "T0101" Error "An unknown type of processor",
    UnknownServiceType "T0102" Error "An unknown type of service",
    UnknownProperty "T0103" Error "An unknown property",
    MissingProperty "T0104" Error "A required property has no value",
    BadValue "T0105" Error "A property's value is refused",
    PropertyWithoutEffect "T0106" Warning "A property that has no effect",
    SimilarProperty "T0107" Warning "A property of the user's own that looks like a known one",
    LiteralSecret "T0108" Error "A secret in the text of a flow",
    LeakedSecret "T0109" Error "A secret in a property that is shown",
    SharedResource "T0110" Error "Two processors on one exclusive resource",
    UnknownService "T0111" Error "An unknown service",
    WrongService "T0112" Error "A service of another type",
    Serial "T0113" Warning "Several tasks for a processor that runs one at a time",
    UnknownComponent "T0201" Error "A connection to nothing",
    WrongEnd "T0202" Error "A connection that goes the wrong way",
    UnknownRelationship "T0203" Error "An unknown relationship",
    MissingRelationships "T0204" Error "A connection without relationships",
    NeedlessRelationships "T0205" Error "Relationships of what has none",
    UnconnectedRelationship "T0206" Error "A relationship that leads nowhere",
    ConnectedAndTerminated "T0207" Warning "A relationship both connected and auto-terminated",
    MissingInput "T0208" Error "A processor that needs input and gets none",
    ForbiddenInput "T0209" Error "Input for a processor that takes none",
    DuplicateConnection "T0210" Error "Two connections for the same",
    DeadEnd "T0211" Error "A port or funnel that leads nowhere",
    Unreachable "T0212" Warning "A processor that nothing can reach",
    UnknownParameter "T0301" Error "An unknown parameter",
    BadReference "T0302" Error "A reference to a parameter that cannot be read",
    UnknownContext "T0303" Error "An unknown parameter context",
    ContextCycle "T0304" Error "Parameter contexts that inherit in a circle",
    SecretParameter "T0305" Error "A secret as a parameter's value",
    MissingValue "T0306" Error "A parameter without a value",
    UnusedParameter "T0307" Warning "A parameter that nothing uses",
    UnknownGivenParameter "T0308" Error "A value for a parameter that does not exist",
    ChangedSensitivity "T0309" Error "A parameter is sensitive in one context and not in another",
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
