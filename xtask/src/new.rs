//! `cargo xtask new processor NAME`: a processor that compiles and passes, for its author to go on
//! from.
//!
//! It is made of `processors/src/template.rs`, which the tests of the processors compile and run:
//! so what is made here does as well, without another build. Nothing that is there is written over.

use std::fs;

use crate::run::{self as shell, repository};

const TEMPLATE: &str = "processors/src/template.rs";
const LIBRARY: &str = "processors/src/lib.rs";
const CATALOG: &str = "processors/src/catalog.rs";
const EXAMPLES: &str = "tests/tests/examples.rs";

/// The example of what the template makes.
const FLOW: &str = r#"{
  "format": 1,
  "name": "template",
  "description": "Tells how many bytes contents have.",
  "processors": {
    "Make": {
      "type": "GenerateFlowFile",
      "properties": {
        "File Size": "1 KB"
      },
      "schedule": { "period": "1 min" }
    },
    "Tell": {
      "type": "LogAttribute",
      "autoTerminate": ["success"]
    },
    "Work": {
      "type": "Template",
      "autoTerminate": ["failure"]
    }
  },
  "connections": [
    { "from": "Make", "relationships": ["success"], "to": "Work" },
    { "from": "Work", "relationships": ["success"], "to": "Tell" }
  ]
}
"#;

/// The tests of that.
const FLOW_TESTS: &str = r#"{
  "$schema": "../docs/tests.schema.json",
  "format": 1,
  "tests": {
    "the bytes of a content are told": {
      "given": { "Make": ["four"] },
      "expect": { "Tell": { "success": [{ "attributes": { "template.bytes": 4 } }] } }
    },
    "what fails ends": {
      "given": { "Work": ["four"] },
      "mocks": { "Work": [{ "fail": "broken", "permanent": true }] },
      "expect": { "Work": { "failure": ["four"] } }
    }
  }
}
"#;

/// Writes the processor `name`.
pub(crate) fn processor(name: &str) -> Result<(), String> {
    let name = Name::of(name)?;
    let read = |path: &str| {
        fs::read_to_string(repository().join(path))
            .map_err(|error| format!("cannot read \"{path}\": {error}"))
    };
    let files = files(&name, read)?;
    for (path, _) in files.iter().filter(|(path, _)| !is_edited(path)) {
        if repository().join(path).exists() {
            return Err(format!("\"{path}\" is there already"));
        }
    }
    for (path, text) in &files {
        fs::write(repository().join(path), text)
            .map_err(|error| format!("cannot write \"{path}\": {error}"))?;
        println!("{} {path}", if is_edited(path) { "changed" } else { "wrote  " });
    }
    // Another name may want other line breaks.
    shell::run("cargo", &["fmt"])?;
    println!(
        "\nIt counts bytes: make it do what it is for, and say so in {EXAMPLES} and in \
         the tests of its flow. Then\n  cargo \
         test --release --locked -p tutti-processors {}\n  cargo xtask generate\nand add a line to \
         CHANGELOG.md.",
        name.snake
    );
    Ok(())
}

fn is_edited(path: &str) -> bool {
    [LIBRARY, CATALOG, EXAMPLES].contains(&path)
}

/// A name in all spellings.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    /// As the type is called: `TrimSilence`.
    camel: String,
    /// As its module is: `trim_silence`.
    snake: String,
    /// As its example is: `trim-silence`.
    kebab: String,
}

impl Name {
    fn of(camel: &str) -> Result<Self, String> {
        let is_right = camel.starts_with(|letter: char| letter.is_ascii_uppercase())
            && camel.chars().all(|letter| letter.is_ascii_alphanumeric())
            && camel.chars().any(|letter| letter.is_ascii_lowercase());
        if !is_right {
            return Err(format!("\"{camel}\" is no name: write a verb and what, as TrimSilence"));
        }
        let mut snake = String::new();
        let letters: Vec<char> = camel.chars().collect();
        for (index, letter) in letters.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|index| letters.get(index));
            let after = letters.get(index + 1);
            let begins = letter.is_ascii_uppercase()
                && (before.is_some_and(|before| !before.is_ascii_uppercase())
                    || (before.is_some() && after.is_some_and(char::is_ascii_lowercase)));
            if begins {
                snake.push('_');
            }
            snake.push(letter.to_ascii_lowercase());
        }
        Ok(Self { camel: camel.to_owned(), kebab: snake.replace('_', "-"), snake })
    }

    /// `text` of the template with this name in place of its own.
    fn put_into(&self, text: &str) -> String {
        text.replace("Template", &self.camel).replace("template", &self.kebab)
    }
}

