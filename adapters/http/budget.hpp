// One budget of body bytes in flight over all listeners and clients: who wants to read a body takes
// its share first and waits for it at most so long. Keeps the memory and disk of a burst bounded.
//
// Fairness: one owner holds at most its part, or one body of the largest size; an owner that waits
// for its own bytes to come back holds nobody else up; and some is kept for small bodies, of which
// nobody holds more than is still free, so that an ordinary certificate always finds room.
//
// Thread rule: the I/O loop's executor only (strand of the process's single loop). Shares may
// outlive the budget.
#pragma once

#include "config/clock.hpp"
#include "config/pool.hpp"
#include "config/settings.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace ecert::http {

struct budget_terms {
    std::uint64_t bytes = 0;           // all there is
    std::uint64_t kept_for_small = 0;  // of them: for bodies of at most `small`
    std::uint64_t small = 1 * mib;
    double most_of_one = 1;  // the part of the rest that one owner may hold
};
budget_terms body_terms(const limit_settings& of);

// Who takes. Without an owner no part is counted.
struct claimant {
    std::string owner;
    std::uint64_t largest = 0;  // one body of this size is never more than its part
    bool more_of_one = false;   // a further step of a body: not small, whatever its size
};

class budget {
  private:
    struct state;
    struct part;

  public:
    budget(boost::asio::any_io_executor on, std::uint64_t bytes);
    budget(boost::asio::any_io_executor on, budget_terms terms);
    class share {  // gives back when it dies
      public:
        share() = default;
        share(std::shared_ptr<state> of, part* from, std::string owner, std::uint64_t bytes);
        share(share&& other) noexcept;
        share& operator=(share&& other) noexcept;
        ~share();
        explicit operator bool() const { return of_ != nullptr; }

      private:
        std::shared_ptr<state> of_;
        part* from_ = nullptr;
        std::string owner_;
        std::uint64_t bytes_ = 0;
    };
    // An empty share when it was not to be had in time. First come, first served among those whom
    // their own part lets. What can never be had is not waited for.
    awaitable<share> take(std::uint64_t bytes, duration wait, claimant by = {});
    std::uint64_t used() const;

  private:
    std::shared_ptr<state> state_;
};

}  // namespace ecert::http
