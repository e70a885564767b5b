//! What a component in another language begins with.

/// A file of a template, and its text.
pub type TemplateFile = (&'static str, &'static str);

macro_rules! template {
    ($language:literal: $($file:literal),*) => {
        &[
            $(($file, include_str!(concat!("../templates/", $language, "/", $file)))),*,
            ("processor.wit", include_str!("../wit/processor.wit")),
        ]
    };
}

/// The languages that there are templates for, each with its files.
pub const TEMPLATES: [(&str, &[TemplateFile]); 3] = [
    ("c", template!("c": "README.md", "build.sh", "stem.c")),
    (
        "javascript",
        template!("javascript": "README.md", "build.mjs", "package.json", "processor.js"),
    ),
    ("python", template!("python": "README.md", "app.py", "requirements.txt")),
];
