//! `#[derive(Properties)]`.
