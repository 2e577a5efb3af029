// What a worker may do at the content door for one attempt: read the content its task names, bring
// one new translation, or what it fetched. Pure: time and hosts are given.
#pragma once

#include "config/clock.hpp"
#include "config/settings.hpp"
#include "crypto/digest.hpp"
#include "queue/task.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ecert::hub {

struct content_grant {
    std::string partner;
    queue::uuid task{};
    std::uint32_t attempt = 0;
    std::vector<crypto::sha256> may_read;
    std::uint64_t may_write = 0;  // bytes of what it brings; 0: nothing
    time_point until{};
    bool operator==(const content_grant&) const = default;
};

// What the task needs; nullopt: nothing, all of it is inline. It ends with the attempt's lease.
// `largest`: of what this partner's attempt may bring; 0: nothing.
std::optional<content_grant> grant_for(const queue::task& what, const dispatch_settings& limits,
                                       std::uint64_t largest);

// Why not, as an answer of the door. What is not named is not there: 404, for nobody to guess by.
struct refused_grant {
    int status = 403;
    const char* slug = "";
    std::string text;
};
std::optional<refused_grant> refuse_read(const content_grant& g, const host_settings& host,
                                         const crypto::sha256& what, time_point now);
std::optional<refused_grant> refuse_write(const content_grant& g, const host_settings& host,
                                          time_point now);

// One attempt brings one thing: a second, other one is refused, so that a host that was taken
// over fills no disk. Known until the attempt's grant ends. Thread rule: one executor.
class brought {
  public:
    bool may_bring(const content_grant& g, const crypto::sha256& what, time_point now);

  private:
    struct one {
        crypto::sha256 what;
        time_point until{};
    };
    std::map<std::pair<queue::uuid, std::uint32_t>, one> by_attempt_;
};

}  // namespace ecert::hub
