// What every ledger must do (hub/ledger/ledger.hpp). A new implementation includes the
// ledger_*_suite.hpp headers and instantiates ledger_suite with a maker of places.
#pragma once

#include "hub/ledger/ledger.hpp"
#include "tests/conformance/ledger_caller.hpp"

#include <algorithm>
#include <vector>

namespace ecert::hub {

// Somewhere a ledger lives: opened again and again, it is the same one.
class ledger_place {
  public:
    virtual ~ledger_place() = default;
    virtual std::unique_ptr<ledger> open(const clock& time) = 0;
    // Of a hub whose workers are other processes.
    virtual std::unique_ptr<ledger> open_beside_workers(const clock& time) = 0;
    virtual std::unique_ptr<ledger_place> copy() const = 0;  // as it is now, closed
};
using make_place = std::unique_ptr<ledger_place> (*)();

class ledger_suite : public testing::TestWithParam<make_place>, protected ledger_caller {
  protected:
    ledger_suite() : place_{GetParam()()}, books_{place_->open(time_)} {}

    // -- how it ends ----------------------------------------------------------------------
    void close() { ledger_caller::close(books_); }
    void reopen() {
        close();
        books_ = place_->open(time_);
    }
    void reopen_after_a_crash() {
        books_.reset();
        books_ = place_->open(time_);
    }
    void reopen_beside_workers() {
        books_.reset();
        books_ = place_->open_beside_workers(time_);
    }

    // -- taking in ------------------------------------------------------------------------
    accept_result offer(accept_request r) {
        r.at = time_.now();
        return good(books_->accept(std::move(r), receipt));
    }
    accepted take_in(accept_request r) {
        auto answer = offer(std::move(r));
        EXPECT_TRUE(std::holds_alternative<accepted>(answer))
            << (answer.index() == 1 ? std::get<conflict>(answer).text : "");
        return answer.index() == 0 ? std::get<accepted>(answer) : accepted{};
    }
    accept_conflict refused(accept_request r) {
        auto answer = offer(std::move(r));
        EXPECT_TRUE(std::holds_alternative<conflict>(answer));
        return std::get<conflict>(answer).why;
    }

    // -- working --------------------------------------------------------------------------
    std::vector<queue::task> take(std::string partner = "NL", unsigned most = 10) {
        lease_terms terms;
        terms.now = time_.now();
        terms.dialect = dialect_;
        terms.channel = channel_;
        return good(books_->take_due(std::move(partner), most, terms));
    }
    queue::task take_one(std::string partner = "NL") {
        auto tasks = take(std::move(partner), 1);
        EXPECT_EQ(tasks.size(), 1u);
        return tasks.empty() ? queue::task{} : tasks.front();
    }
    static queue::outcome outcome_of(const queue::task& t, queue::outcome_class what) {
        queue::outcome o;
        o.id = t.id;
        o.attempt = t.attempt;
        o.work = t.work;
        o.partner = t.partner;
        o.channel = t.channel;
        o.what = what;
        o.text = std::string{"they said "} + std::string{queue::name_of(what)};
        return o;
    }
    applied tell(const queue::outcome& o) {
        return good(books_->apply(o, policy_, time_.now(), 0.0));
    }
    applied tell(const queue::task& t, queue::outcome_class what) {
        return tell(outcome_of(t, what));
    }
    unsigned end_leases() {
        auto policy = [by = policy_](const std::string&) { return by; };
        return good(books_->end_leases(time_.now(), policy, 100));
    }
    std::vector<std::string> overdue() {
        auto policy = [by = policy_](const std::string&) { return by; };
        return good(books_->overdue(time_.now(), policy));
    }

    // -- hearing --------------------------------------------------------------------------
    acknowledgement answer_to(const uuid& delivery, int status) {
        acknowledgement a;
        a.partner = "NL";
        a.message_id = "ack-" + std::to_string(++acknowledgements_);
        a.delivery = delivery;
        a.status = status;
        a.receipt = "receipt of " + a.message_id;
        a.at = time_.now();
        return a;
    }
    arrival incoming(std::string message, std::string number, std::string bytes, int status = 70) {
        arrival a;
        a.partner = "NZ";
        a.channel = "nz";
        a.message_id = std::move(message);
        a.envelope = {"NZ", "CN", std::move(number), 851, status};
        a.content = crypto::from_memory(std::move(bytes));
        a.agency = "NPPO";
        a.receipt = "receipt of " + a.message_id + " at " + rfc3339(time_.now());
        a.at = time_.now();
        return a;
    }

    // -- seeing ---------------------------------------------------------------------------
    certificate_view seen(const uuid& id) { return good(books_->certificate(id, "NPPO")); }
    state state_now(const uuid& id) { return seen(id).state; }
    std::vector<event_view> events(const uuid& id) { return good(books_->events(id, "NPPO")); }
    long count_events(const uuid& id, std::string_view kind) {
        const auto all = events(id);
        return std::count_if(all.begin(), all.end(),
                             [&](const event_view& e) { return e.kind == kind; });
    }
    std::uint64_t counted(state s, queue::verb verb = queue::verb::deliver) {
        for (const auto& c : good(books_->counts()))
            if (c.verb == verb && c.state == s) return c.pieces;
        return 0;
    }

    work_policy policy_;
    crypto::sha256 dialect_{};
    std::string channel_;  // by which partners are reached now; empty: nobody says
    std::unique_ptr<ledger_place> place_;
    std::unique_ptr<ledger> books_;

  private:
    int acknowledgements_ = 0;
};

}  // namespace ecert::hub
