//! What lies at a path of a flow or of its layout: a group, a thing in it, a list of things by
//! name, or a member of one.
//!
//! That decides what may come into being by itself: a list may, a thing may not, or else who
//! changes a processor that somebody else has just removed would bring half of it back.

use serde::{Deserialize, Serialize};
use tutti_model::diagnostic::ElementKind;
use tutti_model::shape;
use utoipa::ToSchema;

/// One of the two parts of what is edited.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "camelCase")]
#[schema(as = DocumentName)]
pub enum Part {
    /// What the flow does.
    Flow,
    /// How it lies on the canvas.
    Layout,
}

/// What lies at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spot {
    /// The flow, its layout, or a group.
    Group,
    /// Things by their names; as good as absent when it is empty.
    List(Of),
    /// A processor, connection, context …: there or not, however empty.
    Thing(Kind),
    /// A value, or objects of such.
    Member,
}

/// What a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    Groups,
    Things(Kind),
    Values,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    ParameterContext,
}

impl Spot {
    pub(crate) fn root() -> Self {
        Self::Group
    }

    /// Where a path leads from here that goes on with `name`; `depth` names were before it.
    pub(crate) fn step(self, part: Part, depth: usize, name: &str) -> Self {
        match (part, self) {
            (Part::Layout, Self::Group) if shape::LAID.contains(&name) => Self::List(Of::Values),
            (Part::Flow, Self::Group) => match shape::list(name).map(|list| list.kind) {
                Some(ElementKind::Group) => Self::List(Of::Groups),
                Some(_) => Self::List(Of::Things(Kind::Plain)),
                None if depth == 0 && name == shape::CONTEXTS => {
                    Self::List(Of::Things(Kind::ParameterContext))
                }
                None => Self::Member,
            },
            (_, Self::List(Of::Groups)) => Self::Group,
            (_, Self::List(Of::Things(kind))) => Self::Thing(kind),
            (_, Self::Thing(Kind::Plain)) if name == shape::PROPERTIES => Self::List(Of::Values),
            (_, Self::Thing(Kind::ParameterContext)) if name == shape::PARAMETERS => {
                Self::List(Of::Things(Kind::Plain))
            }
            (_, Self::Group | Self::List(Of::Values) | Self::Thing(_) | Self::Member) => {
                Self::Member
            }
        }
    }

    /// The spots along `path`, the last of which is that of its end.
    pub(crate) fn along(part: Part, path: &[String]) -> Vec<Self> {
        let mut spot = Self::root();
        let step = |(depth, name): (usize, &String)| {
            spot = spot.step(part, depth, name);
            spot
        };
        path.iter().enumerate().map(step).collect()
    }

    /// Whether it is there or not however empty it is.
    pub(crate) fn is_thing(self) -> bool {
        matches!(self, Self::Group | Self::Thing(_))
    }
}
