# What the runtime stands on, and how what ends up in a shared library is compiled: for this house, and for authors elsewhere.
find_path(ASIO_INCLUDE_DIR asio.hpp REQUIRED)
find_path(CBOR_INCLUDE_DIR cbor.h REQUIRED)
find_library(CBOR_LIBRARY cbor REQUIRED)

add_library(ffi_cts_asio INTERFACE)
target_include_directories(ffi_cts_asio SYSTEM INTERFACE ${ASIO_INCLUDE_DIR})
target_compile_definitions(ffi_cts_asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED
  $<$<CXX_COMPILER_ID:Clang>:ASIO_HAS_CO_AWAIT> $<$<CXX_COMPILER_ID:Clang>:ASIO_HAS_STD_COROUTINE>)
# Asio sees for itself that there is std::aligned_alloc only where a header of libstdc++ came first. Files that disagree would
# free what others allocated differently.
target_compile_definitions(ffi_cts_asio INTERFACE ASIO_HAS_STD_ALIGNED_ALLOC)
target_link_libraries(ffi_cts_asio INTERFACE Threads::Threads)
if(FFI_CTS_SANITIZE STREQUAL "thread")  # TSan does not know fences; a loop of one thread is ordered by its locks anyway
  target_compile_definitions(ffi_cts_asio INTERFACE ASIO_DISABLE_FENCED_BLOCK)
endif()

# What ends up in a shared library: hidden, and without the unique symbols that would keep it mapped after dlclose.
add_library(reference_in_library INTERFACE)
target_compile_options(reference_in_library INTERFACE -fvisibility=hidden
  $<$<COMPILE_LANGUAGE:CXX>:-fvisibility-inlines-hidden>
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
