//! Listeners, and the thread that calls them.
use crate::abi::{inside_host_code, Callback, RET_ERR, RET_OK};
use crate::cbor::Writer;
use crate::context::{wait, Context};
use crate::reply::or_unknown;
use std::os::raw::c_int;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::Arc;

pub struct Listener {
    id: u64,
    name: Vec<u8>, // empty: the wildcard
    callback: Callback,
    silenced: AtomicBool, // removed by somebody who relies on never hearing it again [EVT-8]. Under the context's lock
}

/// What a handler emits. However many events it means, it waits as one, so that a burst costs no memory. [EVT-17]
pub enum Emission {
    Burst { event: &'static str, text: String, count: u64 },
    Failed { event: &'static str, why: String },
}

/// Ids are handed out once in the life of the process, whichever context asks. [EVT-1, EVT-2]
static LAST_ID: AtomicU64 = AtomicU64::new(0);

impl Context {
    /// 0: refused.
    pub fn add_listener(&self, name: Vec<u8>, callback: Callback) -> u64 {
        let mut shared = self.lock();
        if shared.closing {
            return 0;
        }
        let id = LAST_ID.fetch_add(1, Relaxed) + 1; // under the lock: the order of ids is that of adding [EVT-20]
        shared.listeners.insert(id, Arc::new(Listener { id, name, callback, silenced: AtomicBool::new(false) }));
        id
    }

    pub fn remove_listener(&self, id: u64) -> bool {
        let mut shared = self.lock();
        let listener = match shared.listeners.remove(&id) {
            Some(listener) => listener,
            None => return false,
        };
        if !inside_host_code() {
            // EVT-8. Inside a callback neither is done: a dispatch under way still calls the listener. [EVT-9]
            listener.silenced.store(true, Relaxed);
            while shared.listening == Some(id) {
                shared = wait(&self.changed, shared);
            }
        }
        true
    }

    /// Dropped if the context is closing.
    pub fn emit(&self, emission: Emission) {
        self.lock().emissions.push_back(emission);
        self.events.notify_one();
    }

    /// Those of the event first, then the wildcards, each in the order added: who is there when its dispatch begins.
    /// [EVT-10, EVT-16, EVT-20]
    fn audience(&self, event: &str) -> Vec<Arc<Listener>> {
        let shared = self.lock();
        let of = |name: &'static [u8]| shared.listeners.values().filter(move |listener| listener.name == name);
        let own = shared.listeners.values().filter(|listener| listener.name == event.as_bytes());
        own.chain(of(b"")).cloned().collect()
    }

    fn dispatch(&self, event: &str, code: c_int, message: &[u8]) {
        for listener in self.audience(event) {
            let mut shared = self.lock();
            if listener.silenced.load(Relaxed) {
                continue;
            }
            shared.listening = Some(listener.id);
            drop(shared);
            listener.callback.call(code, message);
            self.lock().listening = None;
            self.changed.notify_all(); // its remove may wait
        }
    }

    fn deliver(&self, emission: Emission) {
        match emission {
            Emission::Burst { event, text, count } => {
                for index in 0..count {
                    if self.lock().closing {
                        return; // a long burst does not hold destroy up [END-16]
                    }
                    self.dispatch(event, RET_OK, &envelope(event, &text, index));
                }
            }
            Emission::Failed { event, why } => self.dispatch(event, RET_ERR, or_unknown(why.as_bytes())), // EVT-18
        }
    }
}

/// {"eventType": …, "payload": {"text": …, "index": …}} [EVT-11]
fn envelope(event: &str, text: &str, index: u64) -> Vec<u8> {
    let payload = Writer::default().map(2).text("eventType").text(event).text("payload").map(2);
    payload.text("text").text(text).text("index").uint(index).done()
}

/// The events' thread.
pub fn run(context: &Context) {
    let mut shared = context.lock();
    while !shared.stop {
        shared = match shared.emissions.pop_front() {
            None => wait(&context.events, shared),
            Some(emission) => {
                drop(shared);
                context.deliver(emission);
                context.lock()
            }
        };
    }
    drop(shared);
    context.thread_is_done();
}
