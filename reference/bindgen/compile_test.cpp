// The emitted C headers, compiled.
#include <gmock/gmock.h>

#include <cstdio>

#include "reference/bindgen/trial.hpp"

namespace ffi_cts::bindgen {
namespace {

// The first block of that kind in the chapter.
std::string example_of_the_spec(const std::string& kind) {
  const std::string chapter = read_file(FFI_CTS_SOURCE_DIR "/spec/interface.md");
  const std::string open = "```" + kind + "\n";
  const std::size_t from = chapter.find(open) + open.size();
  return chapter.substr(from, chapter.find("```", from) - from);
}

class Headers : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = new Directory;
    emit(FFI_CTS_SOURCE_DIR "/reference/libraries/probe/probe.toml", directory_->path());
    emit(testdata("thirty.toml"), directory_->path());
    directory_->write("my_timer.cddl", example_of_the_spec("cddl"));
    emit(directory_->write("my_timer.toml", example_of_the_spec("toml")), directory_->path());
  }
  static void TearDownTestSuite() {
    delete directory_;
    directory_ = nullptr;
  }

  static void compiles(const std::string& text) {
    const std::string source = directory_->write("source", text);
    std::vector<std::string> used;
    for (const Compiler& compiler : compilers()) {
      const Outcome outcome = run(compiler.command + "-I" + directory_->path() + " -I" FFI_CTS_SOURCE_DIR "/spec/include -c " + source + " -o " + directory_->file("object"));
      EXPECT_EQ(outcome.code, 0) << compiler.name << ":\n" << text << outcome.out;
      used.push_back(compiler.name);
    }
    EXPECT_THAT(used, testing::IsSupersetOf({"gcc", "g++"}));
    if (!told_) for (const std::string& name : used) std::printf("compiled with %s\n", name.c_str());
    told_ = true;
  }

  static inline Directory* directory_ = nullptr;
  static inline bool told_ = false;
};

TEST_F(Headers, of_the_probe_the_spec_and_thirty_types_compile) {
  for (const char* header : {"probe.h", "probe_cbor.h", "my_timer.h", "my_timer_cbor.h", "thirty.h", "thirty_cbor.h"})
    compiles(std::string("#include \"") + header + "\"\n#include \"" + header + "\"\n");
}

TEST_F(Headers, stand_beside_abi_h_in_any_order) {
  const std::string abi = "#include <ffi_cts/abi.h>\n", own = "#include \"my_timer_cbor.h\"\n", use = "int f(FFICallBack c);\nint f(FFICallBack c) { return c ? RET_OK : RET_STALE_WARN; }\n";
  compiles(abi + own + use);
  compiles(own + abi + use);
}

TEST_F(Headers, of_several_libraries_stand_beside_one_another) {
  compiles("#include \"my_timer_cbor.h\"\n#include \"thirty_cbor.h\"\n");
  // Both have an EchoRequest, and they differ.
  compiles("#define MY_TIMER_PREFIXED_TYPES\n#include \"probe_cbor.h\"\n#include \"my_timer_cbor.h\"\n"
           "size_t f(my_timer_EchoRequest a, EchoRequest b);\nsize_t f(my_timer_EchoRequest a, EchoRequest b) {\n"
           "  return my_timer_repeat_encode(NULL, 0, a.message, 1) + probe_echo_encode(NULL, 0, b);\n}\n");
}

TEST_F(Headers, have_no_fault_that_a_compiler_could_overlook) {
  // The trial itself: what is wrong is refused.
  const std::string source = directory_->write("wrong", "#include \"my_timer.h\"\nint f(void);\nint f(void) { return my_timer_echo; }\n");
  for (const Compiler& compiler : compilers())
    EXPECT_NE(run(compiler.command + "-I" + directory_->path() + " -c " + source + " -o " + directory_->file("object")).code, 0) << compiler.name;
}

TEST(Readme, shows_the_host_as_it_is_built) {
  EXPECT_THAT(read_file(FFI_CTS_SOURCE_DIR "/README.md"), testing::HasSubstr("```c\n" + read_file(FFI_CTS_SOURCE_DIR "/examples/c_host/timer_host.c") + "```\n"));
}

}  // namespace
}  // namespace ffi_cts::bindgen
