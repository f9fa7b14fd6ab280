// The system calls that peers' processes and stubs need.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <cstdint>
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
// Writes what there is room for; 0: there is none. Asks first: the mere try of a write to a full pipe wakes its reader.
// Negative: nobody reads any more.
ssize_t write_some(int fd, const std::uint8_t* bytes, std::size_t size);
// Has the other end stopped writing for good, whatever is left to read?
bool hung_up(int fd);
// How many bytes lie in the stream that its reader did not take yet; 0 where that cannot be told.
int unread(int fd);

}  // namespace ffi_cts::peer
