// The rows' own side: the same work as the floors (floors.hpp) do, through the C ABI of the library under test.
#pragma once

#include <memory>

#include "harness/bench/measurement.hpp"

namespace ffi_cts::bench::library_rows {

std::unique_ptr<Measurement> requests(const Target& target, int threads, std::uint32_t window, std::uint32_t payload);
std::unique_ptr<Measurement> events(const Target& target, int listeners);
std::unique_ptr<Measurement> host_calls(const Target& target, bool from_another_thread);
std::unique_ptr<Measurement> contexts(const Target& target);
std::unique_ptr<Measurement> idle_memory(const Target& target);
std::unique_ptr<Measurement> request_memory(const Target& target);

// ---- bench --scale ----
std::unique_ptr<Measurement> queued(const Target& target);
std::unique_ptr<Measurement> waiting(const Target& target);
std::unique_ptr<Measurement> cancelled(const Target& target);
std::unique_ptr<Measurement> registrations(const Target& target);
std::unique_ptr<Measurement> many_contexts(const Target& target);
std::unique_ptr<Measurement> crowd(const Target& target, int contexts);

}  // namespace ffi_cts::bench::library_rows
