// How a served request is answered: a reply of its dialect, or a fault. Used for partners and
// agencies alike.
#pragma once

#include "adapters/engine/engine.hpp"
#include "hub/ledger/ledger.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

namespace ecert::hub {

// What stands in the reply's Body, or a fault.
using served_answer = std::variant<crypto::xml::parts, engine::fault>;

// Whom a reply goes to, and how it is written.
struct reply_to {
    const engine::tools& with;
    engine::channel_ptr over;
    const engine::served& asked;
};
awaitable<served_answer> reply(reply_to whom, engine::reply_material what);
awaitable<served_answer> reply(reply_to whom, engine::told_envelope one);

// A certificate or answer that we do not take: in the reply where the contract has a place for it
// there, otherwise the fault itself.
awaitable<served_answer> decline(reply_to whom, engine::fault why);

// Everything that can be said against the certificate in the request. `judge` does so: pool work.
awaitable<served_answer> serve_validate(reply_to whom, language in,
                                        std::function<problems()> judge);

engine::fault fault_of(const failure& f);  // as its kind means
// Names the element that is read: some stacks write it in no namespace.
engine::fault no_certificate(const engine::serve_operation& operation);
engine::fault no_such_envelope(
    std::string_view number);  // the same whether it never was, or is another's

// How large a message may be: escaping a certificate into it makes it longer.
std::uint64_t message_limit(const limit_settings& limits);

// One of the fields that the dialect extracts; empty: not there.
std::string field(const engine::served& asked, const std::string& name);
// The number they ask by, where it is one that we give.
std::optional<queue::uuid> number_of(const engine::served& asked);

// At most so much of a list in one reply. Large contents are read while they are sent; small ones
// are in memory until then, for each who asks.
constexpr unsigned most_headers = 1000, most_contents = 100;
constexpr std::uint64_t most_content_bytes = 2ull << 20;

// The contents of these, up to a page's worth: one at least, however large.
struct content_wanted {
    engine::told_envelope told;
    crypto::sha256 digest;
};
awaitable<result<std::vector<engine::told_envelope>>> with_contents(
    ledger& from, std::vector<content_wanted> wanted);

}  // namespace ecert::hub
