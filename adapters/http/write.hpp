// Writes messages: heads as text, bodies streamed from their parts in pieces of 256 KiB, read on
// the pool where a source may block.
#pragma once

#include "adapters/http/message.hpp"
#include "adapters/http/minimum_rate.hpp"
#include "adapters/http/transport.hpp"
#include "config/pool.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ecert::http {

// Fields that say how the message is framed are ours to write; control characters in others become
// spaces, so that no value can start a line of its own.
std::string request_text(const std::string& method, const std::string& target,
                         const std::string& host, const fields& with, std::uint64_t size);

// `head_only`: the answer to HEAD.
struct answer_form {
    bool keep_alive = true;
    bool head_only = false;
};
std::string response_text(const response& of, std::uint64_t size, answer_form as);

// The body of a message, piece by piece. Errors: what its sources throw.
class body_pieces {
  public:
    // Without a pool sources are read in place. `expected` sizes the buffer, no more.
    body_pieces(const crypto::xml::parts& of, std::uint64_t expected, pool* work);
    awaitable<std::string_view> next();  // until the next call; empty at the end

  private:
    crypto::xml::part_reader from_;
    pool* work_;
    std::vector<char> piece_;
};

// How many bytes the body will have: what the maker says, or counted where nothing was said.
awaitable<std::uint64_t> size_of(const crypto::xml::parts& body, std::uint64_t said, pool* work);

// False: it could not be written whole; the connection is of no more use.
awaitable<bool> write_response(transport& to, const response& what, answer_form as, pool& work,
                               minimum_rate pace);

}  // namespace ecert::http
