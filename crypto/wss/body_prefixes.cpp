#include "crypto/wss/block.hpp"
#include "crypto/wss/names.hpp"

#include <unordered_set>

namespace ecert::crypto::wss {
namespace {

std::unordered_set<std::string> ids_below(const xml::node& header) {
    std::unordered_set<std::string> ids;
    std::vector<xml::node> open{header};
    while (!open.empty()) {
        const auto at = open.back();
        open.pop_back();
        if (auto id = at.attribute(named(wsu_ns, "Id"))) ids.insert(*std::move(id));
        const auto below = at.children();
        open.insert(open.end(), below.begin(), below.end());
    }
    return ids;
}

}  // namespace

// The Body has not been seen yet: its reference is the one that names nothing in the Header. A
// message for which that is not true, or whose signature has another shape, gets no prefixes here
// and is refused by verify().
std::vector<std::string> body_prefixes(const xml::node& header) {
    const auto security = header.child(named(wsse_ns, "Security"));
    if (!security || !security.child(named(ds_ns, "Signature"))) return {};
    const auto read = read_signature(security.child(named(ds_ns, "Signature")));
    if (!read) return {};
    const auto in_header = ids_below(header);
    const reference* body = nullptr;
    for (const auto& one : read->references) {
        if (in_header.contains(one.id)) continue;
        if (body) return {};
        body = &one;
    }
    return body ? body->prefixes : std::vector<std::string>{};
}

}  // namespace ecert::crypto::wss
