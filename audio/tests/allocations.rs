//! Extracting features allocates nothing for a frame.

#![allow(unsafe_code, reason = "an allocator cannot be written otherwise")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use tutti_audio::features::{Config, Extractor, Feature};

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// Counts what its thread allocates.
struct Counting;

// SAFETY: all work is the system's, which keeps the contract.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: as the caller promised.
        unsafe { System.realloc(place, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn nothing_is_allocated_for_a_frame() {
    let features = Feature::ALL.into_iter().filter(|each| !each.needs_all_samples()).collect();
    for tuning in [None, Some(0.0)] {
        let config = Config { features: Vec::clone(&features), tuning, ..Config::default() };
        let mut extractor = Extractor::with_channels(&config, 22_050, 2).unwrap();
        let block: Vec<f32> = (0..1_024).map(|at| (f64::from(at) * 0.3).sin() as f32).collect();
        let mut push = |frames: usize| {
            let before = COUNT.get();
            for _ in 0..frames {
                extractor.push(&block).unwrap();
            }
            COUNT.get() - before
        };
        push(50);
        // Only what is kept grows, each time to twice as much.
        let count = push(400);
        assert!(count < 30, "{count} allocations for 400 frames");
        let mut made = extractor.finish().unwrap();
        let mut frame = Vec::new();
        made.next_frame(&mut frame).unwrap();
        let before = COUNT.get();
        while made.next_frame(&mut frame).unwrap() {}
        assert_eq!(COUNT.get() - before, 0, "the frames after the first");
    }
}
