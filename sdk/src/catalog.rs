//! The types of processors and services that a flow may use.

use std::collections::BTreeMap;
use std::sync::Arc;

use tutti_model::spec::{ProcessorSpec, ServiceSpec, SpecSource};

use crate::derive::Deriver;
use crate::processor::ProcessorType;
use crate::service::ServiceType;

/// An explicit list of types of processors and services, and of derivers. Its order is that of the
/// reference.
///
/// A catalog does not change: what is validated and compiled against one keeps it. Types that come
/// up while the program runs make another one, see [`Catalog::with`].
#[derive(Clone, Default)]
pub struct Catalog {
    types: Vec<Arc<ProcessorType>>,
    /// By their names and their aliases.
    by_name: BTreeMap<Box<str>, usize>,
    services: Vec<Arc<ServiceType>>,
    derivers: BTreeMap<&'static str, Arc<dyn Deriver>>,
}

impl Catalog {
    /// A catalog of these. Of two types of one name the later counts; a test of whoever lists
    /// them makes sure that there are none.
    pub fn new(types: Vec<ProcessorType>, derivers: Vec<Arc<dyn Deriver>>) -> Self {
        let derivers = derivers.into_iter().map(|deriver| (deriver.kind(), deriver)).collect();
        Self { derivers, ..Self::default() }.with(types)
    }

    /// A catalog that has `types` as well. One whose name is known takes the place of the type
    /// that had it; the others come last. A name counts more than an alias.
    #[must_use]
    pub fn with(&self, types: impl IntoIterator<Item = ProcessorType>) -> Self {
        let mut all = self.clone();
        for each in types {
            let known =
                all.types.iter_mut().find(|known| known.spec().type_name == each.spec().type_name);
            match known {
                Some(known) => *known = Arc::new(each),
                None => all.types.push(Arc::new(each)),
            }
        }
        all.by_name.clear();
        for (index, each) in all.types.iter().enumerate() {
            for alias in &each.spec().aliases {
                all.by_name.entry(Box::from(&**alias)).or_insert(index);
            }
        }
        for (index, each) in all.types.iter().enumerate() {
            all.by_name.insert(Box::from(&*each.spec().type_name), index);
        }
        all
    }

    /// A catalog that has `services` as well. One whose name is known takes the place of the type
    /// that had it; the others come last.
    #[must_use]
    pub fn with_services(&self, services: impl IntoIterator<Item = ServiceType>) -> Self {
        let mut all = self.clone();
        for each in services {
            let name = &each.spec().type_name;
            let known = all.services.iter().position(|known| known.spec().type_name == *name);
            match known.and_then(|index| all.services.get_mut(index)) {
                Some(known) => *known = Arc::new(each),
                None => all.services.push(Arc::new(each)),
            }
        }
        all
    }

    /// All types of services, in the order of the reference.
    pub fn services(&self) -> impl Iterator<Item = &ServiceType> {
        self.services.iter().map(|each| &**each)
    }

    /// The type of service of that name.
    pub fn service(&self, type_name: &str) -> Option<&ServiceType> {
        self.services().find(|each| each.spec().type_name == type_name)
    }

    /// All types of processors, in the order of the reference.
    pub fn types(&self) -> impl Iterator<Item = &ProcessorType> {
        self.types.iter().map(|each| &**each)
    }

    /// The type of processor of that name, or with that alias.
    pub fn get(&self, type_name: &str) -> Option<&ProcessorType> {
        self.types.get(*self.by_name.get(type_name)?).map(|each| &**each)
    }

    /// Who reads derived content of that kind.
    pub fn deriver(&self, kind: &str) -> Option<&Arc<dyn Deriver>> {
        self.derivers.get(kind)
    }
}

impl SpecSource for Catalog {
    fn spec(&self, type_name: &str) -> Option<&ProcessorSpec> {
        self.get(type_name).map(ProcessorType::spec)
    }

    fn type_names(&self) -> Vec<&str> {
        self.by_name.keys().map(|name| &**name).collect()
    }

    fn service_spec(&self, type_name: &str) -> Option<&ServiceSpec> {
        self.service(type_name).map(ServiceType::spec)
    }

    fn service_type_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.services().map(|each| &*each.spec().type_name).collect();
        names.sort_unstable();
        names
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use tutti_model::spec::{
        FitCheck, InputRequirement, ProcessorSpec, RelationshipSpec, SpecSource,
    };

