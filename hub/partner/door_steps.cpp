#include "hub/partner/door_steps.hpp"

#include "hub/listen/media_type.hpp"
#include "hub/partner/answer.hpp"
#include "hub/partner/service_address.hpp"

namespace ecert::hub {
namespace {

constexpr unsigned disk_retry_seconds = 60;

http::response plain(int status, std::string text) {
    return http::reply(status, "text/plain; charset=utf-8", std::move(text));
}

engine::fault below_reserve() {
    return {false, "Busy", "This node's disk is below its reserve: nothing new is taken in",
            disk_retry_seconds};
}

}  // namespace

std::optional<http::response> answer_by_head(const http::request_head& head,
                                             const engine::dialect& dialect,
                                             std::string_view path) {
    if (head.method == "POST") return std::nullopt;
    if (asks_for_description(head) && !dialect.wsdl.empty()) {
        const auto address = service_address(head, path);
        if (!address) return plain(400, "The Host field is no host.\n");
        auto response = engine::describe(dialect, *address);
        response.fields.set("Cache-Control", "no-store");
        return response;
    }
    auto response = plain(405, dialect.wsdl.empty() ? "POST a SOAP message.\n"
                                                    : "POST a SOAP message; GET ?wsdl describes "
                                                      "the service.\n");
    response.fields.set("Allow", dialect.wsdl.empty() ? "POST" : "GET, POST");
    return response;
}

std::uint64_t disk_reserve::readable(const limit_settings& limits) const {
    return low ? limits.spool_threshold : message_limit(limits);
}

std::optional<engine::fault> disk_reserve::refuse(const engine::serve_operation& operation) const {
    if (!low || operation.verb != engine::serve_verb::deliver) return std::nullopt;
    return below_reserve();
}

engine::fault disk_reserve::refuse_body(const failure& f) const {
    return low && f.kind == failure_kind::too_large ? below_reserve() : fault_of(f);
}

awaitable<std::optional<http::response>> worded_as_fault(engine::tools with,
                                                         engine::snapshot_ptr profiles,
                                                         const http::request_head& head, int status,
                                                         std::string_view why) {
    const auto& at = head.segments;
    const bool agencys = at.size() == 2 && at.front() == "soap";
    if (head.method != "POST" || (at.size() != 1 && !agencys)) co_return std::nullopt;
    const auto over = engine::served_to_agencies(*profiles, at.back());
    if (!over) co_return std::nullopt;
    const bool ours = status == 500;
    engine::fault wrong{!ours, ours ? "Internal" : "InvalidMessage", std::string{why}, {}};
    if (is_media_type(head, {"application/soap+xml"})) wrong.spoken = engine::soap_version::v1_2;
    auto said = co_await engine::write_fault(with, over, {}, std::move(wrong));
    said.status = status;
    co_return said;
}

std::optional<engine::fault> refuse_media_type(const http::request_head& head) {
    if (is_media_type(head, {"text/xml", "application/soap+xml", "application/xml"}) ||
        head.fields.get("Content-Type").empty())
        return std::nullopt;
    const bool parts = head.fields.get("Content-Type").starts_with("multipart/");
    return engine::fault{
        true,
        "InvalidMessage",
        parts ? "Messages in parts (MTOM, SwA) are not spoken here: attachments stand inside the "
                "certificate"
              : "Send a SOAP message as text/xml (1.1) or application/soap+xml (1.2)",
        {}};
}

}  // namespace ecert::hub
