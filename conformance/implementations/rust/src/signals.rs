//! Threads that leave the signals to the host's.
use std::mem::MaybeUninit;
use std::os::raw::c_int;
use std::thread::{Builder, JoinHandle};

/// The C library's sigset_t on Linux.
#[repr(C, align(8))]
struct SignalSet([u8; 128]);

const SIG_SETMASK: c_int = 2;

/// SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS: a thread's own faults.
const FAULTS: [c_int; 7] = [4, 5, 6, 7, 8, 11, 31];

extern "C" {
    fn sigfillset(set: *mut SignalSet) -> c_int;
    fn sigdelset(set: *mut SignalSet, signal: c_int) -> c_int;
    fn pthread_sigmask(how: c_int, set: *const SignalSet, before: *mut SignalSet) -> c_int;
}

/// A thread that blocks what is sent to the process: the host's handlers run on the host's threads. [LOAD-6]
pub fn spawn(work: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    let mut before = MaybeUninit::<SignalSet>::zeroed();
    let mut blocked = MaybeUninit::<SignalSet>::zeroed();
    unsafe {
        sigfillset(blocked.as_mut_ptr());
        for signal in FAULTS {
            sigdelset(blocked.as_mut_ptr(), signal);
        }
        pthread_sigmask(SIG_SETMASK, blocked.as_ptr(), before.as_mut_ptr());
    }
    let thread = Builder::new().spawn(work); // inherits the mask
    unsafe {
        pthread_sigmask(SIG_SETMASK, before.as_ptr(), std::ptr::null_mut());
    }
    thread
}
