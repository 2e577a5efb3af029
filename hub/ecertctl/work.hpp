// What is owed to partners, certificates and our answers to theirs: who holds each, since when,
// their last answer, what comes next, who must act.
#pragma once

#include "hub/ecertctl/session.hpp"

#include <string>

namespace ecert::ctl {

struct list_wish {
    std::string state, verb, partner, number;
    bool all = false;  // every page, finished ones too; otherwise one page, unfinished first
};

// By the id of a delivery, a certificate or an inbound certificate, or by the certificate's number.
exit_code show_work(session& s, const std::string& id_or_number);
exit_code show_events(session& s, const std::string& id);
exit_code list_work(session& s, const list_wish& wish);

}  // namespace ecert::ctl
