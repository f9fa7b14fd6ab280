//! What crosses the C ABI: codes, the host's functions, the bytes that it lends.
use std::cell::Cell;
use std::ffi::CStr;
use std::os::raw::{c_char, c_int, c_void};

pub const RET_OK: c_int = 0;
pub const RET_ERR: c_int = 1;
pub const RET_MISSING_CALLBACK: c_int = 2;
pub const RET_STALE_WARN: c_int = 3;

pub type CallbackFn = unsafe extern "C" fn(c_int, *const c_char, usize, *mut c_void);
pub type HostFn = unsafe extern "C" fn(u64, *const c_char, usize, *mut c_void);

/// A function of the host, and the userData that goes back to it unseen. [REQ-4, EVT-15, HST-2]
#[derive(Clone, Copy)]
pub struct Bound<F> {
    function: F,
    user_data: *mut c_void,
}

// The host promises that its functions may be called on the library's threads; userData is never looked at.
unsafe impl<F: Send> Send for Bound<F> {}
unsafe impl<F: Sync> Sync for Bound<F> {}

pub type Callback = Bound<CallbackFn>;
pub type HostFunction = Bound<HostFn>;

impl<F> Bound<F> {
    pub fn new(function: Option<F>, user_data: *mut c_void) -> Option<Self> {
        function.map(|function| Bound { function, user_data })
    }
}

impl Callback {
    /// On one of the context's threads, with no lock held. [THR-2, THR-4]
    pub fn call(&self, code: c_int, message: &[u8]) {
        let _inside = Inside::enter();
        self.call_inline(code, message);
    }

    /// A refused submission calls back here and now; that counts as no callback. [REQ-5, REQ-18]
    pub fn refuse(&self, why: &str) {
        self.call_inline(RET_ERR, why.as_bytes());
    }

    fn call_inline(&self, code: c_int, message: &[u8]) {
        unsafe { (self.function)(code, start_of(message), message.len(), self.user_data) }
    }
}

impl HostFunction {
    /// On the replies' thread, with no lock held.
    pub fn call(&self, id: u64, request: &[u8]) {
        let _inside = Inside::enter();
        unsafe { (self.function)(id, start_of(request), request.len(), self.user_data) }
    }
}

/// Never NULL, and readable also where nothing is to be read. [PAY-4]
fn start_of(bytes: &[u8]) -> *const c_char {
    let start = if bytes.is_empty() { b"\0" } else { bytes };
    start.as_ptr().cast()
}

/// While it lives, the thread is inside a callback or a host function.
struct Inside;

thread_local! {
    // Without a destructor: one would keep the library loaded for as long as the host's thread lives. [LOAD-4]
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

impl Inside {
    fn enter() -> Inside {
        DEPTH.with(|depth| depth.set(depth.get() + 1));
        Inside
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get() - 1));
    }
}

/// Whether the calling thread is inside a callback or host function, of whatever context.
pub fn inside_host_code() -> bool {
    DEPTH.with(|depth| depth.get() > 0)
}

/// The bytes that the host lends until its call returns. None: NULL with a length. [PAY-11, HST-15]
///
/// # Safety
/// What is not NULL points at `len` bytes that stay as they are while the result is in use.
pub unsafe fn lent<'a>(bytes: *const u8, len: usize) -> Option<&'a [u8]> {
    match (bytes.is_null(), len) {
        (_, 0) => Some(&[]),
        (true, _) => None,
        (false, _) => Some(std::slice::from_raw_parts(bytes, len)),
    }
}

/// A copy of a name, which is bytes and need not be UTF-8; NULL is the empty name. [EVT-14, PAY-13]
///
/// # Safety
/// What is not NULL is a C string.
pub unsafe fn name(name: *const c_char) -> Vec<u8> {
    if name.is_null() {
        return Vec::new();
    }
    CStr::from_ptr(name).to_bytes().to_vec()
}
