// libprobe.so: the probe's ABI and nothing else.
#include "reference/libraries/probe/probe_exports.hpp"
