//! Mistakes in processors and services: types and properties.

use crate::codes::Page;

const GET: &str = processor!(
    r#""Get": {
      "type": "GetFile",
      "properties": { "Directory": "/data/in", "File Filter": ".*\\.wav" },
      "autoTerminate": ["success"]
    }"#
);

pub(in crate::codes) const UNKNOWN_TYPE: Page = Page::new(
    "There is no processor of this type in this program. `tutti processors list` shows those that \
     there are.",
    processor!(r#""Make": { "type": "GenerateFlowFiles", "autoTerminate": ["success"] }"#),
    processor!(r#""Make": { "type": "GenerateFlowFile", "autoTerminate": ["success"] }"#),
);

pub(in crate::codes) const UNKNOWN_SERVICE_TYPE: Page = Page::new(
    "There is no controller service of this type in this program. `tutti services list` shows \
     those that there are.",
    flow!(
        r#"  "services": {
    "Seen": { "type": "MapCash" }
  },
  "processors": {
    "Make": { "type": "GenerateFlowFile", "autoTerminate": ["success"] }
  }"#
    ),
    flow!(
        r#"  "services": {
    "Seen": { "type": "MapCache" }
  },
  "processors": {
    "Make": { "type": "GenerateFlowFile", "autoTerminate": ["success"] }
  }"#
    ),
);

pub(in crate::codes) const UNKNOWN_PROPERTY: Page = Page::new(
    "This type has no property of this name. Names are written as on its page, with their spaces \
     and capitals.",
    processor!(
        r#""Get": {
      "type": "GetFile",
      "properties": { "Directory": "/data/in", "FileFilter": ".*\\.wav" },
      "autoTerminate": ["success"]
    }"#
    ),
    GET,
);

pub(in crate::codes) const MISSING_PROPERTY: Page = Page::new(
    "The processor cannot work without this property, and it has no default.",
    processor!(
        r#""Get": {
      "type": "GetFile",
      "properties": { "File Filter": ".*\\.wav" },
      "autoTerminate": ["success"]
    }"#
    ),
    GET,
);

pub(in crate::codes) const BAD_VALUE: Page = Page::new(
    "The processor cannot work with this value: it is not of the kind that the property wants, not \
     one of its choices, not a regular expression, not an expression. The message says which, and \
     where in the value where that can be told.",
    processor!(
        r#""Get": {
      "type": "GetFile",
      "properties": { "Directory": "/data/in", "File Filter": "(.*\\.wav" },
      "autoTerminate": ["success"]
    }"#
    ),
    GET,
);

pub(in crate::codes) const PROPERTY_WITHOUT_EFFECT: Page = Page::new(
    "The property matters only when another has a certain value, which it has not. Its value is \
     not looked at.",
    processor!(
        r#""Get": {
      "type": "GetFile",
      "properties": {
        "Directory": "/data/in",
        "Path Filter": "2024/.*",
        "Recurse Subdirectories": "false"
      },
      "autoTerminate": ["success"]
    }"#
    ),
    processor!(
        r#""Get": {
      "type": "GetFile",
      "properties": {
        "Directory": "/data/in",
        "Path Filter": "2024/.*",
        "Recurse Subdirectories": "true"
      },
      "autoTerminate": ["success"]
    }"#
    ),
);

pub(in crate::codes) const SIMILAR_PROPERTY: Page = Page::new(
    "This type takes properties of any name, so that this one is accepted. Its name is so like \
     that of a property which the type knows that a slip of the pen is probable.",
    flow!(
        r#"  "processors": {
    "Make": { "type": "GenerateFlowFile" },
    "Change": {
      "type": "UpdateAttribute",
      "properties": { "Delete Attributes Expresion": "draft-.*" },
      "autoTerminate": ["success"]
    }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Change" }]"#
    ),
    flow!(
        r#"  "processors": {
    "Make": { "type": "GenerateFlowFile" },
    "Change": {
      "type": "UpdateAttribute",
      "properties": { "Delete Attributes Expression": "draft-.*" },
      "autoTerminate": ["success"]
    }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Change" }]"#
    ),
);

