// Seals messages for one partner, and opens them: AES-256-GCM under a key of that partner.
//
// A key file is lines of `<key id> <partner> <base64 of 32 bytes>`; the partner `*` is a master
// key, from which those of all partners are derived; `#` begins a comment. The key id of the first
// line seals; every line opens.
//
// Guarantee: open() gives the bytes that seal() got, under the same partner and the same associated
// data, or a failure: invalid (not a sealed message of a form we know), not_found (its key is not
// held here), untrusted (it was changed, or sealed for another partner, place or time).
// Thread rule: const members from any thread. A key seals at most 2^32 messages: renew it in time.
#pragma once

#include "config/result.hpp"
#include "config/secret.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace ecert::crypto {

class seal_keys {
  public:
    static result<seal_keys> read(const std::filesystem::path& file);
    static result<seal_keys> parse(std::string_view text);

    result<std::string> seal(const std::string& partner, std::string_view associated,
                             std::string_view plain) const;
    result<std::string> open(const std::string& partner, std::string_view associated,
                             std::string_view sealed) const;

    // The lines of a worker host that serves this partner: no master key leaves the hub.
    result<secret> lines_for(const std::string& partner) const;

  private:
    const secret* held(const std::string& id, const std::string& partner) const;
    result<secret> key_of(const std::string& id, const std::string& partner) const;

    std::string current_;
    std::map<std::pair<std::string, std::string>, secret> keys_;  // by key id and partner
};

}  // namespace ecert::crypto
