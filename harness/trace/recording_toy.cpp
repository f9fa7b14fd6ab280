// The library that hand-written traces are of.
#include "harness/trace/recording.hpp"

namespace ffi_cts {

const std::string_view toy_interface = R"(
[library]
name = "toy"
[constructor]
name   = "create"
params = [{ name = "name", type = "tstr" }, { name = "delayMs", type = "uint" }, { name = "fail", type = "tstr" }]
[[proc]]
name    = "echo"
params  = [{ name = "text", type = "tstr" }]
returns = "any"
[[proc]]
name    = "delay"
params  = [{ name = "text", type = "tstr" }, { name = "ms", type = "uint" }]
returns = "any"
[[proc]]
name   = "fail"
params = [{ name = "text", type = "tstr" }]
[[proc]]
name   = "empty"
params = []
[[proc]]
name   = "emit"
params = [{ name = "text", type = "tstr" }, { name = "count", type = "uint" }]
[[proc]]
name   = "emit_fail"
params = [{ name = "text", type = "tstr" }]
[[proc]]
name    = "call_host"
params  = [{ name = "key", type = "tstr" }]
returns = "tstr"
[[proc]]
name   = "block"
params = [{ name = "ms", type = "uint" }]
[[proc]]
name    = "progress"
params  = [{ name = "text", type = "tstr" }, { name = "count", type = "uint" }]
returns = "tstr"
[[proc]]
name    = "version"
params  = [{ name = "text", type = "tstr" }]
returns = "tstr"
context = false
[[event]]
name    = "tick"
payload = "any"
[[event]]
name    = "tock"
payload = "any"
[[host]]
name     = "fetch"
params   = [{ name = "key", type = "tstr" }]
returns  = "tstr"
encoding = "raw"
[contract]
wildcard   = true
host_calls = true
native     = false
callbacks  = "one thread"
[roles.create]
request = { name = "$text", delayMs = 0, fail = "" }
[roles.create_fail]
request = { name = "", delayMs = 0, fail = "$text" }
error   = "$text"
[roles.create_slow]
request = { name = "$text", delayMs = "$ms", fail = "" }
[roles.echo]
proc    = "echo"
request = { text = "$text" }
reply   = { echoed = "$text", name = "$ctor.name" }
[roles.delay]
proc    = "delay"
request = { text = "$text", ms = "$ms" }
reply   = { echoed = "$text", name = "$ctor.name" }
[roles.fail]
proc    = "fail"
request = { text = "$text" }
error   = "$text"
[roles.empty]
proc    = "empty"
request = {}
[roles.emit]
proc    = "emit"
event   = "tick"
request = { text = "$text", count = "$count" }
payload = { text = "$text" }
[roles.emit_fail]
proc    = "emit_fail"
event   = "tock"
request = { text = "$text" }
error   = "$text"
[roles.call_host]
proc    = "call_host"
host    = "fetch"
request = { key = "$text" }
payload = "$text"
reply   = "$answer"
error   = "$answer"
[roles.block]
proc    = "block"
request = { ms = "$ms" }
[roles.progress]
proc    = "progress"
request = { text = "$text", count = "$count" }
reply   = "$text"
)";

}  // namespace ffi_cts
