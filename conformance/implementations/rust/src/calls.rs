//! What the host may ask for. A request is decoded on the thread that submits it, so that nothing lent is kept. [PAY-1]
use crate::cbor::{one_item, Item, Malformed};

pub struct Config {
    pub name: String,
    pub delay_ms: u64,
    pub fail: Option<String>,
}

pub enum Call {
    Echo { text: String, delay_ms: u64 },
    Blob { data: Vec<u8> },
    Fail { text: String },
    Empty,
    Emit { text: String, count: u64, event: Option<String> },
    EmitFail { text: String },
    CallHost { key: String },
    CallHostItem { key: String },
    Block { ms: u64 },
    Progress { text: String, count: u64 },
}

/// A field that must be there and of the type that `read` reads.
fn field<'a, T>(map: Item<'a>, key: &str, read: fn(Item<'a>) -> Option<T>) -> Result<T, Malformed> {
    optional(map, key, read)?.ok_or("a field of the request is missing")
}

fn optional<'a, T>(map: Item<'a>, key: &str, read: fn(Item<'a>) -> Option<T>) -> Result<Option<T>, Malformed> {
    match map.get(key)? {
        Some(item) => read(item).map(Some).ok_or("a field of the request has another type"),
        None => Ok(None),
    }
}

fn text(item: Item) -> Option<String> {
    item.text().map(str::to_owned)
}

fn whole(item: Item) -> Option<Item> {
    Some(item)
}

pub fn create(bytes: &[u8]) -> Result<Config, Malformed> {
    let config = field(one_item(bytes)?, "config", whole)?;
    Ok(Config {
        name: field(config, "name", text)?,
        delay_ms: optional(config, "delayMs", Item::uint)?.unwrap_or(0),
        fail: optional(config, "fail", text)?,
    })
}

pub fn echo(request: Item) -> Result<Call, Malformed> {
    let req = field(request, "req", whole)?;
    Ok(Call::Echo { text: field(req, "text", text)?, delay_ms: field(req, "delayMs", Item::int_or_zero)? })
}

pub fn blob(request: Item) -> Result<Call, Malformed> {
    Ok(Call::Blob { data: field(request, "data", Item::bytes)?.to_vec() })
}

pub fn fail(request: Item) -> Result<Call, Malformed> {
    Ok(Call::Fail { text: field(request, "text", text)? })
}

pub fn empty(request: Item) -> Result<Call, Malformed> {
    request.get("").map(|_| Call::Empty) // a map, whatever is in it
}

pub fn emit(request: Item) -> Result<Call, Malformed> {
    let req = field(request, "req", whole)?;
    Ok(Call::Emit {
        text: field(req, "text", text)?,
        count: field(req, "count", Item::uint)?,
        event: optional(req, "event", text)?,
    })
}

pub fn emit_fail(request: Item) -> Result<Call, Malformed> {
    Ok(Call::EmitFail { text: field(request, "text", text)? })
}

pub fn call_host(request: Item) -> Result<Call, Malformed> {
    Ok(Call::CallHost { key: field(request, "key", text)? })
}

pub fn call_host_item(request: Item) -> Result<Call, Malformed> {
    Ok(Call::CallHostItem { key: field(request, "key", text)? })
}

pub fn block(request: Item) -> Result<Call, Malformed> {
    Ok(Call::Block { ms: field(request, "ms", Item::uint)? })
}

pub fn progress(request: Item) -> Result<Call, Malformed> {
    Ok(Call::Progress { text: field(request, "text", text)?, count: field(request, "count", Item::uint)? })
}
