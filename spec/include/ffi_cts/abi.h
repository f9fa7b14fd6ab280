/* ffi_cts/abi.h - the asynchronous C ABI that ffi-cts specifies.
 *
 * This header is normative for shapes; the numbered rules in spec/1_loading.md to spec/11_host_obligations.md are
 * normative for behaviour. A rule id in brackets, as in [REQ-5], names the rule that a sentence restates.
 * "<lib>" stands for the library's name: a library called my_timer exports my_timer_create, my_timer_destroy, ...
 *
 * Conventions:
 *
 * (1)  The handle is opaque. <lib>_create and <lib>_create_cbor return it as a void *; every other export takes it
 *      first. It names one context. The host never dereferences it: it should be a token (slot and generation), not an
 *      address. NULL and a destroyed handle are refused by every export [END-4, END-5]; a stale handle whose place was
 *      taken and garbage should be [END-6, END-7]. After <lib>_destroy returned RET_OK the host makes no call with it
 *      [OBL-5].
 *
 * (2)  Every context has one thread, the loop. Handlers, callbacks and host functions run there, one at a time and
 *      never nested [THR-2]. The one exception is (6). Every export may be called from every thread, also as the first
 *      call that the thread ever makes [THR-1], and from inside a callback.
 *
 * (3)  A submission (<lib>_create, a proc, and their _cbor variants) never waits for the loop [REQ-13]. It is either
 *      accepted or refused before it returns. Accepted: a proc returns RET_OK, a constructor a handle that is not NULL.
 *
 * (4)  An accepted submission gets exactly one terminal callback, with RET_OK or RET_ERR, on the loop, at the latest
 *      before <lib>_destroy returns RET_OK [REQ-1, REQ-2, END-2].
 *
 * (5)  RET_STALE_WARN is progress. It may be delivered any number of times before the terminal callback and never
 *      after it; it ends nothing [REQ-6, OBL-6].
 *
 * (6)  A refused submission returns non-zero (a constructor: NULL) and never calls back later. It calls back at most
 *      once, with RET_ERR, on the calling thread, before it returns [REQ-5]; it should do so exactly once [REQ-18].
 *      The host therefore holds no lock across a submission that its callback takes [OBL-13].
 *
 * (7)  A NULL callback is refused with RET_MISSING_CALLBACK (a constructor returns NULL, add_event_listener returns 0)
 *      and nothing else happens [REQ-3, EVT-3].
 *
 * (8)  userData is never looked at. It comes back bit for bit with each callback [REQ-4, EVT-15, HST-2]. The host keeps
 *      what it points at for as long as OBL-4 says.
 *
 * (9)  Lengths are bytes. No text is promised to end with NUL and embedded NULs survive [NAT-6, OBL-10]; only the names
 *      of events and host functions, and texts in native structs, are NUL-terminated C strings.
 *
 * (10) What the host passes in is borrowed until the call returns: the library neither keeps nor writes it
 *      [PAY-1, PAY-2, PAY-13, HST-13, NAT-1]. What the library delivers is valid, readable and unchanged until the
 *      callback returns [PAY-3]; the host copies what it needs [OBL-1] and frees nothing [OBL-8].
 *
 * (11) A delivered message pointer is never NULL, also when the length is 0 [PAY-4]. A passed-in pair (NULL, 0) is the
 *      empty payload, (NULL, len > 0) is refused [PAY-11, HST-15]. An empty CBOR request is malformed [REQ-8].
 *
 * (12) An error message is plain UTF-8 text, never empty, in the native and in the CBOR variant alike [PAY-7].
 *
 * (13) A CBOR request is one map from parameter name to value; without parameters it is the empty map, the byte a0.
 *      A CBOR reply is exactly one item; "no value" is the byte f6 [PAY-5, PAY-6]. A native reply is a structure with
 *      len = sizeof, a pointer to a scalar with len = sizeof, the bytes of a text, or length 0 for "no value".
 *
 * (14) An event is one CBOR map {"eventType": tstr, "payload": any} [EVT-11]. The name "" (or NULL) is the wildcard.
 *
 * (15) No exception and no panic crosses this boundary, in either direction [THR-9, OBL-7].
 *
 * Native types, by their CDDL type in the interface file's schema:
 *
 *      tstr, choice of text constants   const char *, NUL-terminated; NULL is the empty text [NAT-5]
 *      int                              int64_t
 *      uint                             uint64_t
 *      bool                             int; any non-zero value is true [NAT-7]
 *      float                            double
 *      bstr                             const uint8_t *<field>; size_t <field>_len
 *      [* T]                            const T *<field>; size_t <field>_len (elements, not bytes)
 *      ? key, T / nil                   int <field>_present; T <field> (ignored when <field>_present is 0)
 *      a map with fixed keys            a struct, members in the schema's order, nested by value
 *
 * Lists as replies, any, other choices, and lists or optionals as whole parameters exist in the CBOR variant only.
 */
