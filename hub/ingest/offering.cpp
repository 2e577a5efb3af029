#include "hub/ingest/offering.hpp"

#include "adapters/sps/certificate.hpp"

namespace ecert::hub {

awaitable<result<void>> prepare_offer(agency_call& call, const partner_settings& to,
                                      accept_request& into) {
    into.offers = to.offer;
    if (!to.offer || to.translate.empty()) co_return result<void>{};
    const auto channel = call.snapshot->channel_of(to.name);
    if (!channel)
        co_return failure{failure_kind::internal, "partner " + to.name + " has no channel"};
    auto prepare = [&]() -> result<crypto::source_ptr> {
        const auto read = crypto::xml::read_skeleton(
            into.content, sps::reading_options(call.parts.limits, call.parts.spool_folder));
        return engine::translate(*channel->dialect, to.translate, read.value, to);
    };
    auto made = co_await on_pool(call.parts.work, std::move(prepare));
    if (!made) co_return made.error();
    into.translation = std::move(*made);
    co_return result<void>{};
}

}  // namespace ecert::hub
