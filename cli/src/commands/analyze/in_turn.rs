//! Work on every core whose results come in the order of what was given.

use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::error::CliError;

/// Jobs that are given out or done and not yet told, for each thread.
const WAITING_MAX: usize = 2;

type Job<G, T> = (G, Sender<T>);

/// Calls `work` with each of `given`, several at a time, and `tell` with each result in its turn.
/// The first error of `tell` ends it, whatever is still at work.
pub(super) fn each<G: Send + 'static, T: Send + 'static>(
    given: impl ExactSizeIterator<Item = G>,
    work: impl Fn(G) -> T + Send + Sync + 'static,
    mut tell: impl FnMut(T) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(given.len());
    let (jobs, taken) = channel::<Job<G, T>>();
    let (taken, work) = (Arc::new(Mutex::new(taken)), Arc::new(work));
    for _ in 0..threads {
        let (taken, work) = (Arc::clone(&taken), Arc::clone(&work));
        let take = move || {
            while let Some((each, told)) = next(&taken) {
                // Nobody waits for it where telling another failed.
                let _ = told.send(work(each));
            }
        };
        let thread = thread::Builder::new().name("analyze".to_owned()).spawn(take);
        thread.map_err(CliError::Threads)?;
    }
    let mut waiting: VecDeque<Receiver<T>> = VecDeque::new();
    let died = || CliError::Threads(io::Error::other("a thread died of what it analysed"));
    for each in given {
        if waiting.len() == threads * WAITING_MAX
            && let Some(first) = waiting.pop_front()
        {
            tell(first.recv().map_err(|_| died())?)?;
        }
        let (told, result) = channel();
        jobs.send((each, told)).map_err(|_| died())?;
        waiting.push_back(result);
    }
    for result in waiting {
        tell(result.recv().map_err(|_| died())?)?;
    }
    Ok(())
}

fn next<G, T>(jobs: &Mutex<Receiver<Job<G, T>>>) -> Option<Job<G, T>> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_their_turn_however_long_each_takes() {
        // The first cannot end before one behind it does.
        let (begun, begins) = channel();
        let (begun, begins) = (Mutex::new(begun), Mutex::new(begins));
        let has_others = thread::available_parallelism().unwrap().get() > 1;
        let work = move |each: usize| {
            if each == 0 && has_others {
                begins.lock().unwrap().recv().unwrap();
            } else {
                begun.lock().unwrap().send(()).unwrap();
            }
            each * 10
        };
        let mut told = Vec::new();
        let given = (0..9).collect::<Vec<usize>>().into_iter();
        let tell = |result| {
            told.push(result);
            Ok(())
        };
        each(given, work, tell).unwrap();
        assert_eq!(told, [0, 10, 20, 30, 40, 50, 60, 70, 80]);
    }

    #[test]
    fn the_first_error_of_telling_ends_it_and_nothing_gives_nothing() {
        let mut told = 0;
        let tell = |()| {
            told += 1;
            Err(CliError::DiffFiles { count: 0 })
        };
        assert!(each(vec![1, 2, 3].into_iter(), |_| (), tell).is_err());
        assert_eq!(told, 1);
        each(Vec::<u8>::new().into_iter(), |_| (), |()| Ok(())).unwrap();
    }

    #[test]
    fn work_that_panics_is_an_error_and_no_wait_without_end() {
        let work = |each: usize| assert!(each != 1, "on purpose");
        assert!(each(vec![0, 1, 2].into_iter(), work, |()| Ok(())).is_err());
    }
}
