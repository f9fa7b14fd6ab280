// The remote rows' measurements, and their floors'.
#pragma once

#include "harness/bench/measurement.hpp"

namespace ffi_cts::bench::remote {

// Of the frame that carries message() from one actor to another: what the floors write.
std::size_t frame_size();

// So many actors send in turn to one in another process, which has a proxy for each of them.
std::unique_ptr<Measurement> sends(int actors);
std::unique_ptr<Measurement> round_trips();
std::unique_ptr<Measurement> proxy_memory();

}  // namespace ffi_cts::bench::remote

namespace ffi_cts::bench::floors {

std::unique_ptr<Measurement> pipe_writes(std::size_t batch);  // 1: write(2) for each message; else writev(2)
std::unique_ptr<Measurement> pipe_round_trip();
std::unique_ptr<Measurement> table_memory();

}  // namespace ffi_cts::bench::floors
