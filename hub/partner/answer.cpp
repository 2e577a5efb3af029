#include "hub/partner/answer.hpp"

#include "adapters/engine/reading.hpp"
#include "adapters/sps/validate.hpp"
#include "config/utf8.hpp"
#include "crypto/xml/escape.hpp"
#include "hub/partner/standing.hpp"

#include <fmt/format.h>

namespace ecert::hub {
namespace {

constexpr std::size_t most_findings = 500;

std::vector<engine::told_finding> findings_of(const problems& found, language in) {
    std::vector<engine::told_finding> all;
    for (const auto& p : found) {
        if (all.size() == most_findings) break;
        auto r = sps::validation_result_of(p, in);
        all.push_back(
            {std::string{r.area}, std::string{r.level}, std::move(r.field), std::move(r.msg)});
    }
    return all;
}

}  // namespace

awaitable<served_answer> reply(reply_to whom, engine::reply_material what) {
    // What others said of it may be no XML: a gateway's page, cut anywhere.
    for (auto& each : what.envelopes) each.text = crypto::xml::carried(each.text);
    for (auto& each : what.findings) each.text = crypto::xml::carried(each.text);
    auto written = co_await engine::render(whom.with, whom.over, whom.asked, std::move(what));
    if (!written) co_return fault_of(written.error());
    co_return std::move(*written);
}

awaitable<served_answer> reply(reply_to whom, engine::told_envelope one) {
    engine::reply_material what;
    what.envelopes.push_back(std::move(one));
    return reply(whom, std::move(what));
}

awaitable<served_answer> decline(reply_to whom, engine::fault why) {
    if (!whom.asked.operation->refuses_in_reply || !why.sender) co_return why;
    co_return co_await reply(whom, told_refused(whom.asked.envelope, std::move(why.text)));
}

awaitable<served_answer> serve_validate(reply_to whom, language in,
                                        std::function<problems()> judge) {
    if (!whom.asked.content) co_return no_certificate(*whom.asked.operation);
    auto told = [&] { return findings_of(judge(), in); };
    engine::reply_material what;
    what.findings = co_await on_pool(whom.with.work, std::move(told));
    co_return co_await reply(whom, std::move(what));
}

engine::fault fault_of(const failure& f) {
    switch (f.kind) {
        case failure_kind::unavailable:
        case failure_kind::deadline:
            return {false, "Busy", f.text, 30};
        case failure_kind::internal:
            return {false, "Internal",
                    "The node could not do it, or not say so: ask what became of it, or send it "
                    "again, it is stored once",
                    30};
        case failure_kind::conflict:
            return {true, "Conflict", f.text, {}};
        case failure_kind::too_large:
            return {true, "TooLarge", f.text, {}};
        case failure_kind::forbidden:
            return {true, "Forbidden", f.text, {}};
        default:
            return {true, "Invalid", f.text, {}};
    }
}

engine::fault no_certificate(const engine::serve_operation& operation) {
    return {true,
            "Invalid",
            fmt::format("The request holds no certificate: it is looked for in the element {} of "
                        "the namespace {}",
                        operation.content.local, operation.content.ns),
            {}};
}

engine::fault no_such_envelope(std::string_view number) {
    return {true,
            "EnvelopeNotExists",
            fmt::format("EnvelopeNotExists: there is no envelope '{}' for you here",
                        valid_utf8(number, 100)),
            {}};
}

std::uint64_t message_limit(const limit_settings& limits) { return engine::message_bytes(limits); }

std::string field(const engine::served& asked, const std::string& name) {
    const auto at = asked.fields.find(name);
    return at == asked.fields.end() ? std::string{} : at->second;
}

std::optional<queue::uuid> number_of(const engine::served& asked) {
    queue::uuid id{};
    if (queue::parse_uuid(field(asked, "reference"), id)) return id;
    return std::nullopt;
}

awaitable<result<std::vector<engine::told_envelope>>> with_contents(
    ledger& from, std::vector<content_wanted> wanted) {
    std::vector<engine::told_envelope> all;
    std::uint64_t bytes = 0;
    for (auto& each : wanted) {
        if (all.size() == most_contents) break;
        auto content = co_await from.content(each.digest);
        if (!content) co_return content.error();
        if (!all.empty() && bytes + (*content)->size() > most_content_bytes) break;
        bytes += (*content)->size();
        each.told.content = std::move(*content);
        all.push_back(std::move(each.told));
    }
    co_return all;
}

}  // namespace ecert::hub
