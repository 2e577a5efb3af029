// One request and its reply over one connection, with the exact stage it came to.
#pragma once

#include "adapters/http/client.hpp"
#include "adapters/http/reader.hpp"
#include "adapters/http/transport.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace ecert::http {

struct connection {
    explicit connection(transport_ptr over)
        : io{std::move(over)}, from{*io, message_reader::kind::replies} {}
    transport_ptr io;
    message_reader from;
    steady_point idle_since{};
    bool kept = false;  // it has served a call before
};

struct exchange_place {
    std::string host;  // for the Host field
    std::filesystem::path spool_folder;
    std::uint64_t spool_threshold = 0;
    pool* work = nullptr;  // null: sources are read and replies kept in place
};

struct exchanged {
    reply_received got;
    bool reusable = false;  // the connection may serve another call
    bool unheard = false;   // a kept connection was closed before it took anything: safe to repeat
};

// `until`: the call's total deadline. Errors: all in the result.
awaitable<exchanged> exchange(connection& over, const call& what, const exchange_place& at,
                              steady_point until);

}  // namespace ecert::http
