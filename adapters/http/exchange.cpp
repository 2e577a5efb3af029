#include "adapters/http/exchange.hpp"

#include "adapters/http/body_sink.hpp"
#include "adapters/http/write.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>

namespace ecert::http {
namespace {

namespace this_coro = boost::asio::this_coro;

constexpr std::uint64_t fits_in_socket_buffers = 64 * kib;
constexpr duration last_words = 2s;  // a peer that cut our body off may have said why

// Heads until one is final: 1xx only announce.
awaitable<head_result> final_head(message_reader& from, message_head& into, steady_point until,
                                  bool head_only) {
    for (;;) {
        auto end = co_await from.head(into, until, std::nullopt, head_only);
        if (end.how != head_end::read || into.status / 100 != 1) co_return end;
    }
}

// Listens for the reply while the body is still being sent: a peer may refuse it half-way.
struct early_reply {
    explicit early_reply(const boost::asio::any_io_executor& on) : told{on} {}
    message_head head;
    head_result end;
    bool done = false;
    boost::asio::steady_timer told;
};

awaitable<void> listen_for(std::shared_ptr<early_reply> reply, connection& over, steady_point until,
                           bool head_only) {
    reply->end = co_await final_head(over.from, reply->head, until, head_only);
    reply->done = true;
    reply->told.cancel();
    over.io->cancel();  // a write that nobody reads any more
}

class one_exchange {
  public:
    one_exchange(connection& over, const call& what, const exchange_place& at, steady_point until)
        : over_{over}, what_{what}, at_{at}, total_{until} {}

    // An attempt that is given up must not be unwound here: the listener for an early reply reads
    // from the connection that would go with it. It ends in order instead.
    awaitable<exchanged> run() {
        const bool throws = co_await this_coro::throw_if_cancelled();
        co_await this_coro::throw_if_cancelled(false);
        result_.got.peer = over_.io->peer();
        if (co_await measure() && co_await send_head()) {
            const bool sent = co_await send_body();
            co_await receive(sent);
        }
        co_await this_coro::throw_if_cancelled(throws);
        co_return std::move(result_);
    }

  private:
    reply_received& got() { return result_.got; }
    bool head_only() const { return what_.method == "HEAD"; }
    static awaitable<bool> given_up() {
        const auto state = co_await this_coro::cancellation_state;
        co_return state.cancelled() != boost::asio::cancellation_type::none;
    }

    awaitable<bool> measure() {
        try {
            size_ = co_await size_of(what_.body, what_.size, at_.work);
            co_return true;
        } catch (const std::exception& unreadable) {  // a source of ours
            got().error = std::string{"measuring the body to send: "} + unreadable.what();
            co_return false;
        }
    }

    awaitable<bool> send_head() {
        const auto text = request_text(what_.method, what_.target, at_.host, what_.fields, size_);
        const auto sent = co_await over_.io->write_all(text, total_);
        if (sent.done()) {
            if (size_ == 0) got().stage = stage::after_body;
            co_return true;
        }
        result_.unheard = over_.kept && sent.how != io::timed_out;
        got().error = "sending the request's head: " + sent.why;
        co_return false;
    }

    // False: not all of it went out; error says why.
    awaitable<bool> send_body() {
        if (size_ == 0) co_return true;
        const auto on = co_await boost::asio::this_coro::executor;
        if (size_ > fits_in_socket_buffers) {
            early_ = std::make_shared<early_reply>(on);
            boost::asio::co_spawn(on, listen_for(early_, over_, total_, head_only()),
                                  boost::asio::detached);
        }
        try {
            co_return co_await send_pieces();
        } catch (const std::exception& unreadable) {  // a source of ours
            got().error = std::string{"reading the body to send: "} + unreadable.what();
            co_return false;
        }
    }

