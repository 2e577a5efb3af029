// What the server and the client write to the log: one function an event.
#pragma once

#include <cstdint>
#include <string_view>

namespace ecert::http {

// A listener is open. listener, address.
void listening(std::string_view listener, std::string_view address);
// No connection could be taken for a moment (descriptors, memory): it is tried again.
void accept_failed(std::string_view listener, std::string_view why);
// Turned away at the door: `count` of one source for one reason since the last such line.
void turned_away(std::string_view listener, std::string_view reason, std::string_view source,
                 std::string_view why, unsigned count);
// A handler threw: a bug or a broken environment. The caller got 500.
void handler_failed(std::string_view listener, std::string_view method, std::string_view target,
                    std::string_view why);
// A request was turned away before any handler saw it.
void request_refused(std::string_view listener, std::string_view remote, int status,
                     std::string_view why);
// A session ended by an exception of its own.
void session_failed(std::string_view listener, std::string_view remote, std::string_view why);
// A handler's response had another size than it said: the connection was cut.
void response_misdeclared(int status, std::uint64_t said, std::uint64_t missing);

}  // namespace ecert::http
