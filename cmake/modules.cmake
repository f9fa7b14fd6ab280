# A module is a folder of the house with a target of its own. Its headers are seen as "path/in/repo/file.hpp" by the
# targets that link it, and by no others: the include directory holds a symlink to that one folder and nothing else.
# So an include against the arrows of ARCHITECTURE.md does not compile.

add_library(ffi_cts_warnings INTERFACE)
target_compile_options(ffi_cts_warnings INTERFACE -Wall -Wextra -Wconversion -Wshadow -Werror
  # gcc 12 sees overlapping copies and reads past the end in ordinary uses of std::string and std::vector (gcc bug 105329
  # and its kin).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overread;-Wno-stringop-overflow>
  # Under a sanitizer it takes members of temporaries for uninitialised.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${FFI_CTS_SANITIZE}>>:-Wno-maybe-uninitialized>
  # libstdc++ 12 uses its own deprecated std::get_temporary_buffer in stable_sort.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)

# Tests and planted defects: their speed is nobody's concern, the time that they take to compile is.
add_library(ffi_cts_quickly_compiled INTERFACE)
target_compile_options(ffi_cts_quickly_compiled INTERFACE -O0)

function(ffi_cts_module target path)
  set(tree ${CMAKE_BINARY_DIR}/include/${target})
  get_filename_component(parent ${tree}/${path} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${path} ${tree}/${path} SYMBOLIC)
  if(ARGN)
    add_library(${target} STATIC ${ARGN})
    target_include_directories(${target} PUBLIC ${tree})
    target_link_libraries(${target} PRIVATE ffi_cts_warnings)
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden)
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${tree})
  endif()
endfunction()

# ffi_cts_test(NAME target... ): a GoogleTest program of the sources beside it, run by CTest as one test.
function(ffi_cts_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gmock_main ffi_cts_warnings ffi_cts_quickly_compiled)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
  if(arg_TIMEOUT)
    set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT})
  endif()
  if(arg_LABELS)
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}")
  endif()
endfunction()