#ifndef FFI_CTS_ABI_H
#define FFI_CTS_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The header that bindgen writes for a library has these types, too; whichever is included first has them. */
#ifndef FFI_CTS_ABI_TYPES
#define FFI_CTS_ABI_TYPES

/* The codes that cross the ABI, as results of calls and as a callback's callerRet. Where several causes for a refusal
 * meet, any non-zero code is right. */
enum {
  /* Accepted, removed, registered, destroyed; as a callback's code: the terminal success. */
  RET_OK = 0,
  /* Refused or failed; as a callback's code: the terminal failure, the message is its text. */
  RET_ERR = 1,
  /* The callback was NULL; only ever a result of a call [REQ-3]. */
  RET_MISSING_CALLBACK = 2,
  /* Progress, not terminal; only ever a callback's code [REQ-6]. The message is of the library's choosing. */
  RET_STALE_WARN = 3
};

/* Hears the outcome of a submission, its progress, or an event.
 *   callerRet  a request: RET_OK, RET_ERR or RET_STALE_WARN. An event: RET_OK, or RET_ERR when making it failed [EVT-18].
 *   msg, len   len bytes, owned by the library, valid until this function returns; msg is never NULL (11).
 *   userData   as given with the submission or the listener (8).
 * Thread: the loop of the context; for a refused submission the thread that is inside the call (6).
 * It must not throw [OBL-7] and should return soon: it holds up everything else of its context. */
typedef void (*FFICallBack)(int callerRet, const char *msg, size_t len, void *userData);

/* A function of the host that the library calls.
 *   callId     names this call; non-zero, unlike every earlier one of the context [HST-1]. Answer it once with
 *              <lib>_host_complete, from any thread, also before this function returns [OBL-2, HST-6].
 *   req        reqLen bytes, owned by the library, valid until this function returns; never NULL. Their encoding (bytes
 *              as they are, or one CBOR map from parameter name to value) is the interface file's `encoding`.
 *   userData   as given to <lib>_register_host_fn.
 * Thread: the loop, never inside one of the host's own calls [HST-2]. It returns promptly and does its work elsewhere
 * [OBL-3]. */
typedef void (*FFIHostFn)(uint64_t callId, const char *req, size_t reqLen, void *userData);

#endif /* FFI_CTS_ABI_TYPES */

#ifdef __cplusplus
#define FFI_CTS_EXTERN_C extern "C"
#else
#define FFI_CTS_EXTERN_C extern
#endif

/* ---- Constructor -------------------------------------------------------------------------------------------------
 *
 *   void *<lib>_create(<args by value>, FFICallBack callback, void *userData);
 *   void *<lib>_create_cbor(const uint8_t *req, size_t reqLen, FFICallBack callback, void *userData);
 *
 * Returns the new context's handle at once; the constructor itself runs on the loop. NULL: refused, the callback was
 * called with RET_ERR before the return (if it was not NULL), and nothing is owned [REQ-9].
 * The callback is called exactly once [REQ-17]: RET_OK with the handle as decimal text (native: its bytes; CBOR: one
 * tstr), or RET_ERR with the reason. After RET_ERR the handle is closing: only destroy is left to do [REQ-15].
 * Requests may be submitted before the callback; they should wait for it and run in order [REQ-21], and none is computed
 * without the constructor [REQ-14].
 * Ownership: the host owns the handle until <lib>_destroy returned RET_OK.
 *
 * ---- Procs --------------------------------------------------------------------------------------------------------
 *
 *   int <lib>_<proc>(void *ctx, FFICallBack callback, void *userData, <args by value>);
 *   int <lib>_<proc>_cbor(void *ctx, FFICallBack callback, void *userData, const uint8_t *req, size_t reqLen);
 *   int <lib>_<proc>_cbor(FFICallBack callback, void *userData, const uint8_t *req, size_t reqLen);   (context = false)
 *
 * RET_OK: accepted, see (4). RET_MISSING_CALLBACK: see (7). Any other code: refused, see (6); so answer a handle that is
 * NULL, destroyed or closing, and (NULL, len > 0). A malformed request may be refused or accepted and answered with
 * RET_ERR; either way it gets one RET_ERR and uses nothing up [REQ-8].
 * Both variants give the same answer to the same arguments [NAT-4]. A library may lack a variant; its interface file
 * then says so. */

#define FFI_CTS_DECLARE_CONSTRUCTOR_CBOR(lib) \
  FFI_CTS_EXTERN_C void *lib##_create_cbor(const uint8_t *req, size_t reqLen, FFICallBack callback, void *userData)

