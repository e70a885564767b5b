//! Runs the real binary as a user would, and keeps account of what went in and what came out.
//!
//! Never links an engine crate: whatever is asserted here is seen from outside.

pub mod binary;
pub mod cost;
pub mod damage;
pub mod desk;
pub mod flows;
pub mod kills;
pub mod ledger;
pub mod recordings;
pub mod seed;
pub mod served;
pub mod services;
pub mod small_disk;
