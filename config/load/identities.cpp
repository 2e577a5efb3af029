#include "config/load/checks.hpp"

#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace ecert::load {
namespace {

// What a PEM file says, so that two copies of one certificate are one identity; its path where it
// cannot be read.
std::string bytes_of(const std::filesystem::path& file) {
    constexpr std::size_t most = 1 << 20;
    std::ifstream in{file, std::ios::binary};
    std::string bytes(most, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(most));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return bytes.empty() ? file.string() : bytes;
}

class identities {
  public:
    explicit identities(findings& to) : to_{to} {}

    // Every rule of one role; two rules of the same role may overlap.
    void add(const std::string& file, const std::vector<peer_identity_rule>& rules) {
        for (std::size_t i = 0; i < rules.size(); ++i) {
            const place at{file, "identity[" + std::to_string(i + 1) + ']'};
            const auto what = key_of(rules[i]);
            if (!what) {
                to_.error("CFG-IDENTITY-FORM", at, {}, "pin | ca + subject");
                continue;
            }
            const auto [first, is_new] = roles_.try_emplace(*what, file);
            if (!is_new && first->second != file)
                to_.error("CFG-IDENTITY-TWICE", at, shown(rules[i]), "!= " + first->second);
        }
    }

  private:
    static std::optional<std::string> key_of(const peer_identity_rule& rule) {
        if (!rule.pin.empty() && rule.ca.empty() && rule.subject.empty())
            return "pin " + bytes_of(rule.pin);
        if (rule.pin.empty() && !rule.ca.empty() && !rule.subject.empty())
            return "ca " + rule.subject + '\n' + bytes_of(rule.ca);
        return std::nullopt;
    }
    static std::string shown(const peer_identity_rule& rule) {
        return rule.pin.empty() ? rule.subject : rule.pin.string();
    }

    findings& to_;
    std::map<std::string, std::string> roles_;
};

}  // namespace

void check_identities(const configuration& all, findings& to) {
    identities known{to};
    for (const auto& [name, agency] : all.agencies) known.add(agency_file(name), agency.identity);
    for (const auto& [name, channel] : all.channels)
        known.add(channel_file(name), channel.identity);
    for (const auto& [name, host] : all.hosts) known.add(host_file(name), host.identity);
}

}  // namespace ecert::load
