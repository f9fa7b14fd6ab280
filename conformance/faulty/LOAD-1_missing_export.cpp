// LOAD-1: the interface file names remove_event_listener, and the library does not export it.
#define PROBE_NO_REMOVE_EVENT_LISTENER
#include "conformance/faulty/wrap.hpp"
