// What steps send: payloads that can be told apart, and misuses that are what they say.
#include "harness/program/payload.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace ffi_cts {
namespace {

const Interface& probe() {
  static const Interface interface = load_interface(FFI_CTS_SOURCE_DIR "/reference/libraries/probe/probe.toml");
  return interface;
}

Step submission(RoleName role, Misuse misuse, Payload payload) {
  Step step;
  step.verb = role == RoleName::create || role == RoleName::create_fail || role == RoleName::create_slow ? Verb::create : Verb::request;
  step.role = role;
  step.misuse = misuse;
  step.payload = payload;
  step.ms = 3;
  step.count = 2;
  return step;
}

constexpr RoleName roles[] = {RoleName::create, RoleName::create_fail, RoleName::create_slow, RoleName::echo, RoleName::delay, RoleName::fail,
                              RoleName::emit, RoleName::emit_fail, RoleName::call_host, RoleName::block, RoleName::progress};

TEST(Payload, TextsAndBytesHaveTheirSize) {
  for (std::uint32_t size : {0u, 1u, 11u, 12u, 13u, 250u, 251u, 252u, 262u, 263u, 502u, 4096u, 65536u, 1u << 20}) {
    EXPECT_EQ(make_text({size, 7}, 3).size(), size);
    EXPECT_EQ(make_bytes({size, 7}, 3).size(), size);
  }
}

TEST(Payload, TextIsPrintableAscii) {
  for (std::uint32_t seed = 0; seed < 50; ++seed)
    for (char c : make_text({600, seed}, static_cast<int>(seed))) ASSERT_TRUE(c >= 0x20 && c < 0x7f);
}

TEST(Payload, FromTwelveBytesOnNoTwoInstancesAreAlike) {
  std::set<std::string> texts;
  std::set<Bytes> bytes;
  for (int instance = 0; instance < 2000; ++instance) {
    EXPECT_TRUE(texts.insert(make_text({identifiable_size, 1}, instance)).second);
    EXPECT_TRUE(bytes.insert(make_bytes({identifiable_size, 1}, instance)).second);
  }
  EXPECT_EQ(make_text({identifiable_size - 1, 1}, 1), make_text({identifiable_size - 1, 1}, 2));
}

TEST(Payload, TheSameDescriptionMakesTheSameBytesAndAnotherSeedMakesOthers) {
  EXPECT_EQ(make_text({300, 5}, 9), make_text({300, 5}, 9));
  for (std::uint32_t seed = 1; seed < 200; ++seed) EXPECT_NE(make_text({40, seed}, 9), make_text({40, 0}, 9)) << seed;
}

TEST(Payload, PiecesThatChangePlacesShow) {
  for (std::size_t piece : {16u, 64u, 256u, 4096u}) {
    std::string text = make_text({65536, 3}, 1), swapped = text;
    std::swap_ranges(swapped.begin() + 8192, swapped.begin() + 8192 + static_cast<std::ptrdiff_t>(piece), swapped.begin() + 32768);
    EXPECT_NE(text, swapped) << piece;
  }
}

// The form that a malformed request has, or "" if it is none.
std::string form_of(const Map& good, const Bytes& bytes) {
  const Decoded decoded = decode(bytes);
  if (!decoded) return "ill-formed";
  if (!decoded.value->map()) return "no map";
  for (const auto& [key, value] : good) {
    const Value* found = decoded.value->find(*key.text());
    if (!found) return decoded.value->map()->empty() ? "nothing at all" : "a parameter missing";
    if (found->data.index() != value.data.index()) return "another type";
  }
  return "";
}

TEST(Payload, AMalformedRequestIsIllFormedOrNoMapOrLacksAParameterOrHasOneOfAnotherType) {
  std::set<std::string> all;
  for (RoleName role : roles) {
    std::set<std::string> forms;
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
      const Step step = submission(role, Misuse::malformed, {16, seed});
      const Arguments arguments = arguments_of(probe(), step, 4, {});
      const auto good = request_value(probe(), step, arguments);
      ASSERT_TRUE(good && good->map() && !good->map()->empty());
      const std::string form = form_of(*good->map(), request_bytes(probe(), step, arguments));
      ASSERT_NE(form, "") << to_string(role) << " seed " << seed << " is well-formed: " << to_text(*decode(request_bytes(probe(), step, arguments)).value);
      forms.insert(form);
    }
    EXPECT_TRUE(forms.contains("ill-formed") && forms.contains("no map") && forms.contains("nothing at all") && forms.contains("another type")) << to_string(role);
    all.insert(forms.begin(), forms.end());
  }
  EXPECT_TRUE(all.contains("a parameter missing"));
}

TEST(Payload, AMalformedRequestOfAProcWithoutParametersIsIllFormedOrNoMap) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    for (std::optional<std::size_t> proc : {std::optional<std::size_t>{}, std::optional<std::size_t>{1}, std::optional<std::size_t>{8}}) {
      Step step = submission(RoleName::empty, Misuse::malformed, {16, seed});
      step.proc = proc;
      const Decoded decoded = decode(request_bytes(probe(), step, arguments_of(probe(), step, 4, {})));
      EXPECT_FALSE(decoded && decoded.value->map()) << "seed " << seed;
    }
  }
}

