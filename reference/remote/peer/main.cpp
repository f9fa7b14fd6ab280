// ffi-cts-peer: the reference peer of chapters 9 and 10, with the conformance actor.
#include <unistd.h>

#include <charconv>
#include <iostream>
#include <stdexcept>

#include "reference/remote/peer/conformance_actor.hpp"

namespace ffi_cts::remote {
namespace {

constexpr std::string_view usage =
    "usage: ffi-cts-peer [--dialect plain|tagged] [--max-frame N] [[--] CHILD…]\n"
    "\n"
    "Speaks framed CBOR on its stdin and stdout, with an actor named conformance (spec, chapter 10). With a command "
    "it\n"
    "starts that as its child and speaks with it instead; it ends when the child has.\n"
    "  --dialect    how ids are written: plain (default) or tagged\n"
    "  --max-frame  the most bytes of a frame's content, 64 to 1073741824 (default 32768)\n";

struct Command {
  Options options;
  std::vector<std::string> child;
  bool help = false;
};

std::size_t frame_limit(const std::string& text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 64 || value > std::size_t{1} << 30)
    throw std::runtime_error("--max-frame: '" + text + "' is no number from 64 to 1073741824");
  return value;
}

Dialect dialect(const std::string& text) {
  if (text == "plain") return Dialect::plain;
  if (text == "tagged") return Dialect::tagged;
  throw std::runtime_error("--dialect: '" + text + "' is neither plain nor tagged");
}

Command parse(std::vector<std::string> words) {
  Command command;
  auto word = words.begin();
  const auto value = [&] {
    const std::string option = *word;
    if (++word == words.end()) throw std::runtime_error(option + ": a value is missing");
    return *word;
  };
  for (; word != words.end() && word->starts_with('-'); ++word) {
    if (*word == "--") {
      ++word;
      if (word == words.end()) throw std::runtime_error("a command is due after --");
      break;
    }
    if (*word == "--dialect") {
      command.options.dialect = dialect(value());
    } else if (*word == "--max-frame") {
      command.options.frame_limit = frame_limit(value());
    } else if (*word == "--help" || *word == "-h") {
      command.help = true;
    } else {
      throw std::runtime_error(*word + ": no such option (see: ffi-cts-peer --help)");
    }
  }
  command.child.assign(word, words.end());
  return command;
}

int run(const Command& command) {
  if (command.help) {
    std::cout << usage;
    return 0;
  }
  // Bare lines: `exited ID REASON` is read by whoever judges.
  Loop loop([](std::string_view line) {
    const std::string whole = std::string(line) + "\n";
    [[maybe_unused]] const ssize_t size = write(STDERR_FILENO, whole.data(), whole.size());
  });
  const bool is_child = command.child.empty();
  const auto endpoint = is_child ? loop.adopt_stdio(command.options) : loop.spawn(command.child, command.options);
  const auto role = is_child ? ConformanceActor::Role::of_child : ConformanceActor::Role::of_parent;
  loop.node().register_name("conformance", loop.node().spawn<ConformanceActor>(endpoint, role).id());
  loop.run();
  return 0;
}

}  // namespace
}  // namespace ffi_cts::remote

int main(int argc, char** argv) {
  try {
    return ffi_cts::remote::run(ffi_cts::remote::parse({argv + 1, argv + argc}));
  } catch (const std::exception& error) {
    std::cerr << "ffi-cts-peer: " << error.what() << '\n';
    return 2;
  }
}
