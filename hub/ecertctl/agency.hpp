// An agency's side, over its REST door with mutual TLS: push certificates, ask what became of one.
#pragma once

#include "hub/ecertctl/session.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ecert::ctl {

struct agency_door {
    std::string url;
    std::filesystem::path certificate, key, ca;
};

struct submission {
    std::vector<std::filesystem::path> files;
    std::string to, idempotency_key, supersedes;
};

// Each file is one certificate; the worst end of any is the end of all. With --json one document a
// line.
exit_code submit(session& s, const agency_door& door, const submission& what);

struct retrieval {
    std::string id;
    bool events = false;
    std::filesystem::path content;  // where to write the certificate's bytes; empty: not asked
};
exit_code retrieve(session& s, const agency_door& door, const retrieval& what);

}  // namespace ecert::ctl
