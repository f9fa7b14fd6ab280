//! A request's debt of one terminal callback.
use crate::abi::{Callback, RET_ERR, RET_OK, RET_STALE_WARN};
use crate::cbor::Writer;

/// Whoever has it owes the host one answer. Answering takes it away, and dropping it answers, too: a request that is
/// cancelled, or whose handler panics, is answered like any other. [REQ-1, END-2]
pub struct Reply {
    callback: Option<Callback>, // None: answered
}

impl Reply {
    pub fn new(callback: Callback) -> Self {
        Reply { callback: Some(callback) }
    }

    pub fn ok(mut self, item: Writer) {
        self.answer(RET_OK, &item.done());
    }

    /// An empty text is replaced. [REQ-7]
    pub fn fail(mut self, text: &[u8]) {
        self.answer(RET_ERR, or_unknown(text));
    }

    pub fn progress(&self, item: Writer) {
        if let Some(callback) = &self.callback {
            callback.call(RET_STALE_WARN, &item.done());
        }
    }

    fn answer(&mut self, code: std::os::raw::c_int, message: &[u8]) {
        if let Some(callback) = self.callback.take() {
            callback.call(code, message);
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.answer(RET_ERR, b"the context was closed before the request was done");
    }
}

pub fn or_unknown(text: &[u8]) -> &[u8] {
    if text.is_empty() {
        b"unknown error"
    } else {
        text
    }
}
