// The words of the program text, each in one place for printing and parsing.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "harness/program/program.hpp"

namespace ffi_cts::words {

template <typename E, std::size_t N>
using Table = std::array<std::pair<E, std::string_view>, N>;

inline constexpr Table<Verb, 12> verbs{{{Verb::create, "create"},
                                        {Verb::request, "request"},
                                        {Verb::listen, "listen"},
                                        {Verb::remove, "remove"},
                                        {Verb::reg, "register"},
                                        {Verb::unregister, "unregister"},
                                        {Verb::complete, "complete"},
                                        {Verb::destroy, "destroy"},
                                        {Verb::wait, "wait"},
                                        {Verb::park, "park"},
                                        {Verb::hold, "hold"},
                                        {Verb::again, "again"}}};

inline constexpr Table<HandleKind, 8> handles{{{HandleKind::null, "@null"},
                                               {HandleKind::dead, "@dead"},
                                               {HandleKind::other, "@other"},
                                               {HandleKind::small, "@small"},
                                               {HandleKind::odd, "@odd"},
                                               {HandleKind::unmapped, "@unmapped"},
                                               {HandleKind::zeros, "@zeros"},
                                               {HandleKind::noise, "@noise"}}};

inline constexpr Table<Misuse, 8> misuses{{{Misuse::null_callback, "!null_callback"},
                                           {Misuse::null_payload, "!null_payload"},
                                           {Misuse::empty_payload, "!empty_payload"},
                                           {Misuse::malformed, "!malformed"},
                                           {Misuse::lenient, "!lenient"},
                                           {Misuse::hostile, "!hostile"},
                                           {Misuse::item, "item"},
                                           {Misuse::near_miss, "near_miss"}}};

inline constexpr Table<NativeForm, 4> natives{{{NativeForm::plain, "native"},
                                              {NativeForm::nulls, "native(nulls)"},
                                              {NativeForm::bools, "native(bools)"},
                                              {NativeForm::absents, "native(absents)"}}};

inline constexpr Table<NameKind, 9> names{{{NameKind::event, "event"},
                                           {NameKind::wildcard, "*"},
                                           {NameKind::null, "null"},
                                           {NameKind::other, "other"},
                                           {NameKind::prefix, "prefix"},
                                           {NameKind::extended, "extended"},
                                           {NameKind::other_case, "other_case"},
                                           {NameKind::huge, "huge"},
                                           {NameKind::not_utf8, "not_utf8"}}};

inline constexpr Table<ObjectKind, 4> kinds{{{ObjectKind::context, "c"},
                                             {ObjectKind::request, "r"},
                                             {ObjectKind::listener, "l"},
                                             {ObjectKind::host_function, "h"}}};

template <typename E, std::size_t N>
constexpr std::string_view word(const Table<E, N>& table, E e) {
  for (const auto& [value, text] : table)
    if (value == e) return text;
  return "";
}

template <typename E, std::size_t N>
constexpr std::optional<E> meaning(const Table<E, N>& table, std::string_view text) {
  for (const auto& [value, word] : table)
    if (word == text) return value;
  return std::nullopt;
}

}  // namespace ffi_cts::words
