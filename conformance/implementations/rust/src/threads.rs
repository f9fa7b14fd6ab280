//! Threads, made by the C library: std's own leaves a thread-local with a destructor on the thread that makes one, and that
//! keeps the library loaded for as long as the host's thread lives. [LOAD-4]
use std::mem::MaybeUninit;
use std::os::raw::{c_int, c_ulong, c_void};
use std::ptr::{null, null_mut};

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
    fn pthread_create(
        thread: *mut c_ulong,
        attributes: *const c_void,
        run: extern "C" fn(*mut c_void) -> *mut c_void,
        argument: *mut c_void,
    ) -> c_int;
    fn pthread_join(thread: c_ulong, result: *mut *mut c_void) -> c_int;
}

/// A thread that is to be joined.
pub struct Thread(c_ulong);

type Work = Box<dyn FnOnce() + Send>;

extern "C" fn run(work: *mut c_void) -> *mut c_void {
    let work = unsafe { Box::from_raw(work.cast::<Work>()) };
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(*work));
    null_mut()
}

impl Thread {
    /// It blocks what is sent to the process: the host's handlers run on the host's threads. [LOAD-6] None: the system
    /// gives no thread.
    pub fn spawn(work: impl FnOnce() + Send + 'static) -> Option<Thread> {
        let argument = Box::into_raw(Box::new(Box::new(work) as Work));
        let mut blocked = MaybeUninit::<SignalSet>::zeroed();
        let mut before = MaybeUninit::<SignalSet>::zeroed();
        let mut thread = 0;
        unsafe {
            sigfillset(blocked.as_mut_ptr());
            for signal in FAULTS {
                sigdelset(blocked.as_mut_ptr(), signal);
            }
            pthread_sigmask(SIG_SETMASK, blocked.as_ptr(), before.as_mut_ptr());
            let error = pthread_create(&mut thread, null(), run, argument.cast()); // inherits the mask
            pthread_sigmask(SIG_SETMASK, before.as_ptr(), null_mut());
            if error == 0 {
                return Some(Thread(thread));
            }
            drop(Box::from_raw(argument));
        }
        None
    }

    pub fn join(self) {
        unsafe { pthread_join(self.0, null_mut()) };
    }
}
