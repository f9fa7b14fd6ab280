/* Compiles the header as C11, and declares a library with it. */
#include <ffi_cts/abi.h>

FFI_CTS_DECLARE_LIBRARY(placeholder);
FFI_CTS_DECLARE_CONSTRUCTOR_CBOR(placeholder);
FFI_CTS_DECLARE_PROC_CBOR(placeholder, echo);

int abi_as_c(void);

int abi_as_c(void) {
  const FFICtsCreateCborFn create = 0;
  const FFICtsProcCborFn proc = 0;
  return create == 0 && proc == 0 ? RET_OK : RET_ERR;
}
