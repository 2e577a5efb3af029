// What a reply means: the one place that turns HTTP, SOAP and the peer's words into an outcome.
// Pure.
//
// Rules come first, in the dialect's order. What no rule can change stands here: a peer whose
// certificate is not the one configured is misconfigured; where the profile signs, an unverified
// reply never proves anything; a receipt for other content is no delivery; with no rule at all,
// before the body is temporary, after it ambiguous, and an answer unrecognised.
#pragma once

#include "adapters/engine/dialect.hpp"
#include "adapters/http/client.hpp"
#include "adapters/soap/fault.hpp"

namespace ecert::engine {

struct reply_seen {
    http::stage stage = http::stage::replied;
    int status = 0;
    std::optional<duration> retry_after;
    std::string error;  // what ended the exchange, or why the reply could not be read
    bool peer_untrusted = false;
    bool not_tried = false;        // we had no connection free: nobody was called
    crypto::xml::node body;        // none: no SOAP message in it
    crypto::xml::variables asked;  // call_variables, as we sent them
    std::optional<soap::fault> fault;
    bool verified = false;  // the profile held, and the reply relates to our message
    std::string unproven;   // why not
};

// The content that was sent; size and digest of nothing where there was none.
struct content_sent {
    bool any = false;
    crypto::sha256 digest;
    std::uint64_t size = 0;
};

struct judgement {
    queue::outcome_class what = queue::outcome_class::unrecognised;
    queue::outcome_scope scope = queue::outcome_scope::task;
    std::string reference, text;
    std::string warning;  // they have it, and complained
    std::optional<duration> retry_after;
    std::optional<crypto::sha256> peer_digest;
};
judgement classify(const std::vector<reply_rule>& rules, bool profile_signs, const reply_seen& seen,
                   const content_sent& ours);

}  // namespace ecert::engine
