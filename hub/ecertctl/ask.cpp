#include "hub/ecertctl/ask.hpp"

#include "adapters/http/client.hpp"
#include "hub/ecertctl/refusal.hpp"
#include "hub/ecertctl/run.hpp"

#include <boost/json/parse.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <fmt/format.h>
#include <fmt/ostream.h>

namespace ecert::ctl {
namespace {

constexpr std::uint64_t longest_reply = 64ull << 20;
constexpr duration longest_wait = std::chrono::hours{1};  // an audit of a large ledger

answer unreachable(session& s, const std::string& from, const std::string& why) {
    fmt::print(s.err, "ecertctl: no answer from the node at {}: {}\n", from, why);
    return {{}, {}, exit_code::unreachable};
}

answer send(session& s, http::call what) {
    what.fields.set("Accept", "application/json");
    what.fields.set("Accept-Language", s.in == language::zh ? "zh" : "en");
    what.reply_limit = longest_reply;
    what.reply_timeout = what.total = longest_wait;
    boost::asio::io_context loop{1};
    const auto reply = run(loop, http::send_unix(loop.get_executor(), s.socket, std::move(what)));
    answer made = judge(s, reply, s.socket.string());
    if (reply.stage != http::stage::replied)
        fmt::print(s.err,
                   "Is ecert-hub running, and may you open its socket? (--socket, ECERT_SOCKET)\n");
    return made;
}

}  // namespace

answer judge(session& s, const http::reply_received& reply, const std::string& from) {
    if (reply.stage != http::stage::replied) return unreachable(s, from, reply.error);
    std::string text = reply.body ? crypto::read_all(*reply.body, longest_reply) : std::string{};
    boost::system::error_code wrong;
    auto value = boost::json::parse(text, wrong);
    if (wrong) return unreachable(s, from, fmt::format("HTTP {} without JSON", reply.status));
    if (reply.status >= 200 && reply.status < 300)
        return {std::move(value), std::move(text), exit_code::ok};
    return {{}, {}, tell_refusal(s, reply.status, value, text)};
}

answer get(session& s, const std::string& target) {
    http::call what;
    what.method = "GET";
    what.target = target;
    return send(s, std::move(what));
}

answer post(session& s, const std::string& target, const std::string& json) {
    http::call what;
    what.target = target;
    what.fields.set("Content-Type", "application/json");
    what.size = json.size();
    what.body.emplace_back(json);
    return send(s, std::move(what));
}

std::string escaped(std::string_view segment) {
    return boost::urls::encode(segment, boost::urls::unreserved_chars);
}

std::string with_query(std::string path, const query& q) {
    char before = '?';
    for (const auto& [name, value] : q) {
        if (value.empty()) continue;
        path += before + name + '=' + escaped(value);
        before = '&';
    }
    return path;
}

}  // namespace ecert::ctl
