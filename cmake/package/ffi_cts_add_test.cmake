# ffi_cts_add_test(NAME <name> LIBRARY <target or path> INTERFACE <file>
#                  [RULES <rule or chapter>…] [EXPECT <file>] [CASES <n>] [SEED <n>] [TIMEOUT <seconds>])
#
# Judges a shared library with `ffi-cts run`: one CTest test per chapter of the spec, named <name>.<chapter> and labelled
# ffi-cts. With RULES only these, and only the chapters that they are of. EXPECT names a file of failures that are known
# (README, "Failures that are known"). CASES: how many programs each test runs (3000). TIMEOUT: of each test (600).
#
# A test passes when every rule that applies passes or fails as expected. It fails when one is broken, and also when one
# could not be decided or never came up: nothing is taken for passed that was not seen. Counterexamples are saved in
# ffi-cts-cases in the current binary directory; the output names them.
set(FFI_CTS_CHAPTERS LOAD REQ PAY NAT EVT HST THR END)

function(ffi_cts_add_test)
  cmake_parse_arguments(arg "" "NAME;LIBRARY;INTERFACE;EXPECT;CASES;SEED;TIMEOUT" "RULES" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "ffi_cts_add_test: not understood: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  foreach(due NAME LIBRARY INTERFACE)
    if(NOT arg_${due})
      message(FATAL_ERROR "ffi_cts_add_test: ${due} is missing")
    endif()
  endforeach()
  if(NOT arg_CASES)
    set(arg_CASES 3000)
  endif()
  if(NOT arg_SEED)
    set(arg_SEED 1)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 600)
  endif()

  if(TARGET ${arg_LIBRARY})
    set(library $<TARGET_FILE:${arg_LIBRARY}>)
  else()
    cmake_path(ABSOLUTE_PATH arg_LIBRARY OUTPUT_VARIABLE library)
  endif()
  cmake_path(ABSOLUTE_PATH arg_INTERFACE OUTPUT_VARIABLE interface)
  set(command ffi_cts::ffi-cts run ${library} --interface ${interface} --seed ${arg_SEED} --cases ${arg_CASES}
    --save ${CMAKE_CURRENT_BINARY_DIR}/ffi-cts-cases --color never)
  if(arg_EXPECT)
    cmake_path(ABSOLUTE_PATH arg_EXPECT OUTPUT_VARIABLE expect)
    list(APPEND command --expect ${expect})
  endif()

  foreach(chapter ${FFI_CTS_CHAPTERS})
    set(rules ${chapter})
    if(arg_RULES)
      set(rules ${arg_RULES})
      list(FILTER rules INCLUDE REGEX "^${chapter}(-[0-9]+)?$")
    endif()
    if(NOT rules)
      continue()
    endif()
    list(TRANSFORM rules PREPEND "--rule=")
    add_test(NAME ${arg_NAME}.${chapter} COMMAND ${command} ${rules})
    set_tests_properties(${arg_NAME}.${chapter} PROPERTIES LABELS ffi-cts TIMEOUT ${arg_TIMEOUT})
  endforeach()
  foreach(rule ${arg_RULES})
    string(REGEX REPLACE "-[0-9]+$" "" chapter ${rule})
    if(NOT chapter IN_LIST FFI_CTS_CHAPTERS)
      message(FATAL_ERROR "ffi_cts_add_test: ${rule}: no such rule or chapter (chapters: ${FFI_CTS_CHAPTERS})")
    endif()
  endforeach()
endfunction()
