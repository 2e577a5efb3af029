// A piece of work with what it is about, and how both change together. Every change of its life
// goes through tell() and save(): events, counters, deadlines and the links behind it follow from
// there and nowhere else. The life of a delivery stands in its own row, that of any other piece
// (our answer to a certificate that arrived ...) in the row of the work.
#pragma once

#include "hub/ledger/sqlite/rows.hpp"
#include "hub/ledger/sqlite/transaction.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ecert::hub::sqlite {

struct piece {
    work_row work;
    std::optional<delivery_row> delivery;  // deliver; otherwise work.pulled or work.inbound
    std::vector<std::string> alerts;       // raised in this verb

    hub::life& life() { return delivery ? delivery->life : work.life; }
    const hub::life& life() const { return delivery ? delivery->life : work.life; }
};

std::optional<piece> load_piece(connection& db, std::int64_t work);
std::optional<piece> load_piece_of_delivery(connection& db, std::int64_t delivery);

// By which people and tasks name it: of its delivery, of what is pulled, else of the inbound
// certificate.
uuid id_of(transaction& t, const piece& p);

// What it is, for people: "certificate PC/1 for NL", "our answer to NZ about certificate NZ/7".
std::string subject_of(transaction& t, const piece& p);

// Appends an event about the piece.
void note(transaction& t, const piece& p, const cause& why, std::string kind,
          const boost::json::object& detail = {});
// Appends an alert event, logs and counts it, and remembers its text. Names are stable: operators
// watch for them.
void alert(transaction& t, piece& p, const cause& why, std::string_view name, std::string text);

// Applies the event to the life in memory, with the events that follow from it.
moved tell(transaction& t, piece& p, life_event e, const cause& why,
           const boost::json::object& detail = {});

// Fits the work to the life (nothing is sent that is stopped, waited for or done), stores both, and
// lets go on what waited for it.
void save(transaction& t, piece& p, time_point now);

}  // namespace ecert::hub::sqlite
