// The library as a host meets it: loaded by name, driven through its symbols, unloaded.
#include <ffi_cts/abi.h>

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <string>
#include <thread>

namespace ffi_cts {
namespace {

bool is_mapped() {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("libprobe.so") != std::string::npos) return true;
  }
  return false;
}

std::size_t entries_of(const char* directory) {
  const std::filesystem::directory_iterator begin(directory), end;
  return static_cast<std::size_t>(std::distance(begin, end));
}

struct Outcome {
  std::promise<std::pair<int, std::string>> promise;
  static void callback(int ret, const char* msg, std::size_t len, void* user_data) {
    static_cast<Outcome*>(user_data)->promise.set_value({ret, std::string(msg, len)});
  }
};

TEST(Probe, ItLoadsQuietlyWorksAndLeavesTheProcessAfterTheLastDestroy) {
  std::thread([] {}).join();  // TSan starts a thread of its own with the first one
  const std::size_t threads = entries_of("/proc/self/task"), descriptors = entries_of("/proc/self/fd");
  for (int cycle = 0; cycle < 3; ++cycle) {
    void* const library = dlopen(PROBE_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library, nullptr) << dlerror();
    EXPECT_LE(entries_of("/proc/self/task"), threads);  // fewer once the joined one has left the kernel's list
    EXPECT_EQ(entries_of("/proc/self/fd"), descriptors);
    const auto create = reinterpret_cast<FFICtsCreateCborFn>(dlsym(library, "probe_create_cbor"));
    const auto echo = reinterpret_cast<FFICtsProcCborFn>(dlsym(library, "probe_echo_cbor"));
    const auto destroy = reinterpret_cast<FFICtsDestroyFn>(dlsym(library, "probe_destroy"));
    ASSERT_TRUE(create != nullptr && echo != nullptr && destroy != nullptr);

    constexpr std::string_view config = "\xa1\x66" "config\xa1\x64" "name\x63" "Ada";
    constexpr std::string_view request = "\xa1\x63" "req\xa2\x64" "text\x62" "hi\x67" "delayMs\x01";
    const auto bytes = [](std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); };
    Outcome constructed, echoed;
    void* const context = create(bytes(config), config.size(), Outcome::callback, &constructed);
    ASSERT_NE(context, nullptr);
    ASSERT_EQ(echo(context, Outcome::callback, &echoed, bytes(request), request.size()), RET_OK);
    EXPECT_EQ(constructed.promise.get_future().get().first, RET_OK);
    const auto [ret, reply] = echoed.promise.get_future().get();
    EXPECT_EQ(ret, RET_OK) << reply;
    EXPECT_EQ(reply, "\xa2\x66" "echoed\x62" "hi\x64" "name\x63" "Ada");
    EXPECT_EQ(destroy(context), RET_OK);

    EXPECT_TRUE(is_mapped());
    EXPECT_EQ(dlclose(library), 0);
#ifndef FFI_CTS_SANITIZER  // ASan and TSan keep libraries
    EXPECT_FALSE(is_mapped());
#endif
  }
}

// The names that the library defines for others, from its dynamic symbol table.
std::set<std::string> exported(void* library) {
  link_map* map = nullptr;
  dlinfo(library, RTLD_DI_LINKMAP, &map);
  const ElfW(Sym)* symbols = nullptr;
  const char* names = nullptr;
  const std::uint32_t* gnu_hash = nullptr;
  for (const ElfW(Dyn)* entry = map->l_ld; entry->d_tag != DT_NULL; ++entry) {
    const auto address = reinterpret_cast<const void*>(entry->d_un.d_ptr);
    if (entry->d_tag == DT_SYMTAB) symbols = static_cast<const ElfW(Sym)*>(address);
    if (entry->d_tag == DT_STRTAB) names = static_cast<const char*>(address);
    if (entry->d_tag == DT_GNU_HASH) gnu_hash = static_cast<const std::uint32_t*>(address);
  }
  // Everything hashed is a definition: buckets give the first symbol of each chain, an odd hash ends one.
  const std::uint32_t buckets = gnu_hash[0], first = gnu_hash[1], bloom_words = gnu_hash[2];
  const std::uint32_t* const bucket = gnu_hash + 4 + bloom_words * (sizeof(ElfW(Addr)) / sizeof(std::uint32_t));
  const std::uint32_t* const chain = bucket + buckets;
  std::set<std::string> found;
  for (std::uint32_t b = 0; b < buckets; ++b) {
    for (std::uint32_t i = bucket[b]; i >= first; ++i) {
      found.insert(names + symbols[i].st_name);
      if (chain[i - first] % 2 == 1) break;
    }
  }
  return found;
}

TEST(Probe, ItExportsItsAbiAndNothingElse) {
  void* const library = dlopen(PROBE_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr) << dlerror();
  std::set<std::string> due = {"probe_destroy", "probe_add_event_listener", "probe_remove_event_listener", "probe_register_host_fn", "probe_host_complete"};
  for (const std::string proc : {"create", "echo", "blob", "fail", "empty", "emit", "emit_fail", "call_host", "call_host_item", "block", "progress", "mirror",
                                 "same_text", "same_int", "same_bool", "same_float", "ask"}) {
    due.insert({"probe_" + proc, "probe_" + proc + "_cbor"});
  }
  EXPECT_EQ(exported(library), due);
  dlclose(library);
}

}  // namespace
}  // namespace ffi_cts
