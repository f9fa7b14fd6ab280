#include "host_demo.hpp"

namespace host_demo_library {

Task<std::unique_ptr<HostDemo>> HostDemo::create(Context& context) { co_return std::make_unique<HostDemo>(context); }

Task<std::string> HostDemo::use_token(std::string key) {
  std::string failure;
  try {
    const std::string token = co_await fetch_token(std::move(key));
    co_return "token[" + token + "]";
  } catch (const HandlerError& error) {
    failure = error.text();
  }
  throw HandlerError("host error: " + failure);
}

}  // namespace host_demo_library
