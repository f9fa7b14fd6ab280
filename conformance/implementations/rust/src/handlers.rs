//! What each request does.
use crate::abi::RET_OK;
use crate::calls::Call;
use crate::cbor::{one_item, Writer};
use crate::events::Emission;
use crate::host_calls::Pending;
use crate::replies::Replies;
use crate::reply::Reply;
use std::os::raw::c_int;
use std::time::Duration;

fn pair(key: &str, text: &str) -> Writer {
    Writer::default().map(1).text(key).text(text)
}

fn nothing() -> Writer {
    Writer::default().null()
}

impl Replies {
    pub fn handle(&mut self, call: Call, reply: Reply) {
        match call {
            Call::Echo { text, delay_ms } => self.after(delay_ms, move |replies| {
                let item = Writer::default().map(2).text("echoed").text(&text);
                reply.ok(item.text("name").text(&replies.name));
            }),
            Call::Blob { data } => reply.ok(Writer::default().map(1).text("data").bytes(&data)),
            Call::Fail { text } => reply.fail(text.as_bytes()),
            Call::Empty => reply.ok(nothing()),
            Call::Emit { text, count, event } => self.emit(text, count, event.as_deref(), reply),
            Call::EmitFail { text } => {
                self.context.emit(Emission::Failed { event: "tick", why: text });
                reply.ok(nothing());
            }
            Call::CallHost { key } => {
                self.context.call_host("fetch", key.as_bytes(), Pending { reply, resume: raw_answered });
            }
            Call::CallHostItem { key } => {
                let request = pair("key", &key).done();
                self.context.call_host("fetch_item", &request, Pending { reply, resume: item_answered });
            }
            Call::Block { ms } => {
                std::thread::sleep(Duration::from_millis(ms)); // what no handler should do
                reply.ok(nothing());
            }
            Call::Progress { text, count } => self.progress(&text, count, reply),
        }
    }

    /// All events wait before the reply is made.
    fn emit(&mut self, text: String, count: u64, event: Option<&str>, reply: Reply) {
        let event = match event {
            None | Some("tick") => "tick",
            Some("tock") => "tock",
            Some(_) => return reply.fail(b"there is no such event"),
        };
        self.context.emit(Emission::Burst { event, text, count });
        reply.ok(nothing());
    }

    fn progress(&mut self, text: &str, count: u64, reply: Reply) {
        for index in 0..count {
            if self.context.lock().closing {
                return; // drops the reply [END-16]
            }
            reply.progress(Writer::default().map(2).text("text").text(text).text("index").uint(index));
        }
        reply.ok(pair("text", text));
    }
}

fn raw_answered(reply: Reply, code: c_int, answer: Vec<u8>) {
    match std::str::from_utf8(&answer) {
        _ if code != RET_OK => reply.fail(&answer), // whatever else the code is [HST-14, HST-18]
        Ok(text) => reply.ok(pair("answer", text)),
        Err(_) => reply.fail(b"the answer of 'fetch' is not UTF-8"),
    }
}

fn item_answered(reply: Reply, code: c_int, answer: Vec<u8>) {
    match one_item(&answer).ok().and_then(|item| item.text()) {
        _ if code != RET_OK => reply.fail(&answer),
        Some(text) => reply.ok(pair("answer", text)),
        None => reply.fail(b"the answer of 'fetch_item' is not one CBOR text"),
    }
}
