//! How much a flow may hold, so that no text costs more than its size suggests.

use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::text::Place;

use super::Reading;

/// Groups in groups.
pub(super) const DEPTH_MAX: usize = 16;
/// Processors, ports, funnels, services, labels and groups together.
const COMPONENTS_MAX: usize = 20_000;
/// Connections.
const CONNECTIONS_MAX: usize = 50_000;
/// Parameter contexts.
pub(super) const CONTEXTS_MAX: usize = 256;
/// Bytes of a value, also when parameters have been replaced.
pub(crate) const VALUE_MAX_BYTES: usize = 256 << 10;

/// How much there is so far.
#[derive(Default)]
pub(super) struct Counts {
    components: usize,
    connections: usize,
    pub(super) depth: usize,
}

impl Reading<'_> {
    /// Counts a component at `place`; false when there are too many.
    pub(super) fn count_component(&mut self, place: &Place) -> bool {
        self.counts.components += 1;
        self.bound(self.counts.components, COMPONENTS_MAX, "components", place)
    }

    /// Counts a connection at `place`; false when there are too many.
    pub(super) fn count_connection(&mut self, place: &Place) -> bool {
        self.counts.connections += 1;
        self.bound(self.counts.connections, CONNECTIONS_MAX, "connections", place)
    }

    fn bound(&mut self, count: usize, most: usize, what: &str, place: &Place) -> bool {
        if count == most + 1 {
            let message = format!("a flow has at most {most} {what}");
            let help = "split it into several flows";
            self.report.push(Diagnostic::new(Code::Limit, place, message).with_help(help));
        }
        count <= most
    }
}
