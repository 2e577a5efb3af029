// Content for workers in the hub's own process: straight from the ledger's content store.
#pragma once

#include "adapters/worker/worker.hpp"
#include "hub/ledger/ledger.hpp"

namespace ecert::hub {

class embedded_content final : public worker::content_access {
  public:
    explicit embedded_content(hub::ledger& from) : ledger_{from} {}
    awaitable<result<crypto::source_ptr>> fetch(const queue::task&,
                                                const queue::content_ref& what) override {
        return ledger_.content(what.digest);
    }
    awaitable<result<void>> store(const queue::task&, crypto::source_ptr what) override {
        return ledger_.put(std::move(what));
    }

  private:
    hub::ledger& ledger_;
};

}  // namespace ecert::hub
