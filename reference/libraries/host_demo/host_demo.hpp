// host_demo: asks the host for a token. Behaves as the library of that name in the field.
#pragma once

#include "host_demo_library.hpp"

#include <memory>

namespace host_demo_library {

class HostDemo : public HostDemoBase {
 public:
  using HostDemoBase::HostDemoBase;
  static Task<std::unique_ptr<HostDemo>> create(Context& context);

  Task<std::string> use_token(std::string key);
};

}  // namespace host_demo_library
