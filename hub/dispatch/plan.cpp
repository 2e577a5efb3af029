#include "hub/dispatch/plan.hpp"

namespace ecert::hub {
namespace {

work_policy policy_of_all(const dispatch_settings& told) {
    work_policy p;
    p.returned.first = told.returned_delay;
    p.returned.longest = told.returned_longest;
    p.returned.alert_after = told.returned_alert;
    return p;
}

work_policy policy_of(work_policy p, const engine::channel& over, const partner_settings& to) {
    p.retry = over.profile.retry;
    p.honours_message_id = engine::knows_repeats(over);
    p.send_again_when_absent = over.profile.send_again_when_absent;
    p.track_after = over.profile.track_after;
    p.pull_every = over.profile.pull_every;
    p.pull_most = over.profile.pull_most;
    p.receipt_deadline = to.receipt_deadline;
    p.acknowledgement_deadline = to.acknowledgement_deadline;
    if (!over.dialect) return p;
    p.can_track = over.dialect->calls_for(queue::verb::track);
    p.dialect = over.dialect->digest;
    return p;
}

bool is_pulled(const engine::channel& over) {
    return over.profile.pull_every > duration{0} && over.client && over.dialect &&
           over.dialect->calls_for(queue::verb::list) &&
           over.dialect->calls_for(queue::verb::fetch);
}

}  // namespace

plans::plans(engine::snapshot_ptr from, const dispatch_settings& told)
    : from_{std::move(from)}, unknown_{policy_of_all(told)} {
    if (!from_ || !from_->configuration) return;
    for (const auto& [name, partner] : from_->configuration->partners) {
        const auto over = from_->channels.find(partner.channel);
        if (over == from_->channels.end()) continue;
        by_partner_[name] = {&partner, over->second,
                             engine::profile_digest(over->second->profile, partner),
                             policy_of(unknown_, *over->second, partner)};
        ++sharing_[partner.channel];
    }
    name_senders();
}

// Of each channel, who From names; and that its first partner carries the list.
void plans::name_senders() {
    std::map<std::string, std::map<std::string, std::string>> by_channel;
    for (const auto& [name, plan] : by_partner_) {
        if (!is_pulled(*plan.channel)) continue;
        auto& senders = by_channel[plan.partner->channel];
        if (senders.empty()) pulled_.push_back({plan.partner->channel, name});
        senders.emplace(plan.partner->address.empty() ? name : plan.partner->address, name);
    }
    for (auto& [name, plan] : by_partner_)
        if (const auto found = by_channel.find(plan.partner->channel); found != by_channel.end())
            plan.policy.senders =
                std::make_shared<const std::map<std::string, std::string>>(found->second);
}

const plan* plans::of(const std::string& partner) const {
    const auto found = by_partner_.find(partner);
    return found == by_partner_.end() ? nullptr : &found->second;
}

std::vector<std::string> plans::partners() const {
    std::vector<std::string> names;
    for (const auto& [name, plan] : by_partner_) names.push_back(name);
    return names;
}

work_policy plans::policy(const std::string& partner) const {
    const plan* known = of(partner);
    return known ? known->policy : unknown_;
}

unsigned plans::partners_on(const std::string& channel) const {
    const auto found = sharing_.find(channel);
    return found == sharing_.end() ? 0 : found->second;
}

}  // namespace ecert::hub
