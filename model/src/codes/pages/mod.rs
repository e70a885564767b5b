//! The pages of the codes, by subject.

/// A flow called `example` with these members.
macro_rules! flow {
    ($members:expr) => {
        concat!("{\n  \"format\": 1,\n  \"name\": \"example\",\n", $members, "\n}\n")
    };
}

/// A flow called `example` with this processor.
macro_rules! processor {
    ($processor:literal) => {
        concat!(
            "{\n  \"format\": 1,\n  \"name\": \"example\",\n  \"processors\": {\n    ",
            $processor,
            "\n  }\n}\n"
        )
    };
}

/// A flow called `example` with two processors, whose connection has this member.
macro_rules! connection {
    ($member:literal) => {
        flow!(concat!(
            r#"  "processors": {
    "Log": { "type": "LogAttribute", "autoTerminate": ["success"] },
    "Make": { "type": "GenerateFlowFile" }
  },
  "connections": [
    {
      "from": "Make",
      "relationships": ["success"],
      "to": "Log",
      "#,
            $member,
            "\n    }\n  ]"
        ))
    };
}

pub(super) mod connections;
pub(super) mod parameters;
pub(super) mod processors;
pub(super) mod tests;
pub(super) mod text;