TEST(Payload, ALenientRequestIsTheGoodOneWithOneOddity) {
  for (RoleName role : roles) {
    std::set<int> oddities;
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
      const Step step = submission(role, Misuse::lenient, {16, seed});
      const Arguments arguments = arguments_of(probe(), step, 4, {});
      const Value good = *request_value(probe(), step, arguments);
      const Bytes plain = encode(good), bytes = request_bytes(probe(), step, arguments);
      ASSERT_NE(bytes, plain) << to_string(role) << " seed " << seed << " has no oddity";
      const Decoded decoded = decode(bytes);
      if (decoded) {  // an extra key, or every key twice
        const Map& map = *decoded.value->map();
        const Map& wanted = *good.map();
        ASSERT_TRUE(std::equal(wanted.begin(), wanted.end(), map.begin()));
        const bool extra = map.size() == wanted.size() + 1 && !good.find(*map.back().first.text());
        const bool doubled = map.size() == 2 * wanted.size() && std::equal(wanted.begin(), wanted.end(), map.begin() + static_cast<std::ptrdiff_t>(wanted.size()));
        ASSERT_TRUE(extra || doubled);
        oddities.insert(extra ? 0 : 1);
      } else if (Bytes(bytes.begin(), bytes.end() - 1) == plain) {  // a trailing byte
        oddities.insert(2);
      } else {  // a key more that is no UTF-8
        ASSERT_EQ(bytes[0], plain[0] + 1);
        ASSERT_TRUE(std::equal(plain.begin() + 1, plain.end(), bytes.begin() + 1));
        Bytes mended = bytes;
        mended[plain.size() + 1] = 'a';  // the two bytes that are no UTF-8 are all that is wrong
        mended[plain.size() + 2] = 'b';
        ASSERT_TRUE(decode(mended));
        oddities.insert(3);
      }
    }
    EXPECT_EQ(oddities.size(), 4u) << to_string(role);
  }
}

TEST(Payload, HostileRequestsAreBytesThatADecoderSurvives) {
  std::set<Bytes> forms;
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    const Step step = submission(RoleName::echo, Misuse::hostile, {16, seed});
    const Bytes bytes = request_bytes(probe(), step, arguments_of(probe(), step, 4, {}));
    EXPECT_FALSE(bytes.empty());
    decode(bytes);
    forms.insert(bytes);
  }
  EXPECT_GE(forms.size(), 10u);
}

TEST(Payload, WithoutMisuseTheRequestIsTheTemplate) {
  const Step step = submission(RoleName::progress, Misuse::none, {20, 1});
  const Decoded decoded = decode(request_bytes(probe(), step, arguments_of(probe(), step, 4, {})));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(*decoded.value->find("text")->text(), make_text({20, 1}, 4));
  EXPECT_EQ(decoded.value->find("count")->uint(), 2u);
}

TEST(Payload, ListenersAskForTheEventOrForSomethingBesideIt) {
  Step step;
  step.verb = Verb::listen;
  step.role = RoleName::emit;
  auto name = [&](NameKind kind) {
    step.name = kind;
    return event_name(probe(), step);
  };
  EXPECT_EQ(name(NameKind::event), "tick");
  EXPECT_EQ(name(NameKind::wildcard), "");
  EXPECT_EQ(name(NameKind::null), std::nullopt);
  EXPECT_EQ(name(NameKind::prefix), "tic");
  EXPECT_EQ(name(NameKind::extended), "tickx");
  EXPECT_EQ(name(NameKind::huge)->size(), 65536u + 4);
  EXPECT_FALSE(is_utf8(*name(NameKind::not_utf8)));
  EXPECT_TRUE(is_utf8(*name(NameKind::other)));
  EXPECT_NE(name(NameKind::other), "tick");
  EXPECT_NE(name(NameKind::other), "tock");
}

// ---- By the types of the parameters ---------------------------------------------------------------------------------

std::optional<std::string> mismatch_of_arguments(const Proc& proc, const Value& request) {
  schema::Type type;
  type.kind = schema::Kind::map;
  for (const Param& param : proc.params) type.members.push_back({param.name, false, param.cddl});
  return mismatch_of(*probe().schema, type, request);
}

TEST(Drawn, ItemsAreOfTheTypesOfAllParametersAndNearMissesOfAllButOne) {
  for (std::size_t proc = 0; proc < probe().procs.size(); ++proc) {
    for (std::uint32_t seed = 0; seed < 100; ++seed) {
      Step step = submission(RoleName::create, Misuse::item, {seed % 12, seed});
      step.verb = Verb::request;
      step.proc = proc;
      const auto item = request_value(probe(), step, {});
      ASSERT_TRUE(item);
      EXPECT_EQ(mismatch_of_arguments(probe().procs[proc], *item), std::nullopt);
      EXPECT_EQ(request_bytes(probe(), step, {}), encode(*item));
      step.misuse = Misuse::near_miss;
      const auto miss = request_value(probe(), step, {});
      ASSERT_TRUE(miss);
      EXPECT_TRUE(mismatch_of_arguments(probe().procs[proc], *miss)) << to_text(*miss);
    }
  }
}

TEST(Drawn, WhatTheConstructorWasGivenIsKnown) {
  const Step step = submission(RoleName::create, Misuse::item, {5, 3});
  const auto given = request_value(probe(), step, {});
  ASSERT_TRUE(given && given->find("config"));
  EXPECT_TRUE(given->find("config")->find("name")->text());
}

TEST(Drawn, HostFunctionsAreTheRolesOrTheFilesByTheirNumber) {
  Step step;
  step.verb = Verb::reg;
  EXPECT_EQ(host_function_name(probe(), step), "fetch");
  step.index = 2;
  EXPECT_EQ(host_function_name(probe(), step), "fetch_item");
  Step completion;
  completion.payload = {14, 1};
  const Bytes answer = completion_bytes(probe(), step, completion, 1);
  EXPECT_EQ(decode(answer).value, Value(make_text({14, 1}, 1)));
  step.index = 1;
  EXPECT_EQ(completion_bytes(probe(), step, completion, 1).size(), 14u) << "raw";
}

}  // namespace
}  // namespace ffi_cts
