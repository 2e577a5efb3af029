// What a snapshot says about each partner, worked out once: the channel, the digests its tasks
// carry, and how its work is treated. Immutable: the ledger's own thread asks for policies, too.
#pragma once

#include "adapters/engine/channels.hpp"
#include "hub/dispatch/hours.hpp"
#include "hub/ledger/ledger.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ecert::hub {

struct plan {
    const partner_settings* partner = nullptr;  // in the snapshot that plans keeps
    engine::channel_ptr channel;
    crypto::sha256 profile;
    work_policy policy;
};

class plans {
  public:
    plans(engine::snapshot_ptr from, const dispatch_settings& told);

    const plan* of(
        const std::string& partner) const;  // null: no such partner, or its channel is missing
    work_policy policy(const std::string& partner)
        const;  // the defaults for a partner that is no longer configured
    const engine::snapshot_ptr& from() const { return from_; }
    std::vector<std::string> partners() const;               // that can be planned for
    unsigned partners_on(const std::string& channel) const;  // configured
    const std::vector<pulled_channel>& pulled() const { return pulled_; }

  private:
    void name_senders();

    engine::snapshot_ptr from_;
    work_policy unknown_;
    std::map<std::string, plan> by_partner_;
    std::map<std::string, unsigned> sharing_;
    std::vector<pulled_channel> pulled_;
};
using plans_ptr = std::shared_ptr<const plans>;

}  // namespace ecert::hub
