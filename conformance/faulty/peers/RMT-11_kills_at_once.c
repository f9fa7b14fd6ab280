/* The child is killed while its input is still open. wraps: child_close */
#include <signal.h>
#include <sys/wait.h>

#include "peer.h"

void __wrap_child_close(Child* child);

void __wrap_child_close(Child* child) {
  int status;
  kill(child->pid, SIGKILL);
  waitpid(child->pid, &status, 0);
}
