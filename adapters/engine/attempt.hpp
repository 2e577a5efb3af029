// One call of a task, step by step: private to call.cpp, which tells the order.
#pragma once

#include "adapters/engine/classify.hpp"
#include "adapters/engine/engine.hpp"
#include "adapters/engine/security.hpp"
#include "adapters/soap/write.hpp"

#include <optional>

namespace ecert::engine {

struct attempt {
    tools with;
    channel_ptr over;
    const partner_settings& to;
    const queue::task& what;
    const call_operation* operation = nullptr;
    const security* profile = nullptr;
    steady_point started = with.time.steady();
    bool sending = false;  // from here on the peer may have got something

    // What goes out. Pool thread: translates where the partner wants it and nothing is kept,
    // applies the stylesheet, measures.
    struct prepared {
        soap::body body;
        crypto::source_ptr content;          // as sent; null: the verb carries none
        crypto::source_ptr new_translation;  // null: none was made
    };
    result<prepared> prepare(const crypto::source_ptr& content,
                             const crypto::source_ptr& kept) const;
    soap::addressing addressing() const;

    // The reply read, proven and judged. Pool thread.
    struct answered {
        judgement judged;
        std::optional<queue::listing> listing;
        std::optional<queue::envelope> fetched;
        crypto::source_ptr content;  // of what was fetched; null: there was none in it
    };
    answered read_reply(const http::reply_received& reply, const content_sent& ours,
                        time_point now) const;
    queue::envelope envelope() const;  // as it is sent
    crypto::xml::variables asked() const;
    std::string over_limit() const;  // whose limit their answer is over
    void add_what_came(answered& to, const soap::received& reply, const reply_seen& seen) const;

    result<crypto::source_ptr> translated(const crypto::source_ptr& content) const;
    result<soap::body> write_body(const crypto::source_ptr& content) const;
};

// Retry-After: seconds or an HTTP date (RFC 9110, 10.2.3); at most a day, so that nobody can
// silence us for good.
std::optional<duration> retry_after_of(const http::fields& from, time_point now);

}  // namespace ecert::engine
