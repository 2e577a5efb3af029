#include "hub/partner/partner_door.hpp"

#include "config/log.hpp"
#include "hub/listen/trace.hpp"
#include "hub/partner/request.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ecert::hub {
namespace {

// Escaping a certificate into a message makes it longer; anything beyond this is refused while it
// is read.
std::uint64_t message_limit(const limit_settings& limits) {
    return limits.certificate_bytes * 3 / 2 + mib;
}

void log_refusal(const http::incoming& from, std::string_view channel, const engine::fault& f) {
    log::write(log::level::warn, "partner_request_refused",
               {{"remote", std::string_view{from.remote()}},
                {"channel", channel},
                {"code", std::string_view{f.subcode}},
                {"reason", std::string_view{f.text}}});
}

class door_handler {
  public:
    explicit door_handler(partner_door parts) : door_{std::move(parts)} {}

    awaitable<http::response> operator()(http::incoming& from) const {
        const auto profiles = door_.profiles.current();
        const auto channel = channel_of(from, *profiles);
        if (!channel)
            co_return http::reply(401, "text/plain; charset=utf-8",
                                  "Your certificate is not known here.\n");
        const auto& segments = from.head().segments;
        if (segments.size() != 1 || segments.front() != channel->dialect->name)
            co_return http::reply(404, "text/plain; charset=utf-8",
                                  "There is no such service here.\n");
        if (from.head().method != "POST")
            co_return http::reply(405, "text/plain; charset=utf-8", "POST a SOAP message.\n");

        std::string relates_to;
        auto outcome = co_await serve(from, profiles, channel, relates_to);
        if (auto* response = std::get_if<http::response>(&outcome)) co_return std::move(*response);
        auto& wrong = std::get<engine::fault>(outcome);
        log_refusal(from, channel->profile.name, wrong);
        door_.figures.refused("partner:" + wrong.subcode);
        co_return co_await engine::write_fault(door_.with, channel, relates_to, std::move(wrong));
    }

  private:
    using served_or_fault = std::variant<http::response, engine::fault>;

    engine::channel_ptr channel_of(const http::incoming& from,
                                   const engine::snapshot& profiles) const {
        if (!from.peer()) return nullptr;
        const auto who = door_.who()->of(*from.peer(), door_.with.time.now());
        const auto* as = std::get_if<channel_role>(&who);
        if (as == nullptr) {
            const auto* no = std::get_if<nobody>(&who);
            log::write(log::level::warn, "partner_unknown",
                       {{"remote", std::string_view{from.remote()}},
                        {"subject", std::string_view{from.peer()->subject()}},
                        {"reason", std::string_view{no != nullptr ? no->why : called(who)}}});
            return nullptr;
        }
        const auto found = profiles.channels.find(as->channel);
        return found == profiles.channels.end() ? nullptr : found->second;
    }

    awaitable<served_or_fault> serve(http::incoming& from, engine::snapshot_ptr profiles,
                                     engine::channel_ptr channel, std::string& relates_to) const {
        if (door_.disk_low())
            co_return engine::fault{
                false, "Busy", "This node's disk is below its reserve: nothing new is taken in",
                60};
        const auto body = co_await from.read_body(message_limit(door_.with.limits));
        if (!body) co_return fault_of(body.error());

        auto asked = co_await engine::read_request(door_.with, channel, from.head(), *body);
        if (!asked) co_return asked.error();
        relates_to = asked->message_id;
        if (auto replay = co_await seen_before(*asked)) co_return *replay;

        const auto partner = authenticate(*profiles, channel->profile.name, asked->envelope);
        if (!partner) co_return partner.error();
        const partner_request request{std::move(profiles), channel, *partner, std::move(*asked),
                                      traceparent_for(from.head().fields.get("traceparent"))};
        auto answer = co_await act(request);
        if (auto* wrong = std::get_if<engine::fault>(&answer)) co_return std::move(*wrong);
        co_return co_await engine::write_reply(door_.with, channel, request.asked,
                                               std::get<std::string>(std::move(answer)));
    }

    awaitable<std::optional<engine::fault>> seen_before(const engine::served& asked) const {
        if (asked.signer.empty()) co_return std::nullopt;  // an unsigned dialect: nothing to key on
        const auto fresh = co_await door_.ledger.remember_signature(
            asked.signature, asked.signature_until, door_.with.time.now());
        if (!fresh) co_return fault_of(fresh.error());
        if (*fresh) co_return std::nullopt;
        door_.figures.alert("replayed_message");
        co_return engine::fault{
            true,
            "wsse:FailedCheck",
            "This very signature was seen before: sign every attempt afresh, with a new Timestamp",
            {}};
    }

    awaitable<partner_answer> act(const partner_request& request) const {
        switch (request.asked.operation->verb) {
            case queue::verb::deliver:
                co_return co_await serve_deliver(door_, request);
            case queue::verb::respond:
                co_return co_await serve_respond(door_, request);
            default:
                break;
        }
        co_return engine::fault{true,
                                "ActionNotSupported",
                                fmt::format("{} is not served here", request.asked.operation->name),
                                {}};
    }

    partner_door door_;
};

}  // namespace

http::handler make_partner_handler(partner_door parts) {
    auto handler = std::make_shared<const door_handler>(std::move(parts));
    return [handler](http::incoming& from) { return (*handler)(from); };
}

responsible responsible_agency(const configuration& c, const queue::envelope& e) {
    const auto matches = [&](const inbox_rule& rule) {
        return (rule.types.empty() || std::ranges::count(rule.types, e.type) > 0) &&
               (rule.from.empty() || std::ranges::count(rule.from, e.from) > 0);
    };
    for (const auto& [name, agency] : c.agencies)
        if (std::ranges::any_of(agency.inbox, matches)) return {name, true};
    return {c.node.default_agency, false};
}

}  // namespace ecert::hub
