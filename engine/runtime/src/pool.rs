//! Threads for work that computes: as many as there are cores, so that I/O and the API go on.
//!
//! What waits for a thread is bounded by the tasks of the flows: each has one job at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use parking_lot::Mutex;

pub(crate) type Job = Box<dyn FnOnce() + Send>;

/// Hands jobs to its threads, first come, first served. The threads end with the last handle.
#[derive(Clone)]
pub(crate) struct ComputePool {
    jobs: Sender<Job>,
}

impl ComputePool {
    pub(crate) fn start(threads: usize) -> std::io::Result<Self> {
        let (jobs, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..threads.max(1) {
            let waiting = Arc::clone(&waiting);
            thread::Builder::new()
                .name(format!("compute-{number}"))
                .spawn(move || work(&waiting))?;
        }
        Ok(Self { jobs })
    }

    /// Runs `job` on the next free thread. A job that panics ends, its thread goes on.
    pub(crate) fn run(&self, job: Job) {
        // The threads live as long as this sender: there is always one to take the job.
        drop(self.jobs.send(job));
    }
}

fn work(waiting: &Mutex<Receiver<Job>>) {
    loop {
        let job = waiting.lock().recv();
        let Ok(job) = job else { return };
        // What the job owned is dropped with it, which tells whoever waits for its result.
        drop(catch_unwind(AssertUnwindSafe(job)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_panics_leaves_its_thread_alive() {
        let pool = ComputePool::start(1).unwrap();
        pool.run(Box::new(|| panic!("on purpose")));
        let (sender, receiver) = channel();
        pool.run(Box::new(move || sender.send(7).unwrap()));
        assert_eq!(receiver.recv(), Ok(7));
    }
}
