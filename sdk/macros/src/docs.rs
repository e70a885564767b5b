//! Doc comments as text.

use syn::{Attribute, Error, Expr, ExprLit, Lit, Meta};

/// The doc comment of `what`, or an error at `place` where there is none.
pub(crate) fn required(
    attributes: &[Attribute],
    place: &impl syn::spanned::Spanned,
    what: &str,
) -> syn::Result<String> {
    let text = text(attributes);
    if text.is_empty() {
        return Err(Error::new(
            place.span(),
            format!("{what} needs a doc comment: it is what users read about it"),
        ));
    }
    Ok(text)
}

/// The lines of a doc comment without the space that follows `///`.
fn text(attributes: &[Attribute]) -> String {
    let lines: Vec<String> = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) => Some(line.value()),
                _ => None,
            },
            _ => None,
        })
        .map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned())
        .collect();
    lines.join("\n").trim().to_owned()
}
