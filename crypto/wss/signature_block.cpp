#include "crypto/wss/block.hpp"
#include "crypto/wss/names.hpp"

#include <sstream>

namespace ecert::crypto::wss {
namespace {

security_failure unsupported(std::string_view what, const xml::node& at) {
    return {"wsse:UnsupportedAlgorithm",
            std::string{what} + " is not one that is accepted here: " +
                at.attribute("Algorithm").value_or("none").substr(0, 100)};
}

bool uses(const xml::node& method, std::string_view algorithm) {
    return method.attribute("Algorithm") == std::string{algorithm};
}

bool is_plain(const xml::node& method) { return method.children().empty(); }

// "#id" and nothing else: no other document, no whole document, no XPointer.
checked<std::string> local_id(const xml::node& reference) {
    const auto uri = reference.attribute("URI").value_or("");
    if (uri.size() < 2 || uri.size() > 256 || uri[0] != '#' ||
        uri.find_first_of("()#'\"/ \t\r\n", 1) != std::string::npos)
        return invalid_security("a reference must be to a wsu:Id of this message: URI=\"#id\"");
    return uri.substr(1);
}

checked<std::vector<std::string>> single_transform(const xml::node& transforms) {
    const auto one = exactly(transforms, {named(ds_ns, "Transform")});
    if (one.empty())
        return invalid_security("each ds:Reference must have exactly one ds:Transform");
    if (!uses(one[0], exclusive_canonical)) return unsupported("the transform", one[0]);
    return prefix_list(one[0]);
}

checked<reference> read_reference(const xml::node& at) {
    const auto parts = exactly(at, {named(ds_ns, "Transforms"), named(ds_ns, "DigestMethod"),
                                    named(ds_ns, "DigestValue")});
    if (parts.empty())
        return invalid_security(
            "a ds:Reference must hold Transforms, DigestMethod and DigestValue");
    auto id = local_id(at);
    if (!id) return id.error();
    auto prefixes = single_transform(parts[0]);
    if (!prefixes) return prefixes.error();
    if (!uses(parts[1], digest_sha256) || !is_plain(parts[1]))
        return unsupported("the digest method", parts[1]);
    const auto raw = is_plain(parts[2]) ? base64_decode(parts[2].text()) : std::nullopt;
    const auto digest = raw ? sha256::from_bytes(*raw) : std::nullopt;
    if (!digest) return invalid_security("a DigestValue is not the base64 form of a SHA-256");
    return reference{*std::move(id), *std::move(prefixes), *digest};
}

checked<void> read_signed_info(signature_block& into) {
    const auto parts = into.signed_info.children();
    if (parts.size() < 3 || !parts[0].is(named(ds_ns, "CanonicalizationMethod")) ||
        !parts[1].is(named(ds_ns, "SignatureMethod")))
        return invalid_security(
            "ds:SignedInfo must hold CanonicalizationMethod, SignatureMethod and References");
    if (parts.size() - 2 > most_references)
        return invalid_security("ds:SignedInfo holds more than " + std::to_string(most_references) +
                                " references");
    if (!uses(parts[0], exclusive_canonical)) return unsupported("the canonicalisation", parts[0]);
    auto prefixes = prefix_list(parts[0]);
    if (!prefixes) return prefixes.error();
    into.prefixes = *std::move(prefixes);
    if (!uses(parts[1], rsa_sha256) || !is_plain(parts[1]))
        return unsupported("the signature method", parts[1]);
    for (auto at = parts.begin() + 2; at != parts.end(); ++at) {
        if (!at->is(named(ds_ns, "Reference")))
            return invalid_security("ds:SignedInfo holds an element that is unknown here");
        auto one = read_reference(*at);
        if (!one) return one.error();
        into.references.push_back(*std::move(one));
    }
    return {};
}

// One direct reference to a token; a key, name or certificate inside of KeyInfo is never looked at.
checked<std::string> read_key_info(const xml::node& key_info) {
    const auto outer = exactly(key_info, {named(wsse_ns, "SecurityTokenReference")});
    const auto inner = outer.empty() ? outer : exactly(outer[0], {named(wsse_ns, "Reference")});
    if (inner.empty())
        return security_failure{"wsse:UnsupportedSecurityToken",
                                "ds:KeyInfo must be one wsse:SecurityTokenReference with one "
                                "wsse:Reference to the token"};
    if (inner[0].attribute("ValueType").value_or(std::string{x509_v3}) != x509_v3)
        return security_failure{"wsse:UnsupportedSecurityToken",
                                "the token must be of type X509v3"};
    return local_id(inner[0]);
}

}  // namespace

checked<std::vector<std::string>> prefix_list(const xml::node& of) {
    std::vector<std::string> prefixes;
    if (of.children().empty()) return prefixes;
    const auto only = exactly(of, {named(exclusive_canonical, "InclusiveNamespaces")});
    if (only.empty() || !is_plain(only[0]))
        return invalid_security(
            "a canonicalisation may have an InclusiveNamespaces and nothing else");
    std::istringstream list{only[0].attribute("PrefixList").value_or("")};
    for (std::string one; list >> one; prefixes.push_back(std::move(one)))
        if (prefixes.size() == most_prefixes)
            return invalid_security("a PrefixList holds more than " +
                                    std::to_string(most_prefixes) + " prefixes");
    return prefixes;
}

checked<signature_block> read_signature(const xml::node& signature) {
    const auto parts = exactly(
        signature,
        {named(ds_ns, "SignedInfo"), named(ds_ns, "SignatureValue"), named(ds_ns, "KeyInfo")});
    if (parts.empty())
        return invalid_security("ds:Signature must hold SignedInfo, SignatureValue and KeyInfo");
    signature_block block;
    block.signed_info = parts[0];
    if (auto read = read_signed_info(block); !read) return read.error();
    auto value = is_plain(parts[1]) ? base64_decode(parts[1].text()) : std::nullopt;
    if (!value || value->empty()) return invalid_security("ds:SignatureValue is not base64");
    block.value = *std::move(value);
    auto token = read_key_info(parts[2]);
    if (!token) return token.error();
    block.token_id = *std::move(token);
    return block;
}

}  // namespace ecert::crypto::wss
