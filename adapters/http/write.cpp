#include "adapters/http/write.hpp"

#include "adapters/http/log_events.hpp"

#include <boost/beast/http/status.hpp>
#include <boost/url/grammar/ci_string.hpp>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace ecert::http {
namespace {

constexpr std::size_t piece_size = 256 * 1024;

bool framing(std::string_view name) {
    using boost::urls::grammar::ci_is_equal;
    return ci_is_equal(name, "content-length") || ci_is_equal(name, "transfer-encoding") ||
           ci_is_equal(name, "connection") || ci_is_equal(name, "keep-alive");
}

void append_clean(std::string& to, std::string_view text) {
    for (const char c : text) to += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
}

void append_fields(std::string& to, const fields& with) {
    for (const auto& [name, value] : with.all()) {
        if (framing(name)) continue;
        append_clean(to, name);
        to += ": ";
        append_clean(to, value);
        to += "\r\n";
    }
}

bool bodiless(int status) { return status == 204 || status == 304 || status / 100 == 1; }

// Piece after piece of at most what the peer must be able to take in one window.
awaitable<bool> write_paced(transport& to, std::string_view bytes, minimum_rate& pace) {
    while (!bytes.empty()) {
        const auto before = machine_clock().steady();
        const auto step = co_await to.write_some(bytes, before + pace.patience());
        if (!step.done()) co_return false;
        if (!pace.took(step.bytes, machine_clock().steady() - before)) co_return false;
        bytes.remove_prefix(step.bytes);
    }
    co_return true;
}

}  // namespace

std::string request_text(const std::string& method, const std::string& target,
                         const std::string& host, const fields& with, std::uint64_t size) {
    std::string text;
    text.reserve(512);
    append_clean(text, method);
    text += ' ';
    append_clean(text, target);
    text += " HTTP/1.1\r\n";
    if (!with.has("Host")) text += "Host: " + host + "\r\n";
    append_fields(text, with);
    if (size > 0 || (method != "GET" && method != "HEAD"))
        text += fmt::format("Content-Length: {}\r\n", size);
    return text += "\r\n";
}

std::string response_text(const response& of, std::uint64_t size, answer_form as) {
    const auto reason = boost::beast::http::obsolete_reason(
        boost::beast::http::int_to_status(static_cast<unsigned>(of.status)));
    auto text = fmt::format("HTTP/1.1 {} {}\r\n", of.status,
                            std::string_view{reason.data(), reason.size()});
    if (!of.fields.has("Date")) {
        const auto now = std::chrono::floor<std::chrono::seconds>(machine_clock().now());
        text += fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n",
                            fmt::gmtime(std::chrono::system_clock::to_time_t(now)));
    }
    append_fields(text, of.fields);
    if (!bodiless(of.status)) text += fmt::format("Content-Length: {}\r\n", size);
    if (!as.keep_alive) text += "Connection: close\r\n";
    return text += "\r\n";
}

body_pieces::body_pieces(const crypto::xml::parts& of, std::uint64_t expected, pool* work)
    : from_{of},
      work_{from_.may_block() ? work : nullptr},
      piece_(std::clamp<std::uint64_t>(expected, 1, piece_size)) {}

awaitable<std::string_view> body_pieces::next() {
    const auto fill = [this] {
        std::size_t filled = 0;
        while (filled < piece_.size()) {
            const auto got = from_.read(std::span{piece_}.subspan(filled));
            if (got == 0) break;
            filled += got;
        }
        return filled;
    };
    std::size_t filled = 0;
    if (work_)
        filled = co_await on_pool(*work_, fill);
    else
        filled = fill();
    co_return std::string_view{piece_.data(), filled};
}

awaitable<std::uint64_t> size_of(const crypto::xml::parts& body, std::uint64_t said, pool* work) {
    if (said > 0 || body.empty()) co_return said;
    const auto count = [&] { return crypto::xml::measure(body).size; };
    if (work) co_return co_await on_pool(*work, count);
    co_return count();
}

awaitable<bool> write_response(transport& to, const response& what, answer_form as, pool& work,
                               minimum_rate pace) {
    const auto size = co_await size_of(what.body, what.size, &work);
    auto text = response_text(what, size, as);
    if (as.head_only || bodiless(what.status) || size == 0)
        co_return co_await write_paced(to, text, pace);
    body_pieces body{what.body, size, &work};
    std::uint64_t left = size;
    for (auto piece = co_await body.next(); !piece.empty(); piece = co_await body.next()) {
        if (piece.size() > left) break;
        left -= piece.size();
        text.append(piece);
        if (!co_await write_paced(to, text, pace)) co_return false;
        text.clear();
        if (left == 0) co_return true;
    }
    response_misdeclared(what.status, size, left);
    co_return false;
}

}  // namespace ecert::http
