# The floors' source as a string, for `bench --explain`: OUT, SOURCES.
set(code "#include \"harness/bench/floor_source.hpp\"\nnamespace ffi_cts::bench {\nextern const std::string_view floor_source =\n")
foreach(source ${SOURCES})
  file(READ ${source} text)
  string(APPEND code "R\"source(${text})source\"\n")
endforeach()
string(APPEND code ";\n}\n")
file(WRITE ${OUT} "${code}")
