//! What processors have in common that send content somewhere.

pub(crate) mod turns;
pub(crate) mod writers;
