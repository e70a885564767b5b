//! Small flows for tests, in the text that a user would write.

use std::path::{Path, PathBuf};

/// GetFile -> UpdateAttribute -> PutFile: moves files, and gives each delivery a name of its own,
/// so that what is picked up twice shows. A delivery that is repeated replaces itself. `keep`
/// leaves the sources where they are.
pub fn copy_with_unique_names(keep: bool) -> String {
    copy(keep, "enabled")
}

/// The same flow with its end disabled, so that what it picks up stays in a queue, and is nowhere
/// else: the sources are deleted.
pub fn fill_a_queue() -> String {
    copy(false, "disabled")
}

/// Three lines side by side in one flow, each with folders of its own below `input` and `output`:
/// in the first the content is compressed on the way and comes out again, the second is as short as
/// can be, and the third keeps its sources.
pub const LINES: [&str; 3] = ["packed", "short", "kept"];

/// The flow of [`LINES`].
pub fn lines() -> String {
    let groups = LINES.map(|line| {
        let members = members(line == "kept", "enabled", &format!("/{line}"), line == "packed");
        format!("\"{line}\": {{ {members} }}")
    });
    flow("lines", &format!("\"groups\": {{ {} }}", groups.join(", ")))
}

/// Flowfiles of 1 KB, each of its own, `batch` at a time every `period`, are given attributes,
/// routed, and end.
pub fn made(batch: &str, period: &str) -> String {
    format!(
        r#"{{
  "format": 1,
  "name": "made",
  "processors": {{
    "Make": {{
      "type": "GenerateFlowFile",
      "properties": {{
        "File Size": "1 KB", "Batch Size": "{batch}", "Unique FlowFiles": "true"
      }},
      "schedule": {{ "period": "{period}" }}
    }},
    "Update": {{
      "type": "UpdateAttribute",
      "properties": {{
        "upper": "${{filename:toUpper()}}", "short": "${{uuid:substring(0, 8)}}"
      }}
    }},
    "Route": {{
      "type": "RouteOnAttribute",
      "properties": {{ "low": "${{short:startsWith('0')}}" }},
      "autoTerminate": ["low", "unmatched"]
    }}
  }},
  "connections": [
    {{ "from": "Make", "relationships": ["success"], "to": "Update" }},
    {{ "from": "Update", "relationships": ["success"], "to": "Route" }}
  ]
}}
"#
    )
}

fn copy(keep: bool, end: &str) -> String {
    flow("copy", &members(keep, end, "", false))
}

/// A flow with these members and the parameters `input` and `output`.
fn flow(name: &str, members: &str) -> String {
    format!(
        r#"{{
  "format": 1,
  "name": "{name}",
  "parameterContext": "main",
  "parameterContexts": {{
    "main": {{
      "parameters": {{
        "input": {{ "description": "Where files come from." }},
        "output": {{ "description": "Where copies go." }}
      }}
    }}
  }},
  {members}
}}
"#
    )
}

/// The processors and connections of a copy from a folder `below` the input to one `below` the
/// output.
fn members(keep: bool, end: &str, below: &str, is_packed: bool) -> String {
    let way = if is_packed {
        r#"{ "from": "Name", "relationships": ["success"], "to": "Pack" },
    { "from": "Pack", "relationships": ["success"], "to": "Unpack" },
    { "from": "Unpack", "relationships": ["success"], "to": "Put" },
    { "from": "Pack", "relationships": ["failure"], "to": "Failed" },
    { "from": "Unpack", "relationships": ["failure"], "to": "Failed" },"#
    } else {
        r#"{ "from": "Name", "relationships": ["success"], "to": "Put" },"#
    };
    let packing = if is_packed {
        r#""Pack": {
      "type": "CompressContent",
      "properties": { "Mode": "compress", "Compression Format": "zstd" }
    },
    "Unpack": {
      "type": "CompressContent",
      "properties": { "Mode": "decompress", "Compression Format": "zstd" }
    },"#
    } else {
        ""
    };
    format!(
        r##""processors": {{
    "Get": {{
      "type": "GetFile",
      "properties": {{
        "Directory": "#{{input}}{below}",
        "Keep Source File": "{keep}",
        "Minimum File Age": "0 sec",
        "Polling Interval": "0 sec"
      }}
    }},
    "Name": {{
      "type": "UpdateAttribute",
      "properties": {{
        "filename": "${{filename}}~${{uuid}}"
      }}
    }},
    {packing}
    "Put": {{
      "type": "PutFile",
      "state": "{end}",
      "properties": {{
        "Directory": "#{{output}}{below}",
        "Conflict Resolution Strategy": "replace"
      }},
      "penaltyDuration": "10 ms",
      "autoTerminate": ["success"],
      "retry": {{ "relationships": ["failure"], "attempts": 3 }}
    }},
    "Failed": {{
      "type": "LogAttribute",
      "autoTerminate": ["success"]
    }}
  }},
  "connections": [
    {{ "from": "Get", "relationships": ["success"], "to": "Name" }},
    {way}
    {{ "from": "Put", "relationships": ["failure"], "to": "Failed" }}
  ]"##
    )
}