pub(in crate::codes) const LITERAL_SECRET: Page = Page::new(
    "Flows are kept in git and shown to many. A secret is a sensitive parameter, whose value is \
     given where the flow runs; the property refers to it with `#{NAME}` and nothing besides. \
     The same holds for a property of the user's own whose name is so like that of a secret that \
     the secret is probably in it: it would be kept and shown. \
     Who finds this message in a flow that others have seen should change the secret.",
    flow!(
        r#"  "processors": {
    "Make": { "type": "GenerateFlowFile" },
    "Store": {
      "type": "PutObject",
      "properties": {
        "Bucket": "music",
        "Object Store URL": "s3://music",
        "Secret Access Key": "correct horse battery"
      },
      "autoTerminate": ["failure", "success"]
    }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Store" }]"#
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
);

pub(in crate::codes) const LEAKED_SECRET: Page = Page::new(
    "The values of this property are shown, logged and kept, so that a secret in it would be as \
     well. Sensitive parameters stand in sensitive properties only.",
    flow!(
        r##"  "parameterContext": "main",
  "parameterContexts": { "main": { "parameters": { "key": { "sensitive": true } } } },
  "processors": {
    "Make": { "type": "GenerateFlowFile" },
    "Store": {
      "type": "PutObject",
      "properties": {
        "Bucket": "music",
        "Object Key": "#{key}.json",
        "Object Store URL": "s3://music"
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

pub(in crate::codes) const SHARED_RESOURCE: Page = Page::new(
    "Two processors would take the same things from each other, e.g. files of one folder, and \
     which of them gets one is chance.",
    processor!(
        r#""Get": {
      "type": "GetFile",
      "properties": { "Directory": "/data/in" },
      "autoTerminate": ["success"]
    },
    "Get again": {
      "type": "GetFile",
      "properties": { "Directory": "/data/in/" },
      "autoTerminate": ["success"]
    }"#
    ),
    processor!(
        r#""Get": {
      "type": "GetFile",
      "properties": { "Directory": "/data/in" },
      "autoTerminate": ["success"]
    },
    "Get others": {
      "type": "GetFile",
      "properties": { "Directory": "/data/others" },
      "autoTerminate": ["success"]
    }"#
    ),
);

pub(in crate::codes) const UNKNOWN_SERVICE: Page = Page::new(
    "The property names a controller service, and there is none of this name in the group of the \
     processor or in a group around it. Of services of one name in groups that lie in each other \
     the nearest counts.",
    flow!(
        r#"  "services": {
    "Seen": { "type": "MapCache" }
  },
  "processors": {
    "Make": { "type": "GenerateFlowFile" },
    "Once": {
      "type": "DetectDuplicate",
      "properties": {
        "Cache Entry Identifier": "${filename}",
        "Distributed Cache Service": "Sen"
      },
      "autoTerminate": ["duplicate", "failure", "non-duplicate"]
    }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Once" }]"#
    ),
    flow!(
        r#"  "services": {
    "Seen": { "type": "MapCache" }
  },
  "processors": {
    "Make": { "type": "GenerateFlowFile" },
    "Once": {
      "type": "DetectDuplicate",
      "properties": {
        "Cache Entry Identifier": "${filename}",
        "Distributed Cache Service": "Seen"
      },
      "autoTerminate": ["duplicate", "failure", "non-duplicate"]
    }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Once" }]"#
    ),
);

pub(in crate::codes) const WRONG_SERVICE: Page = Page::without_example(
    "The property needs a controller service of another kind than the one that it names: its page \
     tells the kind, and the pages of services which kind each is. This version has services of \
     one kind only, so that there is no example.",
);

pub(in crate::codes) const SERIAL: Page = Page::new(
    "Processors of this type run one task at a time, whatever is asked for.",
    processor!(
        r#""Get": {
      "type": "GetFile",
      "properties": { "Directory": "/data/in" },
      "concurrentTasks": 4,
      "autoTerminate": ["success"]
    }"#
    ),
    processor!(
        r#""Get": {
      "type": "GetFile",
      "properties": { "Directory": "/data/in" },
      "autoTerminate": ["success"]
    }"#
    ),
);

pub(in crate::codes) const UNFITTING: Page = Page::new(
    "Each property is right by itself, but the processor cannot work with all of them together. \
     The message says why.",
    flow!(
        r#"  "processors": {
    "Make": { "type": "GenerateFlowFile" },
    "Extract": {
      "type": "ExtractFeatures",
      "properties": { "n_mels": "128", "n_mfcc": "200" },
      "autoTerminate": ["failure", "success"]
    }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Extract" }]"#
    ),
    flow!(
        r#"  "processors": {
    "Make": { "type": "GenerateFlowFile" },
    "Extract": {
      "type": "ExtractFeatures",
      "properties": { "n_mels": "128", "n_mfcc": "20" },
      "autoTerminate": ["failure", "success"]
    }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Extract" }]"#
    ),
);

pub(in crate::codes) const DOUBTFUL_VALUE: Page = Page::new(
    "The processor takes the value, and says why it doubts it. So far there is one such doubt: \
     `${` begins an expression, and its `}` is missing, perhaps as a quotation mark before it is \
     not closed. As in NiFi it is text then, and everything behind it too. Where text is meant, \
     write `${literal('${')}`.",
    flow!(
        r#"  "processors": {
    "Make": {
      "type": "GenerateFlowFile",
      "properties": { "Custom Text": "made as ${filename" },
      "autoTerminate": ["success"]
    }
  }"#
    ),
    flow!(
        r#"  "processors": {
    "Make": {
      "type": "GenerateFlowFile",
      "properties": { "Custom Text": "made as ${filename}" },
      "autoTerminate": ["success"]
    }
  }"#
    ),
);

pub(in crate::codes) const DISABLED_SERVICE: Page = Page::new(
    "The property names a controller service that takes no part in the flow, so that what uses it \
     could never start. What is disabled itself may name it.",
    flow!(
        r#"  "services": {
    "Seen": { "type": "MapCache", "state": "disabled" }
  },
  "processors": {
    "Make": { "type": "GenerateFlowFile" },
    "Once": {
      "type": "DetectDuplicate",
      "properties": {
        "Cache Entry Identifier": "${filename}",
        "Distributed Cache Service": "Seen"
      },
      "autoTerminate": ["duplicate", "failure", "non-duplicate"]
    }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Once" }]"#
    ),
    flow!(
        r#"  "services": {
    "Seen": { "type": "MapCache" }
  },
  "processors": {
    "Make": { "type": "GenerateFlowFile" },
    "Once": {
      "type": "DetectDuplicate",
      "properties": {
        "Cache Entry Identifier": "${filename}",
        "Distributed Cache Service": "Seen"
      },
      "autoTerminate": ["duplicate", "failure", "non-duplicate"]
    }
  },
  "connections": [{ "from": "Make", "relationships": ["success"], "to": "Once" }]"#
    ),
);

pub(in crate::codes) const SERVICE_CYCLE: Page = Page::without_example(
    "A controller service is enabled when all services that its properties name are. Services that \
     name each other, directly or by others, wait for each other for ever. No service of this \
     version names another, so that there is no example.",
);
