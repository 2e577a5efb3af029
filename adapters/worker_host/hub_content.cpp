#include "adapters/worker_host/hub_content.hpp"

#include "adapters/worker_host/fetched.hpp"
#include "queue/lease.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace ecert::worker {
namespace {

// A connection that brings nothing more is left early: the next one goes on from there.
constexpr duration one_answer{30'000}, connecting{5'000}, pause_between{200};

http::call call_for(std::string method, const queue::task& t, const crypto::sha256& which,
                    duration total) {
    http::call ask;
    ask.method = std::move(method);
    ask.target = "/internal/content/" + which.hex();
    ask.fields.set(token_field, t.token);
    ask.connect_timeout = connecting;
    ask.total = total;
    return ask;
}

http::call call_for_rest(const queue::task& t, const queue::content_ref& what,
                         const fetched& so_far, duration total) {
    auto ask = call_for("GET", t, what.digest, total);
    if (const auto range = so_far.range(); !range.empty()) {
        ask.fields.set("Range", range);
        ask.fields.set("If-Range", '"' + what.digest.hex() + '"');
    }
    ask.keep_part = true;
    ask.reply_limit = what.size;
    ask.reply_timeout = std::min(total, one_answer);
    return ask;
}

awaitable<void> pause(duration time) {
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, time};
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

failure away(const std::string& what, const std::string& why) {
    return {failure_kind::unavailable, what + ": " + why};
}

}  // namespace

awaitable<result<crypto::source_ptr>> hub_content::fetch(const queue::task& for_task,
                                                         const queue::content_ref& what) {
    if (for_task.token.empty()) co_return away("the hub", "the task has no token for its content");
    fetched so_far{what};
    while (!so_far.all()) {
        const auto left = for_task.start_by - time_.now();
        if (left <= duration{0})
            co_return away("the hub's content did not come in time", so_far.why());
        auto ask = call_for_rest(for_task, what, so_far, left);
        so_far.add(co_await over_.send(std::move(ask)));
        if (so_far.hopeless()) co_return away("the hub", so_far.why());
        if (!so_far.all()) co_await pause(std::min(left, pause_between * (1 + so_far.fruitless())));
    }
    auto pieces = so_far.pieces();
    if (pieces.size() == 1) co_return std::get<crypto::slice>(pieces[0]).of;
    auto join = [all = std::move(pieces)] { return crypto::from_pieces(all); };
    co_return let_go_on(work_, co_await on_pool(work_, std::move(join)));
}

awaitable<result<void>> hub_content::store(const queue::task& for_task, crypto::source_ptr what) {
    const auto left = queue::lease_end(for_task, limits_) - time_.now();
    if (left <= duration{0}) co_return away("the hub", "the attempt's lease is over");
    auto bring = call_for("PUT", for_task, what->digest(), left);
    bring.fields.set("Content-Type", "application/octet-stream");
    bring.size = what->size();
    bring.body.push_back(crypto::xml::spliced{std::move(what), crypto::xml::encoding::raw});
    const auto said = co_await over_.send(std::move(bring));
    if (said.stage == http::stage::replied && said.status / 100 == 2) co_return result<void>{};
    co_return away("the hub", reason_of(said));
}

}  // namespace ecert::worker
