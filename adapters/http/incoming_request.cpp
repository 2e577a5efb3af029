#include "adapters/http/incoming_request.hpp"

#include "adapters/http/body_sink.hpp"
#include "adapters/http/minimum_rate.hpp"
#include "adapters/http/target.hpp"

#include <boost/beast/http/status.hpp>
#include <boost/json.hpp>
#include <boost/url/grammar/ci_string.hpp>

#include <fmt/format.h>

namespace ecert::http {
namespace {

using boost::urls::grammar::ci_is_equal;

constexpr std::uint64_t budget_step = 1 * mib;  // of a body whose size is not told in advance

failure too_large(std::uint64_t limit) {
    return {failure_kind::too_large, fmt::format("The body is larger than {} bytes.", limit)};
}

failure too_slow(std::uint64_t rate) {
    return {failure_kind::deadline,
            fmt::format("The body came slower than {} bytes a second.", rate)};
}

}  // namespace

response refusal(int status, std::string_view detail) {
    const auto title = boost::beast::http::obsolete_reason(
        boost::beast::http::int_to_status(static_cast<unsigned>(status)));
    const boost::json::object said{{"type", "about:blank"},
                                   {"title", title},
                                   {"status", status},
                                   {"detail", boost::json::string_view{detail}}};
    return reply(status, "application/problem+json", boost::json::serialize(said));
}

std::optional<turned_away> incoming_request::prepare() {
    head_.method = sent_.method;
    head_.fields = std::move(sent_.fields);
    const auto coding = head_.fields.get("Content-Encoding");
    const auto expected = head_.fields.get("Expect");
    if (auto read = read_target(sent_.target, head_); !read)
        return turned_away{400, read.error().text};
    if (sent_.version >= 11 && !head_.fields.has("Host"))
        return turned_away{400, "The request has no Host field."};
    if (head_.fields.repeated("Host")) return turned_away{400, "The request has two Host fields."};
    if (sent_.foreign_coding)
        return turned_away{501, "The only Transfer-Encoding taken here is chunked."};
    if (!coding.empty() && !ci_is_equal(coding, "identity"))
        return turned_away{415, "Send the body without a Content-Encoding."};
    if (!expected.empty() && !ci_is_equal(expected, "100-continue"))
        return turned_away{417, "The only expectation met here is 100-continue."};
    return std::nullopt;
}

awaitable<result<void>> incoming_request::reserve(std::uint64_t bytes, std::uint64_t limit) {
    claimant by{who_.identity(), limit, !shares_.empty()};
    auto share = co_await of_.bodies.take(bytes, of_.settings.limits.body_budget_wait, by);
    if (share) {
        shares_.push_back(std::move(share));
        co_return result<void>{};
    }
    of_.turned_away.tell(reason::no_room_for_body, who_.source(), who_.identity());
    co_return failure{failure_kind::unavailable,
                      "Too many bodies are being received at once, of this sender or of all. Try "
                      "again later."};
}

// The sender may be waiting for a word before it sends.
awaitable<result<void>> incoming_request::invite() {
    if (!head_.fields.has("Expect") || from_.anything_left()) co_return result<void>{};
    const auto until = machine_clock().steady() + of_.settings.rate_window;
    const auto sent = co_await io_.write_all("HTTP/1.1 100 Continue\r\n\r\n", until);
    if (sent.done()) co_return result<void>{};
    co_return failure{failure_kind::invalid, "The connection was lost: " + sent.why};
}

awaitable<result<crypto::source_ptr>> incoming_request::read_body(std::uint64_t limit) {
    if (body_) co_return body_;
    if (from_.body_ended()) {
        body_ = crypto::from_memory({});
        co_return body_;
    }
    const auto length = sent_.length.value_or(0);
    if (length > limit) co_return too_large(limit);
    if (sent_.length) {
        auto room = co_await reserve(length, limit);
        if (!room) co_return room.error();
    }
    if (auto invited = co_await invite(); !invited) co_return invited.error();
    try {
        co_return co_await receive(limit);
    } catch (const std::system_error& broken) {  // the spool's disk
        co_return failure{failure_kind::unavailable,
                          std::string{"The body cannot be kept here now: "} + broken.what()};
    }
}

awaitable<result<crypto::source_ptr>> incoming_request::receive(std::uint64_t limit) {
    const auto& limits = of_.settings.limits;
    body_sink into{of_.settings.spool_folder, limits.spool_threshold, &of_.work};
    minimum_rate pace{limits.minimum_rate, of_.settings.rate_window};
    std::uint64_t reserved = sent_.length.value_or(0);
    for (;;) {
        const auto before = machine_clock().steady();
        const auto piece = co_await from_.body(before + pace.patience());
        if (piece.how == io::done && piece.bytes.empty()) break;
        if (!pace.took(piece.bytes.size(), machine_clock().steady() - before) ||
            piece.how == io::timed_out)
            co_return too_slow(limits.minimum_rate);
        if (piece.how != io::done)
            co_return failure{failure_kind::invalid, "The body broke off: " + piece.why};
        if (into.size() + piece.bytes.size() > limit) co_return too_large(limit);
        while (into.size() + piece.bytes.size() > reserved) {
            auto room = co_await reserve(budget_step, limit);
            if (!room) co_return room.error();
            reserved += budget_step;
        }
        co_await into.add(piece.bytes);
    }
    body_ = co_await into.finish();
    co_return body_;
}

}  // namespace ecert::http
