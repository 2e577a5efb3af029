// The ledger's views as JSON: the one writer of each, for every REST door. Flat, named as the
// members of the views; foreign bytes are made valid UTF-8.
#pragma once

#include "config/problem.hpp"
#include "hub/ledger/ledger.hpp"

#include <boost/json.hpp>

namespace ecert::hub {

boost::json::object certificate_json(const certificate_view& v, language in);
boost::json::object inbound_json(const inbound_view& v, language in);

// What the work is about, and who holds it, since when, what they last said, what comes next, who
// must act: as the certificate's agency sees it.
boost::json::object custody_json(const custody_view& v, language in);
// The same as operators see it: with the verb, a sentence of what is owed to whom, the id to act on
// it by, its agency and channel.
boost::json::object work_json(const custody_view& v, language in);

boost::json::object event_json(const event_view& e);  // detail as the object it is

// {"waiting": 5, ...} of one verb; {"respond": {"parked": 1}, ...} of the verbs that are no
// delivery.
boost::json::object states_json(const std::vector<work_count>& all);
boost::json::object owed_json(const std::vector<work_count>& all);

}  // namespace ecert::hub
