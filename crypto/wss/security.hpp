// WS-Security 1.1 with the X.509 token profile 1.1, in one fixed shape of ours: what `node` and
// every partner on profile "wss-x509" signs with.
//
//   Security (mustUnderstand) = Timestamp, BinarySecurityToken (X509v3, Base64Binary), Signature
//   Signature: exclusive c14n, RSA-SHA256, one Reference by wsu:Id to each of Body, Timestamp,
//   BinarySecurityToken and every addressing header present, each with the single transform
//   exclusive c14n and SHA-256; KeyInfo: direct reference to the token
//
// Writing is a direct path: parts are canonical by construction and digested as written. Reading
// knows one skeleton, resolves ids itself, and hands out the very nodes it digested (signature
// wrapping: domain.md 5.4). xmlsec1 checks both in the tests.
//
// Thread rule: verify() is pool work. Errors: security_failure carries the WS-Security fault code
// and a text that helps an honest sender and tells a forger nothing more.
#pragma once

#include "config/clock.hpp"
#include "config/pool.hpp"
#include "config/result.hpp"
#include "crypto/digest.hpp"
#include "crypto/keys/signer.hpp"
#include "crypto/trust/certificate.hpp"
#include "crypto/xml/reader.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ecert::crypto::wss {

constexpr std::string_view wsse_ns =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
constexpr std::string_view wsu_ns =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
constexpr std::string_view wsa_ns = "http://www.w3.org/2005/08/addressing";

// A part that is signed: its wsu:Id and the digest of its exclusive canonical form.
struct signed_part {
    std::string id;
    sha256 digest;
};

// The whole wsse:Security element, ready to stand in any Header, signing `parts` and its own
// Timestamp and token. soap_ns: for mustUnderstand. Each signed part is its own canonical form as
// written, whatever the Envelope around it declares.
awaitable<result<std::string>> make_security_header(std::vector<signed_part> parts, signer& with,
                                                    std::string key_id, time_point created,
                                                    duration lifetime, std::string soap_ns);

struct security_failure {
    std::string code;  // wsse:InvalidSecurity, wsse:FailedCheck, wsu:MessageExpired ...
    std::string text;
    // Declared, because boost::system::result cannot tell a string from an aggregate that begins
    // with one.
    security_failure() = default;
    security_failure(std::string c, std::string t) : code{std::move(c)}, text{std::move(t)} {}
};

struct verify_policy {
    std::vector<certificate> signers;  // what the peer may sign with; in their time
    duration skew{300'000};            // Created and Expires may be off by so much
    duration longest_lifetime{600'000};
};

// What is proven: the nodes that were digested, and nothing else. Callers read only these.
struct verified {
    xml::node body;
    std::vector<xml::node> addressing;  // wsa:MessageID, To, Action, RelatesTo, as present
    certificate signer;
    time_point created, expires;
    sha256 signature;  // of the signature value: replay caches key on it, never on MessageID
    std::string message_id, to, action, relates_to;  // their texts
};

using verification = boost::system::result<verified, security_failure>;
verification verify(const xml::message& received, const verify_policy& by, time_point now);

// The PrefixList of the Body's reference, for xml::message_options::body_prefixes.
std::vector<std::string> body_prefixes(const xml::node& header);

}  // namespace ecert::crypto::wss

namespace ecert::crypto::wss {
[[noreturn]] inline void throw_exception_from_error(const security_failure& f,
                                                    const boost::source_location&) {
    throw std::runtime_error(f.code + ": " + f.text);
}
}  // namespace ecert::crypto::wss
