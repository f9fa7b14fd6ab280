# cmake --install: the command, its worker (found relative to it), the bundled library, the header, the spec, and the package
# that other people's builds find with find_package(ffi_cts).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# The command looks for ../libexec/ffi-cts and ../lib/ffi-cts beside itself, so these names are fixed.
install(TARGETS ffi-cts ffi-cts-peer RUNTIME DESTINATION bin)
install(TARGETS ffi-cts-worker RUNTIME DESTINATION libexec/ffi-cts)
foreach(worker ffi-cts-worker-asan ffi-cts-worker-tsan)
  if(TARGET ${worker})
    install(TARGETS ${worker} RUNTIME DESTINATION libexec/ffi-cts)
  endif()
endforeach()
install(TARGETS probe LIBRARY DESTINATION lib/ffi-cts)
install(FILES ${FFI_CTS_LIB_DIR}/probe.toml ${FFI_CTS_LIB_DIR}/probe.cddl DESTINATION lib/ffi-cts)
install(DIRECTORY spec/include/ DESTINATION include)
install(DIRECTORY spec/ DESTINATION share/doc/ffi-cts FILES_MATCHING PATTERN "*.md" PATTERN "*.cddl" PATTERN tools EXCLUDE
        PATTERN include EXCLUDE)
install(FILES LICENSE README.md DESTINATION share/doc/ffi-cts)

set(package lib/cmake/ffi_cts)
configure_package_config_file(cmake/package/ffi_ctsConfig.cmake.in ${CMAKE_BINARY_DIR}/package/ffi_ctsConfig.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/ffi_ctsConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/package/ffi_ctsConfig.cmake ${CMAKE_BINARY_DIR}/package/ffi_ctsConfigVersion.cmake
  cmake/package/ffi_cts_add_test.cmake DESTINATION ${package})
