//! What NiFi's functions take from Java's library: its text in UTF-16 units, its way to read and
//! print numbers, its regular expressions and its dates. Pure; nothing here knows of expressions.

pub(crate) mod date;
pub(crate) mod number;
pub(crate) mod regex;
pub(crate) mod text;
pub(crate) mod uri;
