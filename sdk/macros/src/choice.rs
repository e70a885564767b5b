//! `#[derive(Choice)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, LitStr, Variant};

use crate::{docs, names};

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "`Choice` is for enums"));
    };
    let mut choices = Vec::new();
    let mut arms = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new_spanned(variant, "a choice has no fields"));
        }
        let value = value_of(variant)?;
        let description = docs::required(&variant.attrs, &variant.ident, "a choice")?;
        let ident = &variant.ident;
        choices.push(quote! {
            ::tutti_sdk::model::spec::Choice {
                value: ::std::borrow::Cow::Borrowed(#value),
                description: ::std::borrow::Cow::Borrowed(#description),
            }
        });
        arms.push(quote! { #value => ::core::result::Result::Ok(Self::#ident), });
    }
    let name = &input.ident;
    Ok(quote! {
        impl ::tutti_sdk::property::PropertyType for #name {
            fn kind() -> ::tutti_sdk::model::spec::PropertyKind {
                ::tutti_sdk::model::spec::PropertyKind::Choice {
                    choices: ::std::vec![#(#choices),*],
                }
            }
            fn parse(
                text: &str,
                kind: &::tutti_sdk::model::spec::PropertyKind,
            ) -> ::core::result::Result<Self, ::tutti_sdk::model::spec::ValueError> {
                match text {
                    #(#arms)*
                    _ => ::core::result::Result::Err(
                        ::tutti_sdk::property::not_a_choice(text, kind)
                    ),
                }
            }
        }
    })
}

fn value_of(variant: &Variant) -> syn::Result<String> {
    for attribute in &variant.attrs {
        if attribute.path().is_ident("choice") {
            return Ok(attribute.parse_args::<LitStr>()?.value());
        }
    }
    Ok(names::lower_words(&variant.ident.to_string()))
}
