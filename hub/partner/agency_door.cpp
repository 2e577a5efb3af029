#include "hub/partner/agency_door.hpp"

#include "config/log.hpp"
#include "hub/partner/agency_request.hpp"
#include "hub/partner/door_steps.hpp"

#include <fmt/format.h>

namespace ecert::hub {
namespace {

engine::tools tools_of(const agency_api& parts) {
    return {parts.work, parts.time, parts.limits, parts.spool_folder};
}

engine::fault stranger() {
    return {true,
            "Forbidden",
            "NPPO from client certificate not found: this certificate is not one of an agency of "
            "this country",
            {}};
}

// What is refused before a byte of the body is read.
std::optional<engine::fault> refuse_by_head(agency_call& call, const http::request_head& head) {
    if (auto wrong = refuse_media_type(head)) return wrong;
    const auto& parts = call.parts;
    const auto wait = call.rate.take(call.agency.name, parts.time.steady());
    if (!wait) return std::nullopt;
    parts.figures.refused("rate");
    const auto seconds = static_cast<unsigned>((wait->count() + 999) / 1000);
    return engine::fault{false, "Busy", "This agency asks more often than it may", seconds};
}

awaitable<served_answer> carry_out(agency_request& request) {
    using engine::serve_verb;
    const auto& operation = *request.asked.operation;
    switch (operation.verb) {
        case serve_verb::deliver:
            return agency_deliver(request);
        case serve_verb::respond:
            return agency_respond(request);
        case serve_verb::list:
            return agency_list(request);
        case serve_verb::fetch:
            return agency_fetch(request);
        case serve_verb::confirm:
            return agency_confirm(request);
        case serve_verb::validate:
            return serve_validate(request.back(), request.call.in,
                                  [&request] { return judge_alone(request); });
        case serve_verb::track:
            if (operation.variant.empty()) return agency_track(request);
            break;
        case serve_verb::lookup:
            break;
    }
    return [](std::string name) -> awaitable<served_answer> {
        co_return engine::fault{true,
                                "ActionNotSupported",
                                fmt::format("{} is for partners: an agency confirms what it "
                                            "received with the acknowledgements",
                                            name),
                                {}};
    }(operation.name);
}

struct outcome_of_reading {
    std::optional<engine::served> asked;
    std::optional<engine::fault> wrong;
};

awaitable<outcome_of_reading> read(agency_call& call, engine::channel_ptr over,
                                   http::incoming& from) {
    outcome_of_reading made;
    if ((made.wrong = refuse_by_head(call, from.head()))) co_return made;
    const auto& low = call.parts.disk_low;
    const disk_reserve reserve{low && low()};
    const auto body = co_await from.read_body(reserve.readable(call.parts.limits));
    if (!body) {
        made.wrong = reserve.refuse_body(body.error());
        co_return made;
    }
    auto asked = co_await engine::read_request(tools_of(call.parts), over, from.head(), *body);
    if (!asked)
        made.wrong = asked.error();
    else if (!(made.wrong = reserve.refuse(*asked->operation)))
        made.asked = std::move(*asked);
    co_return made;
}

awaitable<http::response> refuse(const agency_api& parts, engine::channel_ptr over,
                                 const http::incoming& from, std::string agency,
                                 engine::fault why) {
    log::write(log::level::warn, "agency_soap_refused",
               {{"remote", std::string_view{from.remote()}},
                {"agency", std::string_view{agency}},
                {"code", std::string_view{why.subcode}},
                {"reason", std::string_view{why.text}}});
    parts.figures.refused("soap:" + why.subcode);
    co_return co_await engine::write_fault(tools_of(parts), over, {}, std::move(why));
}

}  // namespace

awaitable<http::response> serve_agency_soap(const agency_api& parts, agency_call* call,
                                            http::incoming& from) {
    const auto& segments = from.head().segments;
    const auto snapshot = call ? call->snapshot : parts.profiles.current();
    const auto over =
        segments.size() == 2 ? engine::served_to_agencies(*snapshot, segments[1]) : nullptr;
    if (!over)
        co_return http::reply(404, "text/plain; charset=utf-8", "There is no such service here.\n");
    if (!call) co_return co_await refuse(parts, over, from, {}, stranger());
    if (auto known = answer_by_head(from.head(), *over->dialect, "soap/" + over->dialect->name))
        co_return std::move(*known);

    auto got = co_await read(*call, over, from);
    if (got.wrong)
        co_return co_await refuse(parts, over, from, call->agency.name, std::move(*got.wrong));
    agency_request request{*call, tools_of(parts), over, std::move(*got.asked), from.head()};
    auto answer = co_await carry_out(request);
    if (auto* wrong = std::get_if<engine::fault>(&answer)) {
        wrong->spoken = request.asked.spoken;
        co_return co_await refuse(parts, over, from, call->agency.name, std::move(*wrong));
    }
    co_return co_await engine::write_reply(request.with, over, request.asked,
                                           std::get<crypto::xml::parts>(std::move(answer)));
}

}  // namespace ecert::hub
