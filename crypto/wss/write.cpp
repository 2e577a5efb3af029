#include "crypto/wss/names.hpp"
#include "crypto/wss/security.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace ecert::crypto::wss {
namespace {

// Every signed piece below is its own exclusive canonical form: it declares each prefix it uses
// itself, namespaces before attributes, both in canonical order, no empty-element tags. So it may
// stand under any ancestors and be hashed as written.

std::string timestamp(const std::string& id, time_point created, duration lifetime) {
    return fmt::format(R"(<wsu:Timestamp xmlns:wsu="{}" wsu:Id="{}"><wsu:Created>{}</wsu:Created>)"
                       R"(<wsu:Expires>{}</wsu:Expires></wsu:Timestamp>)",
                       wsu_ns, id, rfc3339(created), rfc3339(created + lifetime));
}

std::string token(const std::string& id, std::string_view der) {
    return fmt::format(
        R"(<wsse:BinarySecurityToken xmlns:wsse="{}" xmlns:wsu="{}" EncodingType="{}" )"
        R"(ValueType="{}" wsu:Id="{}">{}</wsse:BinarySecurityToken>)",
        wsse_ns, wsu_ns, base64_binary, x509_v3, id, base64_encode(der));
}

std::string reference(const signed_part& to) {
    return fmt::format(
        R"(<ds:Reference URI="#{}"><ds:Transforms><ds:Transform Algorithm="{}"></ds:Transform>)"
        R"(</ds:Transforms><ds:DigestMethod Algorithm="{}"></ds:DigestMethod>)"
        R"(<ds:DigestValue>{}</ds:DigestValue></ds:Reference>)",
        to.id, exclusive_canonical, digest_sha256, to.digest.base64());
}

std::string signed_info(const std::vector<signed_part>& parts) {
    auto text = fmt::format(
        R"(<ds:SignedInfo xmlns:ds="{}"><ds:CanonicalizationMethod Algorithm="{}">)"
        R"(</ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="{}"></ds:SignatureMethod>)",
        ds_ns, exclusive_canonical, rsa_sha256);
    for (const auto& part : parts) text += reference(part);
    return text + "</ds:SignedInfo>";
}

std::string key_info(const std::string& token_id) {
    return fmt::format(
        R"(<ds:KeyInfo><wsse:SecurityTokenReference><wsse:Reference URI="#{}" )"
        R"(ValueType="{}"></wsse:Reference></wsse:SecurityTokenReference></ds:KeyInfo>)",
        token_id, x509_v3);
}

bool is_plain_ncname(std::string_view id) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    const auto other = [&](char c) {
        return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    return !id.empty() && letter(id.front()) && std::all_of(id.begin(), id.end(), other);
}

result<void> check_ids(const std::vector<signed_part>& parts) {
    std::set<std::string_view> seen;
    for (const auto& part : parts)
        if (!is_plain_ncname(part.id) || !seen.insert(part.id).second)
            return failure{
                failure_kind::internal,
                "the id of a signed part is no plain name, or is given twice: " + part.id};
    if (parts.size() + 2 > most_references)
        return failure{failure_kind::internal, "too many parts to sign in one message"};
    return {};
}

}  // namespace

awaitable<result<std::string>> make_security_header(std::vector<signed_part> parts, signer& with,
                                                    std::string key_id, time_point created,
                                                    duration lifetime, std::string soap_ns) {
    if (auto good = check_ids(parts); !good) co_return good.error();
    const auto der = with.certificate(key_id);
    if (der.empty())
        co_return failure{failure_kind::not_found,
                          "there is no signing key '" + key_id + "' in keys.toml"};
    // Unguessable, so that nothing in the content can carry the same id.
    const auto suffix = fmt::format("{:02x}", fmt::join(random_bytes(8), ""));
    const auto timestamp_id = "TS-" + suffix, token_id = "X509-" + suffix;
    const auto stamp = timestamp(timestamp_id, created, lifetime);
    const auto ours = token(token_id, der);
    parts.push_back({timestamp_id, sha256_of(stamp)});
    parts.push_back({token_id, sha256_of(ours)});

    const auto what = signed_info(parts);
    const auto signature = co_await with.sign(key_id, what);
    if (!signature) co_return signature.error();
    co_return fmt::format(
        R"(<wsse:Security xmlns:s="{}" xmlns:wsse="{}" s:mustUnderstand="1">{}{})"
        R"(<ds:Signature xmlns:ds="{}">{}<ds:SignatureValue>{}</ds:SignatureValue>)"
        R"({}</ds:Signature></wsse:Security>)",
        xml::escape_attribute(soap_ns), wsse_ns, stamp, ours, ds_ns, what,
        base64_encode(*signature), key_info(token_id));
}

}  // namespace ecert::crypto::wss
