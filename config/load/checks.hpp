// What holds between keys and between files: names that lead somewhere, one owner for a number
// prefix, one role for an identity, keys that need each other.
#pragma once

#include "config/load/findings.hpp"
#include "config/settings.hpp"

namespace ecert::load {

void check_node(const configuration& all, findings& to);
void check_agencies(const configuration& all, findings& to);
void check_partners(const configuration& all, findings& to);
void check_channels(const configuration& all, findings& to);
void check_hosts(const configuration& all, findings& to);
void check_identities(const configuration& all, findings& to);  // of every role together

// The files as the folder's layout names them.
std::string agency_file(const std::string& name);
std::string partner_file(const std::string& name);
std::string channel_file(const std::string& name);
std::string host_file(const std::string& name);
constexpr std::string_view node_file = "node.toml";
constexpr std::string_view keys_file = "keys.toml";

}  // namespace ecert::load
