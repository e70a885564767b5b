//! Any text is no cron expression, or one whose next moments come later and later.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tutti_model::cron::{Cron, Zone};
use tutti_model::flowfile::Timestamp;

fuzz_target!(|input: (i64, u8, &str)| {
    let (now, zone, text) = input;
    let names: Vec<_> = Zone::names().collect();
    let Some(zone) = Zone::named(names[usize::from(zone) % names.len()]) else { return };
    let Ok(cron) = Cron::parse(text, Some(zone)) else { return };
    let mut now = Timestamp(now % 4_000_000_000_000);
    for _ in 0..3 {
        let Some(next) = cron.next_after(now, zone) else { return };
        assert!(next > now, "{text:?} after {} is {}", now.0, next.0);
        now = next;
    }
});