/// The files to write, by their paths, as `read` shows those that are there.
fn files(
    name: &Name,
    read: impl Fn(&str) -> Result<String, String>,
) -> Result<Vec<(String, String)>, String> {
    let Name { camel, snake, kebab } = name;
    let template = read(TEMPLATE)?;
    // What it says of itself is not so of what is made of it.
    let about = template.find("\n//!\n").zip(template.find("\n\nuse "));
    let (begin, end) = about.ok_or_else(|| format!("\"{TEMPLATE}\" begins otherwise"))?;
    let (head, rest) = (template.get(..begin), template.get(end..));
    let own = [head.unwrap_or_default(), rest.unwrap_or_default()].concat();
    let library = line_in_order(&read(LIBRARY)?, "mod ", &format!("mod {snake};"));
    let catalog =
        line_in_order(&read(CATALOG)?, "use crate::", &format!("use crate::{snake}::{camel};"));
    let entry =
        format!("            ProcessorType::of::<{camel}>(),\n        ],\n        vec![Arc");
    let catalog = replace(CATALOG, &catalog, "        ],\n        vec![Arc", &entry)?;
    let example = format!(
        "        \"{kebab}\" => value(\"{kebab}.bytes\") == Some(\"1024\"),\n        _ => false,"
    );
    let examples = replace(EXAMPLES, &read(EXAMPLES)?, "        _ => false,", &example)?;
    Ok(vec![
        (format!("processors/src/{snake}.rs"), name.put_into(&own)),
        (format!("flows/{kebab}.json"), name.put_into(FLOW)),
        (format!("flows/{kebab}.tests.json"), name.put_into(FLOW_TESTS)),
        (LIBRARY.to_owned(), library),
        (CATALOG.to_owned(), catalog),
        (EXAMPLES.to_owned(), examples),
    ])
}

/// `text` with `new` among the lines that begin with `prefix`, before the first that sorts behind.
fn line_in_order(text: &str, prefix: &str, new: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let is_own = |line: &&str| line.starts_with(prefix);
    let behind = lines.iter().position(|line| is_own(line) && *line > new);
    let last = lines.iter().rposition(is_own).map(|index| index + 1);
    let at = behind.or(last).unwrap_or(lines.len());
    // What is said of a line stands before it.
    let is_said = |index: usize| lines.get(index).is_some_and(|line| line.starts_with("#["));
    let at = if at > 0 && is_said(at - 1) { at - 1 } else { at };
    lines.insert(at, new);
    lines.join("\n") + "\n"
}

/// `text` with the one `old` replaced.
fn replace(path: &str, text: &str, old: &str, new: &str) -> Result<String, String> {
    match text.matches(old).count() {
        1 => Ok(text.replacen(old, new, 1)),
        count => Err(format!("{path}: {count} places for the new line instead of one")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there(path: &str) -> Result<String, String> {
        fs::read_to_string(repository().join(path)).map_err(|error| error.to_string())
    }

    #[test]
    fn names_are_spelt_in_all_ways() {
        for (camel, snake) in [
            ("TrimSilence", "trim_silence"),
            ("Trim", "trim"),
            ("AttributesToJSON", "attributes_to_json"),
            ("JSONToAvro", "json_to_avro"),
            ("PutS3Object", "put_s3_object"),
        ] {
            assert_eq!(Name::of(camel).map(|name| name.snake).as_deref(), Ok(snake));
        }
        for wrong in ["", "trim", "Trim Silence", "TRIM", "../Trim", "Trîm"] {
            assert!(Name::of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn one_file_and_a_line_in_each_list_is_all_that_a_processor_takes() {
        let name = Name::of("MeasureLoudness").unwrap();
        let files = files(&name, there).unwrap();
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "processors/src/measure_loudness.rs",
                "flows/measure-loudness.json",
                "flows/measure-loudness.tests.json",
                LIBRARY,
                CATALOG,
                EXAMPLES
            ]
        );
        let added = |path: &str| {
            let before = there(path).unwrap();
            let (_, after) = files.iter().find(|(one, _)| one == path).unwrap();
            let mut left = before.lines().peekable();
            let is_new = |line: &&str| left.next_if_eq(line).is_none();
            let new: Vec<String> =
                after.lines().filter(is_new).map(|line| line.trim().to_owned()).collect();
            assert_eq!(left.next(), None, "{path}");
            new
        };
        assert_eq!(added(LIBRARY), ["mod measure_loudness;"]);
        assert_eq!(
            added(CATALOG),
            [
                "use crate::measure_loudness::MeasureLoudness;",
                "ProcessorType::of::<MeasureLoudness>(),"
            ]
        );
        assert_eq!(added(EXAMPLES).len(), 1);
        for (path, text) in &files[..3] {
            assert!(!text.to_lowercase().contains("template"), "{path}: {text}");
            let is_named = text.contains("MeasureLoudness") || text.contains("measure-loudness");
            assert!(is_named, "{path}: {text}");
        }
        assert!(!files[0].1.contains("xtask"), "{}", files[0].1);
    }

    #[test]
    fn lines_are_put_where_they_sort() {
        let text = "mod a;\n#[cfg(test)]\nmod c;\nmod e;\n\nend\n";
        for (new, expected) in [
            ("mod b;", "mod a;\nmod b;\n#[cfg(test)]\nmod c;\nmod e;\n\nend\n"),
            ("mod d;", "mod a;\n#[cfg(test)]\nmod c;\nmod d;\nmod e;\n\nend\n"),
            ("mod f;", "mod a;\n#[cfg(test)]\nmod c;\nmod e;\nmod f;\n\nend\n"),
        ] {
            assert_eq!(line_in_order(text, "mod ", new), expected);
        }
    }
}
