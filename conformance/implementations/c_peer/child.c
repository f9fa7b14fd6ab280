#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "peer.h"

enum { PATIENCE_MS = 250 };
extern char **environ;

bool child_start(Child *child, char **arguments) {
  int to[2], from[2];
  if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) return false;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to[0], 0);
  posix_spawn_file_actions_adddup2(&actions, from[1], 1); /* its stderr is this process's own */
  const int error = posix_spawnp(&child->pid, arguments[0], &actions, NULL, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(to[0]);
  close(from[1]);
  if (error) return false;
  child->input = to[1];
  child->output = from[0];
  child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
  return child->pidfd >= 0;
}

static bool ends_within(const Child *child, int ms) {
  struct pollfd ended = {child->pidfd, POLLIN, 0};
  return poll(&ended, 1, ms) == 1;
}

void child_close(Child *child) {
  close(child->input);
  close(child->output);
  if (!ends_within(child, PATIENCE_MS)) {
    kill(child->pid, SIGTERM);
    if (!ends_within(child, PATIENCE_MS)) kill(child->pid, SIGKILL);
  }
  int status;
  waitpid(child->pid, &status, 0);
  close(child->pidfd);
}
