// A ledger that does what a test scripts, and refuses every verb that was not scripted. Handlers
// are held against it where the real one would need a broken disk; against the real one for the
// rest.
#pragma once

#include "hub/ledger/ledger.hpp"

#include <functional>

namespace ecert::hub::tests {

class fake_ledger : public ledger {
  public:
    template <class T>
    using answer_of = std::function<result<T>()>;

    std::function<result<accept_result>(const accept_request&, const receipt_writer&)> on_accept;
    std::function<result<certificate_view>(uuid, const std::string& agency)> on_certificate;
    std::function<result<page<certificate_view>>(const list_query&)> on_list;
    std::function<result<page<custody_view>>(const list_query&)> on_custody;
    std::function<result<custody_view>(uuid)> on_custody_of;
    std::function<result<std::vector<event_view>>(uuid, const std::string& agency)> on_events;
    std::function<result<page<inbound_view>>(const list_query&, bool read_all)> on_inbox;
    std::function<result<inbound_view>(uuid, const std::string& agency, bool read_all)> on_inbound;
    std::function<result<inbound_view>(uuid, const std::string& agency, const queue::answer&)>
        on_answer;
    std::function<result<state>(const char* verb, uuid, const std::string& actor,
                                const std::string& reason)>
        on_act;
    std::function<result<crypto::source_ptr>(const crypto::sha256&)> on_content;
    answer_of<std::vector<work_count>> on_counts;
    answer_of<audit_result> on_audit;
    answer_of<std::vector<due_partner>> on_due;
    answer_of<std::vector<open_lease>> on_leased;
    std::function<result<void>(const std::string& kind, const std::string& actor,
                               const std::string& detail)>
        on_note_act;

    awaitable<result<accept_result>> accept(accept_request what, receipt_writer receipt) override {
        co_return scripted(on_accept, what, receipt);
    }
    awaitable<result<certificate_view>> certificate(uuid id, std::string agency) override {
        co_return scripted(on_certificate, id, agency);
    }
    awaitable<result<page<certificate_view>>> list(list_query q) override {
        co_return scripted(on_list, q);
    }
    awaitable<result<page<custody_view>>> custody(list_query q) override {
        co_return scripted(on_custody, q);
    }
    awaitable<result<custody_view>> custody_of(uuid id) override {
        co_return scripted(on_custody_of, id);
    }
    awaitable<result<std::vector<event_view>>> events(uuid id, std::string agency) override {
        co_return scripted(on_events, id, agency);
    }
    awaitable<result<page<inbound_view>>> inbox(list_query q, bool read_all) override {
        co_return scripted(on_inbox, q, read_all);
    }
    awaitable<result<inbound_view>> inbound(uuid id, std::string agency, bool read_all) override {
        co_return scripted(on_inbound, id, agency, read_all);
    }
    awaitable<result<inbound_view>> answer(uuid id, std::string agency, queue::answer what,
                                           time_point, std::string) override {
        co_return scripted(on_answer, id, agency, what);
    }
    awaitable<result<state>> retry(uuid d, std::string actor, std::string reason,
                                   time_point) override {
        co_return scripted(on_act, "retry", d, actor, reason);
    }
    awaitable<result<state>> hold(uuid d, std::string actor, std::string reason,
                                  time_point) override {
        co_return scripted(on_act, "hold", d, actor, reason);
    }
    awaitable<result<state>> release(uuid d, std::string actor, std::string reason,
                                     time_point) override {
        co_return scripted(on_act, "release", d, actor, reason);
    }
    awaitable<result<state>> cancel(uuid d, std::string actor, std::string reason,
                                    time_point) override {
        co_return scripted(on_act, "cancel", d, actor, reason);
    }
    awaitable<result<crypto::source_ptr>> content(crypto::sha256 digest) override {
        co_return scripted(on_content, digest);
    }
    awaitable<result<std::vector<work_count>>> counts() override { co_return scripted(on_counts); }
    awaitable<result<std::vector<certificate_view>>> offered(std::vector<std::string>,
                                                             unsigned) override {
        co_return unscripted();
    }
    awaitable<result<certificate_view>> report(partner_report) override { co_return unscripted(); }
    awaitable<result<inbound_view>> receive(uuid, std::string, reception, std::string, time_point,
                                            std::string) override {
        co_return unscripted();
    }
    awaitable<result<certificate_view>> delivery_to(uuid, std::vector<std::string>) override {
        co_return unscripted();
    }
    awaitable<result<inbound_view>> arrival_from(uuid, std::vector<std::string>) override {
        co_return unscripted();
    }
    awaitable<result<inbound_view>> arrival_numbered(std::string, std::string,
                                                     std::vector<std::string>) override {
        co_return unscripted();
    }
    awaitable<result<std::vector<certificate_view>>> under_way(std::string, unsigned) override {
        co_return unscripted();
    }
    awaitable<result<std::vector<inbound_view>>> arrivals_since(std::vector<std::string>,
                                                                time_point, unsigned) override {
        co_return unscripted();
    }
    awaitable<result<std::vector<inbound_view>>> to_receive(std::string, unsigned,
                                                            std::string) override {
        co_return unscripted();
    }
    awaitable<result<inbound_view>> arrival_like(std::string, queue::envelope) override {
        co_return unscripted();
    }
    awaitable<result<audit_result>> audit() override { co_return scripted(on_audit); }

