#include "config/utf8.hpp"
#include "crypto/xml/document.hpp"

#include <libxml/tree.h>

#include <algorithm>
#include <array>

namespace ecert::crypto::xml {
namespace {

// Of what a stranger calls his elements. A path is written once for each of many findings.
constexpr std::size_t longest_name = 64, longest_path = 768;

struct family {
    std::string_view begins, prefix;
};

// Versions differ in the number at the end alone, and in the case of "standard".
constexpr std::array<family, 5> families{{
    {"urn:un:unece:uncefact:data:standard:spscertificate:", "rsm"},
    {"urn:un:unece:uncefact:data:standard:spsacknowledgement:", "rsm"},
    {"urn:un:unece:uncefact:data:standard:reusableaggregatebusinessinformationentity:", "ram"},
    {"urn:un:unece:uncefact:data:standard:unqualifieddatatype:", "udt"},
    {"urn:un:unece:uncefact:data:standard:qualifieddatatype:", "qdt"},
}};

std::string prefix_of(const node& at) {
    std::string ns{at.ns()};
    std::transform(ns.begin(), ns.end(), ns.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    for (const auto& f : families)
        if (ns.starts_with(f.begins)) return std::string{f.prefix} + ":";
    const auto* own = at.raw()->ns;
    if (own == nullptr || own->prefix == nullptr) return {};
    return valid_utf8(reinterpret_cast<const char*>(own->prefix), longest_name) + ":";
}

// [n], if there is another of the same name beside it.
std::string position(const node& at) {
    const auto same = [&](const xmlNode* other) {
        const node o{const_cast<xmlNode*>(other)};
        return o.local() == at.local() && o.ns() == at.ns();
    };
    std::size_t before = 0, after = 0;
    for (auto* s = xmlPreviousElementSibling(at.raw()); s != nullptr;
         s = xmlPreviousElementSibling(s))
        before += same(s);
    for (auto* s = xmlNextElementSibling(at.raw()); s != nullptr && after == 0;
         s = xmlNextElementSibling(s))
        after += same(s);
    return before + after == 0 ? "" : "[" + std::to_string(before + 1) + "]";
}

}  // namespace

std::string node::path() const {
    std::string out;
    for (node at = *this; at; at = at.parent()) {
        const auto step = "/" + prefix_of(at) + valid_utf8(at.local(), longest_name) + position(at);
        if (out.size() + step.size() > longest_path) return "/..." + out;
        out.insert(0, step);
    }
    return out;
}

}  // namespace ecert::crypto::xml
