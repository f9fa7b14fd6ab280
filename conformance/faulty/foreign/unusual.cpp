// Foreign, and correct: some contexts start a helper process and wait for its word before they are there; what a context had open is
// closed some time after its destroy, by a thread that never leaves and prints a line each time.
#define PROBE_NO_CREATE
#define PROBE_NO_DESTROY
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cstdio>
#include <mutex>
#include <vector>

#include "conformance/faulty/foreign/for_ever.hpp"
#include "conformance/faulty/wrap.hpp"

extern char** environ;

namespace {

std::mutex mutex;
std::vector<int> to_be_closed;
std::once_flag once;
std::atomic<unsigned> created{0};

void clean_up_for_ever() {
  faulty::start_for_ever([] {
    for (;;) {
      faulty::sleep_ms(300);
      const std::lock_guard lock(mutex);
      for (int fd : to_be_closed) close(fd);
      to_be_closed.clear();
      std::puts("cleaned up");
      std::fflush(stdout);
    }
  });
}

// Blocks for a tenth of a second, and the only thing that can end it is another process.
void ask_a_helper() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) return;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fds[1], 1);
  const char* command[] = {"/bin/sh", "-c", "sleep 0.1; echo ready", nullptr};
  pid_t pid = -1;
  const int error = posix_spawn(&pid, command[0], &actions, nullptr, const_cast<char**>(command), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(fds[1]);
  char word[16];
  while (read(fds[0], word, sizeof word) > 0) continue;
  close(fds[0]);
  if (error == 0) waitpid(pid, nullptr, 0);
}

}  // namespace

FFI_CTS_EXPORT void* probe_create_cbor(const std::uint8_t* req, std::size_t len, FFICallBack callback, void* userData) {
  std::call_once(once, clean_up_for_ever);
  if (created++ % 64 == 1) ask_a_helper();
  return faulty::probe::create_cbor(req, len, callback, userData);
}

FFI_CTS_EXPORT int probe_destroy(void* ctx) {
  const int result = faulty::probe::destroy(ctx);
  if (result != RET_OK) return result;
  const int left = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  const std::lock_guard lock(mutex);
  if (left >= 0) to_be_closed.push_back(left);
  return result;
}
