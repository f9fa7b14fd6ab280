// Items of a type are of it, near misses are not, and small ones are small.
#include "harness/schema/items.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ffi_cts::schema {
namespace {

const Schema& all_kinds() {
  static const Schema schema = Schema::parse(R"(
    All = { text: tstr, short: tstr .size (1..3), key: bstr .size 4, int: int, some: -3..3, uint: uint, less: nint, float: float,
            flag: bool, nothing: nil, ? maybe: tstr, either: tstr / nil, mode: "fast" / "slow", list: [* Inner], least: [+ int],
            pair: [tstr, int], tree: Tree, whatever: any }
    Inner = { name: tstr, count: uint / nil }
    Tree = { value: int, ? left: Tree, children: [* Tree] }
    Chain = { next: Chain / nil }
  )", "all.cddl");
  return schema;
}

constexpr std::uint32_t seeds = 300;

TEST(Items_of_a_type, are_of_it_also_when_they_were_encoded) {
  const Schema& schema = all_kinds();
  for (const auto& [name, type] : schema.rules()) {
    for (std::uint32_t seed = 0; seed < seeds; ++seed) {
      const Value value = item_of(schema, *type, seed % 20, seed);
      ASSERT_FALSE(mismatch_of(schema, *type, value)) << name << " " << *mismatch_of(schema, *type, value);
      const Decoded again = decode(encode(value));
      ASSERT_TRUE(again.value && *again.value == value) << name;
    }
  }
}

TEST(Items_of_a_type, are_the_same_for_the_same_size_and_seed_and_others_for_others) {
  const Schema& schema = all_kinds();
  const Type& type = *schema.find("All");
  EXPECT_EQ(item_of(schema, type, 8, 5), item_of(schema, type, 8, 5));
  EXPECT_NE(item_of(schema, type, 8, 5), item_of(schema, type, 8, 6));
}

TEST(Items_of_a_type, of_size_0_are_the_smallest) {
  const Schema& schema = all_kinds();
  EXPECT_EQ(to_text(item_of(schema, *schema.find("Tree"), 0, 7)), "{\"value\": 0, \"children\": []}");
  EXPECT_EQ(to_text(item_of(schema, *schema.find("Inner"), 0, 7)), "{\"name\": \"\", \"count\": 0}");
  EXPECT_EQ(to_text(item_of(schema, *schema.find("Chain"), 0, 7)), "{\"next\": null}");
}

TEST(Near_misses, are_wrong_for_certain_and_wrong_in_many_ways) {
  const Schema& schema = all_kinds();
  for (const auto& [name, type] : schema.rules()) {
    std::vector<std::string> ways;
    for (std::uint32_t seed = 0; seed < seeds; ++seed) {
      const std::optional<Value> value = near_miss_of(schema, *type, seed % 10, seed);
      ASSERT_TRUE(value) << name;
      const auto why = mismatch_of(schema, *type, *value);
      ASSERT_TRUE(why) << name << " " << to_text(*value);
      if (std::find(ways.begin(), ways.end(), *why) == ways.end()) ways.push_back(*why);
    }
    EXPECT_GT(ways.size(), 8u) << name;
  }
}

TEST(Near_misses, there_are_none_of_any) {
  const Schema schema = Schema::parse("T = any", "t.cddl");
  EXPECT_FALSE(near_miss_of(schema, *schema.find("T"), 3, 1));
}

}  // namespace
}  // namespace ffi_cts::schema
