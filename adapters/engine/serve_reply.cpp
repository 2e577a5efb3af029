#include "adapters/engine/carried.hpp"
#include "adapters/engine/engine.hpp"
#include "adapters/engine/exchange.hpp"
#include "adapters/engine/security.hpp"
#include "adapters/soap/write.hpp"
#include "config/log.hpp"
#include "config/utf8.hpp"
#include "crypto/xml/escape.hpp"

#include <boost/uuid/uuid.hpp>

#include <algorithm>
#include <array>

namespace ecert::engine {
namespace {

constexpr std::uint64_t largest_reply = 4ull << 20;
constexpr std::size_t small_reply = 16 << 10;
constexpr std::size_t longest_fault = 32 << 10;  // its text; what it says of foreign bytes is short
constexpr std::array<std::string_view, 6> standing_names{"pending",    "delivered", "warned",
                                                         "unreadable", "failed",    "unknown"};
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

http::response respond(soap_version version, int status, const std::string& action,
                       soap::message message) {
    http::response all;
    all.status = status;
    all.fields.set("Content-Type", soap::content_type(version, action));
    all.size = message.size;
    all.body = std::move(message.parts);
    return all;
}

bool is_small(const crypto::xml::parts& inside) {
    const auto* text = inside.size() == 1 ? std::get_if<std::string>(&inside.front()) : nullptr;
    return text && text->size() <= small_reply;
}

// Header and signature made now around a Body that may be days old.
struct wrapping {
    tools with;
    channel_ptr over;
    soap_version version;
    std::string relates_to, action;
    std::string subcodes = {};  // of a fault: the namespace of their prefix
};

awaitable<result<soap::message>> wrap(wrapping as, crypto::xml::parts inside) {
    const auto& dialect = *as.over->dialect;
    const auto* profile = find_security(dialect.security);
    const auto id = profile->signs() ? soap::body_id::given : soap::body_id::none;
    soap::body body;  // a receipt is digested sooner than handed over
    const bool small = is_small(inside);
    auto write = [&] { return soap::make_body(as.version, std::move(inside), id); };
    if (small)
        body = write();
    else
        body = co_await on_pool(as.with.work, write);
    std::vector<soap::written_header> headers;
    if (dialect.addressing) {
        soap::addressing to{fresh_message_id(), std::string{soap::anonymous}, std::move(as.action),
                            std::move(as.relates_to)};
        headers = soap::write_addressing(to);
    }
    std::vector<crypto::wss::signed_part> parts{body.part()};
    for (const auto& header : headers) parts.push_back(header.part);
    auto security = co_await profile->header(as.with, as.over, std::move(parts));
    if (!security) {
        log::write(log::level::error, "reply_not_signed",
                   {{"channel", as.over->profile.name}, {"reason", security.error().text}});
        co_return security.error();
    }
    co_return soap::assemble(as.version, headers, *security, std::move(body), as.subcodes);
}

// Says no more than that it is our fault: nothing about keys.
http::response unsigned_failure(soap_version version) {
    auto text =
        soap::write_fault(version, version == soap_version::v1_1 ? "Server" : "Receiver", "",
                          "the answer could not be signed; nothing is wrong with the request");
    return respond(version, 500, fault_action,
                   soap::assemble(version, {}, "", soap::make_body(version, {std::move(text)})));
}

std::string code_of(const fault& what, soap_version version) {
    if (what.subcode == "MustUnderstand" || what.subcode == "VersionMismatch") return what.subcode;
    if (version == soap_version::v1_1) return what.sender ? "Client" : "Server";
    return what.sender ? "Sender" : "Receiver";
}

// The reply as the dialect's stylesheet writes it. Pool thread.
result<crypto::xml::parts> written(const exchange& from, const crypto::xml::stylesheet& by,
                                   soap_version version,
                                   const std::map<std::string, crypto::source_ptr>& contents) {
    auto document = make_exchange(from);
    if (!document) return document.error();
    auto made = by.apply(*document, {});
    if (!made) return made.error();
    return soap::split_at_content(*made, version, contents);
}

exchange answering(const served& to) {
    exchange from;
    from.verb = name_of(to.operation->verb);
    from.role = "serve";
    from.operation = to.operation->name;
    from.message_id = to.message_id;
    from.relates_to = to.relates_to;
    from.envelope = to.envelope;
    return from;
}

// Names each content for the stylesheet, and says how it must be carried.
void add_rows(exchange& into, std::vector<told_envelope> told,
              std::map<std::string, crypto::source_ptr>& contents) {
    for (auto& each : told) {
        exchange::row row{std::move(each.reference), std::string{name_of(each.standing)},
                          std::move(each.text), std::move(each.envelope)};
        if (each.content) {
            row.ref = std::to_string(contents.size() + 1);
            row.content = {each.content->size(), each.content->digest(),
                           std::string{encoding_for(*each.content)}};
            contents.emplace(row.ref, std::move(each.content));
        }
        into.rows.push_back(std::move(row));
    }
}

// What the dialect puts below a fault's detail: its contract's judgement of a request. Empty where
// it has nothing to say there, and where nothing is wrong with the request.
awaitable<std::string> detail_of(const tools& with, const dialect& of, soap_version version,
                                 const fault& what) {
    if (!of.fault_detail || !what.sender) co_return std::string{};
    exchange from;
    from.role = "serve";
    from.facts = {{"text", what.text}, {"code", what.subcode}};
    auto make = [&] { return written(from, of.fault_detail, version, {}); };
    const auto made = co_await on_pool(with.work, make);
    if (made) co_return crypto::xml::to_string(*made, largest_reply);
    log::write(log::level::error, "fault_detail_not_made",
               {{"dialect", std::string_view{of.name}}, {"reason", made.error().text}});
    co_return std::string{};
}

}  // namespace

std::string_view name_of(standing s) { return standing_names.at(static_cast<std::size_t>(s)); }

std::optional<standing> standing_of(std::string_view name) {
    const auto at = std::ranges::find(standing_names, name);
    if (at == standing_names.end()) return std::nullopt;
    return static_cast<standing>(at - standing_names.begin());
}

awaitable<result<crypto::xml::parts>> render(tools with, channel_ptr, const served& to,
                                             reply_material what) {
    auto make = [&] {
        auto from = answering(to);
        from.facts = std::move(what.known);
        std::map<std::string, crypto::source_ptr> contents;
        add_rows(from, std::move(what.envelopes), contents);
        for (auto& f : what.findings)
            from.findings.push_back(
                {std::move(f.area), std::move(f.level), std::move(f.field), std::move(f.text)});
        return written(from, to.operation->reply, to.spoken, contents);
    };
    co_return co_await on_pool(with.work, make);
}

awaitable<result<std::string>> render_reply(tools with, channel_ptr over, const served& to,
                                            facts known) {
    reply_material what;
    what.known = std::move(known);
    auto inside = co_await render(with, over, to, std::move(what));
    if (!inside) co_return inside.error();
    co_return crypto::xml::to_string(*inside, largest_reply);
}

awaitable<http::response> write_reply(tools with, channel_ptr over, const served& to,
                                      crypto::xml::parts body) {
    const auto action = to.operation->reply_action;
    wrapping as{with, over, to.spoken, to.message_id, action};
    auto message = co_await wrap(std::move(as), std::move(body));
    if (!message) co_return unsigned_failure(to.spoken);
    co_return respond(to.spoken, 200, action, std::move(*message));
}

awaitable<http::response> write_reply(tools with, channel_ptr over, const served& to,
                                      std::string body) {
    crypto::xml::parts whole;
    whole.emplace_back(std::move(body));
    return write_reply(with, std::move(over), to, std::move(whole));
}

awaitable<http::response> write_fault(tools with, channel_ptr over, const std::string& relates_to,
                                      fault what) {
    const auto& dialect = *over->dialect;
    // It may quote the request, cut anywhere.
    what.text = crypto::xml::carried(valid_utf8(what.text, longest_fault));
    const auto version = what.spoken.value_or(dialect.served.front());
    const auto code = code_of(what, version);
    auto subcode = code == what.subcode ? std::string{} : what.subcode;
    const auto subcodes =
        dialect.fault_namespace.empty() ? std::string{"urn:ecert:fault"} : dialect.fault_namespace;
    if (!subcode.empty() && subcode.find(':') == std::string::npos) subcode.insert(0, "f:");
    const auto detail = co_await detail_of(with, dialect, version, what);
    wrapping as{with,         over,    version, relates_to.empty() ? what.relates_to : relates_to,
                fault_action, subcodes};
    crypto::xml::parts inside;
    inside.emplace_back(soap::write_fault(version, code, subcode, what.text, detail));
    auto message = co_await wrap(std::move(as), std::move(inside));
    if (!message) co_return unsigned_failure(version);
    const auto status = what.retry_after_seconds ? 503 : soap::fault_status(version, code);
    auto response = respond(version, status, fault_action, std::move(*message));
    if (what.retry_after_seconds)
        response.fields.set("Retry-After", std::to_string(*what.retry_after_seconds));
    co_return response;
}

http::response describe(const dialect& of, std::string_view address) {
    auto text = of.wsdl;
    const auto written = crypto::xml::escape_attribute(address);
    for (std::size_t at = 0; (at = text.find(wsdl_address, at)) != text.npos; at += written.size())
        text.replace(at, wsdl_address.size(), written);
    return http::reply(200, "text/xml; charset=utf-8", std::move(text));
}

}  // namespace ecert::engine
