//! Processors that cannot escape.
