/* A child that does not heed the end of its input is waited for. wraps: child_close */
#include <sys/wait.h>
#include <unistd.h>

#include "peer.h"

void __wrap_child_close(Child* child);

void __wrap_child_close(Child* child) {
  int status;
  close(child->input);
  close(child->output);
  waitpid(child->pid, &status, 0);
}
