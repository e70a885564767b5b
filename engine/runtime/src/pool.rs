//! Threads for work that computes: as many as there are cores, so that I/O and the API go on.
//!
//! What waits for a thread is bounded by the number of threads; the rest waits to be taken.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use parking_lot::Mutex;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::executor::Job;

/// The niceness of those who come last.
#[cfg(target_os = "linux")]
const LAST: i32 = 19;

/// Hands jobs to its threads, first come, first served. The threads end with the pool.
pub(crate) struct ComputePool {
    jobs: Sender<Job>,
}

/// What the threads of a pool are like.
#[derive(Clone, Copy)]
pub(crate) struct Like {
    pub(crate) name: &'static str,
    /// Bytes of the stack, where the usual ones do not do.
    pub(crate) stack: Option<usize>,
    /// Whether they only get what all other threads leave of the cores.
    pub(crate) is_last: bool,
}

impl ComputePool {
    pub(crate) fn start(threads: usize, like: Like) -> std::io::Result<Self> {
        let threads = threads.max(1);
        // One for each thread: none of them has to wait for the next.
        let (jobs, waiting) = channel(threads);
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..threads {
            let waiting = Arc::clone(&waiting);
            let mut thread = thread::Builder::new().name(format!("{}-{number}", like.name));
            if let Some(bytes) = like.stack {
                thread = thread.stack_size(bytes);
            }
            thread.spawn(move || {
                if like.is_last {
                    come_last();
                }
                work(&waiting);
            })?;
        }
        Ok(Self { jobs })
    }

    /// Runs `job` on the next free thread; ends when there is a place for it to wait for one. A
    /// job that panics ends, its thread goes on.
    pub(crate) async fn run(&self, job: Job) {
        // The threads live as long as this sender: there is always one to take the job.
        drop(self.jobs.send(job).await);
    }
}

/// Of this thread, for good. Where the system does not let it, it is a thread like others.
fn come_last() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, LAST);
}

fn work(waiting: &Mutex<Receiver<Job>>) {
    loop {
        let job = waiting.lock().blocking_recv();
        let Some(job) = job else { return };
        // What the job owned is dropped with it, which tells whoever waits for its result.
        drop(catch_unwind(AssertUnwindSafe(job)));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const LIKE: Like = Like { name: "test", stack: None, is_last: false };

    #[tokio::test]
    async fn a_job_that_panics_leaves_its_thread_alive() {
        let pool = ComputePool::start(1, LIKE).unwrap();
        pool.run(Box::new(|| panic!("on purpose"))).await;
        let (sender, receiver) = mpsc::channel();
        pool.run(Box::new(move || sender.send(7).unwrap())).await;
        assert_eq!(receiver.recv(), Ok(7));
    }

    #[tokio::test]
    async fn more_work_than_there_is_room_for_waits_outside() {
        let pool = ComputePool::start(1, LIKE).unwrap();
        let (started, has_started) = mpsc::channel();
        let (go, may_go) = mpsc::channel::<()>();
        pool.run(Box::new(move || {
            started.send(()).unwrap();
            let _ = may_go.recv();
        }))
        .await;
        has_started.recv().unwrap();
        // The thread is busy, and this one takes the only place.
        pool.run(Box::new(|| ())).await;
        let third = pool.run(Box::new(|| ()));
        tokio::pin!(third);
        assert!(futures::poll!(&mut third).is_pending());
        drop(go);
        third.await;
    }
}
