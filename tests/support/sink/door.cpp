#include "tests/support/sink/door.hpp"

#include "config/log.hpp"

#include <algorithm>
#include <variant>

namespace ecert::sink {
namespace {

using answer = std::variant<std::string, engine::fault>;

engine::channel_ptr channel_of(const door& parts, const http::incoming& from) {
    if (!from.peer()) return nullptr;
    for (const auto& [name, channel] : parts.profiles->channels)
        for (const auto& rule : channel->identity)
            if (rule.matches(*from.peer(), parts.with.time.now())) return channel;
    return nullptr;
}

std::optional<engine::fault> objection(const door& parts, const engine::channel& over,
                                       const engine::served& asked) {
    if (asked.operation->verb != engine::serve_verb::deliver)
        return engine::fault{true, "ActionNotSupported", "Only certificates are taken here", {}};
    if (!asked.content) return engine::fault{true, "Invalid", "There is no certificate in it", {}};
    if (asked.envelope.to != over.node)
        return engine::fault{true, "Forbidden", "To must be " + over.node, {}};
    const auto& partners = parts.profiles->configuration->partners;
    const bool known = std::ranges::any_of(partners, [&](const auto& one) {
        const auto& [name, partner] = one;
        return partner.channel == over.profile.name &&
               (partner.address.empty() ? name : partner.address) == asked.envelope.from;
    });
    if (known) return std::nullopt;
    return engine::fault{true, "Forbidden", "From is not a partner of this channel", {}};
}

awaitable<answer> take(const door& parts, engine::channel_ptr over, const engine::served& asked) {
    if (auto no = objection(parts, *over, asked)) co_return *std::move(no);
    const auto now = rfc3339(parts.with.time.now());
    engine::facts known{{"message_id", asked.message_id},
                        {"digest", asked.content->digest().hex()},
                        {"size", std::to_string(asked.content->size())},
                        {"receiver", over->node},
                        {"time", now}};
    auto receipt = co_await engine::render_reply(parts.with, over, asked, std::move(known));
    if (!receipt) co_return engine::fault{false, "Internal", receipt.error().text, {}};
    arrival what{asked.message_id, asked.envelope, asked.content, *std::move(receipt), now};
    const auto kept = co_await parts.received.record(std::move(what));
    if (kept.other_content)
        co_return engine::fault{true, "Conflict", "This message id has other content here", {}};
    log::write(log::level::info, "sink_received",
               {{"message_id", asked.message_id},
                {"number", asked.envelope.number},
                {"repeat", kept.repeat}});
    parts.authority.owe({asked.message_id, asked.envelope});
    co_return kept.receipt;
}

awaitable<http::response> serve(const door& parts, engine::channel_ptr over, http::incoming& from) {
    const auto& limits = parts.with.limits;
    const auto body = co_await from.read_body(limits.certificate_bytes * 3 / 2 + mib);
    if (!body) {
        const engine::fault busy{false, "Busy", body.error().text, 5};
        const engine::fault wrong{true, "Invalid", body.error().text, {}};
        const bool later = body.error().kind == failure_kind::unavailable;
        co_return co_await engine::write_fault(parts.with, over, "", later ? busy : wrong);
    }
    const auto asked = co_await engine::read_request(parts.with, over, from.head(), *body);
    if (!asked) co_return co_await engine::write_fault(parts.with, over, "", asked.error());
    auto said = co_await take(parts, over, *asked);
    if (auto* wrong = std::get_if<engine::fault>(&said))
        co_return co_await engine::write_fault(parts.with, over, asked->message_id,
                                               std::move(*wrong));
    co_return co_await engine::write_reply(parts.with, over, *asked,
                                           std::get<std::string>(std::move(said)));
}

}  // namespace

http::handler make_handler(const door& parts) {
    return [&parts](http::incoming& from) -> awaitable<http::response> {
        const auto over = channel_of(parts, from);
        if (!over)
            co_return http::reply(401, "text/plain", "Your certificate is not known here.\n");
        const auto& segments = from.head().segments;
        if (segments.size() != 1 || segments.front() != over->dialect->name)
            co_return http::reply(404, "text/plain", "There is no such service here.\n");
        if (from.head().method != "POST")
            co_return http::reply(405, "text/plain", "POST a SOAP message.\n");
        co_return co_await serve(parts, over, from);
    };
}

}  // namespace ecert::sink
