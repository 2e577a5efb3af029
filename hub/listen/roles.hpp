// From TLS identity to role, and nothing else: never a header. Asked for every request on the
// snapshot in force, so that a client that was removed is out at once, whatever session or
// connection it still holds.
#pragma once

#include "config/problem.hpp"
#include "config/result.hpp"
#include "config/settings.hpp"
#include "crypto/trust/certificate.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ecert::hub {

struct agency_role {
    std::string agency;
};
struct channel_role {
    std::string channel;
};
struct host_role {
    std::string host;
};
struct nobody {
    std::string why;
};  // for the log, not for the caller
using role = std::variant<nobody, agency_role, channel_role, host_role>;

// "agency NPPO", "channel nz", "worker host abroad", "nobody": for logs.
std::string called(const role& r);

class roles {
  public:
    // Problems: an identity that cannot be loaded, one identity in two roles.
    static std::pair<std::shared_ptr<const roles>, problems> make(const configuration& from);
    role of(const crypto::certificate& peer, time_point now) const;

  private:
    struct rule {
        crypto::identity_rule identity;
        role gives;
    };
    std::vector<rule> rules_;
};

}  // namespace ecert::hub
