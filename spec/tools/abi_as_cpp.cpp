// Compiles the header as C++20; the macro's shapes and the function types agree.
#include <ffi_cts/abi.h>

#include <type_traits>

FFI_CTS_DECLARE_LIBRARY(placeholder);
FFI_CTS_DECLARE_CONSTRUCTOR_CBOR(placeholder);
FFI_CTS_DECLARE_PROC_CBOR(placeholder, echo);

static_assert(std::is_same_v<decltype(&placeholder_create_cbor), FFICtsCreateCborFn>);
static_assert(std::is_same_v<decltype(&placeholder_echo_cbor), FFICtsProcCborFn>);
static_assert(std::is_same_v<decltype(&placeholder_destroy), FFICtsDestroyFn>);
static_assert(std::is_same_v<decltype(&placeholder_add_event_listener), FFICtsAddEventListenerFn>);
static_assert(std::is_same_v<decltype(&placeholder_remove_event_listener), FFICtsRemoveEventListenerFn>);
static_assert(std::is_same_v<decltype(&placeholder_register_host_fn), FFICtsRegisterHostFnFn>);
static_assert(std::is_same_v<decltype(&placeholder_host_complete), FFICtsHostCompleteFn>);
static_assert(RET_OK == 0 && RET_ERR == 1 && RET_MISSING_CALLBACK == 2 && RET_STALE_WARN == 3);
