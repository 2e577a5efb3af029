// Families of namespaces: versions differ in the number at the end, and clients in the case.
//
// ASCII alone, by intent: the library's own comparison asks a locale for every character, which was
// two thirds of checking a certificate.
#pragma once

#include <algorithm>
#include <string_view>

namespace ecert::crypto::xml {

constexpr char lower_ascii(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool belongs_to(std::string_view ns, std::string_view family) {
    if (ns.size() < family.size()) return false;
    const auto beginning = ns.substr(0, family.size());
    return beginning == family ||
           std::ranges::equal(beginning, family, {}, lower_ascii, lower_ascii);
}

}  // namespace ecert::crypto::xml
