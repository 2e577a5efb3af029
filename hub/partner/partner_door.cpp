#include "hub/partner/partner_door.hpp"

#include "config/log.hpp"
#include "hub/listen/trace.hpp"
#include "hub/partner/door_steps.hpp"
#include "hub/partner/inspection.hpp"
#include "hub/partner/request.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ecert::hub {
namespace {

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
        if (!channel) co_return co_await refuse_stranger(from, *profiles);
        const auto& segments = from.head().segments;
        if (segments.size() != 1 || segments.front() != channel->dialect->name)
            co_return http::reply(404, "text/plain; charset=utf-8",
                                  "There is no such service here.\n");
        if (auto known = answer_by_head(from.head(), *channel->dialect, segments.front()))
            co_return std::move(*known);

        replying_to replying;
        auto outcome = co_await serve(from, profiles, channel, replying);
        if (auto* response = std::get_if<http::response>(&outcome)) co_return std::move(*response);
        auto& wrong = std::get<engine::fault>(outcome);
        if (!wrong.spoken) wrong.spoken = replying.spoken;
        log_refusal(from, channel->profile.name, wrong);
        door_.figures.refused("partner:" + wrong.subcode);
        co_return co_await engine::write_fault(door_.with, channel, replying.message,
                                               std::move(wrong));
    }

  private:
    using served_or_fault = std::variant<http::response, engine::fault>;

    // What a fault says of the request, once that is known.
    struct replying_to {
        std::string message;
        std::optional<engine::soap_version> spoken;
    };

    // Where trust is TLS alone the contract has a fault for it, as its Hub has.
    awaitable<http::response> refuse_stranger(http::incoming& from,
                                              const engine::snapshot& profiles) const {
        const auto& segments = from.head().segments;
        const auto over =
            segments.size() == 1 ? served_to_agencies(profiles, segments.front()) : nullptr;
        if (!over || from.head().method != "POST")
            co_return http::reply(401, "text/plain; charset=utf-8",
                                  "Your certificate is not known here.\n");
        engine::fault wrong{true,
                            "Forbidden",
                            "NPPO from client certificate not found: this certificate is not one "
                            "of a partner of this node",
                            {}};
        co_return co_await engine::write_fault(door_.with, over, {}, std::move(wrong));
    }

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
                                     engine::channel_ptr channel, replying_to& replying) const {
        if (auto wrong = refuse_media_type(from.head())) co_return *wrong;
        const disk_reserve reserve{door_.disk_low()};
        const auto body = co_await from.read_body(reserve.readable(door_.with.limits));
        if (!body) co_return reserve.refuse_body(body.error());

        auto asked = co_await engine::read_request(door_.with, channel, from.head(), *body);
        if (!asked) co_return asked.error();
        replying = {asked->message_id, asked->spoken};
        if (auto wrong = reserve.refuse(*asked->operation)) co_return *wrong;
        if (auto replay = co_await seen_before(*asked)) co_return *replay;

        partner_request request{profiles,
                                channel,
                                {},
                                partners_of(*profiles, channel->profile.name),
                                std::move(*asked),
                                traceparent_for(from.head().fields.get("traceparent")),
                                preferred_language(from.head().fields.get("Accept-Language"))};
        if (auto wrong = identify(request)) co_return *wrong;
        auto answer = co_await act(request);
        if (auto* wrong = std::get_if<engine::fault>(&answer)) co_return std::move(*wrong);
        co_return co_await engine::write_reply(door_.with, channel, request.asked,
                                               std::get<crypto::xml::parts>(std::move(answer)));
    }

    // Who speaks, where the operation names somebody; nobody else's names are taken for it.
    static std::optional<engine::fault> identify(partner_request& request) {
        using engine::serve_verb;
        const auto& operation = *request.asked.operation;
        const auto& channel = request.channel->profile.name;
        auto& envelope = request.asked.envelope;
        const bool told = operation.verb == serve_verb::track && operation.variant == "told";
        const bool named =
            operation.verb == serve_verb::deliver || operation.verb == serve_verb::respond || told;
        if (!named) return std::nullopt;
        // An answer's header may be that of the certificate it answers, which went the other way.
        if (operation.verb == serve_verb::respond && !request.channel->dialect->addressing &&
            envelope.from == request.channel->node)
            std::swap(envelope.from, envelope.to);
        const auto partner = told ? authenticate_receiver(*request.profiles, channel, envelope)
                                  : authenticate(*request.profiles, channel, envelope);
        if (!partner) return partner.error();
        request.partner = *partner;
        return std::nullopt;
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

    awaitable<served_answer> act(const partner_request& request) const {
        using engine::serve_verb;
        const auto& operation = *request.asked.operation;
        switch (operation.verb) {
            case serve_verb::deliver:
                co_return co_await serve_deliver(door_, request);
            case serve_verb::respond:
                co_return co_await serve_respond(door_, request);
            case serve_verb::track:
                if (operation.variant == "told") co_return co_await serve_told(door_, request);
                co_return co_await serve_track(door_, request);
            case serve_verb::list:
                co_return co_await serve_list(door_, request);
            case serve_verb::fetch:
                co_return co_await serve_fetch(door_, request);
            case serve_verb::confirm:
                co_return co_await serve_confirm(door_, request);
            case serve_verb::validate:
                co_return co_await serve_validate(request.back(door_), request.in, [&] {
                    return inspect(request.asked.content, door_.with, {}).found;
                });
            case serve_verb::lookup:
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
