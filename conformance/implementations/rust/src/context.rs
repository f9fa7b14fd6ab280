//! A context: what its two threads and its callers share, and how it ends. One thread runs the handlers, their replies and
//! the host functions (`replies`), the other the listeners (`events`).
use crate::abi::{inside_host_code, Callback, HostFunction};
use crate::calls::{Call, Config};
use crate::events::{self, Emission, Listener};
use crate::host_calls::Pending;
use crate::replies::{self, Job};
use crate::reply::Reply;
use crate::table;
use crate::threads::Thread;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long destroy waits for threads that do not come back. [END-3]
const STOP_LIMIT: Duration = Duration::from_millis(1500);

pub struct Context {
    pub handle: usize,
    shared: Mutex<Shared>,
    pub replies: Condvar, // its thread has something to do
    pub events: Condvar,  // likewise
    pub changed: Condvar, // for callers that wait: a listener has returned, or a thread has come to its end
}

#[derive(Default)]
pub struct Shared {
    pub constructed: bool, // until then no request is run [REQ-14, REQ-21]
    pub closing: bool,     // nothing new is accepted; never taken back
    pub stop: bool,        // the threads are to come to their ends
    working: u32,          // threads that have not
    claimed: bool,         // by the destroy that returns RET_OK [END-11]
    threads: Vec<Thread>,
    pub inbox: VecDeque<Job>,
    pub calls: BTreeMap<u64, Pending>, // host calls that are not answered
    pub host_functions: BTreeMap<Vec<u8>, HostFunction>,
    pub emissions: VecDeque<Emission>,
    pub listeners: BTreeMap<u64, Arc<Listener>>, // by id, which is the order in which they were added
    pub listening: Option<u64>,                  // the listener that is being called
}

/// A lock whose holder panicked is as good as any: each holder leaves things whole.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn wait<'a, T>(condition: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    condition.wait(guard).unwrap_or_else(PoisonError::into_inner)
}

/// Until the time has come, at most.
pub fn wait_until<'a, T>(condition: &Condvar, guard: MutexGuard<'a, T>, when: Instant) -> MutexGuard<'a, T> {
    let left = when.saturating_duration_since(Instant::now());
    condition.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner).0
}

impl Context {
    pub fn new(handle: usize) -> Self {
        Context {
            handle,
            shared: Mutex::default(),
            replies: Condvar::new(),
            events: Condvar::new(),
            changed: Condvar::new(),
        }
    }

    /// The lock is never held while the host's code runs. [THR-4]
    pub fn lock(&self) -> MutexGuard<'_, Shared> {
        lock(&self.shared)
    }

    /// A context of its own handle, at work on its constructor. None: there is no room for it, or no thread.
    pub fn create(config: Config, callback: Callback) -> Option<usize> {
        let context = table::enter()?;
        context.start(config, callback).then(|| context.handle)
    }

    fn start(self: &Arc<Self>, config: Config, callback: Callback) -> bool {
        // Held until all is noted: the constructor's callback may tell the handle to somebody who destroys it.
        let mut shared = self.lock();
        let (for_events, for_replies) = (self.clone(), self.clone());
        if let Some(events) = Thread::spawn(move || events::run(&for_events)) {
            shared.threads.push(events);
            shared.working = 1;
            if let Some(replies) = Thread::spawn(move || replies::run(for_replies, config, callback)) {
                shared.threads.push(replies);
                shared.working = 2;
                return true;
            }
        }
        drop(shared);
        self.end(); // nobody has been told of it, and the events' thread has nothing to do
        false
    }

    /// Err: why it is refused. Decided and queued in one step. [END-11]
    pub fn submit(&self, call: Call, callback: Callback) -> Result<(), &'static str> {
        let mut shared = self.lock();
        if shared.closing {
            return Err("the context is closing");
        }
        let reply = Reply::new(callback);
        shared.inbox.push_back(Box::new(move |replies| replies.handle(call, reply)));
        self.replies.notify_one();
        Ok(())
    }

    /// Refused inside callbacks: its own threads cannot be waited for, and those of others may wait for this one. [END-8]
    pub fn destroy(&self) -> bool {
        !inside_host_code() && self.end()
    }

    /// Ends all there is, waits for both threads, and is false if they are held up, or if somebody else was first.
    fn end(&self) -> bool {
        let limit = Instant::now() + STOP_LIMIT;
        let mut shared = self.lock();
        shared.closing = true;
        shared.stop = true;
        self.replies.notify_all();
        self.events.notify_all();
        while shared.working > 0 && Instant::now() < limit {
            shared = wait_until(&self.changed, shared, limit);
        }
        if shared.working > 0 || shared.claimed {
            return false;
        }
        shared.claimed = true;
        let threads = std::mem::take(&mut shared.threads);
        drop(shared);
        for thread in threads {
            thread.join();
        }
        table::retire(self.handle);
        true
    }

    /// What each of the two threads does last: from here on it calls the host no more. [END-1]
    pub fn thread_is_done(&self) {
        self.lock().working -= 1;
        self.changed.notify_all();
    }
}
