// What an author does: from the interface file to a library that answers, in a project of one's own.
#include <dlfcn.h>
#include <ffi_cts/abi.h>
#include <gtest/gtest.h>

#include <future>

#include "reference/bindgen/bindgen.hpp"
#include "reference/bindgen/trial.hpp"

namespace ffi_cts::bindgen {
namespace {

const char* const timer = FFI_CTS_SOURCE_DIR "/reference/libraries/timer/my_timer.toml";

struct Answer {
  std::promise<std::pair<int, std::string>> promise;
  static void callback(int ret, const char* msg, std::size_t len, void* self) {
    static_cast<Answer*>(self)->promise.set_value({ret, std::string(msg, len)});
  }
};

void built(const Directory& directory) {
  const std::string configure = "cmake -G Ninja -S " + directory.path() + " -B " + directory.file("build") +
                                " -D CMAKE_BUILD_TYPE=Debug -D CMAKE_CXX_FLAGS='-Wall -Wextra -Wconversion -Wshadow -Werror' -D FFI_CTS=" FFI_CTS_SOURCE_DIR
                                " $(command -v ccache >/dev/null && echo -D CMAKE_CXX_COMPILER_LAUNCHER=ccache)";
  const Outcome configured = run(configure);
  ASSERT_EQ(configured.code, 0) << configured.out;
  const Outcome made = run("cmake --build " + directory.file("build"));
  ASSERT_EQ(made.code, 0) << made.out;
}

TEST(Author, gets_a_library_that_builds_at_once_and_answers_that_nothing_is_implemented) {
  const Directory directory;
  bindgen::generate(timer, "library", directory.path());
  built(directory);
  void* const library = dlopen(directory.file("build/libmy_timer.so").c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr) << dlerror();
  const auto create = reinterpret_cast<FFICtsCreateCborFn>(dlsym(library, "my_timer_create_cbor"));
  const auto version = reinterpret_cast<FFICtsProcCborFn>(dlsym(library, "my_timer_version_cbor"));
  const auto destroy = reinterpret_cast<FFICtsDestroyFn>(dlsym(library, "my_timer_destroy"));
  ASSERT_TRUE(create && version && destroy);
  EXPECT_EQ(dlsym(library, "_ZN16my_timer_library3abi7destroyEPv"), nullptr);  // the ABI alone

  Answer constructed, answer;
  const std::string config = "\xa1\x66" "config\xa1\x64name\x61x";
  void* const handle = create(reinterpret_cast<const std::uint8_t*>(config.data()), config.size(), Answer::callback, &constructed);
  ASSERT_NE(handle, nullptr);
  EXPECT_EQ(version(handle, Answer::callback, &answer, reinterpret_cast<const std::uint8_t*>("\xa0"), 1), RET_OK);
  EXPECT_EQ(constructed.promise.get_future().get().first, RET_OK);
  EXPECT_EQ(answer.promise.get_future().get(), std::pair(int{RET_ERR}, std::string("not implemented: version")));
  EXPECT_EQ(destroy(handle), RET_OK);
  dlclose(library);
}

TEST(Author, keeps_what_was_written_when_bindgen_runs_again) {
  const Directory directory;
  const auto first = bindgen::generate(timer, "library", directory.path());
  directory.write("my_timer.cpp", "// mine\n");
  directory.write("my_timer_abi.cpp", "// not mine\n");
  const auto second = bindgen::generate(timer, "library", directory.path());
  EXPECT_EQ(first.size(), second.size() + 3);
  EXPECT_EQ(read_file(directory.file("my_timer.cpp")), "// mine\n");
  EXPECT_NE(read_file(directory.file("my_timer_abi.cpp")), "// not mine\n");
}

TEST(Author, of_thirty_types_gets_a_skeleton_that_compiles) {
  const Directory directory;
  std::string interface = read_file(testdata("thirty.toml"));
  for (std::size_t at = 0; (at = interface.find("context = false")) != std::string::npos;) interface.replace(at, 15, "");
  directory.write("thirty.cddl", read_file(testdata("thirty.cddl")));
  bindgen::generate(directory.write("thirty.toml", interface), "library", directory.path());
  for (const char* source : {"thirty.cpp", "thirty_abi.cpp", "thirty_exports.cpp"}) {
    const Outcome outcome = run("g++ -std=c++20 -fsyntax-only -Wall -Wextra -Wconversion -Wshadow -Werror -DASIO_STANDALONE -I" FFI_CTS_SOURCE_DIR
                                " -I" FFI_CTS_SOURCE_DIR "/spec/include -I" + directory.path() + " " + directory.file(source));
    EXPECT_EQ(outcome.code, 0) << outcome.out;
  }
}

TEST(Author, hears_of_a_proc_that_the_runtime_cannot_have) {
  const Directory directory;
  directory.write("free.cddl", "T = tstr\n");
  const std::string interface = directory.write("free.toml", "[library]\nname = \"free\"\nschema = \"free.cddl\"\n[constructor]\nname = \"create\"\n"
                                                             "[[proc]]\nname = \"version\"\nreturns = \"T\"\ncontext = false\n[roles.create]\nrequest = {}\n");
  try {
    bindgen::generate(interface, "library", directory.file("out"));
    FAIL() << "it was not refused";
  } catch (const InterfaceError& error) {
    EXPECT_EQ(error.what(), interface + ": proc version: context = false: the runtime runs every proc in a context");
  }
}

}  // namespace
}  // namespace ffi_cts::bindgen
