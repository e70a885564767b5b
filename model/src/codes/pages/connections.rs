//! Mistakes in connections.

use crate::codes::Page;

const MAKE_AND_LOG: &str = flow!(
    r#"  "processors": {
    "Log": { "type": "LogAttribute", "autoTerminate": ["success"] },
    "Make": { "type": "GenerateFlowFile" }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Log" }]"#
);

const GROUP: &str = flow!(
    r#"  "processors": {
    "Make": { "type": "GenerateFlowFile" }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Inner/In" }],
  "groups": {
    "Inner": {
      "processors": { "Log": { "type": "LogAttribute", "autoTerminate": ["success"] } },
      "connections": [{ "from": "In", "to": "Log" }],
      "inputPorts": { "In": {} }
    }
  }"#
);

pub(in crate::codes) const UNKNOWN_COMPONENT: Page = Page::new(
    "A connection begins or ends at something that is not in its group. Ports of groups in it are \
     called `GROUP/PORT`.",
    flow!(
        r#"  "processors": {
    "Log": { "type": "LogAttribute", "autoTerminate": ["success"] },
    "Make": { "type": "GenerateFlowFile" }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "log" }]"#
    ),
    MAKE_AND_LOG,
);

pub(in crate::codes) const WRONG_END: Page = Page::new(
    "Within a group flowfiles come from its input ports and go to its output ports; outside of it \
     they go to its input ports and come from its output ports. Nothing else of a group can be \
     connected from outside.",
    flow!(
        r#"  "processors": {
    "Make": { "type": "GenerateFlowFile" }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Inner/Log" }],
  "groups": {
    "Inner": {
      "processors": { "Log": { "type": "LogAttribute", "autoTerminate": ["success"] } },
      "connections": [{ "from": "In", "to": "Log" }],
      "inputPorts": { "In": {} }
    }
  }"#
    ),
    GROUP,
);

pub(in crate::codes) const UNKNOWN_RELATIONSHIP: Page = Page::new(
    "The processor has no relationship of this name. Those of its type are on its page; some types \
     have one more for each property that the user names.",
    flow!(
        r#"  "processors": {
    "Log": { "type": "LogAttribute", "autoTerminate": ["success"] },
    "Make": { "type": "GenerateFlowFile" }
  },
  "connections": [{ "from": "Make", "relationships": ["succes"], "to": "Log" }]"#
    ),
    MAKE_AND_LOG,
);

pub(in crate::codes) const MISSING_RELATIONSHIPS: Page = Page::new(
    "A connection carries the flowfiles of the relationships that it names, and this one names \
     none.",
    flow!(
        r#"  "processors": {
    "Log": { "type": "LogAttribute", "autoTerminate": ["success"] },
    "Make": { "type": "GenerateFlowFile" }
  },
  "connections": [{ "from": "Make", "to": "Log" }]"#
    ),
    MAKE_AND_LOG,
);

pub(in crate::codes) const NEEDLESS_RELATIONSHIPS: Page = Page::new(
    "Only processors have relationships. All that comes to a port or a funnel goes on.",
    flow!(
        r#"  "processors": {
    "Log": { "type": "LogAttribute", "autoTerminate": ["success"] }
  },
  "connections": [{ "from": "In", "relationships": ["success"], "to": "Log" }],
  "inputPorts": { "In": {} }"#
    ),
    flow!(
        r#"  "processors": {
    "Log": { "type": "LogAttribute", "autoTerminate": ["success"] }
  },
  "connections": [{ "from": "In", "to": "Log" }],
  "inputPorts": { "In": {} }"#
    ),
);

