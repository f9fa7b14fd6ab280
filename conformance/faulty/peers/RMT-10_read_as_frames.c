/* The child's stderr is its stdout. wraps: posix_spawnp */
#include <spawn.h>

int __real_posix_spawnp(pid_t* pid, const char* file, const posix_spawn_file_actions_t* actions,
                        const posix_spawnattr_t* attributes, char* const* argv, char* const* environment);
int __wrap_posix_spawnp(pid_t* pid, const char* file, posix_spawn_file_actions_t* actions,
                        const posix_spawnattr_t* attributes, char* const* argv, char* const* environment);

int __wrap_posix_spawnp(pid_t* pid, const char* file, posix_spawn_file_actions_t* actions,
                        const posix_spawnattr_t* attributes, char* const* argv, char* const* environment) {
  posix_spawn_file_actions_adddup2(actions, 1, 2);
  return __real_posix_spawnp(pid, file, actions, attributes, argv, environment);
}
