//! `#[derive(Properties)]` and `#[derive(Choice)]`: a struct's fields and an enum's variants, with
//! their doc comments, become the one declaration of what a processor can be told.
//!
//! Knows nothing of any type of value: kinds, defaults and checks are `tutti_sdk::property`'s.

mod choice;
mod docs;
mod names;
mod properties;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes `tutti_sdk::Properties` for a struct with named fields.
///
/// The doc comment of each field is the property's description, and a field without one does not
/// compile. The field's name in title case is the property's name (`keep_source_file` becomes
/// `Keep Source File`), its type decides what the value may be. More is said in
/// `#[property(…)]`:
///
/// - `name = "Directory"`: another name;
/// - `default = "…"`, `example = "…"`: texts as they would stand in a flow;
/// - `min = 1`, `max = 100`: the range of a number;
/// - `sensitive`: only a `#{parameter}` may stand for the value in a flow;
/// - `exclusive = "emptied folder"`: the sort of thing that only one processor may use;
/// - `script = "Script Engine"`: the value is a script, whose language that property says;
/// - `depends_on("Other Property", "value", …)`: it matters only with one of those values.
///
/// A field with `#[flatten]` holds properties that several types of processors have in common: they
/// stand where the field does, under their own names.
///
/// One field may be `#[dynamic(name = "route")]` and hold `tutti_sdk::property::Dynamic<T>`: the
/// properties that the user names. With `attributes` their names are those of attributes, with
/// `relationships` each becomes a relationship.
#[proc_macro_derive(Properties, attributes(property, dynamic, flatten))]
pub fn derive_properties(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    properties::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes `tutti_sdk::property::PropertyType` for an enum of variants without fields.
///
/// The doc comment of each variant explains it, and a variant without one does not compile. The
/// variant's name in lower case with spaces is the value (`RunNow` becomes `run now`), or what
/// `#[choice("…")]` says.
#[proc_macro_derive(Choice, attributes(choice))]
pub fn derive_choice(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    choice::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
