//! The probe's part in Rust, written from the spec: no code shared with the reference or with the C implementation, nothing
//! beyond `std`. It differs from both in that events have a thread of their own.
//!
//! `lib` is what the library exports; a submission goes on through `calls` (decoded on the caller's thread) and `context`
//! to `replies`, whose thread runs `handlers`; these hand events to `events` and calls of the host to `host_calls`.
mod abi;
mod calls;
mod cbor;
mod context;
mod events;
mod handlers;
mod host_calls;
mod replies;
mod reply;
mod table;
mod threads;

use abi::{lent, name, Bound, Callback, CallbackFn, HostFn, RET_ERR, RET_MISSING_CALLBACK, RET_OK};
use calls::Call;
use cbor::{Item, Malformed};
use context::Context;
use std::os::raw::{c_char, c_int, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::null_mut;
use std::sync::Arc;

const NULL_WITH_LENGTH: Malformed = "the request is NULL and has a length";

/// No panic leaves an export. [THR-9]
fn guarded<T>(otherwise: T, work: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(otherwise)
}

fn code(worked: bool) -> c_int {
    if worked {
        RET_OK
    } else {
        RET_ERR
    }
}

/// The context, for as long as the call takes, whoever destroys it meanwhile.
fn find(handle: *mut c_void) -> Option<Arc<Context>> {
    table::find(handle as usize)
}

type Decode = fn(Item) -> Result<Call, Malformed>;

fn submit(handle: *mut c_void, decode: Decode, request: Option<&[u8]>, callback: Callback) -> Result<(), &'static str> {
    let context = find(handle).ok_or("there is no such context")?;
    let call = decode(cbor::one_item(request.ok_or(NULL_WITH_LENGTH)?)?)?;
    context.submit(call, callback)
}

macro_rules! export_procs {
    ($($symbol:ident: $decode:path;)*) => {$(
        /// # Safety
        /// See `<lib>_<proc>_cbor` in ffi_cts/abi.h.
        #[no_mangle]
        pub unsafe extern "C" fn $symbol(
            ctx: *mut c_void, callback: Option<CallbackFn>, user_data: *mut c_void, req: *const u8, len: usize,
        ) -> c_int {
            let callback = match Bound::new(callback, user_data) {
                Some(callback) => callback,
                None => return RET_MISSING_CALLBACK, // REQ-3
            };
            let request = lent(req, len);
            match guarded(Err("internal error"), || submit(ctx, $decode, request, callback)) {
                Ok(()) => RET_OK,
                Err(why) => {
                    callback.refuse(why);
                    RET_ERR
                }
            }
        }
    )*};
}

export_procs! {
    rustprobe_echo_cbor: calls::echo;
    rustprobe_blob_cbor: calls::blob;
    rustprobe_fail_cbor: calls::fail;
    rustprobe_empty_cbor: calls::empty;
    rustprobe_emit_cbor: calls::emit;
    rustprobe_emit_fail_cbor: calls::emit_fail;
    rustprobe_call_host_cbor: calls::call_host;
    rustprobe_call_host_item_cbor: calls::call_host_item;
    rustprobe_block_cbor: calls::block;
    rustprobe_progress_cbor: calls::progress;
}

fn create(request: Option<&[u8]>, callback: Callback) -> Result<usize, &'static str> {
    let config = calls::create(request.ok_or(NULL_WITH_LENGTH)?)?;
    Context::create(config, callback).ok_or("there is no room for another context")
}

/// # Safety
/// See `<lib>_create_cbor` in ffi_cts/abi.h.
#[no_mangle]
pub unsafe extern "C" fn rustprobe_create_cbor(
    req: *const u8,
    len: usize,
    callback: Option<CallbackFn>,
    user_data: *mut c_void,
) -> *mut c_void {
    let callback = match Bound::new(callback, user_data) {
        Some(callback) => callback,
        None => return null_mut(),
    };
    let request = lent(req, len);
    match guarded(Err("internal error"), || create(request, callback)) {
        Ok(handle) => handle as *mut c_void,
        Err(why) => {
            callback.refuse(why);
            null_mut()
        }
    }
}

#[no_mangle]
pub extern "C" fn rustprobe_destroy(ctx: *mut c_void) -> c_int {
    guarded(RET_ERR, || code(find(ctx).map_or(false, |context| context.destroy())))
}

/// # Safety
/// See `<lib>_add_event_listener` in ffi_cts/abi.h.
#[no_mangle]
pub unsafe extern "C" fn rustprobe_add_event_listener(
    ctx: *mut c_void,
    event: *const c_char,
    callback: Option<CallbackFn>,
    user_data: *mut c_void,
) -> u64 {
    let callback = Bound::new(callback, user_data); // None: EVT-3
    guarded(0, || match (callback, find(ctx)) {
        (Some(callback), Some(context)) => context.add_listener(name(event), callback),
        _ => 0,
    })
}

#[no_mangle]
pub extern "C" fn rustprobe_remove_event_listener(ctx: *mut c_void, id: u64) -> c_int {
    guarded(RET_ERR, || code(find(ctx).map_or(false, |context| context.remove_listener(id))))
}

/// # Safety
/// See `<lib>_register_host_fn` in ffi_cts/abi.h.
#[no_mangle]
pub unsafe extern "C" fn rustprobe_register_host_fn(
    ctx: *mut c_void,
    function_name: *const c_char,
    function: Option<HostFn>,
    user_data: *mut c_void,
) -> c_int {
    guarded(RET_ERR, || {
        let function_name = name(function_name);
        let context = find(ctx).filter(|_| !function_name.is_empty()); // HST-21
        let function = Bound::new(function, user_data);
        code(context.map_or(false, |context| context.register_host_function(function_name, function)))
    })
}

/// # Safety
/// See `<lib>_host_complete` in ffi_cts/abi.h.
#[no_mangle]
pub unsafe extern "C" fn rustprobe_host_complete(
    ctx: *mut c_void,
    call_id: u64,
    ret: c_int,
    msg: *const c_char,
    len: usize,
) -> c_int {
    guarded(RET_ERR, || match (find(ctx), lent(msg.cast(), len)) {
        (Some(context), Some(answer)) => {
            context.complete(call_id, ret, answer.to_vec()); // borrowed until the call returns [HST-13]
            RET_OK
        }
        _ => RET_ERR, // HST-15: the call stays pending
    })
}
