// A request as a handler sees it, over one connection's reader.
#pragma once

#include "adapters/http/reader.hpp"
#include "adapters/http/session.hpp"

#include <vector>

namespace ecert::http {

struct turned_away {
    int status = 400;
    std::string why;
};

class incoming_request final : public incoming {
  public:
    incoming_request(listener_state& of, const guest& who, transport& over, message_reader& from,
                     message_head sent)
        : of_{of}, who_{who}, io_{over}, from_{from}, sent_{std::move(sent)} {}

    // The head taken apart, or why the request is turned away before any handler sees it.
    std::optional<turned_away> prepare();

    const request_head& head() const override { return head_; }
    const std::optional<crypto::certificate>& peer() const override { return io_.peer(); }
    std::optional<unsigned> unix_user() const override { return io_.unix_user(); }
    std::string remote() const override { return io_.remote(); }
    awaitable<result<crypto::source_ptr>> read_body(std::uint64_t limit) override;

  private:
    awaitable<result<void>> reserve(std::uint64_t bytes, std::uint64_t limit);
    awaitable<result<void>> invite();
    awaitable<result<crypto::source_ptr>> receive(std::uint64_t limit);

    listener_state& of_;
    const guest& who_;
    transport& io_;
    message_reader& from_;
    message_head sent_;
    request_head head_;
    std::vector<budget::share> shares_;
    crypto::source_ptr body_;
};

// application/problem+json for what the server itself turns away.
response refusal(int status, std::string_view detail);

}  // namespace ecert::http
