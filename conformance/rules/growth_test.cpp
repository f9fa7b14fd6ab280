// PAY-9 and the leaks of NAT-3 on hand-written traces: the heap from round to round.
#include <functional>

#include "conformance/rules/rule_case.hpp"

namespace ffi_cts::rules {
namespace {

namespace rule = spec::rule;
using enum Outcome;
using enum RoleName;

constexpr std::uint64_t each_round = 100;

// Rounds of a hundred requests; `bytes`: of the heap after so many rounds.
Trace rounds(std::uint64_t count, With with, const std::function<std::uint64_t(std::uint64_t)>& bytes, bool another = false, std::uint64_t piece = 0) {
  Recording t;
  for (Proc& proc : t.interface.procs) proc.native = true;
  t.program.rounds = static_cast<std::uint32_t>(count);
  for (std::uint64_t round = 0; round < count; ++round) {
    auto c = t.create();
    for (std::uint64_t i = 0; i < each_round; ++i) t.reply(t.request(c, echo, with));
    if (another) t.reply(t.request(c, echo));
    t.destroy(c);
    // With an allocator of its own the library takes pieces of this size from the kernel.
    if (piece) t.census(4, 4, 100'000, 8'000'000 + bytes(round) / piece * piece);
    else t.census(4, 4, 100'000 + bytes(round));
  }
  return t.trace();
}

std::uint64_t nothing(std::uint64_t) { return 0; }
std::uint64_t a_dozen_bytes_each(std::uint64_t round) { return round * each_round * 12; }
std::uint64_t half_a_byte_each(std::uint64_t round) { return round * each_round / 2; }
std::uint64_t until_it_is_full(std::uint64_t round) { return std::min<std::uint64_t>(round, 70) * each_round * 32; }
constexpr With natively{.native = NativeForm::plain};

const bool registered = register_cases({
    {rule::PAY_9, "a heap that stays as it is", pass, [] { return rounds(80, {}, nothing); }},
    {rule::PAY_9, "a dozen bytes lost with each request", breach, [] { return rounds(80, {}, a_dozen_bytes_each); }},
    {rule::PAY_9, "what is lost is too little to tell", pass, [] { return rounds(80, {}, half_a_byte_each); }},
    {rule::PAY_9, "a cache that fills up", pass, [] { return rounds(100, {}, until_it_is_full); }},
    {rule::PAY_9, "pages of another allocator lost", breach, [] { return rounds(80, {}, [](std::uint64_t r) { return 8192 * r * each_round; }, false, 64 * 1024); }},
    {rule::PAY_9, "pages of another allocator taken, as a collector's heap does", unknown, [] { return rounds(80, {}, [](std::uint64_t r) { return 64 * r * each_round; }, false, 64 * 1024); }},
    {rule::PAY_9, "large pages of another allocator lost in a few requests", breach, [] { return rounds(14, {}, [](std::uint64_t r) { return 65536 * r * each_round; }, false, 64 * 1024); }},
    {rule::PAY_9, "a pool of pages that fills up", pass, [] { return rounds(80, {}, [](std::uint64_t r) { return std::min<std::uint64_t>(r, 50) * each_round * 64; }, false, 64 * 1024); }},
    {rule::PAY_9, "too few requests to tell", not_exercised, [] { return rounds(20, {}, a_dozen_bytes_each); }},
    {rule::PAY_9, "native requests are NAT-3's", not_exercised, [] { return rounds(80, natively, a_dozen_bytes_each); }},

    {rule::NAT_3, "a dozen bytes lost with each native request", breach, [] { return rounds(80, natively, a_dozen_bytes_each); }},
    {rule::NAT_3, "native requests that lose nothing", pass, [] { return rounds(80, natively, nothing); }},
    {rule::NAT_3, "CBOR requests among them may be what loses it", pass, [] { return rounds(80, natively, a_dozen_bytes_each, true); }},
});

}  // namespace
}  // namespace ffi_cts::rules
