#include "hub/ledger/sqlite/counters.hpp"

namespace ecert::hub::sqlite {

void counters::keep() {
    for (std::size_t v = 0; v < verbs; ++v)
        for (std::size_t s = 0; s < states; ++s) group_[v][s] += this_verb_[v][s];
    this_verb_ = {};
}

void counters::forget_verb() { this_verb_ = {}; }

void counters::forget() { this_verb_ = group_ = {}; }

void counters::store(connection& db) {
    for (std::size_t v = 0; v < verbs; ++v)
        for (std::size_t s = 0; s < states; ++s)
            if (group_[v][s] != 0)
                db.run(
                    "INSERT INTO counter(verb, state, pieces) VALUES(?1, ?2, ?3) "
                    "ON CONFLICT(verb, state) DO UPDATE SET pieces = pieces + ?3",
                    v, s, group_[v][s]);
    group_ = {};
}

}  // namespace ecert::hub::sqlite
