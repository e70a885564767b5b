//! The name of a service.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use tutti_model::spec::{PropertyKind, ValueError};

use super::PropertyType;
use crate::service::ServiceKind;

/// The name of a service of the kind `K`, e.g. `ServiceRef<dyn MapCache>`. What it offers has
/// [`ProcessorContext::service`](crate::ProcessorContext::service).
pub struct ServiceRef<K: ?Sized> {
    name: String,
    kind: PhantomData<fn() -> Arc<K>>,
}

impl<K: ?Sized> ServiceRef<K> {
    /// The name, as it stands in the flow.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl<K: ?Sized> fmt::Debug for ServiceRef<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("ServiceRef").field(&self.name).finish()
    }
}

impl<K: ServiceKind + ?Sized> PropertyType for ServiceRef<K> {
    fn kind() -> PropertyKind {
        PropertyKind::Service { service: K::KIND.into() }
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        if text.is_empty() {
            return Err(ValueError::new("the name of the service is empty")
                .with_help(format!("write the name of a {} of \"services\"", K::KIND)));
        }
        Ok(Self { name: text.to_owned(), kind: PhantomData })
    }
}
