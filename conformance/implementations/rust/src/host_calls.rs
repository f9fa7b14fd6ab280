//! Functions of the host, and the calls of them that are not answered.
use crate::abi::HostFunction;
use crate::context::Context;
use crate::reply::Reply;
use std::os::raw::c_int;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A request that waits for the host, and what goes on with it when the answer is there: its code and bytes.
pub struct Pending {
    pub reply: Reply,
    pub resume: fn(Reply, c_int, Vec<u8>),
}

/// Ids are handed out once in the life of the process, whichever context asks. [HST-1, HST-20]
static LAST_ID: AtomicU64 = AtomicU64::new(0);

impl Context {
    /// None unregisters. Calls in flight are elsewhere, and go on. [HST-9, HST-10]
    pub fn register_host_function(&self, name: Vec<u8>, function: Option<HostFunction>) -> bool {
        let mut shared = self.lock();
        match function {
            Some(function) if !shared.closing => {
                shared.host_functions.insert(name, function);
                true
            }
            Some(_) => false,
            None => {
                shared.host_functions.remove(&name);
                false
            }
        }
    }

    /// On the replies' thread.
    pub fn call_host(&self, name: &str, request: &[u8], pending: Pending) {
        let id = LAST_ID.fetch_add(1, Relaxed) + 1;
        let mut shared = self.lock();
        match shared.host_functions.get(name.as_bytes()).copied() {
            Some(function) => {
                shared.calls.insert(id, pending); // first: the function may complete its own call [HST-6]
                drop(shared);
                function.call(id, request);
            }
            None => {
                drop(shared);
                pending.reply.fail(format!("host function '{}' is not registered", name).as_bytes());
                // HST-8
            }
        }
    }

    /// The first answer counts; later ones, and those to unknown calls, find nothing. [HST-4, HST-5, HST-18]
    pub fn complete(&self, id: u64, code: c_int, answer: Vec<u8>) {
        let mut shared = self.lock();
        if let Some(pending) = shared.calls.remove(&id) {
            // Goes on from the replies' thread, never from here. [HST-19]
            shared.inbox.push_back(Box::new(move |_| (pending.resume)(pending.reply, code, answer)));
            self.replies.notify_one();
        }
    }
}
