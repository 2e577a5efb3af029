// Content over the inline limit, from and to the hub, with the token of its task.
//
// fetch(): into a spool file; where the connection breaks it goes on from the last byte that came.
// It ends at the task's start_by, for an attempt that has not begun by then is handed back; and
// after three tries in a row that brought nothing. store(): one try, within the attempt's lease.
// That the bytes are those the task names is looked at by who asked (attempt.cpp).
// Errors: failure_kind::unavailable, whatever the reason: the task goes back and tries elsewhere.
// Thread rule: one executor.
#pragma once

#include "adapters/worker/worker.hpp"
#include "adapters/worker_host/hub_door.hpp"

namespace ecert::worker {

class hub_content final : public content_access {
  public:
    hub_content(hub_door& over, pool& work, const clock& by, dispatch_settings limits)
        : over_{over}, work_{work}, time_{by}, limits_{limits} {}
    awaitable<result<crypto::source_ptr>> fetch(const queue::task& for_task,
                                                const queue::content_ref& what) override;
    awaitable<result<void>> store(const queue::task& for_task, crypto::source_ptr what) override;

  private:
    hub_door& over_;
    pool& work_;
    const clock& time_;
    dispatch_settings limits_;
};

}  // namespace ecert::worker
