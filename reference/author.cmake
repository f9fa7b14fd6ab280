# For authors: a library of one's own on the reference runtime, in a project of one's own.
#
#   include(/path/to/ffi-cts/reference/author.cmake)
#   ffi_cts_author_library(<name> SOURCES <name>.cpp <name>_abi.cpp <name>_exports.cpp MAP <name>.map)
#
# makes lib<name>.so, which exports what the version script names. `ffi-cts bindgen --lang library` writes these files, and a
# CMakeLists.txt that says this.
find_package(Threads REQUIRED)
include(${CMAKE_CURRENT_LIST_DIR}/dependencies.cmake)

file(GLOB runtime_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/runtime/*.cpp ${CMAKE_CURRENT_LIST_DIR}/cbor/*.cpp)
list(FILTER runtime_sources EXCLUDE REGEX "_test\\.cpp$")
add_library(ffi_cts_runtime STATIC ${runtime_sources})
set_target_properties(ffi_cts_runtime PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_compile_features(ffi_cts_runtime PUBLIC cxx_std_20)
target_include_directories(ffi_cts_runtime PUBLIC ${CMAKE_CURRENT_LIST_DIR}/.. ${CMAKE_CURRENT_LIST_DIR}/../spec/include)
target_include_directories(ffi_cts_runtime SYSTEM PRIVATE ${CBOR_INCLUDE_DIR})
target_link_libraries(ffi_cts_runtime PUBLIC ffi_cts_asio reference_in_library PRIVATE ${CBOR_LIBRARY})

function(ffi_cts_author_library name)
  cmake_parse_arguments(arg "" "MAP" "SOURCES" ${ARGN})
  cmake_path(ABSOLUTE_PATH arg_MAP)
  add_library(${name} SHARED ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ffi_cts_runtime)
  target_link_options(${name} PRIVATE -Wl,--version-script=${arg_MAP})
  set_target_properties(${name} PROPERTIES LINK_DEPENDS ${arg_MAP})
endfunction()
