// One turn of dispatch: what is due, who may send, when to come again.
#pragma once

#include "hub/dispatch/desk.hpp"

#include <map>
#include <vector>

namespace ecert::hub {

class turn {
  public:
    explicit turn(desk_ptr d) : desk_{std::move(d)} {}

    // Never throws for what the ledger or the queue does: it logs, and comes again soon. Not to be
    // entered twice at a time.
    awaitable<time_point> take();

  private:
    awaitable<bool> know_who_is_out();
    awaitable<void> end_leases();
    awaitable<void> alert_overdue();
    awaitable<void> say_what_is_pulled();
    void watch_clock();
    std::vector<awaitable<void>> jobs_for(const std::vector<due_partner>& due);
    void jobs_of_channel(const std::string& channel, std::vector<claim> claims,
                         std::vector<awaitable<void>>& into);
    std::optional<claim> claim_of(const due_partner& due);
    awaitable<time_point> come_again();
    std::optional<time_point> when_possible(const due_partner& due);

    desk_ptr desk_;
    bool knows_who_is_out_ = false;
    std::optional<steady_point> leases_seen_, overdue_seen_;
    plans_ptr pulls_told_;
    std::optional<duration> clock_offset_;  // wall minus steady
};

}  // namespace ecert::hub