    // No REST door calls these.
    awaitable<result<std::vector<due_partner>>> due(time_point) override {
        if (!on_due) co_return unscripted();
        co_return on_due();
    }
    awaitable<result<std::vector<queue::task>>> take_due(std::string, unsigned,
                                                         lease_terms) override {
        co_return unscripted();
    }
    awaitable<result<applied>> apply(queue::outcome, work_policy, time_point, double) override {
        co_return unscripted();
    }
    awaitable<result<void>> pull(std::vector<pulled_channel>, time_point) override {
        co_return unscripted();
    }
    awaitable<result<applied>> fetched(queue::outcome, fetched_arrival, work_policy, time_point,
                                       double) override {
        co_return unscripted();
    }
    awaitable<result<void>> unpublished(std::int64_t, std::uint32_t, time_point,
                                        duration) override {
        co_return unscripted();
    }
    awaitable<result<void>> alone(std::int64_t, std::uint32_t, bool) override {
        co_return unscripted();
    }
    awaitable<result<unsigned>> end_leases(time_point,
                                           std::function<work_policy(const std::string&)>,
                                           unsigned) override {
        co_return unscripted();
    }
    awaitable<result<std::vector<std::string>>> overdue(
        time_point, std::function<work_policy(const std::string&)>) override {
        co_return unscripted();
    }
    awaitable<result<std::optional<time_point>>> next_due() override { co_return unscripted(); }
    awaitable<result<std::vector<open_lease>>> leased(time_point) override {
        co_return scripted(on_leased);
    }
    awaitable<result<void>> note_act(std::string kind, std::string actor, std::string detail,
                                     time_point) override {
        co_return scripted(on_note_act, kind, actor, detail);
    }
    awaitable<result<arrived>> arrive(arrival) override { co_return unscripted(); }
    awaitable<result<acknowledged>> acknowledge(acknowledgement) override {
        co_return unscripted();
    }
    awaitable<result<void>> put(crypto::source_ptr) override { co_return unscripted(); }
    awaitable<result<bool>> remember_signature(crypto::sha256, time_point, time_point) override {
        co_return unscripted();
    }
    awaitable<void> close() override { co_return; }

  private:
    static failure unscripted() {
        return {failure_kind::internal, "the test did not expect this verb"};
    }

    template <class F, class... Arguments>
    static auto scripted(const F& f, const Arguments&... a) -> decltype(f(a...)) {
        if (f) return f(a...);
        return unscripted();
    }
};

inline uuid id_of(char last) {
    uuid id{};
    id.data[0] = 0x5e;
    id.data[15] = static_cast<std::uint8_t>(last);
    return id;
}

}  // namespace ecert::hub::tests
