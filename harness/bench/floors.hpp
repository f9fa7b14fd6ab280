// The floors: what each row costs without a library, in a few lines of bare Asio. `ffi-cts bench --explain` prints the
// code.
#pragma once

#include <memory>

#include "harness/bench/measurement.hpp"

namespace ffi_cts::bench::floors {

std::unique_ptr<Measurement> requests(int threads, std::uint32_t window, std::uint32_t payload);
std::unique_ptr<Measurement> events(int listeners);
std::unique_ptr<Measurement> host_calls(bool from_another_thread);
std::unique_ptr<Measurement> threads();
std::unique_ptr<Measurement> idle_memory();
std::unique_ptr<Measurement> request_memory();

// ---- bench --scale ----
std::unique_ptr<Measurement> queued();
std::unique_ptr<Measurement> waiting();
std::unique_ptr<Measurement> cancelled();
std::unique_ptr<Measurement> registrations();
std::unique_ptr<Measurement> many_threads();
std::unique_ptr<Measurement> crowd(int loops);

}  // namespace ffi_cts::bench::floors
