// echo: shouts back. Behaves as the library of that name in the field.
#pragma once

#include "echo_library.hpp"

#include <memory>

namespace echo_library {

class Echo : public EchoBase {
 public:
  Echo(Context& context, std::string prefix) : EchoBase(context), prefix_(std::move(prefix)) {}
  static Task<std::unique_ptr<Echo>> create(Context& context, EchoConfig config);

  Task<ShoutResponse> shout(ShoutRequest req);
  Task<std::string> version();

 private:
  const std::string prefix_;
};

}  // namespace echo_library
