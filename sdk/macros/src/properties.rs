//! `#[derive(Properties)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::meta::ParseNestedMeta;
use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Error, Expr, Field, Fields, LitStr, Token};

use crate::{docs, names};

/// What `#[property(…)]` says.
#[derive(Default)]
struct Options {
    name: Option<String>,
    default: Option<LitStr>,
    example: Option<LitStr>,
    min: Option<Expr>,
    max: Option<Expr>,
    sensitive: bool,
    exclusive: Option<LitStr>,
    script: Option<LitStr>,
    depends_on: Option<Vec<LitStr>>,
}

/// What one field becomes.
struct Parts {
    spec: Option<TokenStream>,
    dynamic: Option<TokenStream>,
    value: TokenStream,
}

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let fields = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => fields.named.iter().collect(),
            Fields::Unit => Vec::new(),
            Fields::Unnamed(_) => {
                return Err(Error::new_spanned(&input.ident, "properties need field names"));
            }
        },
        _ => return Err(Error::new_spanned(&input.ident, "`Properties` is for structs")),
    };
    let mut specs = Vec::new();
    let mut dynamic = None;
    let mut values = Vec::new();
    let mut idents = Vec::new();
    for field in fields {
        let parts = expand_field(field)?;
        specs.extend(parts.spec);
        if parts.dynamic.is_some() && dynamic.is_some() {
            return Err(Error::new_spanned(field, "only one field may be `dynamic`"));
        }
        dynamic = dynamic.or(parts.dynamic);
        values.push(parts.value);
        idents.extend(&field.ident);
    }
    let name = &input.ident;
    let dynamic = dynamic.map_or_else(
        || quote! { ::core::option::Option::None },
        |spec| quote! { ::core::option::Option::Some(#spec) },
    );
    Ok(quote! {
        impl ::tutti_sdk::Properties for #name {
            #[allow(unused_mut, reason = "there may be no property")]
            fn specs() -> ::std::vec::Vec<::tutti_sdk::model::spec::PropertySpec> {
                let mut specs = ::std::vec::Vec::new();
                #(#specs)*
                specs
            }
            fn dynamic()
            -> ::core::option::Option<::tutti_sdk::model::spec::DynamicPropertySpec> {
                #dynamic
            }
            #[allow(
                unused_variables,
                unused_mut,
                irrefutable_let_patterns,
                reason = "there may be no property of the sort"
            )]
            fn parse(
                values: &::tutti_sdk::PropertyValues,
                named_by_user: &[(::std::string::String, ::std::string::String)],
            ) -> ::core::result::Result<Self, ::tutti_sdk::BuildError> {
                let mut wrong = ::std::vec::Vec::new();
                #(let #idents = #values;)*
                if wrong.is_empty()
                    && let (#(::core::option::Option::Some(#idents),)*) = (#(#idents,)*)
                {
                    return ::core::result::Result::Ok(Self { #(#idents),* });
                }
                ::core::result::Result::Err(::tutti_sdk::BuildError::Properties(wrong))
            }
        }
    })
}

fn expand_field(field: &Field) -> syn::Result<Parts> {
    let ident = field
        .ident
        .as_ref()
        .ok_or_else(|| Error::new_spanned(field, "properties need field names"))?;
    if field.attrs.iter().any(|each| each.path().is_ident("flatten")) {
        return Ok(expand_group(field));
    }
    let description = docs::required(&field.attrs, ident, "a property")?;
    if let Some(attribute) = field.attrs.iter().find(|each| each.path().is_ident("dynamic")) {
        return expand_dynamic(field, attribute, &description);
    }
    let options = options(field)?;
    let ty = &field.ty;
    let name = options.name.unwrap_or_else(|| names::title_case(&ident.to_string()));
    let kind = ranged(&quote! { <#ty as ::tutti_sdk::property::PropertyType>::kind() }, ty, {
        (options.min.as_ref(), options.max.as_ref())
    });
    let default = optional(options.default.as_ref());
    let example = optional(options.example.as_ref());
    let exclusive = optional(options.exclusive.as_ref());
    let script = optional(options.script.as_ref());
    let needed = options.default.is_none();
    let sensitive = options.sensitive;
    let depends_on = match options.depends_on.as_deref() {
        None => quote! { ::core::option::Option::None },
        Some([property, values @ ..]) if !values.is_empty() => {
            quote! {
                ::core::option::Option::Some(::tutti_sdk::model::spec::Dependency {
                    property: ::std::borrow::Cow::Borrowed(#property),
                    values: ::std::vec![#(::std::borrow::Cow::Borrowed(#values)),*],
                })
            }
        }
        Some(_) => {
            return Err(Error::new_spanned(field, "`depends_on` names a property and its values"));
        }
    };
    let spec = quote! {
        specs.push(::tutti_sdk::model::spec::PropertySpec {
            name: ::std::borrow::Cow::Borrowed(#name),
            description: ::std::borrow::Cow::Borrowed(#description),
            kind: #kind,
            required: <#ty as ::tutti_sdk::property::PropertyType>::REQUIRED && #needed,
            default: #default.map(::std::borrow::Cow::Borrowed),
            example: #example.map(::std::borrow::Cow::Borrowed),
            expression: <#ty as ::tutti_sdk::property::PropertyType>::EXPRESSION,
            sensitive: #sensitive,
            depends_on: #depends_on,
            exclusive: #exclusive.map(::std::borrow::Cow::Borrowed),
            script: #script.map(::std::borrow::Cow::Borrowed),
            check: ::tutti_sdk::property::check::<#ty>(&#kind),
        });
    };
    let value = quote! {
        ::tutti_sdk::property::value::<#ty>(values, #name, #default, &#kind, &mut wrong)
    };
    Ok(Parts { spec: Some(spec), dynamic: None, value })
}

/// Properties that several types of processors have in common stand where the field does.
fn expand_group(field: &Field) -> Parts {
    let ty = &field.ty;
    Parts {
        spec: Some(quote! { specs.extend(<#ty as ::tutti_sdk::Properties>::specs()); }),
        dynamic: None,
        value: quote! { ::tutti_sdk::property::group::<#ty>(values, &mut wrong) },
    }
}

fn expand_dynamic(
    field: &Field,
    attribute: &syn::Attribute,
    description: &str,
) -> syn::Result<Parts> {
    let mut name = None;
    let mut attributes = false;
    let mut relationships = false;
    attribute.parse_nested_meta(|meta| {
        if meta.path.is_ident("name") {
            name = Some(meta.value()?.parse::<LitStr>()?);
        } else if meta.path.is_ident("attributes") {
            attributes = true;
        } else if meta.path.is_ident("relationships") {
            relationships = true;
        } else {
            return Err(meta.error("expected `name`, `attributes` or `relationships`"));
        }
        Ok(())
    })?;
    let name = name.ok_or_else(|| {
        Error::new_spanned(attribute, "say what the names stand for: `name = \"…\"`")
    })?;
    let ty = &field.ty;
    Ok(Parts {
        spec: None,
        dynamic: Some(quote! { <#ty>::spec(#name, #description, #relationships) }),
        value: quote! {
            ::core::option::Option::Some(<#ty>::parse(named_by_user, #attributes, &mut wrong))
        },
    })
}

fn ranged(
    kind: &TokenStream,
    ty: &syn::Type,
    range: (Option<&Expr>, Option<&Expr>),
) -> TokenStream {
    let bound = |bound: Option<&Expr>| {
        bound.map_or_else(
            || quote! { ::core::option::Option::None },
            |bound| quote! { ::core::option::Option::Some((#bound) as f64) },
        )
    };
    match range {
        (None, None) => kind.clone(),
        (min, max) => {
            let (min, max) = (bound(min), bound(max));
            quote! { ::tutti_sdk::property::ranged::<#ty>(#min, #max) }
        }
    }
}

fn optional(text: Option<&LitStr>) -> TokenStream {
    text.map_or_else(
        || quote! { ::core::option::Option::None },
        |text| quote! { ::core::option::Option::Some(#text) },
    )
}

fn options(field: &Field) -> syn::Result<Options> {
    let mut options = Options::default();
    for attribute in &field.attrs {
        if attribute.path().is_ident("property") {
            attribute.parse_nested_meta(|meta| option(&mut options, &meta))?;
        }
    }
    Ok(options)
}

fn option(options: &mut Options, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    let text = || meta.value()?.parse::<LitStr>();
    if meta.path.is_ident("name") {
        options.name = Some(text()?.value());
    } else if meta.path.is_ident("default") {
        options.default = Some(text()?);
    } else if meta.path.is_ident("example") {
        options.example = Some(text()?);
    } else if meta.path.is_ident("exclusive") {
        options.exclusive = Some(text()?);
    } else if meta.path.is_ident("script") {
        options.script = Some(text()?);
    } else if meta.path.is_ident("min") {
        options.min = Some(meta.value()?.parse()?);
    } else if meta.path.is_ident("max") {
        options.max = Some(meta.value()?.parse()?);
    } else if meta.path.is_ident("sensitive") {
        options.sensitive = true;
    } else if meta.path.is_ident("depends_on") {
        let content;
        syn::parenthesized!(content in meta.input);
        let list = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
        options.depends_on = Some(list.into_iter().collect());
    } else {
        return Err(meta.error("no such option of a property"));
    }
    Ok(())
}
