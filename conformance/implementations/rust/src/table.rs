//! Handles. One is a token: a tag that no address of the system has, a serial number that is never used again in the life
//! of the process, and the slot in which to look. So it is compared and never dereferenced. [END-5 to END-7]
use crate::context::{lock, Context};
use std::sync::{Arc, Mutex};

/// As many as rustprobe.toml says. [END-13]
const MOST_CONTEXTS: usize = 32;
const TAG: usize = 0x72 << 56;

struct Table {
    contexts: [Option<Arc<Context>>; MOST_CONTEXTS],
    serial: usize,
}

const NONE: Option<Arc<Context>> = None;
static TABLE: Mutex<Table> = Mutex::new(Table { contexts: [NONE; MOST_CONTEXTS], serial: 0 });

/// A new context. None: there are as many as there can be.
pub fn enter() -> Option<Arc<Context>> {
    let mut table = lock(&TABLE);
    let slot = table.contexts.iter().position(Option::is_none)?;
    table.serial += 1;
    let context = Arc::new(Context::new(TAG | (table.serial * MOST_CONTEXTS + slot)));
    table.contexts[slot] = Some(context.clone());
    Some(context)
}

/// The context that a handle names. None: the library gave out no such handle, or it is dead.
pub fn find(handle: usize) -> Option<Arc<Context>> {
    let found = lock(&TABLE).contexts[handle % MOST_CONTEXTS].clone();
    found.filter(|context| context.handle == handle)
}

/// The handle is dead from here on.
pub fn retire(handle: usize) {
    let retired = lock(&TABLE).contexts[handle % MOST_CONTEXTS].take();
    drop(retired); // outside the lock
}