#define FFI_CTS_DECLARE_PROC_CBOR(lib, proc)                                                       \
  FFI_CTS_EXTERN_C int lib##_##proc##_cbor(void *ctx, FFICallBack callback, void *userData,        \
                                           const uint8_t *req, size_t reqLen)

/* ---- Exports that every library has in the same shape -------------------------------------------------------------
 *
 *   FFI_CTS_DECLARE_LIBRARY(my_timer);
 *
 * declares them for one library:
 *
 * int <lib>_destroy(void *ctx)
 *   Refuses new work, cancels what is in flight (each gets its one RET_ERR), fails pending host calls, joins the loop.
 *   RET_OK: nothing of this context calls back any more, and the handle is dead [END-1, END-2].
 *   RET_ERR: a handler or callback blocked the loop beyond the limit (destroy_limit_ms, 1500 ms unless the interface
 *   file says otherwise); the context stays closing and a later destroy can finish [END-3]. Also RET_ERR, at once and
 *   without effect, inside a callback of the same context [END-8]. Non-zero for NULL and dead handles [END-4, END-5].
 *   Of concurrent destroys exactly one returns RET_OK [END-11].
 *
 * uint64_t <lib>_add_event_listener(void *ctx, const char *name, FFICallBack callback, void *userData)
 *   name: NUL-terminated, borrowed, compared byte by byte [PAY-13]; NULL or "" is the wildcard [EVT-14].
 *   Returns the listener's id, non-zero and unlike every earlier one of the context [EVT-1], or 0: refused (NULL
 *   callback, bad or closing handle), nothing registered and nothing called. Never waits for the loop [EVT-10].
 *
 * int <lib>_remove_event_listener(void *ctx, uint64_t id)
 *   RET_OK: removed. Non-zero: no such listener, nothing changed [EVT-7]. On a thread that is inside no callback of this
 *   library it returns only when the listener is not running and never will again, so that its userData may be freed
 *   [EVT-8]. Inside any callback it returns at once, and the event being dispatched still reaches the listener exactly
 *   once [EVT-9]. Works while the context is closing [END-11].
 *
 * int <lib>_register_host_fn(void *ctx, const char *name, FFIHostFn fn, void *userData)
 *   RET_OK: fn serves the next call of that name; calls in flight are not disturbed [HST-10]. fn NULL unregisters and
 *   returns non-zero (1) [HST-9]. name: as above; NULL or "" is refused or stored [HST-21]. Non-zero for a closing
 *   context.
 *
 * int <lib>_host_complete(void *ctx, uint64_t callId, int ret, const char *msg, size_t len)
 *   Answers a host call with RET_OK and its result, or with any other code and an error text [HST-14, HST-18]. msg is
 *   borrowed until the call returns [HST-13]. From any thread, returns at once [HST-17]. An unknown, late or repeated
 *   callId is dropped, which should return RET_OK while the context lives [HST-4, HST-5]. (NULL, len > 0) is refused and
 *   leaves the call pending [HST-15, HST-18]. */
#define FFI_CTS_DECLARE_LIBRARY(lib)                                                                              \
  FFI_CTS_EXTERN_C int lib##_destroy(void *ctx);                                                                  \
  FFI_CTS_EXTERN_C uint64_t lib##_add_event_listener(void *ctx, const char *name, FFICallBack callback,           \
                                                     void *userData);                                             \
  FFI_CTS_EXTERN_C int lib##_remove_event_listener(void *ctx, uint64_t id);                                       \
  FFI_CTS_EXTERN_C int lib##_register_host_fn(void *ctx, const char *name, FFIHostFn fn, void *userData);         \
  FFI_CTS_EXTERN_C int lib##_host_complete(void *ctx, uint64_t callId, int ret, const char *msg, size_t len)

/* The same shapes as types, for a host that looks the symbols up at run time. */
typedef void *(*FFICtsCreateCborFn)(const uint8_t *req, size_t reqLen, FFICallBack callback, void *userData);
typedef int (*FFICtsProcCborFn)(void *ctx, FFICallBack callback, void *userData, const uint8_t *req, size_t reqLen);
typedef int (*FFICtsFreeProcCborFn)(FFICallBack callback, void *userData, const uint8_t *req, size_t reqLen);
typedef int (*FFICtsDestroyFn)(void *ctx);
typedef uint64_t (*FFICtsAddEventListenerFn)(void *ctx, const char *name, FFICallBack callback, void *userData);
typedef int (*FFICtsRemoveEventListenerFn)(void *ctx, uint64_t id);
typedef int (*FFICtsRegisterHostFnFn)(void *ctx, const char *name, FFIHostFn fn, void *userData);
typedef int (*FFICtsHostCompleteFn)(void *ctx, uint64_t callId, int ret, const char *msg, size_t len);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FFI_CTS_ABI_H */
