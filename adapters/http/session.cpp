#include "adapters/http/session.hpp"

#include "adapters/http/incoming_request.hpp"
#include "adapters/http/log_events.hpp"
#include "adapters/http/write.hpp"

#include <fmt/format.h>

#include <utility>

namespace ecert::http {
namespace {

constexpr auto retry_after = "5";  // seconds: what is full is soon less so

// Whoever closes a place says which; so that the log and the figures do.
void tell_put_out(refusals& to, const guest& one) {
    if (one.was() == guest::place::shaking)
        to.tell(reason::handshake_made_room, one.source(),
                "its handshake had not ended when the allowance was full");
    else
        to.tell(reason::idle_made_room, one.source(), "it was idle for longest: " + one.identity());
}

admission_terms terms_of(const server_settings& from) {
    const auto* tls = std::get_if<listener_settings>(&from.at);
    const auto l = tls ? *tls : listener_settings{};
    return {l.connections, l.connections_per_identity, l.handshakes, l.handshakes_per_address,
            from.grace};
}

// Whose part a connection counts for. Empty: anybody on this machine (the health port).
std::string identity_of(const transport& over) {
    if (const auto& peer = over.peer()) return peer->subject();
    if (const auto user = over.unix_user()) return fmt::format("unix user {}", *user);
    return {};
}

// A connection can be ended from outside as long as this lives.
class shown {
  public:
    shown(guest& who, transport& io) : who_{who} { who_.io = &io; }
    ~shown() { who_.io = nullptr; }
    shown(const shown&) = delete;

  private:
    guest& who_;
};

class session {
  public:
    session(listener_state& of, guest& who, transport& io)
        : of_{of}, me_{who}, io_{io}, from_{io, message_reader::kind::requests} {}

    awaitable<void> run() {
        for (bool first = true; goes_on(); first = false) {
            message_head head;
            me_.rests(machine_clock().steady());
            const auto got = co_await next(head, first);
            me_.works();
            if (got.how != head_end::read) {
                co_await turn_away(got);
                break;
            }
            if (!co_await exchange(std::move(head))) break;
        }
        const bool hurried = me_.at() == guest::place::put_out;
        const auto goodbye = of_.settings.goodbye / (hurried ? 4 : 1);
        co_await io_.close(machine_clock().steady() + goodbye);
    }

    // All places are taken, or all of its identity: said before it asks anything.
    awaitable<void> refuse(seat why) {
        const bool its_own = why == seat::identity_has_its_part;
        const auto said = its_own ? "This certificate has as many connections here as it may have. "
                                    "Use those, or close some."
                                  : "This listener has as many connections as it may have. Try "
                                    "again later.";
        of_.turned_away.tell(
            its_own ? reason::identity_has_its_part : reason::all_connections_taken, me_.source(),
            identity_of(io_));
        auto no = refusal(503, said);
        no.fields.set("Retry-After", retry_after);
        co_await write(no, {.keep_alive = false});
        co_await io_.close(machine_clock().steady() + of_.settings.goodbye / 4);
    }

  private:
    bool goes_on() const { return !of_.stopping && me_.at() != guest::place::put_out; }

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
        incoming_request request{of_, me_, io_, from_, std::move(head)};
        std::optional<response> answer;
        if (const auto unfit = request.prepare()) {
            request_refused(of_.settings.name, io_.remote(), unfit->status, "unfit head");
            answer = co_await say(request.head(), unfit->status, unfit->why);
            if (unfit->status == 415) answer->fields.set("Accept-Encoding", "identity");
        } else {
            answer = co_await handle(request, keep);
        }
        keep = keep && from_.body_ended() && goes_on();
        const bool whole = co_await write(*answer, {keep, head_only});
        if (!whole) io_.abort();
        co_return keep&& whole;
    }

    awaitable<response> handle(incoming_request& request, bool& keep) {
        std::string why;
        bool ours = false;
        try {
            co_return co_await of_.to(request);
        } catch (const std::system_error& error) {  // our disk, most likely
            why = error.what();
        } catch (const std::exception& error) {
            why = error.what();
            ours = true;
        }
        handler_failed(of_.settings.name, request.head().method, request.head().path, why);
        keep = false;
        if (ours)
            co_return co_await say(request.head(), 500,
                                   "This request failed here. It has been logged.");
        auto said =
            co_await say(request.head(), 503, "This cannot be done here now. Try again later.");
        said.fields.set("Retry-After", retry_after);
        co_return said;
    }

    awaitable<response> say(const request_head& to, int status, std::string why) {
        std::string wrong;
        try {
            if (of_.settings.words)
                if (auto said = co_await of_.settings.words(to, status, why))
                    co_return std::move(*said);
        } catch (const std::exception& error) {
            wrong = error.what();
        }
        if (!wrong.empty()) handler_failed(of_.settings.name, to.method, to.path, wrong);
        co_return refusal(status, why);
    }

    awaitable<bool> write(const response& what, answer_form as) {
        const minimum_rate pace{of_.settings.limits.minimum_rate, of_.settings.rate_window};
        return write_response(io_, what, as, of_.work, pace);
    }

    listener_state& of_;
    guest& me_;
    transport& io_;
    message_reader from_;
};

}  // namespace

listener_state::listener_state(boost::asio::any_io_executor executor, server_settings how,
                               handler handle, pool& threads, budget& shared)
    : on{executor},
      settings{std::move(how)},
      to{std::move(handle)},
      work{threads},
      bodies{shared},
      turned_away{executor, settings.name, settings.figures, settings.log_window},
      places{terms_of(settings), [this](const guest& one) { tell_put_out(turned_away, one); }},
      room{executor},
      drained{executor} {}

awaitable<void> run_session(std::shared_ptr<listener_state> of, guest& who, transport_ptr over) {
    const shown for_now{who, *over};
    session one{*of, who, *over};
    const auto place = of->places.sit(who, identity_of(*over), machine_clock().steady());
    if (place == seat::given)
        co_await one.run();
    else
        co_await one.refuse(place);
}

}  // namespace ecert::http
