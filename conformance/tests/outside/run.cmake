# Installs ffi-cts, builds the outside project against the install tree alone, and looks at what its CTest run says.
#   cmake -DBUILD=<build tree> -DWORK=<directory> -DRIGHT=<sources> -DWRONG=<sources> -DINTERFACE=<file> -P run.cmake
set(prefix ${WORK}/prefix)
file(REMOVE_RECURSE ${WORK})

function(do)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE out ERROR_VARIABLE out RESULT_VARIABLE code)
  set(out "${out}" PARENT_SCOPE)
  set(code "${code}" PARENT_SCOPE)
endfunction()
function(must)
  do(${ARGN})
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${ARGN}\nended with ${code}:\n${out}")
  endif()
  set(out "${out}" PARENT_SCOPE)
endfunction()

must(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix}/first)
# It may be moved: nothing in it may name the place.
file(RENAME ${prefix}/first ${prefix}/moved)
set(ENV{PATH} "/usr/bin:/bin")
must(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${WORK}/build -DCMAKE_PREFIX_PATH=${prefix}/moved
  -Dright_sources=${RIGHT} -Dwrong_sources=${WRONG} -Dinterface=${INTERFACE})
must(${CMAKE_COMMAND} --build ${WORK}/build)

do(${CMAKE_CTEST_COMMAND} --test-dir ${WORK}/build)
set(expected "right\\.REQ[ .]+Passed" "right\\.EVT[ .]+Passed" "wrong\\.REQ[ .]+\\*\\*\\*Failed" "wrong\\.EVT[ .]+Passed"
  "known\\.REQ[ .]+Passed" "80% tests passed, 1 tests failed out of 5")
foreach(line ${expected})
  if(NOT out MATCHES "${line}")
    message(FATAL_ERROR "no line \"${line}\" in what ctest says:\n${out}")
  endif()
endforeach()
if(code EQUAL 0)
  message(FATAL_ERROR "ctest should fail")
endif()

# The installed command by itself, with its bundled library.
must(${prefix}/moved/bin/ffi-cts run --rule REQ-1 --cases 100)
do(${prefix}/moved/bin/ffi-cts list faulty)
if(NOT code EQUAL 2)
  message(FATAL_ERROR "list faulty without faulty libraries ended with ${code}:\n${out}")
endif()
