//! Mistakes in parameters and their contexts.

use crate::codes::Page;

const RIGHT: &str = flow!(
    r##"  "parameterContext": "main",
  "parameterContexts": { "main": { "parameters": { "input": { "value": "/data/in" } } } },
  "processors": {
    "Get": {
      "type": "GetFile",
      "properties": { "Directory": "#{input}" },
      "autoTerminate": ["success"]
    }
  }"##
);

const INHERITED: &str = flow!(
    r##"  "parameterContext": "main",
  "parameterContexts": {
    "base": { "parameters": { "input": { "value": "/data/in" } } },
    "main": { "inherits": ["base"] }
  },
  "processors": {
    "Get": {
      "type": "GetFile",
      "properties": { "Directory": "#{input}" },
      "autoTerminate": ["success"]
    }
  }"##
);

pub(in crate::codes) const UNKNOWN_PARAMETER: Page = Page::new(
    "`#{NAME}` refers to a parameter of the group's parameter context, of one that this inherits \
     from, or, for a group without a context, of that of the group around it. There is none of \
     this name. Where no parameter is meant, as in a regular expression, write `##{`.",
    flow!(
        r##"  "parameterContext": "main",
  "parameterContexts": { "main": { "parameters": { "input": { "value": "/data/in" } } } },
  "processors": {
    "Get": {
      "type": "GetFile",
      "properties": { "Directory": "#{inptu}" },
      "autoTerminate": ["success"]
    }
  }"##
    ),
    RIGHT,
);

pub(in crate::codes) const BAD_REFERENCE: Page = Page::new(
    "`#{` begins a reference to a parameter: a name and `}` follow. Where no parameter is meant, \
     write `##{`.",
    processor!(
        r##""Get": {
      "type": "GetFile",
      "properties": { "Directory": "/data/in", "File Filter": "#{2,}\\.wav" },
      "autoTerminate": ["success"]
    }"##
    ),
    processor!(
        r###""Get": {
      "type": "GetFile",
      "properties": { "Directory": "/data/in", "File Filter": "##{2,}\\.wav" },
      "autoTerminate": ["success"]
    }"###
    ),
);

pub(in crate::codes) const UNKNOWN_CONTEXT: Page = Page::new(
    "A group or a parameter context names a parameter context that the flow does not have.",
    flow!(
        r##"  "parameterContext": "mian",
  "parameterContexts": { "main": { "parameters": { "input": { "value": "/data/in" } } } },
  "processors": {
    "Get": {
      "type": "GetFile",
      "properties": { "Directory": "#{input}" },
      "autoTerminate": ["success"]
    }
  }"##
    ),
    RIGHT,
);

pub(in crate::codes) const CONTEXT_CYCLE: Page = Page::new(
    "A parameter context inherits from itself, perhaps by way of others, so that nobody can say \
     whose parameters come first.",
    flow!(
        r##"  "parameterContext": "main",
  "parameterContexts": {
    "base": { "inherits": ["main"], "parameters": { "input": { "value": "/data/in" } } },
    "main": { "inherits": ["base"] }
  },
  "processors": {
    "Get": {
      "type": "GetFile",
      "properties": { "Directory": "#{input}" },
      "autoTerminate": ["success"]
    }
  }"##
    ),
    INHERITED,
);

pub(in crate::codes) const SECRET_PARAMETER: Page = Page::new(
    "Flows are kept in git and shown to many. The value of a sensitive parameter is given where \
     the flow runs, and never stands in its text. Who finds this message in a flow that others \
     have seen should change the secret.",
    flow!(
        r##"  "parameterContext": "main",
  "parameterContexts": {
    "main": { "parameters": { "key": { "sensitive": true, "value": "correct horse battery" } } }
  },
  "processors": {
    "Make": { "type": "GenerateFlowFile" },
    "Store": {
      "type": "PutObject",
      "properties": {
        "Bucket": "music",
        "Object Store URL": "s3://music",
        "Secret Access Key": "#{key}"
      },
      "autoTerminate": ["failure", "success"]
    }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Store" }]"##
    ),
    flow!(
        r##"  "parameterContext": "main",
  "parameterContexts": { "main": { "parameters": { "key": { "sensitive": true } } } },
  "processors": {
    "Make": { "type": "GenerateFlowFile" },
    "Store": {
      "type": "PutObject",
      "properties": {
        "Bucket": "music",
        "Object Store URL": "s3://music",
        "Secret Access Key": "#{key}"
      },
      "autoTerminate": ["failure", "success"]
    }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Store" }]"##
    ),
)
.given(&[("key", "correct horse battery")]);

pub(in crate::codes) const MISSING_VALUE: Page = Page::new(
    "The flow is to run, and a parameter that it uses has neither a value from outside nor one in \
     the flow. Without running it, `tutti validate` accepts this.",
    flow!(
        r##"  "parameterContext": "main",
  "parameterContexts": { "main": { "parameters": { "input": {} } } },
  "processors": {
    "Get": {
      "type": "GetFile",
      "properties": { "Directory": "#{input}" },
      "autoTerminate": ["success"]
    }
  }"##
    ),
    RIGHT,
);

pub(in crate::codes) const UNUSED_PARAMETER: Page = Page::new(
    "No property refers to the parameter, so that giving it a value changes nothing.",
    flow!(
        r##"  "parameterContext": "main",
  "parameterContexts": {
    "main": { "parameters": { "input": { "value": "/data/in" }, "output": { "value": "/out" } } }
  },
  "processors": {
    "Get": {
      "type": "GetFile",
      "properties": { "Directory": "#{input}" },
      "autoTerminate": ["success"]
    }
  }"##
    ),
    RIGHT,
);

pub(in crate::codes) const UNKNOWN_GIVEN_PARAMETER: Page = Page::new(
    "A value was given for a parameter that no context of the flow declares. It would change \
     nothing, while what was meant keeps its value. The flow itself is as it should be: what is \
     to be mended is the name that is given, here to `--param input=/data/in`.",
    RIGHT,
    RIGHT,
)
.given(&[("inptu", "/data/in")]);

pub(in crate::codes) const CHANGED_SENSITIVITY: Page = Page::new(
    "A context declares a parameter again that it inherits, once as a secret and once not. What \
     holds would depend on who uses it.",
    flow!(
        r##"  "parameterContext": "main",
  "parameterContexts": {
    "base": { "parameters": { "key": { "sensitive": true } } },
    "main": { "inherits": ["base"], "parameters": { "key": { "value": "a" } } }
  },
  "processors": {
    "Get": {
      "type": "GetFile",
      "properties": { "Directory": "#{key}" },
      "autoTerminate": ["success"]
    }
  }"##
    ),
    INHERITED,
);
