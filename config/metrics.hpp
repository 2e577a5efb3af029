// Figures for Prometheus. Every name is declared once, here, with its unit in the name; the
// registry renders them as text for GET /metrics (text exposition format 0.0.4).
//
// Thread rule: all members may be used from any thread. Labels are bounded sets (stage, class,
// state, partner): never an id.
#pragma once

#include <memory>
#include <string>

namespace ecert {

class metrics {
  public:
    metrics();
    ~metrics();
    std::string render() const;  // with ecert_log_lines_dropped_total, as log.hpp counts them

    void accepted(const std::string& agency);   // ecert_accepted_total
    void refused(const std::string& reason);    // ecert_refused_total
    void received(const std::string& partner);  // ecert_received_total
    void outcome(const std::string& partner,
                 const std::string& outcome_class);       // ecert_outcomes_total
    void stage(const std::string& name, double seconds);  // ecert_stage_seconds (histogram)
    void ledger_commit(double seconds,
                       unsigned group);  // ecert_ledger_commit_seconds, ecert_ledger_group_size
    void loop_lag(double seconds);       // ecert_loop_lag_seconds (histogram)
    // ecert_deliveries{state} (gauge); of the other verbs ecert_owed{verb,state}
    void work(const std::string& verb, const std::string& state, double count);
    void disk_free(double bytes);                           // ecert_disk_free_bytes
    void body_budget_used(double bytes);                    // ecert_body_budget_used_bytes
    void circuit(const std::string& channel, double open);  // ecert_circuit_open
    void alert(const std::string& name);                    // ecert_alerts_total
    void door_refusal(const std::string& door,
                      const std::string& reason);  // ecert_door_refusals_total

  private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace ecert
