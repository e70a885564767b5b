//! Mistakes in the text itself: JSON, members, single values.

use crate::codes::Page;

/// The least processor that is right by itself.
const MAKE: &str =
    processor!(r#""Make": { "type": "GenerateFlowFile", "autoTerminate": ["success"] }"#);

pub(in crate::codes) const SYNTAX: Page = Page::new(
    "A flow is JSON, and this cannot be understood as JSON at all: most often a bracket, a \
     quotation mark or a value is missing. Nothing behind this place has been looked at.",
    r#"{
  "format": 1,
  "name": "example",
  "processors": {
    "Make": { "type": "GenerateFlowFile", "autoTerminate": ["success"] }
"#,
    MAKE,
);

pub(in crate::codes) const COMMENT: Page = Page::new(
    "JSON has no comments, and whatever saves a flow could not keep them. Flows, groups, \
     processors, services and parameters have a `description`; remarks on several things go into \
     a label.",
    processor!(
        r#"// Something to begin with
    "Make": { "type": "GenerateFlowFile", "autoTerminate": ["success"] }"#
    ),
    processor!(
        r#""Make": {
      "type": "GenerateFlowFile",
      "description": "Something to begin with",
      "autoTerminate": ["success"]
    }"#
    ),
);

pub(in crate::codes) const LOOSE: Page = Page::new(
    "One can tell what is meant, but other programs that read JSON cannot: a comma too many or too \
     few, single quotes, names without quotes, line breaks in a text. `tutti fmt` mends it.",
    processor!(r#"Make: { 'type': "GenerateFlowFile", "autoTerminate": ["success",], }"#),
    MAKE,
);

pub(in crate::codes) const DUPLICATE_MEMBER: Page = Page::new(
    "An object has one value for each name, and programs differ in which of two they take. Names \
     are also what things are known by: two processors of a group cannot have the same.",
    processor!(
        r#""Make": { "type": "GenerateFlowFile", "autoTerminate": ["success"] },
    "Make": { "type": "GenerateFlowFile", "autoTerminate": ["success"] }"#
    ),
    processor!(
        r#""Make": { "type": "GenerateFlowFile", "autoTerminate": ["success"] },
    "Make more": { "type": "GenerateFlowFile", "autoTerminate": ["success"] }"#
    ),
);

pub(in crate::codes) const WRONG_TYPE: Page = Page::new(
    "The value should be a text, a number, a list or an object, and is something else. A member \
     that has no value is left out: `null` is none either.",
    processor!(r#""Make": { "type": "GenerateFlowFile", "autoTerminate": "success" }"#),
    MAKE,
);

pub(in crate::codes) const NOT_TEXT: Page = Page::new(
    "The values of properties and parameters are always texts, because parameters and expressions \
     may stand in each. `tutti fmt` adds the quotes.",
    processor!(
        r#""Get": {
      "type": "GetFile",
      "properties": { "Directory": "/data/in", "Keep Source File": true },
      "autoTerminate": ["success"]
    }"#
    ),
    processor!(
        r#""Get": {
      "type": "GetFile",
      "properties": { "Directory": "/data/in", "Keep Source File": "true" },
      "autoTerminate": ["success"]
    }"#
    ),
);

pub(in crate::codes) const UNKNOWN_MEMBER: Page = Page::new(
    "Nothing of this name has a meaning here. What is not understood is refused, so that a slip of \
     the pen is not taken for a setting. The properties of a processor stand in its `properties`.",
    processor!(
        r#""Make": {
      "type": "GenerateFlowFile",
      "concurentTasks": 2,
      "autoTerminate": ["success"]
    }"#
    ),
    processor!(
        r#""Make": {
      "type": "GenerateFlowFile",
      "concurrentTasks": 2,
      "autoTerminate": ["success"]
    }"#
    ),
);

pub(in crate::codes) const MISSING_MEMBER: Page = Page::new(
    "Without this member nobody knows what is meant: a flow needs `format` and `name`, a processor \
     or service its `type`, a connection `from` and `to`.",
    processor!(r#""Make": { "autoTerminate": ["success"] }"#),
    MAKE,
);

pub(in crate::codes) const FORMAT_VERSION: Page = Page::new(
    "The flow was written for another version of this format, and reading it as if it were this \
     one could change its meaning. Nothing else in it has been looked at.",
    r#"{
  "format": 99,
  "name": "example"
}
"#,
    r#"{
  "format": 1,
  "name": "example"
}
"#,
);

pub(in crate::codes) const BAD_NAME: Page = Page::new(
    "Names identify things: in connections, in messages, in provenance, in the store. They have 1 \
     to 128 characters, neither begin nor end with a space, and have no line breaks and no `/`, \
     which stands between a group and what is in it. The name of a flow is also that of its file; \
     the names of parameters have letters, digits, spaces, `-`, `_` and `.` only.",
    processor!(r#""In/Out": { "type": "GenerateFlowFile", "autoTerminate": ["success"] }"#),
    processor!(r#""In and out": { "type": "GenerateFlowFile", "autoTerminate": ["success"] }"#),
);

pub(in crate::codes) const LIMIT: Page = Page::new(
    "So that no text costs more than its size suggests, a flow has bounds: 16 MB of text, 20,000 \
     components, 50,000 connections, 256 parameter contexts, groups in groups 16 deep, 256 KB for \
     a value also when its parameters are in it. Of mistakes 10,000 are listed.",
    flow!(
        r#"  "groups": { "1": { "groups": { "2": { "groups": { "3": { "groups": { "4": { "groups": {
    "5": { "groups": { "6": { "groups": { "7": { "groups": { "8": { "groups": { "9": { "groups": {
    "10": { "groups": { "11": { "groups": { "12": { "groups": { "13": { "groups": { "14": {
    "groups": { "15": { "groups": { "16": { "groups": { "17": {}
  } } } } } } } } } } } } } } } } } } } } } } } } } } } } } } } } }"#
    ),
    flow!(r#"  "groups": { "1": { "groups": { "2": {} } } }"#),
);

