// What the ledger knows of a certificate, as contracts without our words tell it: by a number of
// ours and one of six standings. Pure.
//
// The number we give is the delivery's or arrival's own id: derived, so that the same certificate
// always has the same, and nothing a stranger could count up to. Whoever asks by it is held against
// whose it is by the ledger; to everybody else it does not exist.
#pragma once

#include "adapters/engine/engine.hpp"
#include "config/problem.hpp"
#include "hub/ledger/ledger.hpp"

#include <string>

namespace ecert::hub {

// Of ours to a partner. why: of refused and cancelled; otherwise nothing is told of it.
engine::told_envelope told_of(const certificate_view& delivery, const std::string& why = {});
// The same with its custody: the reason of what came to nothing. A withdrawal of what they never
// took did what it was for: no failure, and told with how.
engine::told_envelope told_of(const certificate_view& delivery, const custody_view& custody);
// Of theirs to us, as its sender is told: it is in our system, whatever our agency thinks of it. By
// the number that they gave it, if they did.
engine::told_envelope told_to_sender(const inbound_view& arrival);
// The same, as the agency is told that it is for: pending until its system has received it.
engine::told_envelope told_to_agency(const inbound_view& arrival);
// Nothing with this number exists for whoever asks.
engine::told_envelope told_unknown(std::string number);
// It was not taken in; nothing of it is stored.
engine::told_envelope told_refused(const queue::envelope& envelope, std::string why);

// The errors among them, each with its place and sentence: whole ones, and how many more there are
// where they would be too long for a reply.
std::string sentences(const problems& found, language in = language::en);

}  // namespace ecert::hub
