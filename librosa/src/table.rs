//! All functions by their names.
//!
//! A function is what its signature says: how many arguments it takes and of which kinds is read
//! from there, and stands nowhere else.

use crate::arguments::{FromValue, Parts};
use crate::problem::{Answer, Problem};
use crate::results::IntoValue;
use crate::value::Value;

/// One of librosa's functions.
#[derive(Debug)]
pub struct Function {
    name: &'static str,
    arguments: usize,
    made: for<'a> fn(Vec<Value<'a>>) -> Answer<Value<'static>>,
}

impl Function {
    /// It by its name; `table!` writes these.
    pub(crate) const fn new(
        name: &'static str,
        arguments: usize,
        made: for<'a> fn(Vec<Value<'a>>) -> Answer<Value<'static>>,
    ) -> Self {
        Self { name, arguments, made }
    }

    /// Its name, which is librosa's where librosa has it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// How many arguments it takes.
    pub fn arguments(&self) -> usize {
        self.arguments
    }

    /// What it gives.
    ///
    /// # Errors
    /// It does not take so many arguments, or such; or it cannot work with one.
    pub fn call(&self, arguments: Vec<Value<'_>>) -> Result<Value<'static>, Problem> {
        let (wanted, given) = (self.arguments, arguments.len());
        if wanted != given {
            let name = self.name;
            let words = if wanted == 1 { "argument" } else { "arguments" };
            return Err(Problem::Missing(format!("{name} takes {wanted} {words}, not {given}")));
        }
        (self.made)(arguments).map_err(|problem| problem.within(format_args!("{}:", self.name)))
    }
}

/// All of them, in no order.
pub fn functions() -> impl Iterator<Item = &'static Function> {
    let parts = [
        crate::bands::FUNCTIONS,
        crate::constantq::FUNCTIONS,
        crate::convert::FUNCTIONS,
        crate::effects::FUNCTIONS,
        crate::filters::FUNCTIONS,
        crate::notes::FUNCTIONS,
        crate::pitch::FUNCTIONS,
        crate::rhythm::FUNCTIONS,
        crate::segment::FUNCTIONS,
        crate::sequence::FUNCTIONS,
        crate::spectrum::FUNCTIONS,
        crate::util::FUNCTIONS,
    ];
    parts.into_iter().flatten()
}

/// What the function `name` gives.
///
/// # Errors
/// There is no such function, or [`Function::call`] has one.
pub fn call(name: &str, arguments: Vec<Value<'_>>) -> Result<Value<'static>, Problem> {
    match functions().find(|function| function.name == name) {
        Some(function) => function.call(arguments),
        None => Err(Problem::Missing(format!("there is no function \"{name}\""))),
    }
}

/// The same, which makes nothing of more than so many `values`: for whoever has less memory to give
/// than the machine has.
///
/// # Errors
/// As [`call`]; and it would make more.
pub fn call_within(
    values: usize,
    name: &str,
    arguments: Vec<Value<'_>>,
) -> Result<Value<'static>, Problem> {
    crate::limits::within(values, || call(name, arguments))
}

/// What can be called with arguments of the types `Types`.
pub(crate) trait Callable<'a, Types> {
    /// What it gives.
    fn called(&self, arguments: Vec<Value<'a>>) -> Answer<Value<'static>>;
}

/// How many arguments a function takes.
pub(crate) const fn count<F: Counted<Types>, Types>(_: &F) -> usize {
    F::COUNT
}

/// What takes so many arguments.
pub(crate) trait Counted<Types> {
    const COUNT: usize;
}

macro_rules! callable {
    ($($count:literal: $($type:ident)*;)+) => {$(
        impl<'a, F, R, $($type),*> Callable<'a, ($($type,)*)> for F
        where
            F: Fn($($type),*) -> R,
            R: IntoValue,
            $($type: FromValue<'a>,)*
        {
            #[allow(unused_mut, unused_variables, reason = "there may be no argument")]
            fn called(&self, arguments: Vec<Value<'a>>) -> Answer<Value<'static>> {
                let mut parts = Parts::of_call(arguments);
                self($(parts.next::<$type>()?),*).into_value()
            }
        }

        impl<F, R, $($type),*> Counted<($($type,)*)> for F
        where
            F: Fn($($type),*) -> R,
        {
            const COUNT: usize = $count;
        }
    )+};
}

callable! {
    0: ;
    1: A;
    2: A B;
    3: A B C;
    4: A B C D;
    5: A B C D E;
    6: A B C D E G;
    7: A B C D E G H;
}

/// The table of some functions.
macro_rules! table {
    ($($function:ident),+ $(,)?) => {
        &[$($crate::table::Function::new(
            stringify!($function),
            $crate::table::count(&$function),
            |arguments| $crate::table::Callable::called(&$function, arguments),
        )),+]
    };
}

pub(crate) use table;
