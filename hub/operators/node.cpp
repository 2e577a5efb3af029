// The node itself: how much is in which state, its channels, its disk, the proof that its events
// are whole, and a new reading of its configuration.
#include "config/log.hpp"
#include "hub/listen/json.hpp"
#include "hub/listen/problem_response.hpp"
#include "hub/listen/view_json.hpp"
#include "hub/operators/operator_call.hpp"
#include "hub/operators/operator_json.hpp"

#include <filesystem>

namespace ecert::hub {
namespace {

boost::json::object disk_json(const std::filesystem::path& data, const limit_settings& limits) {
    boost::json::object disk;
    std::error_code unknown;
    const auto space = std::filesystem::space(data, unknown);
    disk["folder"] = data.string();
    disk["free_bytes"] = nullptr;
    if (unknown) return disk;
    const auto share = static_cast<double>(space.capacity) * limits.disk_reserve_percent / 100;
    const auto reserve = std::max(limits.disk_reserve_bytes, static_cast<std::uint64_t>(share));
    disk["free_bytes"] = space.available;
    disk["reserve_bytes"] = reserve;
    disk["low"] = space.available < reserve;
    return disk;
}

boost::json::array channel_rows(const dispatch& of) {
    boost::json::array rows;
    for (const auto& c : of.channels()) rows.push_back(channel_row(c));
    return rows;
}

}  // namespace

awaitable<http::response> show_status(operator_call& call, http::incoming&, const parameters&) {
    const auto counts = co_await call.parts.ledger.counts();
    if (!counts) co_return failure_response(counts.error(), call.in);
    const auto configured = call.parts.profiles.current()->configuration;
    auto measure = [&] { return disk_json(configured->node.data, configured->node.limits); };
    boost::json::object body;
    body["node"] = configured->node.name;
    body["at"] = rfc3339(call.parts.time.now());
    body["states"] = states_json(*counts);
    body["owed"] = owed_json(*counts);
    body["channels"] = channel_rows(call.parts.dispatch);
    boost::json::array waits;
    for (const auto& each : call.parts.waits()) waits.push_back(json_text(each));
    body["waits"] = std::move(waits);
    body["disk"] = co_await on_pool(call.blocking, measure);
    co_return json_response(200, body);
}

awaitable<http::response> list_channels(operator_call& call, http::incoming&, const parameters&) {
    boost::json::object body;
    body["rows"] = channel_rows(call.parts.dispatch);
    body["next"] = "";
    co_return json_response(200, body);
}

awaitable<http::response> show_audit(operator_call& call, http::incoming&, const parameters&) {
    const auto audited = co_await call.parts.ledger.audit();
    if (!audited) co_return failure_response(audited.error(), call.in);
    co_return json_response(200, audit_json(*audited));
}

// With errors the configuration in force stays in force.
awaitable<http::response> reload(operator_call& call, http::incoming&, const parameters&) {
    auto act = [&] { return call.parts.reload(); };  // reads files: never on the loop
    const auto found = co_await on_pool(call.blocking, std::move(act));
    log::write(log::level::info, "reload_asked",
               {{"who", std::string_view{call.actor}}, {"refused", has_errors(found)}});
    if (has_errors(found))
        co_return problem_response(422, "configuration", "The configuration in force was kept.",
                                   found, call.in);
    boost::json::object body;
    body["warnings"] = problems_json(found, call.in);
    co_return json_response(200, body);
}

}  // namespace ecert::hub
