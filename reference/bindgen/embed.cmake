# C headers as one string: OUT, SOURCES.
set(code "#include \"reference/bindgen/c_cbor.hpp\"\nnamespace ffi_cts::bindgen {\nconst std::string_view embedded_cbor =\n")
foreach(source ${SOURCES})
  file(READ ${source} text)
  string(APPEND code "R\"source(${text})source\"\n")
endforeach()
string(APPEND code ";\n}\n")
file(WRITE ${OUT} "${code}")