/// GetFile -> PutObject, by its alias: moves files into a bucket. What cannot be put waits in front
/// of `Put` for the next run.
pub const STORE: &str = r##"{
  "format": 1,
  "name": "store",
  "parameterContext": "main",
  "parameterContexts": {
    "main": {
      "parameters": {
        "bucket": { "description": "Where in the store they go." },
        "input": { "description": "Where files come from." },
        "output": { "description": "The URL of the object store." },
        "strategy": {
          "description": "What to do with an object that is there.",
          "value": "replace"
        }
      }
    }
  },
  "processors": {
    "Get": {
      "type": "GetFile",
      "properties": {
        "Directory": "#{input}",
        "Keep Source File": "false",
        "Minimum File Age": "0 sec",
        "Polling Interval": "0 sec"
      }
    },
    "Put": {
      "type": "PutOzoneObject",
      "properties": {
        "Bucket": "#{bucket}",
        "Conflict Resolution Strategy": "#{strategy}",
        "Object Store URL": "#{output}",
        "origin": "${filename}"
      },
      "penaltyDuration": "10 min",
      "autoTerminate": ["success"],
      "retry": { "relationships": ["failure"], "attempts": 10000 }
    }
  },
  "connections": [
    { "from": "Get", "relationships": ["success"], "to": "Put" },
    { "from": "Put", "relationships": ["failure"], "to": "Put" }
  ]
}
"##;

/// Lists objects, fetches them, writes them into files and deletes them: moves them out of a
/// bucket. What the store does not answer is tried again soon, and what is not there any more
/// fails.
pub const BACK: &str = r##"{
  "format": 1,
  "name": "back",
  "parameterContext": "main",
  "parameterContexts": {
    "main": {
      "parameters": {
        "bucket": { "description": "Where in the store they are." },
        "input": { "description": "The URL of the object store." },
        "output": { "description": "Where files go." }
      }
    }
  },
  "processors": {
    "List": {
      "type": "ListObjects",
      "properties": {
        "Bucket": "#{bucket}",
        "Object Store URL": "#{input}"
      }
    },
    "Fetch": {
      "type": "FetchOzoneObject",
      "properties": {
        "Object Store URL": "#{input}"
      },
      "penaltyDuration": "1 sec"
    },
    "Put": {
      "type": "PutFile",
      "properties": {
        "Directory": "#{output}/${path}",
        "Conflict Resolution Strategy": "replace"
      }
    },
    "Delete": {
      "type": "DeleteObject",
      "properties": {
        "Object Store URL": "#{input}"
      },
      "penaltyDuration": "1 sec",
      "autoTerminate": ["success"]
    },
    "Failed": {
      "type": "LogAttribute",
      "state": "disabled",
      "autoTerminate": ["success"]
    }
  },
  "connections": [
    { "from": "List", "relationships": ["success"], "to": "Fetch" },
    { "from": "Fetch", "relationships": ["success"], "to": "Put" },
    { "from": "Put", "relationships": ["success"], "to": "Delete" },
    { "from": "Fetch", "relationships": ["failure"], "to": "Failed" },
    { "from": "Put", "relationships": ["failure"], "to": "Failed" },
    { "from": "Delete", "relationships": ["failure"], "to": "Failed" }
  ]
}
"##;

/// Writes a flow's text into `folder` and says where.
///
/// # Errors
/// Whatever the disk says.
pub fn write(folder: &Path, name: &str, text: &str) -> std::io::Result<PathBuf> {
    let path = folder.join(format!("{name}.json"));
    std::fs::write(&path, text)?;
    Ok(path)
}

/// The main flow of the repository.
pub fn main_flow() -> PathBuf {
    crate::binary::repository().join("flows/audio-features.json")
}