    use super::Catalog;
    use crate::processor::{BuildContext, BuildError, ProcessorType, Runnable};
    use crate::{ProcessError, ProcessorContext, SUCCESS, Session};

    /// What somebody described while the program ran, as a plug-in does.
    struct Described {
        summary: String,
    }

    #[async_trait]
    impl Runnable for Described {
        async fn on_scheduled(&self, _: &ProcessorContext) -> Result<(), ProcessError> {
            Ok(())
        }

        async fn on_trigger(&self, _: &mut Session) -> Result<(), ProcessError> {
            Err(ProcessError::user(self.summary.clone()))
        }

        async fn on_stopped(&self, _: &ProcessorContext) {}
    }

    /// A type of which no text is in the program's code.
    fn described(name: &str, summary: &str) -> ProcessorType {
        let (name, summary) = (name.to_owned(), summary.to_owned());
        let spec = ProcessorSpec {
            type_name: name.into(),
            aliases: Vec::new(),
            summary: summary.clone().into(),
            description: "".into(),
            tags: Vec::new(),
            input: InputRequirement::Required,
            accepts: Vec::new(),
            makes: Vec::new(),
            relationships: vec![RelationshipSpec { name: SUCCESS.into(), description: "".into() }],
            properties: Vec::new(),
            dynamic: None,
            reads: Vec::new(),
            writes: Vec::new(),
            period: "0 sec".into(),
            serial: false,
            endless: false,
            outside: false,
            removes: None,
            example_flow: None,
            fits: FitCheck::any(),
        };
        ProcessorType::new(spec, move |values, _| {
            if values.contains_key("wrong") {
                return Err(BuildError::Other(ProcessError::user("wrong")));
            }
            Ok(Arc::new(Described { summary: summary.clone() }))
        })
    }

    #[test]
    fn a_type_is_found_by_its_aliases_and_a_name_counts_more() {
        let with = |name, summary, aliases: &[&'static str]| {
            let aliases = aliases.iter().map(|&alias| alias.into()).collect();
            let spec = ProcessorSpec { aliases, ..described(name, summary).spec().clone() };
            ProcessorType::new(spec, |_, _| Err(ProcessError::internal("not to be built").into()))
        };
        let first = Catalog::new(vec![with("A", "1", &["B", "Old"])], Vec::new());
        let name = |catalog: &Catalog, of: &str| {
            catalog.get(of).map(|each| each.spec().type_name.to_string())
        };
        assert_eq!(name(&first, "B").as_deref(), Some("A"));
        assert_eq!(first.type_names(), ["A", "B", "Old"]);
        assert_eq!(first.types().count(), 1);
        let second = first.with([with("B", "2", &[]), with("A", "3", &["New"])]);
        assert_eq!(name(&second, "B").as_deref(), Some("B"));
        assert_eq!(name(&second, "New").as_deref(), Some("A"));
        assert!(second.get("Old").is_none(), "it went with the type that had it");
    }

    #[test]
    fn a_type_that_comes_up_later_is_in_another_catalog() {
        let first = Catalog::new(vec![described("A", "1"), described("B", "1")], Vec::new());
        let second = first.with([described("C", "2"), described("A", "2")]);
        let summaries = |catalog: &Catalog| -> Vec<(String, String)> {
            let specs = catalog.types().map(ProcessorType::spec);
            specs.map(|spec| (spec.type_name.to_string(), spec.summary.to_string())).collect()
        };
        let pairs = |of: &[(&str, &str)]| -> Vec<(String, String)> {
            of.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
        };
        assert_eq!(summaries(&first), pairs(&[("A", "1"), ("B", "1")]));
        assert_eq!(summaries(&second), pairs(&[("A", "2"), ("B", "1"), ("C", "2")]));
        assert_eq!(second.type_names(), ["A", "B", "C"]);
        assert!(first.get("C").is_none() && second.get("C").is_some());
    }

    #[test]
    fn a_type_is_built_by_what_came_with_it() {
        let catalog = Catalog::default().with([described("A", "1")]);
        let build = |name: &str| {
            let values = [(name.to_owned(), String::new())].into();
            catalog.get("A").map(|each| each.build(&values, &BuildContext::default()).is_ok())
        };
        assert_eq!((build("right"), build("wrong")), (Some(true), Some(false)));
    }
}
