// What a program uses, as a set. Each generated program draws from a random subset (a swarm), so that programs differ in
// kind and not only in order; what a fatal breach needs can be left out of the programs that follow.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>

#include "harness/program/program.hpp"

namespace ffi_cts {

enum class Feature : std::uint8_t {
  // step kinds
  echo, delay, fail, empty, emit, emit_fail, call_host, block, progress, create_slow, create_fail,
  listen, remove, unregister, destroy,
  // shapes
  several_contexts, several_threads, fresh_threads, fresh_process, signal_storm, many_descriptors, big_payload, huge_payload,
  many_listeners, many_events, many_requests, many_contexts,
  // misuses
  null_callback, null_payload, empty_payload, malformed, lenient, hostile, item, near_miss, create_misuse,
  // names and ids
  wildcard, null_name, other_name, odd_name, odd_host_name, same_function, null_listener, unknown_id,
  // handles
  null_handle, dead_handle, other_handle, garbage_handle,
  // what callbacks do
  in_event, in_reply, in_constructor, in_host_function,
  nested_request, nested_listen, nested_remove, nested_destroy, nested_complete, nested_register, nested_create,
  nested_unregister, chain,
  park, hold,
  // variants
  native,
  count_
};
constexpr std::size_t feature_count = static_cast<std::size_t>(Feature::count_);
using Features = std::bitset<feature_count>;

inline bool has(const Features& features, Feature feature) { return features[static_cast<std::size_t>(feature)]; }
inline void set(Features& features, Feature feature, bool on = true) { features[static_cast<std::size_t>(feature)] = on; }

Features features_of(const Program& program);
// "nested_remove, in_event", for the report.
std::string to_string(const Features& features);

}  // namespace ffi_cts
