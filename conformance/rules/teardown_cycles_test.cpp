// END-12, END-14 and END-15 on hand-written traces: what the kernel counts from round to round.
#include <functional>

#include "conformance/rules/rule_case.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;
using enum Outcome;

Trace rounds(std::uint64_t count, const std::function<std::uint64_t(std::uint64_t)>& threads,
             const std::function<std::uint64_t(std::uint64_t)>& descriptors, bool destroyed = true) {
  Recording t;
  t.program.rounds = static_cast<std::uint32_t>(count);
  for (std::uint64_t round = 0; round < count; ++round) {
    auto c = t.create();
    t.destroy(c, {.result = destroyed ? 0 : 1});
    t.census(threads(round), descriptors(round));
  }
  return t.trace();
}

// The heap as it is after each round.
Trace heap(const std::function<std::uint64_t(std::uint64_t)>& bytes) {
  Recording t;
  t.program.rounds = 200;
  for (std::uint64_t round = 0; round < 200; ++round) {
    t.destroy(t.create());
    t.census(4, 4, 100'000 + bytes(round));
  }
  return t.trace();
}

// One answered request, in a process with so many descriptors.
Trace beside(std::uint64_t descriptors, Delivery reply) {
  Recording t;
  t.census(4, descriptors);
  auto c = t.create();
  t.reply(t.request(c, RoleName::echo), std::move(reply));
  t.destroy(c);
  return t.trace();
}

// Rounds of four contexts in a process of their own; from the second on each takes so long to be made, and to answer.
Trace lives(std::uint64_t making_ms, std::uint64_t answering_ms, bool of_its_own = true) {
  Recording t;
  t.program.rounds = 4;
  if (of_its_own) t.loading = Loading();
  for (std::uint64_t round = 0; round < 4; ++round) {
    std::vector<Recording::ContextId> all;
    for (int i = 0; i < 4; ++i) {
      all.push_back(t.create_only());
      t.advance_ms(round == 0 ? 1 : making_ms);
      t.construct(all.back());
      auto r = t.request(all.back(), RoleName::echo);
      t.advance_ms(round == 0 ? 1 : answering_ms);
      t.reply(r);
    }
    for (auto c : all) t.destroy(c);
  }
  return t.trace();
}

// A descriptor more for each of 200 contexts, until somebody comes and closes all but so many.
Trace cleaned_later(std::uint64_t left) {
  Recording t;
  t.program.rounds = 200;
  for (std::uint64_t round = 0; round < 200; ++round) {
    t.destroy(t.create());
    t.census(4, 4 + round);
  }
  t.census(4, left, 0, 0, true);
  return t.trace();
}

std::uint64_t four(std::uint64_t) { return 4; }
std::uint64_t one_more_each(std::uint64_t round) { return 4 + round; }

const bool registered = register_cases({
    {rule::END_12, "nothing grows", pass, [] { return rounds(200, four, four); }},
    {rule::END_12, "a thread more for each context", breach, [] { return rounds(200, one_more_each, four); }},
    {rule::END_12, "a descriptor more for each context", breach, [] { return rounds(200, four, one_more_each); }},
    {rule::END_12, "one more for every tenth context", breach, [] { return rounds(200, four, [](std::uint64_t r) { return 4 + r / 10; }); }},
    {rule::END_12, "a pool that fills up and stops", pass, [] { return rounds(200, [](std::uint64_t r) { return std::min<std::uint64_t>(r, 150); }, four); }},
    {rule::END_12, "what comes and goes", pass, [] { return rounds(200, [](std::uint64_t r) { return 4 + r % 7; }, four); }},
    {rule::END_12, "descriptors that are closed some time later, all together", pass, [] { return cleaned_later(4); }},
    {rule::END_12, "descriptors that stay open, also later", breach, [] { return cleaned_later(203); }},
    {rule::END_12, "it grows in too few rounds to tell", unknown, [] { return rounds(40, one_more_each, four); }},
    {rule::END_12, "few rounds in which nothing grows", pass, [] { return rounds(40, four, four); }},
    {rule::END_12, "contexts that are left keep what they have", not_exercised, [] { return rounds(200, one_more_each, four, false); }},
    {rule::END_12, "a kilobyte lost with each context", breach, [] { return heap([](std::uint64_t r) { return 1024 * r; }); }},
    {rule::END_12, "a heap that grows and shrinks", pass, [] { return heap([](std::uint64_t r) { return 1024 * (r % 50); }); }},
    {rule::END_14, "answers as ever", pass, [] { return beside(1300, {}); }},
    {rule::END_14, "RET_ERR beside many descriptors", breach, [] { return beside(1300, {.code = ret_err}); }},
    {rule::END_14, "RET_ERR beside few", not_exercised, [] { return beside(40, {.code = ret_err}); }},
    {rule::END_15, "each life alike", pass, [] { return lives(1, 1); }},
    {rule::END_15, "later ones are made slowly", breach, [] { return lives(100, 1); }, false, true},
    {rule::END_15, "later ones answer slowly", breach, [] { return lives(1, 100); }, false, true},
    {rule::END_15, "twice as slow", pass, [] { return lives(2, 2); }},
    {rule::END_15, "who knows what was used before", not_exercised, [] { return lives(100, 100, false); }},
    {rule::END_12, "a single round", not_exercised, [] { return rounds(1, four, four); }},
});

}  // namespace
}  // namespace ffi_cts::rules