pub(in crate::codes) const UNCONNECTED_RELATIONSHIP: Page = Page::new(
    "What the processor sends to this relationship would have no place to go. Connect it, or list \
     it in `autoTerminate` when its flowfiles are to end there.",
    processor!(r#""Make": { "type": "GenerateFlowFile" }"#),
    processor!(r#""Make": { "type": "GenerateFlowFile", "autoTerminate": ["success"] }"#),
);

pub(in crate::codes) const CONNECTED_AND_TERMINATED: Page = Page::new(
    "Flowfiles of this relationship follow its connection; `autoTerminate` is without effect.",
    flow!(
        r#"  "processors": {
    "Log": { "type": "LogAttribute", "autoTerminate": ["success"] },
    "Make": { "type": "GenerateFlowFile", "autoTerminate": ["success"] }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Log" }]"#
    ),
    MAKE_AND_LOG,
);

pub(in crate::codes) const MISSING_INPUT: Page = Page::new(
    "Processors of this type work on flowfiles that come to them, and nothing is connected to this \
     one. A connection from itself does not count.",
    processor!(r#""Log": { "type": "LogAttribute", "autoTerminate": ["success"] }"#),
    MAKE_AND_LOG,
);

pub(in crate::codes) const FORBIDDEN_INPUT: Page = Page::new(
    "Processors of this type are sources: they would never take what is connected to them.",
    flow!(
        r#"  "processors": {
    "Make": { "type": "GenerateFlowFile" },
    "Make more": { "type": "GenerateFlowFile", "autoTerminate": ["success"] }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Make more" }]"#
    ),
    MAKE_AND_LOG,
);

pub(in crate::codes) const DUPLICATE_CONNECTION: Page = Page::new(
    "Two connections carry the same from one thing to another, so that each flowfile would arrive \
     twice. One connection can carry several relationships.",
    flow!(
        r#"  "processors": {
    "Log": { "type": "LogAttribute", "autoTerminate": ["success"] },
    "Make": { "type": "GenerateFlowFile" }
  },
  "connections": [
    { "from": "Make", "relationships": ["success"], "to": "Log" },
    { "from": "Make", "relationships": ["success"], "to": "Log", "backPressure": { "count": 5 } }
  ]"#
    ),
    MAKE_AND_LOG,
);

pub(in crate::codes) const DEAD_END: Page = Page::new(
    "Ports and funnels keep nothing. What comes to this one could not go on.",
    flow!(
        r#"  "processors": {
    "Make": { "type": "GenerateFlowFile" }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "All" }],
  "funnels": ["All"]"#
    ),
    flow!(
        r#"  "processors": {
    "Log": { "type": "LogAttribute", "autoTerminate": ["success"] },
    "Make": { "type": "GenerateFlowFile" }
  },
  "connections": [
    { "from": "All", "to": "Log" },
    { "from": "Make", "relationships": ["success"], "to": "All" }
  ],
  "funnels": ["All"]"#
    ),
);

pub(in crate::codes) const UNREACHABLE: Page = Page::new(
    "Something is connected to the processor, but no source leads there: it will wait for ever. \
     Reported when the flow has no errors.",
    flow!(
        r#"  "processors": {
    "One": { "type": "LogAttribute" },
    "Other": { "type": "LogAttribute" }
  },
  "connections": [
    { "from": "One", "relationships": ["success"], "to": "Other" },
    { "from": "Other", "relationships": ["success"], "to": "One" }
  ]"#
    ),
    flow!(
        r#"  "processors": {
    "Make": { "type": "GenerateFlowFile" },
    "One": { "type": "LogAttribute" },
    "Other": { "type": "LogAttribute" }
  },
  "connections": [
    { "from": "Make", "relationships": ["success"], "to": "One" },
    { "from": "One", "relationships": ["success"], "to": "Other" },
    { "from": "Other", "relationships": ["success"], "to": "One" }
  ]"#
    ),
);

pub(in crate::codes) const WRONG_CONTENT: Page = Page::new(
    "All that comes by this connection is of a media type that the processor at its end does not \
     work on: all of it would go to `failure`. Pages of processors say what they take and what \
     they hand on. What may be of any type is never told of.",
    flow!(
        r#"  "processors": {
    "Decode": { "type": "DecodeAudio", "autoTerminate": ["failure", "success"] },
    "Describe": {
      "type": "AttributesToJSON",
      "properties": { "Destination": "flowfile-content" },
      "autoTerminate": ["failure"]
    },
    "Make": { "type": "GenerateFlowFile" }
  },
  "connections": [
    { "from": "Describe", "relationships": ["success"], "to": "Decode" },
    { "from": "Make", "relationships": ["success"], "to": "Describe" }
  ]"#
    ),
    flow!(
        r#"  "processors": {
    "Describe": {
      "type": "AttributesToJSON",
      "properties": { "Destination": "flowfile-content" },
      "autoTerminate": ["failure", "success"]
    },
    "Make": { "type": "GenerateFlowFile" }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Describe" }]"#
    ),
);
