#include "adapters/engine/engine.hpp"
#include "adapters/engine/exchange.hpp"
#include "adapters/engine/security.hpp"
#include "adapters/soap/write.hpp"
#include "config/log.hpp"

#include <boost/uuid/uuid.hpp>

namespace ecert::engine {
namespace {

constexpr std::uint64_t largest_reply = 4ull << 20;
constexpr std::size_t small_reply = 16 << 10;
constexpr auto fault_action = "http://www.w3.org/2005/08/addressing/soap/fault";

// A reply's own id: nothing is keyed on it.
std::string fresh_message_id() {
    queue::uuid id;
    const auto bytes = crypto::random_bytes(id.size());
    std::copy(bytes.begin(), bytes.end(), id.begin());
    id.data[6] = static_cast<std::uint8_t>((id.data[6] & 0x0F) | 0x40);
    id.data[8] = static_cast<std::uint8_t>((id.data[8] & 0x3F) | 0x80);
    return queue::urn(id);
}

http::response respond(const channel& over, int status, const std::string& action,
                       soap::message message) {
    http::response all;
    all.status = status;
    all.fields.set("Content-Type", soap::content_type(over.dialect->soap, action));
    all.size = message.size;
    all.body = std::move(message.parts);
    return all;
}

// Header and signature made now around a Body that may be days old.
awaitable<result<soap::message>> wrap(tools with, channel_ptr over, std::string relates_to,
                                      std::string action, std::string inside,
                                      std::string subcodes) {
    const auto version = over->dialect->soap;
    soap::body body;  // a receipt is digested sooner than handed over
    auto write = [&] { return soap::make_body(version, {std::move(inside)}); };
    if (inside.size() <= small_reply)
        body = write();
    else
        body = co_await on_pool(with.work, write);
    std::vector<soap::written_header> headers;
    if (over->dialect->addressing) {
        soap::addressing to{fresh_message_id(), std::string{soap::anonymous}, std::move(action),
                            std::move(relates_to)};
        headers = soap::write_addressing(to);
    }
    std::vector<crypto::wss::signed_part> parts{body.part()};
    for (const auto& header : headers) parts.push_back(header.part);
    auto security =
        co_await find_security(over->dialect->security)->header(with, over, std::move(parts));
    if (!security) {
        log::write(log::level::error, "reply_not_signed",
                   {{"channel", over->profile.name}, {"reason", security.error().text}});
        co_return security.error();
    }
    co_return soap::assemble(version, headers, *security, std::move(body), subcodes);
}

// Says no more than that it is our fault: nothing about keys.
http::response unsigned_failure(const channel& over) {
    auto text = soap::write_fault(
        over.dialect->soap, over.dialect->soap == soap_version::v1_1 ? "Server" : "Receiver", "",
        "the answer could not be signed; nothing is wrong with the request");
    return respond(over, 500, fault_action,
                   soap::assemble(over.dialect->soap, {}, "",
                                  soap::make_body(over.dialect->soap, {std::move(text)})));
}

std::string code_of(const fault& what, soap_version version) {
    if (what.subcode == "MustUnderstand" || what.subcode == "VersionMismatch") return what.subcode;
    if (version == soap_version::v1_1) return what.sender ? "Client" : "Server";
    return what.sender ? "Sender" : "Receiver";
}

}  // namespace

awaitable<result<std::string>> render_reply(tools with, channel_ptr over, const served& to,
                                            facts known) {
    exchange from;
    from.verb = queue::name_of(to.operation->verb);
    from.role = "serve";
    from.message_id = to.message_id;
    from.relates_to = to.relates_to;
    from.envelope = to.envelope;
    from.facts = std::move(known);
    auto render = [&]() -> result<std::string> {
        auto document = make_exchange(from);
        if (!document) return document.error();
        auto made = to.operation->reply.apply(*document, {});
        if (!made) return made.error();
        auto inside = soap::split_at_content(*made, over->dialect->soap, {});
        if (!inside) return inside.error();
        return crypto::xml::to_string(*inside, largest_reply);
    };
    co_return co_await on_pool(with.work, render);
}

awaitable<http::response> write_reply(tools with, channel_ptr over, const served& to,
                                      std::string body) {
    const auto action = to.operation->reply_action;
    auto message = co_await wrap(with, over, to.message_id, action, std::move(body), "");
    if (!message) co_return unsigned_failure(*over);
    co_return respond(*over, 200, action, std::move(*message));
}

awaitable<http::response> write_fault(tools with, channel_ptr over, const std::string& relates_to,
                                      fault what) {
    const auto version = over->dialect->soap;
    const auto code = code_of(what, version);
    auto subcode = code == what.subcode ? std::string{} : what.subcode;
    const auto subcodes = over->dialect->fault_namespace.empty() ? std::string{"urn:ecert:fault"}
                                                                 : over->dialect->fault_namespace;
    if (!subcode.empty() && subcode.find(':') == std::string::npos) subcode.insert(0, "f:");
    auto text = soap::write_fault(version, code, subcode, what.text);
    auto message = co_await wrap(with, over, relates_to.empty() ? what.relates_to : relates_to,
                                 fault_action, std::move(text), subcodes);
    if (!message) co_return unsigned_failure(*over);
    const auto status = what.retry_after_seconds ? 503 : soap::fault_status(version, code);
    auto response = respond(*over, status, fault_action, std::move(*message));
    if (what.retry_after_seconds)
        response.fields.set("Retry-After", std::to_string(*what.retry_after_seconds));
    co_return response;
}

}  // namespace ecert::engine
