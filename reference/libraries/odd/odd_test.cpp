// What C cannot have works in CBOR: the generated library takes it, checks it and gives it back.
#include "odd_abi.hpp"

#include "reference/runtime/test_recorder.hpp"

namespace ffi_cts::testing {
namespace {

namespace odd = odd_library::abi;
using Proc = int (*)(void*, FFICallBack, void*, const std::uint8_t*, std::size_t) noexcept;

class Odd : public ::testing::Test {
 protected:
  Odd() {
    handle_ = odd::create_cbor(bytes("\xa0"), 1, Recorder::callback, &constructed_);
    EXPECT_EQ(constructed_.wait().ret, RET_OK);
  }
  ~Odd() override { EXPECT_EQ(odd::destroy(handle_), RET_OK); }

  Heard ask(Proc proc, const std::string& request) {
    Recorder reply;
    EXPECT_EQ(proc(handle_, Recorder::callback, &reply, bytes(request), request.size()), RET_OK);
    return reply.wait();
  }
  // One parameter, whose value comes back.
  void comes_back(Proc proc, const char* param, const Value& value) {
    const Heard heard = ask(proc, map({{param, value}}));
    EXPECT_EQ(heard.ret, RET_OK) << heard.text;
    EXPECT_EQ(heard.text, cbor_of(value));
  }
  std::string error(Proc proc, const char* param, const Value& value) {
    const Heard heard = ask(proc, map({{param, value}}));
    EXPECT_EQ(heard.ret, RET_ERR);
    return heard.text;
  }

  Recorder constructed_;
  void* handle_ = nullptr;
};

Fields limits(const std::string& key, const Value& with) {
  Fields out = {{"percent", 100}, {"code", "de"}, {"some", Items{{1}}}, {"minus", -1}, {"yes", true}, {"level", 2}, {"mode", "slow"}};
  for (auto& [name, value] : out) {
    if (name == key) value = with;
  }
  return out;
}

Fields task(const std::string& key, const Value& with) {
  Fields out = {{"name", "n"}, {"payload", Items{{1, Fields{{"a", nullptr}}}}}, {"number", 1.5}, {"pair", Items{{1, "a"}}}, {"when", Fields{{"at", 1}}}};
  for (auto& [name, value] : out) {
    if (name == key) value = with;
  }
  return out;
}

TEST_F(Odd, ATypeThatHoldsItselfComesBack) {
  const Value leaf = Fields{{"value", 1}, {"children", Items{}}};
  comes_back(odd::tree_cbor, "tree", Fields{{"value", -2}, {"children", Items{{leaf, leaf}}}, {"best", leaf}});
}

TEST_F(Odd, KeysThatAreNoNamesInCppComeBack) {
  comes_back(odd::names_cbor, "names", Fields{{"class", 1}, {"fields", "f"}, {"members", "m"}, {"Tree", 2}, {"with space", "s"}, {"with-space", "d"}});
}

TEST_F(Odd, RangesSizesAndEnumsAreChecked) {
  comes_back(odd::limits_cbor, "limits", limits("", 0));
  EXPECT_EQ(error(odd::limits_cbor, "limits", limits("percent", 101)), "'limits': 'percent': it is not between 0 and 100");
  EXPECT_EQ(error(odd::limits_cbor, "limits", limits("code", "d")), "'limits': 'code': its size is not between 2 and 3");
  EXPECT_EQ(error(odd::limits_cbor, "limits", limits("some", Items{})), "'limits': 'some': fewer than 1 items");
  EXPECT_NE(error(odd::limits_cbor, "limits", limits("minus", 0)), "");
  EXPECT_EQ(error(odd::limits_cbor, "limits", limits("yes", false)), "'limits': 'yes': it is not true");
  EXPECT_EQ(error(odd::limits_cbor, "limits", limits("mode", "medium")), "'limits': 'mode': 'medium' is none of the choices");
}

TEST_F(Odd, ChoicesAndAnythingComeBackAsTheyCame) {
  for (const Value& number : {Value(-1), Value(0.5), Value("text"), Value(nullptr)}) comes_back(odd::task_cbor, "task", task("number", number));
  comes_back(odd::task_cbor, "task", task("when", Items{{1, 2}}));
  comes_back(odd::delete__cbor, "progress", Items{{"x", Fields{{"y", true}}}});
  EXPECT_EQ(error(odd::task_cbor, "task", task("number", true)), "'task': 'number': none of the choices is of this type");
}

TEST_F(Odd, AListIsAParameterInCbor) {
  EXPECT_EQ(ask(odd::list_cbor, map({{"items", Items{{"fast", "slow"}}}, {"context", nullptr}})).text, cbor_of(Items{{"fast", "slow"}}));
  EXPECT_EQ(ask(odd::list_cbor, map({{"items", Items{{"fast", "medium"}}}, {"context", "c"}})).text, "'items': 'medium' is none of the choices");
}

TEST_F(Odd, DeepNestingEndsInAnError) {
  std::string nested = "\xa1\x64tree";
  for (int i = 0; i < 100'000; ++i) nested += "\xa1\x68" "children\x81";
  const Heard heard = ask(odd::tree_cbor, nested);
  EXPECT_EQ(heard.ret, RET_ERR);
  EXPECT_TRUE(heard.text.ends_with("nested too deeply")) << heard.text.size();
}

}  // namespace
}  // namespace ffi_cts::testing
