//! One way for a flowfile that fits nothing, and one for each thing that it fits.

use tutti_sdk::Session;
use tutti_sdk::model::flowfile::FlowFile;

/// Where flowfiles go that fit nothing.
pub(crate) const UNMATCHED: &str = "unmatched";

/// What a processor tells of the ways that it chooses.
pub(crate) struct Told {
    /// The attribute that names the way.
    pub(crate) attribute: &'static str,
    /// Why a flowfile went a way.
    pub(crate) fitting: &'static str,
    /// Why it went none of them.
    pub(crate) unmatched: &'static str,
}

impl Told {
    /// Sends `flowfile` to all `routes`, to the others than the first as clones that share its
    /// content; without any to [`UNMATCHED`].
    pub(crate) fn send<R: AsRef<str>>(
        &self,
        session: &mut Session,
        flowfile: FlowFile,
        routes: &[R],
    ) {
        let Some((first, others)) = routes.split_first() else {
            return self.go(session, flowfile, UNMATCHED, self.unmatched);
        };
        for route in others {
            let clone = session.clone_flowfile(&flowfile);
            self.go(session, clone, route.as_ref(), self.fitting);
        }
        self.go(session, flowfile, first.as_ref(), self.fitting);
    }

    fn go(&self, session: &mut Session, mut flowfile: FlowFile, route: &str, why: &str) {
        flowfile.set_attribute(self.attribute, route);
        session.provenance_route(&flowfile, route, why);
        session.transfer(flowfile, route);
    }
}
