// The node as a whole: how it stands, its channels, its audit trail, and a new reading of its
// configuration.
#pragma once

#include "hub/ecertctl/session.hpp"

namespace ecert::ctl {

exit_code show_node(session& s);
exit_code show_channels(session& s);
exit_code verify_audit(session& s);
exit_code reload_configuration(session& s);

}  // namespace ecert::ctl
