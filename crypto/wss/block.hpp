// The Security header of a message as its one shape allows it, read but not yet believed. Whatever
// else stands in it, in another order or number, is refused here, before any key is touched.
#pragma once

#include "crypto/wss/security.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace ecert::crypto::wss {

template <class T>
using checked = boost::system::result<T, security_failure>;

// References by wsu:Id, each with exactly one transform: exclusive c14n, perhaps with a PrefixList.
struct reference {
    std::string id;
    std::vector<std::string> prefixes;
    sha256 digest;
};

struct signature_block {
    xml::node signed_info;
    std::vector<std::string> prefixes;  // of SignedInfo's own canonicalisation
    std::vector<reference> references;
    std::string value;     // decoded
    std::string token_id;  // what KeyInfo refers to
};

struct security_block {
    xml::node header;  // of the Envelope
    xml::node timestamp, token;
    signature_block signature;
    std::unordered_map<std::string, xml::node>
        by_id;  // every element of the message that has a wsu:Id
};

checked<security_block> read_block(const xml::message& received);

// Parts of the above.
checked<signature_block> read_signature(const xml::node& signature);
checked<std::unordered_map<std::string, xml::node>> unique_ids(const xml::node& root);

// The prefixes of an InclusiveNamespaces child, if there is one and nothing else.
checked<std::vector<std::string>> prefix_list(const xml::node& of);

// The children, if they are exactly these, in this order; otherwise none at all.
std::vector<xml::node> exactly(const xml::node& parent, std::initializer_list<xml::name> names);

std::string trimmed_text(const xml::node& of);

inline security_failure invalid_security(std::string text) {
    return {"wsse:InvalidSecurity", std::move(text)};
}

}  // namespace ecert::crypto::wss
