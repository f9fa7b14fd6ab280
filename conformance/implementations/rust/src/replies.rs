//! The replies' thread: runs requests in the order submitted, and puts off those that wait for a time.
use crate::abi::Callback;
use crate::calls::Config;
use crate::cbor::Writer;
use crate::context::{wait, wait_until, Context};
use crate::reply::Reply;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A part of a request's work. It holds the request's Reply, so dropping it cancels the request.
pub type Job = Box<dyn FnOnce(&mut Replies) + Send>;

/// What this thread has to itself.
pub struct Replies {
    pub context: Arc<Context>,
    pub name: String,                               // what the constructor was given
    timers: BTreeMap<Reverse<(Instant, u64)>, Job>, // the last is the next that is due; of two together the first put off
    turns: u64,
}

const FOR_EVER: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 100);

impl Replies {
    /// Does the job after so many milliseconds, and meanwhile others. [REQ-12]
    pub fn after(&mut self, ms: u64, job: impl FnOnce(&mut Replies) + Send + 'static) {
        if ms == 0 {
            return job(self);
        }
        self.turns += 1;
        let due = Instant::now() + Duration::from_millis(ms).min(FOR_EVER);
        self.timers.insert(Reverse((due, self.turns)), Box::new(job));
    }

    fn take_timer(&mut self) -> Option<Job> {
        let last = *self.timers.keys().next_back()?;
        self.timers.remove(&last)
    }

    /// Sleeps until there is one. None: the thread is to come to its end.
    fn next(&mut self) -> Option<Job> {
        let context = self.context.clone();
        let mut shared = context.lock();
        while !shared.stop {
            let due = self.timers.keys().next_back().map(|Reverse((due, _))| *due);
            if due.map_or(false, |due| due <= Instant::now()) {
                return self.take_timer();
            }
            if shared.constructed {
                if let Some(job) = shared.inbox.pop_front() {
                    return Some(job);
                }
            }
            shared = match due {
                Some(due) => wait_until(&context.replies, shared, due),
                None => wait(&context.replies, shared),
            };
        }
        None
    }

    /// Ends every request there is. Nothing new is accepted any more. [END-2, HST-11, REQ-14]
    fn cancel_all(&mut self) {
        while let Some(job) = self.take_timer() {
            drop(job);
        }
        loop {
            let mut shared = self.context.lock();
            let job = shared.inbox.pop_front();
            let first = shared.calls.keys().next().copied();
            let pending = if job.is_none() { first.and_then(|id| shared.calls.remove(&id)) } else { None };
            drop(shared); // before the two are, which calls the host
            if job.is_none() && pending.is_none() {
                return;
            }
        }
    }

    /// The constructor's work, when its time has come.
    fn construct(&mut self, name: String, fail: Option<String>, reply: Reply) {
        if let Some(why) = fail {
            self.context.lock().closing = true; // REQ-15
            reply.fail(why.as_bytes());
            return self.cancel_all();
        }
        self.name = name;
        self.context.lock().constructed = true;
        reply.ok(Writer::default().text(&self.context.handle.to_string())); // REQ-17
    }

    /// A handler that panics drops its Reply, which answers. [THR-9]
    fn run(&mut self, job: Job) {
        let _ = catch_unwind(AssertUnwindSafe(|| job(self)));
    }
}

pub fn run(context: Arc<Context>, config: Config, callback: Callback) {
    let mut replies = Replies { context, name: String::new(), timers: BTreeMap::new(), turns: 0 };
    let Config { name, delay_ms, fail } = config;
    let reply = Reply::new(callback);
    replies.run(Box::new(move |replies| {
        replies.after(delay_ms, move |replies| replies.construct(name, fail, reply));
    }));
    while let Some(job) = replies.next() {
        replies.run(job);
    }
    replies.cancel_all();
    replies.context.thread_is_done();
}
