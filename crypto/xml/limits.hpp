// How much XML may cost. Checked by a SAX pass while reading: nothing is built first.
#pragma once

#include <cstdint>
#include <string>

namespace ecert::crypto::xml {

struct limits {
    std::uint64_t bytes = 110ull << 20;  // of the whole document
    unsigned depth = 64;
    unsigned attributes = 64;               // per element, namespace declarations included
    unsigned nodes = 100'000;               // elements and attributes of the tree that is kept
    std::uint64_t tree_bytes = 4ull << 20;  // names and texts of the tree that is kept
    std::uint64_t text_bytes = 1ull << 20;  // one text or attribute value that is not diverted
    unsigned name_bytes = 1024;             // one name, prefix included
};

// An element or attribute by namespace and local name; prefixes never matter.
struct name {
    std::string ns;
    std::string local;
    bool operator==(const name&) const = default;
};

}  // namespace ecert::crypto::xml
