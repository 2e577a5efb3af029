#include "config/metrics.hpp"

#include "config/log.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>

namespace ecert {
namespace {

using buckets = prometheus::Histogram::BucketBoundaries;
using counters = prometheus::Family<prometheus::Counter>;
using gauges = prometheus::Family<prometheus::Gauge>;
using histograms = prometheus::Family<prometheus::Histogram>;

// Stages run from a digest (tens of microseconds) to an attempt that ends at its limit (a minute
// and more).
const buckets stage_buckets{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1,
                            .25,   .5,     1,     2.5,  5,     10,   30,  60,   180};
// A commit is one fdatasync, 0.15 ms on a good disk, seconds on a dying one.
const buckets commit_buckets{.0001, .0002, .0005, .001, .002, .005, .01,
                             .02,   .05,   .1,    .2,   .5,   1,    5};
const buckets group_buckets{1, 2, 4, 8, 16, 24, 32, 64};
// A free loop comes back within tens of microseconds; above 50 ms somebody blocked it.
const buckets lag_buckets{.00001, .00005, .0001, .00025, .0005, .001, .0025, .005,
                          .01,    .025,   .05,   .1,     .25,   .5,   1};

counters& counter_of(prometheus::Registry& in, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(in);
}
gauges& gauge_of(prometheus::Registry& in, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(in);
}
histograms& histogram_of(prometheus::Registry& in, const char* name, const char* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(in);
}

}  // namespace

struct metrics::state {
    prometheus::Registry registry;
    counters& accepted =
        counter_of(registry, "ecert_accepted_total", "Certificates accepted from agencies");
    counters& refused =
        counter_of(registry, "ecert_refused_total", "Requests of agencies refused, by reason");
    counters& received =
        counter_of(registry, "ecert_received_total", "Certificates received from partners");
    counters& outcomes =
        counter_of(registry, "ecert_outcomes_total", "Attempts by partner and class of outcome");
    histograms& stages = histogram_of(registry, "ecert_stage_seconds",
                                      "Time a message spends in each stage of the node");
    prometheus::Histogram& commit = histogram_of(registry, "ecert_ledger_commit_seconds",
                                                 "Time of a ledger commit, disk and all")
                                        .Add({}, commit_buckets);
    prometheus::Histogram& group =
        histogram_of(registry, "ecert_ledger_group_size", "Verbs that shared a ledger commit")
            .Add({}, group_buckets);
    prometheus::Histogram& lag =
        histogram_of(registry, "ecert_loop_lag_seconds", "How late the I/O loop ran a timer")
            .Add({}, lag_buckets);
    gauges& deliveries = gauge_of(registry, "ecert_deliveries", "Deliveries by state");
    gauges& owed = gauge_of(registry, "ecert_owed",
                            "Work that is no delivery (our answers ...) by verb and state");
    prometheus::Gauge& disk =
        gauge_of(registry, "ecert_disk_free_bytes", "Free bytes where the data folder is").Add({});
    prometheus::Gauge& bodies = gauge_of(registry, "ecert_body_budget_used_bytes",
                                         "Body bytes in flight over all listeners")
                                    .Add({});
    gauges& circuits =
        gauge_of(registry, "ecert_circuit_open", "1 while the circuit of a channel is open");
    counters& alerts = counter_of(registry, "ecert_alerts_total", "Alerts raised, by name");
    counters& door_refusals =
        counter_of(registry, "ecert_door_refusals_total",
                   "Connections and bodies that a listener turned away, by reason");
    std::mutex catching_up;
    prometheus::Counter& log_lines_dropped =
        counter_of(registry, "ecert_log_lines_dropped_total",
                   "Log lines that found no room because nobody read the log")
            .Add({});

    void count_dropped_lines() {
        const std::lock_guard lock{catching_up};
        log_lines_dropped.Increment(static_cast<double>(log::dropped()) -
                                    log_lines_dropped.Value());
    }
};

metrics::metrics() : state_{std::make_unique<state>()} {}
metrics::~metrics() = default;

std::string metrics::render() const {
    state_->count_dropped_lines();
    return prometheus::TextSerializer{}.Serialize(state_->registry.Collect());
}

void metrics::accepted(const std::string& agency) {
    state_->accepted.Add({{"agency", agency}}).Increment();
}
void metrics::refused(const std::string& reason) {
    state_->refused.Add({{"reason", reason}}).Increment();
}
void metrics::received(const std::string& partner) {
    state_->received.Add({{"partner", partner}}).Increment();
}
void metrics::outcome(const std::string& partner, const std::string& outcome_class) {
    state_->outcomes.Add({{"partner", partner}, {"class", outcome_class}}).Increment();
}
void metrics::stage(const std::string& name, double seconds) {
    state_->stages.Add({{"stage", name}}, stage_buckets).Observe(seconds);
}
void metrics::ledger_commit(double seconds, unsigned group) {
    state_->commit.Observe(seconds);
    state_->group.Observe(group);
}
void metrics::loop_lag(double seconds) { state_->lag.Observe(seconds); }
void metrics::work(const std::string& verb, const std::string& in_state, double count) {
    if (verb == "deliver") return state_->deliveries.Add({{"state", in_state}}).Set(count);
    state_->owed.Add({{"verb", verb}, {"state", in_state}}).Set(count);
}
void metrics::disk_free(double bytes) { state_->disk.Set(bytes); }
void metrics::body_budget_used(double bytes) { state_->bodies.Set(bytes); }
void metrics::circuit(const std::string& channel, double open) {
    state_->circuits.Add({{"channel", channel}}).Set(open);
}
void metrics::alert(const std::string& name) { state_->alerts.Add({{"alert", name}}).Increment(); }
void metrics::door_refusal(const std::string& door, const std::string& reason) {
    state_->door_refusals.Add({{"door", door}, {"reason", reason}}).Increment();
}

}  // namespace ecert
