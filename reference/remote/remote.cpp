#include "reference/remote/remote.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace ffi_cts::remote {
namespace {

void to_stderr(std::string_view line) {
  const std::string whole = "remote: " + std::string(line) + "\n";
  [[maybe_unused]] const ssize_t size = ::write(STDERR_FILENO, whole.data(), whole.size());
}

// A peer that is gone is an error of the write, not the end of this process. Only of this thread, and only meanwhile.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  ~WithoutSigpipe() {
    const timespec now{};
    if (sigismember(&before_, SIGPIPE) == 0) sigtimedwait(&sigpipe_, nullptr, &now);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  sigset_t sigpipe_, before_;
};

int take_away(int fd, int replacement) {
  const int taken = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (taken < 0) throw std::runtime_error(std::string(fd == 0 ? "stdin: " : "stdout: ") + std::strerror(errno));
  dup2(replacement, fd);
  return taken;
}

}  // namespace

struct Loop::State {
  asio::io_context context{1};
  Node node;
  std::vector<std::shared_ptr<Endpoint>> endpoints;

  explicit State(Node::Complain complain)
      : node([this] { asio::post(context, [this] { node.deliver(); }); }, complain ? std::move(complain) : to_stderr) {}

  void forget(const Endpoint* closed) {
    std::erase_if(endpoints, [closed](const auto& endpoint) { return endpoint.get() == closed; });
  }
};

Loop::Loop(Node::Complain complain) : state_(std::make_unique<State>(std::move(complain))) {}

Loop::~Loop() {
  for (const auto& endpoint : state_->endpoints) endpoint->abandon();
}

Node& Loop::node() noexcept {
  return state_->node;
}
asio::io_context& Loop::context() noexcept {
  return state_->context;
}

std::shared_ptr<Endpoint> Loop::add(Options options) {
  auto known = std::make_shared<const Endpoint*>(nullptr);
  options.closed = [state = state_.get(), known, closed = std::move(options.closed)] {
    asio::post(state->context, [state, known] { state->forget(*known); });
    if (closed) closed();
  };
  auto endpoint = std::make_shared<Endpoint>(state_->context, state_->node, std::move(options));
  *known = endpoint.get();
  return endpoint;
}

std::shared_ptr<Endpoint> Loop::spawn(const std::vector<std::string>& command, Options options) {
  auto endpoint = add(std::move(options));
  endpoint->start(command);
  return state_->endpoints.emplace_back(std::move(endpoint));
}

std::shared_ptr<Endpoint> Loop::connect(int in, int out, Options options) {
  auto endpoint = add(std::move(options));
  endpoint->start(in, out);
  return state_->endpoints.emplace_back(std::move(endpoint));
}

std::shared_ptr<Endpoint> Loop::adopt_stdio(Options options) {
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int in = take_away(STDIN_FILENO, nothing);
  if (nothing != STDIN_FILENO) ::close(nothing);
  const int out = take_away(STDOUT_FILENO, STDERR_FILENO);
  return connect(in, out, std::move(options));
}

void Loop::run() {
  const WithoutSigpipe guard;
  state_->context.restart();
  state_->context.run();
}

void Loop::poll() {
  const WithoutSigpipe guard;
  state_->context.restart();
  state_->context.poll();
}

void Loop::stop() {
  state_->context.stop();
}

}  // namespace ffi_cts::remote
