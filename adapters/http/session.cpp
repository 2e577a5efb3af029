#include "adapters/http/session.hpp"

#include "adapters/http/incoming_request.hpp"
#include "adapters/http/log_events.hpp"
#include "adapters/http/write.hpp"

namespace ecert::http {
namespace {

// In the listener's list for as long as the session runs, so that stop() finds it.
class listed {
  public:
    listed(listener_state& in, transport& io) : in_{in}, me_{&io} { in_.sessions.push_back(&me_); }
    ~listed() { in_.sessions.remove(&me_); }
    listed(const listed&) = delete;
    live_session* operator->() { return &me_; }

  private:
    listener_state& in_;
    live_session me_;
};

class session {
  public:
    session(listener_state& of, transport& io)
        : of_{of}, io_{io}, from_{io, message_reader::kind::requests} {}

    awaitable<void> run() {
        listed me{of_, io_};
        for (bool first = true; !of_.stopping; first = false) {
            message_head head;
            me->between_requests = true;
            const auto got = co_await next(head, first);
            me->between_requests = false;
            if (got.how != head_end::read) {
                co_await turn_away(got);
                break;
            }
            if (!co_await exchange(std::move(head))) break;
        }
        co_await io_.close(machine_clock().steady() + of_.settings.goodbye);
    }

  private:
    awaitable<head_result> next(message_head& head, bool first) {
        const auto& limits = of_.settings.limits;
        const auto patience = first ? limits.header_timeout : limits.idle_timeout;
        return from_.head(head, machine_clock().steady() + patience, limits.header_timeout);
    }

    // A head that could not be read is answered where the sender can still learn from it.
    awaitable<void> turn_away(const head_result& why) {
        int status = 0;
        if (why.how == head_end::malformed) status = 400;
        if (why.how == head_end::too_large) status = 431;
        if (why.how == head_end::timed_out && why.partly) status = 408;
        if (status == 0) co_return;
        const auto said = refusal(status, "The request's head was not taken: " + why.why);
        request_refused(of_.settings.name, io_.remote(), status, why.why);
        co_await write(said, {.keep_alive = false});
    }

    // True: the connection may serve another request.
    awaitable<bool> exchange(message_head head) {
        const bool head_only = head.method == "HEAD";
        // Where the body ends is not known under a coding we do not speak.
        bool keep = head.keep_alive && head.version >= 11 && !head.foreign_coding;
        incoming_request request{of_, io_, from_, std::move(head)};
        auto answer = request.prepare();
        if (answer) {
            request_refused(of_.settings.name, io_.remote(), answer->status, "unfit head");
        } else {
            answer = co_await handle(request);
            if (!answer) keep = false;
            if (!answer) answer = refusal(500, "This request failed here. It has been logged.");
        }
        keep = keep && from_.body_ended() && !of_.stopping;
        const bool whole = co_await write(*answer, {keep, head_only});
        if (!whole) io_.abort();
        co_return keep&& whole;
    }

    awaitable<std::optional<response>> handle(incoming_request& request) {
        std::string why;
        try {
            co_return co_await of_.to(request);
        } catch (const std::exception& error) {
            why = error.what();
        }
        handler_failed(of_.settings.name, request.head().method, request.head().path, why);
        co_return std::nullopt;
    }

    awaitable<bool> write(const response& what, answer_form as) {
        const minimum_rate pace{of_.settings.limits.minimum_rate, of_.settings.rate_window};
        return write_response(io_, what, as, of_.work, pace);
    }

    listener_state& of_;
    transport& io_;
    message_reader from_;
};

}  // namespace

awaitable<void> run_session(std::shared_ptr<listener_state> of, transport_ptr over) {
    session one{*of, *over};
    co_await one.run();
}

}  // namespace ecert::http
