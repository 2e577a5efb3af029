#include "hub/partner/receive.hpp"

#include "config/log.hpp"
#include "config/utf8.hpp"
#include "hub/partner/arrival_told.hpp"
#include "hub/partner/partner_door.hpp"
#include "hub/partner/request.hpp"
#include "hub/partner/standing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace ecert::hub {
namespace {

constexpr std::size_t longest_told = 1000;  // of what a confirmation says

queue::confirmation failed(std::string why) {
    return {queue::confirmation_kind::failed, valid_utf8(why, longest_told)};
}

awaitable<result<crypto::source_ptr>> content_of(const reception_parts& by,
                                                 const queue::content_ref& ref) {
    if (!ref.bytes) co_return co_await by.ledger.content(ref.digest);
    auto content = crypto::from_memory(*ref.bytes);
    if (content->digest() != ref.digest)
        co_return failure{failure_kind::unavailable, "the content that came is not the one named"};
    co_return content;
}

}  // namespace

queue::confirmation confirmation_of(const inspected& seen) {
    if (!seen.readable)
        return failed("The content is no certificate that can be read: " + sentences(seen.found));
    if (!seen.refused.empty())
        return failed("The certificate is not as it must be here: " + sentences(seen.refused));
    if (!seen.held.refused.empty())
        return failed("The envelope does not say what the certificate says: " +
                      sentences(seen.held.refused));
    if (!has_errors(seen.found)) return {};
    return {queue::confirmation_kind::warning,
            valid_utf8("Stored, with errors found: " + sentences(seen.found), longest_told)};
}

awaitable<result<fetched_arrival>> receive_fetched(reception_parts by, queue::outcome o) {
    const auto profiles = by.profiles.current();
    const auto over = profiles->channels.find(o.channel);
    if (over == profiles->channels.end())
        co_return failure{failure_kind::unavailable, "its channel is not configured now"};
    const auto& envelope = o.fetched->envelope;
    const auto from = authenticate(*profiles, o.channel, envelope);
    if (!from)
        co_return failure{failure_kind::forbidden,
                          fmt::format("it is from {} to {}, and on channel {} this node is {}",
                                      envelope.from, envelope.to, o.channel, over->second->node)};
    if (*from != o.partner)
        co_return failure{
            failure_kind::conflict,
            fmt::format("it is from {}, where one of {} was asked for", *from, o.partner)};

    const auto whose = responsible_agency(*profiles->configuration, envelope);
    fetched_arrival all;
    all.what.partner = o.partner;
    all.what.channel = o.channel;
    all.what.reference = o.reference;
    all.what.envelope = envelope;
    all.what.agency = whose.agency;
    all.by_rule = whose.by_rule;
    all.what.at = by.with.time.now();
    all.what.traceparent = o.traceparent;
    if (!o.fetched->content) {
        all.confirm = failed("The envelope holds no content.");
    } else {
        auto content = co_await content_of(by, *o.fetched->content);
        if (!content)
            co_return failure{failure_kind::unavailable,
                              "what was fetched is not here: " + content.error().text};
        all.what.content = *content;
        const held_to line{envelope, o.partner, over->second->node,
                           profiles->configuration->partners.at(o.partner).validation};
        auto reading = [&] { return inspect(all.what.content, by.with, line); };
        auto seen = co_await on_pool(by.with.work, std::move(reading));
        all.confirm = confirmation_of(seen);
        all.what.readable = !has_errors(seen.found);
        all.what.findings = std::move(seen.found);
        std::ranges::copy(seen.held.kept, std::back_inserter(all.what.findings));
        all.differing = std::move(seen.held.kept);
    }
    co_return all;
}

void tell_of_fetched(metrics& figures, const fetched_arrival& what, const applied& done) {
    if (!done.received) return;
    const auto& told = what.confirm;
    log::write(told.how == queue::confirmation_kind::plain ? log::level::info : log::level::warn,
               "certificate_fetched",
               {{"partner", std::string_view{what.what.partner}},
                {"channel", std::string_view{what.what.channel}},
                {"reference", std::string_view{what.what.reference}},
                {"number", std::string_view{what.what.envelope.number}},
                {"confirm", queue::name_of(told.how)},
                {"text", std::string_view{told.text}}});
    if (done.stored) tell_of_arrival(figures, what.what, what.by_rule, what.differing);
}

}  // namespace ecert::hub
