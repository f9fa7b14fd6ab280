#include "echo.hpp"

#include <algorithm>

namespace echo_library {

using namespace std::chrono_literals;

namespace {

// ASCII alone, whatever the process's locale says.
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

Task<std::unique_ptr<Echo>> Echo::create(Context& context, EchoConfig config) {
  co_await context.sleep(1ms);
  co_return std::make_unique<Echo>(context, std::move(config.prefix));
}

Task<ShoutResponse> Echo::shout(ShoutRequest req) {
  co_await sleep(1ms);
  std::ranges::transform(req.text, req.text.begin(), upper);
  co_return ShoutResponse{prefix_ + ": " + req.text, prefix_};
}

Task<std::string> Echo::version() { co_return "nim-echo v0.1.0"; }

}  // namespace echo_library
