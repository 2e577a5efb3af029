// One immutable thing that is replaced as a whole: a snapshot of the configuration, the roles in
// force. Readers keep what they were given for as long as they hold it.
//
// Not std::atomic<std::shared_ptr>: the load of libstdc++ 12 ends with a relaxed unlock, which the
// memory model calls a race with the next store.
// Thread rule: any thread.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace ecert {

template <class T>
class published {
  public:
    std::shared_ptr<const T> current() const {
        const std::scoped_lock one(lock_);
        return now_;
    }
    // What was in force before ends in the caller's hand, not under the lock.
    std::shared_ptr<const T> swap(std::shared_ptr<const T> next) {
        const std::scoped_lock one(lock_);
        return std::exchange(now_, std::move(next));
    }

  private:
    mutable std::mutex lock_;
    std::shared_ptr<const T> now_;
};

}  // namespace ecert
