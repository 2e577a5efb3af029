// Reads HTTP/1.1 messages from one connection, one after another, under limits: a head of at most
// 64 KiB and 100 fields, a body in pieces of what arrived. Bytes beyond a message wait for the
// next.
#pragma once

#include "adapters/http/message.hpp"
#include "adapters/http/transport.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ecert::http {

constexpr std::size_t head_limit = 64 * 1024;
constexpr std::size_t field_limit = 100;

struct message_head {
    std::string method, target;  // of a request
    int status = 0;              // of a reply
    unsigned version = 11;
    http::fields fields;  // a repeated field's values are joined by commas
    bool keep_alive = false;
    bool chunked = false;
    bool foreign_coding = false;          // a Transfer-Encoding other than chunked
    std::optional<std::uint64_t> length;  // Content-Length
};

enum class head_end { read, closed, timed_out, too_large, malformed, broken };

struct head_result {
    head_end how = head_end::read;
    std::string why;
    bool refused_us = false;  // TLS: they did not take our certificate
    bool partly = false;      // something of the head had come
};

struct body_piece {
    io how = io::done;
    std::string_view bytes;  // until the next call; empty when done: the end
    std::string why;
    bool malformed = false;
};

class message_reader {
  public:
    enum class kind { requests, replies };
    message_reader(transport& from, kind of);
    ~message_reader();

    // The first byte by `first`; all of it within `rest` of that, or also by `first` if not set.
    awaitable<head_result> head(message_head& into, steady_point first,
                                std::optional<duration> rest, bool without_body = false);
    awaitable<body_piece> body(steady_point until);
    bool body_ended() const;
    bool anything_left() const;  // bytes beyond the message

  private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace ecert::http
