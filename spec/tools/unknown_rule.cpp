// Must not compile, and only because of REQ_999: a test looks for the compiler's complaint.
#include <ffi_cts/rule_table.hpp>

constexpr ffi_cts::spec::RuleId known = ffi_cts::spec::rule::REQ_1;
constexpr ffi_cts::spec::RuleId unknown = ffi_cts::spec::rule::REQ_999;
