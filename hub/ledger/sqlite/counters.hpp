// How many pieces of work of each verb are in each state: what the verbs of a group change is
// gathered and written once, before the group's commit, in the same transaction.
//
// Thread rule: the writer's thread.
#pragma once

#include "hub/ledger/lifecycle.hpp"
#include "hub/ledger/sqlite/connection.hpp"
#include "queue/task.hpp"

#include <array>
#include <cstdint>

namespace ecert::hub::sqlite {

class counters {
  public:
    void change(queue::verb of, state s, std::int64_t by) {
        this_verb_.at(static_cast<std::size_t>(of)).at(static_cast<std::size_t>(s)) += by;
    }
    void keep();                 // the ledger's verb happened
    void forget_verb();          // it was rolled back
    void forget();               // so was the group
    void store(connection& db);  // what was kept

  private:
    static constexpr std::size_t states = static_cast<std::size_t>(state::cancelled) + 1;
    static constexpr std::size_t verbs = static_cast<std::size_t>(queue::verb::respond) + 1;
    using table = std::array<std::array<std::int64_t, states>, verbs>;
    table this_verb_{}, group_{};
};

}  // namespace ecert::hub::sqlite
