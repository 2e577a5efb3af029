// What a schema says of order and counts, read from its files: for every complex type its children.
#pragma once

#include "config/result.hpp"
#include "crypto/xml/document.hpp"

#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ecert::crypto::xml {

struct schema_type;

struct schema_particle {
    std::size_t ns = 0;  // in schema_model::namespaces
    std::string local;
    unsigned least = 1, most = 1;
    const schema_type* type = nullptr;  // null: a value alone
};

struct schema_type {
    enum class shape { sequence, choice } is = shape::sequence;
    bool mixed = false;  // text may stand between its elements
    bool open = false;   // elements of foreign namespaces may stand in it
    unsigned least = 1;  // of a choice: 0, it may be empty
    std::vector<schema_particle> children;
};

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

struct schema_model {
    std::vector<std::string> namespaces;
    std::map<std::string, schema_type> types;  // "{namespace}name"; complex content only
    schema_particle root;

    std::size_t ns_of(std::string_view uri) const;  // in whatever case; none: foreign
    const schema_particle* particle(const schema_type& in, const node& of, std::size_t& at) const;
};

// root: the first global element of `main`.
result<schema_model> read_schema_model(const std::map<std::string, std::string>& files,
                                       const std::string& main);

}  // namespace ecert::crypto::xml