    awaitable<bool> send_pieces() {
        body_pieces pieces{what_.body, size_, at_.work};
        std::uint64_t left = size_;
        while (left > 0) {
            const auto piece = co_await pieces.next();
            if (early_ && (early_->done || co_await given_up())) co_return false;
            if (piece.empty() || piece.size() > left) {
                got().error = "the body to send has another size than was said";
                co_return false;
            }
            got().stage = stage::after_body;
            const auto sent = co_await over_.io->write_all(piece, total_);
            if (!sent.done()) {
                got().error = "sending the body: " + sent.why;
                co_return false;
            }
            left -= piece.size();
        }
        co_return true;
    }

    awaitable<void> receive(bool sent) {
        const auto now = machine_clock().steady();
        const auto until = std::min(total_, now + (sent ? what_.reply_timeout : last_words));
        message_head head;
        const auto end = co_await reply_head(head, until);
        if (end.how != head_end::read) co_return explain(end, sent);
        got().status = head.status;
        const bool keep = sent && head.keep_alive;
        const auto length = head.length;
        got().fields = std::move(head.fields);
        if (head.foreign_coding)
            co_return fail("the reply has a Transfer-Encoding that was not asked for");
        if (length && *length > what_.reply_limit && !over_.from.body_ended()) co_return over();
        try {
            if (!co_await receive_body(std::min(total_, now + what_.reply_timeout))) co_return;
        } catch (const std::system_error& broken) {  // the spool's disk
            co_return fail(std::string{"keeping the reply: "} + broken.what());
        }
        got().stage = stage::replied;
        got().error.clear();
        result_.reusable = keep && !over_.from.anything_left();
    }

    awaitable<head_result> reply_head(message_head& head, steady_point until) {
        if (!early_) co_return co_await final_head(over_.from, head, until, head_only());
        while (!early_->done) {
            const bool enough = co_await given_up() || machine_clock().steady() >= until;
            if (enough) over_.io->cancel();
            early_->told.expires_at(std::max(until, machine_clock().steady() + 100ms));
            co_await early_->told.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        }
        head = std::move(early_->head);
        if (machine_clock().steady() >= until && early_->end.how == head_end::broken)
            early_->end = {head_end::timed_out, "no answer in time", false, early_->end.partly};
        co_return early_->end;
    }

    // No reply: what does that mean for the request?
    void explain(const head_result& end, bool sent) {
        if (end.refused_us) got().peer_untrusted = true;
        // An unaccepted handshake of TLS 1.3 shows only here, and hands nothing on.
        if (end.refused_us && !over_.kept) got().stage = stage::before_body;
        result_.unheard = over_.kept && size_ == 0 && what_.method != "POST" && !end.partly &&
                          (end.how == head_end::closed || end.how == head_end::broken);
        if (sent || got().error.empty() || end.refused_us)
            got().error = "waiting for the reply: " + end.why;
    }

    awaitable<bool> receive_body(steady_point until) {
        body_sink into{at_.spool_folder, at_.spool_threshold, at_.work};
        for (;;) {
            const auto piece = co_await over_.from.body(until);
            if (piece.how != io::done) {
                if (what_.keep_part && into.size() > 0) got().body = co_await into.finish();
                fail("the reply broke off: " + piece.why);
                co_return false;
            }
            if (piece.bytes.empty()) break;
            if (into.size() + piece.bytes.size() > what_.reply_limit) {
                over();
                co_return false;
            }
            co_await into.add(piece.bytes);
        }
        if (into.size() > 0) got().body = co_await into.finish();
        co_return true;
    }

    void over() {
        got().reply_over_limit = true;
        fail("the reply is larger than " + std::to_string(what_.reply_limit) + " bytes");
    }

    void fail(std::string why) {
        got().stage = stage::after_body;
        got().error = std::move(why);
    }

    connection& over_;
    const call& what_;
    const exchange_place& at_;
    steady_point total_;
    std::uint64_t size_ = 0;
    std::shared_ptr<early_reply> early_;
    exchanged result_;
};

}  // namespace

awaitable<exchanged> exchange(connection& over, const call& what, const exchange_place& at,
                              steady_point until) {
    one_exchange it{over, what, at, until};
    co_return co_await it.run();
}

}  // namespace ecert::http
