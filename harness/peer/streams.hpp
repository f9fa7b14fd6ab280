// The system calls that peers' processes and stubs need.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <string>
#include <vector>

namespace ffi_cts::peer {

void make_nonblocking(int fd);
// An address without a file. Returns its size.
socklen_t abstract_address(const std::string& address, sockaddr_un& name);
// Three descriptors over a Unix socket.
bool send_descriptors(int socket, const int (&descriptors)[3]);
bool receive_descriptors(int socket, int (&descriptors)[3]);  // they are close-on-exec
std::vector<int> tasks_of(int pid);
// How many bytes lie in the stream that its reader did not take yet; 0 where that cannot be told.
int unread(int fd);

}  // namespace ffi_cts::peer
