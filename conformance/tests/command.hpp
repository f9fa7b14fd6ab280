// Runs the built ffi-cts as a child process, as a shell would, and keeps all that it says.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace ffi_cts::tests {

struct Outcome {
  std::vector<std::string> arguments;
  int code = -1;             // its exit code; 128 + signal when one ended it, as a shell says it
  bool out_of_time = false;  // it did not end by itself: it was killed
  double seconds = 0;
  std::string out, err;
};
// The command line and all that it said, for a failed expectation.
std::ostream& operator<<(std::ostream& stream, const Outcome& outcome);

class Command {
 public:
  explicit Command(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {}

  Command& in(std::string directory) {
    directory_ = std::move(directory);
    return *this;
  }
  // "NAME=value", instead of what this process has under that name.
  Command& with(std::string variable) {
    variables_.push_back(std::move(variable));
    return *this;
  }
  // Standard output is a terminal; else a pipe.
  Command& on_a_terminal() {
    terminal_ = true;
    return *this;
  }
  // The same of standard error.
  Command& with_errors_on_a_terminal() {
    errors_on_terminal_ = true;
    return *this;
  }
  // Killed after so long (several times that under a sanitizer).
  Command& within(double seconds) {
    seconds_ = seconds;
    return *this;
  }

  // Throws std::system_error when the program cannot be started.
  Outcome run() const;

 private:
  std::vector<std::string> arguments_, variables_;
  std::string directory_ = ".";
  bool terminal_ = false, errors_on_terminal_ = false;
  double seconds_ = 60;
};

}  // namespace ffi_cts::tests
