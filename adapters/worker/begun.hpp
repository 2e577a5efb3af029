// The attempts this process has begun: a message that comes a second time, because a broker lost
// our connection or because somebody put it there again, signs and sends nothing a second time.
//
// An attempt is known while it is under way, and once its outcome was confirmed until its start_by;
// from then on every worker hands it back anyway. One that was given back to its queue is forgotten
// at once: it must still be done. What is known is acknowledged unread: given back, it would come
// at once again and wear out its deliveries; and should the first one come to nothing after all,
// its lease decides.
// Bounds: attempts under way are as many as a worker has; of those that ended the latest `most`.
// The memory dies with the process: what is redelivered after a crash is new to the next one.
// Thread rule: one executor. Claims may outlive it.
#pragma once

#include "queue/task.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

namespace ecert::worker {

class begun {
  private:
    struct memory;
    // A hub whose ledger was restored counts the attempts of a task anew: one with another start_by
    // is another attempt.
    using key = std::tuple<queue::uuid, std::uint32_t, time_point>;  // task, attempt, start_by

  public:
    explicit begun(std::size_t most = 65'536);

    // The right to carry out one attempt.
    class claim {
      public:
        claim() = default;
        claim(std::shared_ptr<memory> of, key which, time_point until);
        claim(claim&&) noexcept = default;
        claim& operator=(claim&& other) noexcept {
            std::swap(of_, other.of_);
            std::swap(which_, other.which_);
            std::swap(until_, other.until_);
            return *this;
        }
        ~claim();  // forgets it, unless it was settled
        explicit operator bool() const { return of_ != nullptr; }
        void settle();  // whoever decides knows of it

      private:
        std::shared_ptr<memory> of_;
        key which_{};
        time_point until_{};
    };

    // Empty: it was begun here before.
    claim take(const queue::task& what, time_point now);

  private:
    std::shared_ptr<memory> memory_;
};

}  // namespace ecert::worker
