#include "adapters/engine/engine.hpp"

#include <fmt/format.h>

namespace ecert::engine {
namespace {

// Each value with its length before it, so that no two profiles give one text.
class canonical {
  public:
    void add(std::string_view value) { text_ += fmt::format("{}:{},", value.size(), value); }
    void add(std::int64_t value) { add(std::string_view{fmt::format("{}", value)}); }
    void add(duration value) { add(static_cast<std::int64_t>(value.count())); }
    void add_number(double value) { add(std::string_view{fmt::format("{}", value)}); }
    void add(const std::vector<int>& values) {
        add(static_cast<std::int64_t>(values.size()));
        for (const auto value : values) add(static_cast<std::int64_t>(value));
    }
    crypto::sha256 digest() const { return crypto::sha256_of(text_); }

  private:
    std::string text_;
};

void add_channel(canonical& to, const channel_settings& c) {
    to.add(c.name);
    to.add(c.dialect);
    to.add(c.endpoint);
    to.add(c.code);
    to.add(static_cast<std::int64_t>(c.window));
    to.add(static_cast<std::int64_t>(c.connections));
    to.add_number(c.rate);
    to.add(c.hours);
    to.add(c.connect_timeout);
    to.add(c.reply_timeout);
    to.add(static_cast<std::int64_t>(c.reply_limit));
    to.add(c.timestamp_skew);
    to.add(static_cast<std::int64_t>(c.honours_message_id));
    for (const auto value : {c.retry.first, c.retry.longest, c.retry.horizon, c.retry.settle,
                             c.circuit.open_for, c.circuit.longest_open})
        to.add(value);
    to.add_number(c.retry.factor);
    to.add_number(c.retry.jitter);
    to.add(static_cast<std::int64_t>(c.circuit.failures));
    to.add(static_cast<std::int64_t>(c.circuit.ramp));
}

void add_partner(canonical& to, const partner_settings& p) {
    to.add(p.name);
    to.add(p.channel);
    to.add(p.address);
    to.add(static_cast<std::int64_t>(p.complete_at));
    to.add(p.types);
    to.add(p.statuses);
    to.add(p.translate);
    to.add(static_cast<std::int64_t>(p.parameters.size()));
    for (const auto& [name, value] : p.parameters) {
        to.add(name);
        to.add(value);
    }
    to.add(static_cast<std::int64_t>(p.offer));
    to.add(p.receipt_deadline);
    to.add(p.acknowledgement_deadline);
    to.add(static_cast<std::int64_t>(p.priority));
}

}  // namespace

crypto::sha256 profile_digest(const channel_settings& c, const partner_settings& p) {
    canonical text;
    add_channel(text, c);
    add_partner(text, p);
    return text.digest();
}

}  // namespace ecert::engine
