//! Flowfiles that a session makes: from nothing, from one other, from several.

use tutti_model::flowfile::{Attributes, Content, FlowFile, Timestamp, core_attribute};
use tutti_model::provenance::EventType;

use super::Session;
use crate::ProcessError;
use crate::held::Held;
use crate::host;

impl Session {
    /// A new flowfile without parents, with a fresh `uuid` and no content.
    pub fn create(&mut self) -> FlowFile {
        let now = self.context.clock().now();
        let flowfile = self.new_flowfile(Attributes::new(), Content::Empty, now);
        let event = self.event(EventType::Create, &flowfile);
        self.changes.events.push(event);
        flowfile
    }

    /// A new flowfile with the attributes and the lineage of `parent`, and no content.
    pub fn create_child(&mut self, parent: &FlowFile) -> FlowFile {
        let child =
            self.new_flowfile(parent.attributes().clone(), Content::Empty, parent.lineage_start());
        self.descent(EventType::Fork, std::slice::from_ref(parent), &child);
        child
    }

    /// A new flowfile with the attributes, the lineage and the content of `parent`; no byte of
    /// content is copied.
    pub fn clone_flowfile(&mut self, parent: &FlowFile) -> FlowFile {
        let child = self.new_flowfile(
            parent.attributes().clone(),
            parent.content().clone(),
            parent.lineage_start(),
        );
        self.descent(EventType::Clone, std::slice::from_ref(parent), &child);
        child
    }

    /// A new flowfile that `parents`, of which there is at least one, become part of: with the
    /// attributes that all of them have, the lineage of the eldest, and no content.
    ///
    /// When one of them is tried again because of where it was sent, so are the others: what they
    /// became part of is not there any more.
    pub fn create_joined(&mut self, parents: &[FlowFile]) -> FlowFile {
        let (mut attributes, lineage_start) = match parents {
            [] => {
                self.bug.get_or_insert_with(|| {
                    ProcessError::internal("the processor joined no flowfiles into one")
                });
                (Attributes::new(), self.context.clock().now())
            }
            [first, others @ ..] => {
                let eldest = |eldest: Timestamp, each: &FlowFile| eldest.min(each.lineage_start());
                (first.attributes().clone(), others.iter().fold(first.lineage_start(), eldest))
            }
        };
        for parent in parents.iter().skip(1) {
            attributes = attributes.common(parent.attributes());
        }
        let child = self.new_flowfile(attributes, Content::Empty, lineage_start);
        self.descent(EventType::Join, parents, &child);
        child
    }

    fn new_flowfile(
        &mut self,
        mut attributes: Attributes,
        content: Content,
        lineage_start: Timestamp,
    ) -> FlowFile {
        let id = self.host.next_id();
        let uuid = Box::<str>::from(host::new_uuid(self.random()));
        attributes.insert(core_attribute::UUID, &uuid);
        self.held.insert(id, Held::Made(uuid));
        FlowFile::new(id, self.context.clock().now())
            .with_lineage_start(lineage_start)
            .with_attributes(attributes)
            .with_content(content)
    }

    fn descent(&mut self, event_type: EventType, parents: &[FlowFile], child: &FlowFile) {
        let mut event = self.event(event_type, child);
        event.parents = parents.iter().map(|parent| self.uuid(parent).into()).collect();
        event.children = vec![child.uuid().into()];
        self.changes.events.push(event);
    }
}
