/* The child is never waited for. wraps: waitpid */
#include <sys/types.h>

pid_t __wrap_waitpid(pid_t pid, int* status, int options);

pid_t __wrap_waitpid(pid_t pid, int* status, int options) {
  (void)options;
  *status = 0;
  return pid;
}