pub(in crate::codes) const DUPLICATE_NAME: Page = Page::new(
    "Connections tell the processors, ports, funnels and groups of a group apart by their names \
     alone.",
    flow!(
        r#"  "processors": {
    "All": { "type": "GenerateFlowFile" }
  },
  "connections": [
    { "from": "All", "relationships": ["success"], "to": "Out" }
  ],
  "funnels": ["All"],
  "outputPorts": { "Out": {} }"#
    ),
    flow!(
        r#"  "processors": {
    "Make": { "type": "GenerateFlowFile" }
  },
  "connections": [
    { "from": "Make", "relationships": ["success"], "to": "All" },
    { "from": "All", "to": "Out" }
  ],
  "funnels": ["All"],
  "outputPorts": { "Out": {} }"#
    ),
);

pub(in crate::codes) const BAD_CHOICE: Page = Page::new(
    "The value is one of a few words, and this is none of them.",
    processor!(
        r#""Make": {
      "type": "GenerateFlowFile",
      "bulletinLevel": "warn",
      "autoTerminate": ["success"]
    }"#
    ),
    processor!(
        r#""Make": {
      "type": "GenerateFlowFile",
      "bulletinLevel": "warning",
      "autoTerminate": ["success"]
    }"#
    ),
);

pub(in crate::codes) const BAD_DURATION: Page = Page::new(
    "A time is a number and a unit: `nanos`, `micros`, `millis`, `sec`, `min`, `hour`, `day`, \
     `week` and their usual short and plural forms.",
    processor!(
        r#""Make": {
      "type": "GenerateFlowFile",
      "schedule": { "period": "10" },
      "autoTerminate": ["success"]
    }"#
    ),
    processor!(
        r#""Make": {
      "type": "GenerateFlowFile",
      "schedule": { "period": "10 sec" },
      "autoTerminate": ["success"]
    }"#
    ),
);

pub(in crate::codes) const BAD_DATA_SIZE: Page = Page::new(
    "An amount of data is a number and a unit: `B`, `KB`, `MB`, `GB` or `TB`. A KB has 1,024 B.",
    connection!(r#""backPressure": { "size": "1 gig" }"#),
    connection!(r#""backPressure": { "size": "2 GB" }"#),
);

pub(in crate::codes) const BAD_CRON: Page = Page::new(
    "A schedule has a `period`, or a `cron` expression of six fields (second, minute, hour, day of \
     the month, month, day of the week) with or without a time `zone` by its IANA name. A time \
     that never comes, such as the 30th of February, is a mistake too.",
    processor!(
        r#""Make": {
      "type": "GenerateFlowFile",
      "schedule": { "cron": "30 6 * * *" },
      "autoTerminate": ["success"]
    }"#
    ),
    processor!(
        r#""Make": {
      "type": "GenerateFlowFile",
      "schedule": { "cron": "0 30 6 * * *", "zone": "Europe/Rome" },
      "autoTerminate": ["success"]
    }"#
    ),
);

pub(in crate::codes) const OUT_OF_RANGE: Page = Page::new(
    "The number is too small, too great or not whole.",
    processor!(
        r#""Make": {
      "type": "GenerateFlowFile",
      "concurrentTasks": 0,
      "autoTerminate": ["success"]
    }"#
    ),
    processor!(
        r#""Make": {
      "type": "GenerateFlowFile",
      "concurrentTasks": 1,
      "autoTerminate": ["success"]
    }"#
    ),
);

pub(in crate::codes) const LISTED_TWICE: Page = Page::new(
    "The second time changes nothing, so that something else was probably meant.",
    processor!(
        r#""Make": { "type": "GenerateFlowFile", "autoTerminate": ["success", "success"] }"#
    ),
    MAKE,
);

pub(in crate::codes) const FILE_NAME: Page = Page::new(
    "A flow is found by its file, `NAME.json`, and known by its name, e.g. in the store. When the \
     two differ, one of them was probably forgotten. (The example is in `example.json`.)",
    r#"{
  "format": 1,
  "name": "sample"
}
"#,
    r#"{
  "format": 1,
  "name": "example"
}
"#,
);

const LAYOUT: &str = r#"{
  "format": 1,
  "positions": {
    "Make": { "x": 0, "y": 80 }
  }
}
"#;

pub(in crate::codes) const UNREADABLE_LAYOUT: Page = Page::of_layout(
    "The layout of a flow, `NAME.layout.json`, is not JSON or has something that no layout has. \
     (The example is in `example.layout.json`.)",
    r#"{
  "format": 1,
  "positions": {
    "Make": { "x": 0 }
  }
}
"#,
    LAYOUT,
);

pub(in crate::codes) const STRAY_LAYOUT: Page = Page::of_layout(
    "The layout says where something lies that the flow does not have: it was renamed or removed, \
     or its group was. Things are named by their paths, connections by the path of their group \
     and their own name. (The example is in `example.layout.json`; the flow `example.json` has \
     the processor `Make`.)",
    r#"{
  "format": 1,
  "positions": {
    "Mak": { "x": 0, "y": 80 }
  }
}
"#,
    LAYOUT,
);
