// Names and algorithms of the one shape (WS-Security 1.1, X.509 token profile 1.1, XML Signature).
// What is not here is refused.
#pragma once

#include "crypto/wss/security.hpp"
#include "crypto/xml/limits.hpp"

#include <string_view>

namespace ecert::crypto::wss {

constexpr std::string_view ds_ns = "http://www.w3.org/2000/09/xmldsig#";
constexpr std::string_view xml_ns = "http://www.w3.org/XML/1998/namespace";

constexpr std::string_view exclusive_canonical =
    "http://www.w3.org/2001/10/xml-exc-c14n#";  // also a namespace
constexpr std::string_view rsa_sha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
constexpr std::string_view digest_sha256 = "http://www.w3.org/2001/04/xmlenc#sha256";

constexpr std::string_view x509_v3 =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3";
constexpr std::string_view base64_binary =
    "http://docs.oasis-open.org/wss/2004/01/"
    "oasis-200401-wss-soap-message-security-1.0#Base64Binary";
constexpr std::string_view ultimate_receiver =
    "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver";

constexpr std::size_t most_references = 24;
constexpr std::size_t most_prefixes = 32;

inline xml::name named(std::string_view ns, std::string_view local) {
    return {std::string{ns}, std::string{local}};
}

}  // namespace ecert::crypto::wss
