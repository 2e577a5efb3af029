// The order matters: the shape first, then whose key it is, then the signature over SignedInfo,
// then the digest of every part it names, then that nothing needed is missing from them. Only what
// passed all of it is handed out.
#include "crypto/wss/block.hpp"
#include "crypto/wss/names.hpp"
#include "crypto/wss/security.hpp"
#include "crypto/wss/timestamp.hpp"

#include <algorithm>

namespace ecert::crypto::wss {
namespace {

// The configured certificate that the token is, byte for byte. The token itself is only looked up,
// never used.
checked<certificate> signer_of(const xml::node& token, const verify_policy& by, time_point now) {
    const auto encoding = token.attribute("EncodingType").value_or(std::string{base64_binary});
    if (token.attribute("ValueType") != std::string{x509_v3} || encoding != base64_binary)
        return security_failure{"wsse:UnsupportedSecurityToken",
                                "the token must be of type X509v3 and encoded as Base64Binary"};
    const auto der = token.children().empty() ? base64_decode(token.text()) : std::nullopt;
    if (!der || der->empty())
        return security_failure{"wsse:InvalidSecurityToken", "the token is not base64"};
    const auto known = std::find_if(by.signers.begin(), by.signers.end(),
                                    [&](const certificate& one) { return one.der() == *der; });
    if (known == by.signers.end())
        return security_failure{
            "wsse:FailedAuthentication",
            "the token is no certificate that is registered here for your signatures"};
    if (!known->valid_at(now))
        return security_failure{
            "wsse:InvalidSecurityToken",
            "the token's certificate is not in its time: " + rfc3339(known->not_before()) + " to " +
                rfc3339(known->not_after())};
    return *known;
}

checked<void> signature_holds(const signature_block& of, const certificate& by) {
    const auto signed_bytes = xml::exclusive_c14n(of.signed_info, of.prefixes);
    if (by.verifies(signed_bytes, of.value)) return {};
    return security_failure{"wsse:FailedCheck",
                            "the signature does not verify with the token's key"};
}

// What may be referred to, and whether it was.
class coverage {
  public:
    coverage(const security_block& of, const xml::message& received)
        : of_{of}, received_{received} {
        expect(received.body);
        expect(of.timestamp);
        expect(of.token);
        for (const auto& child : of.header.children())
            if (child.ns() == wsa_ns) expect(child);
    }

    checked<void> cover(const reference& by) {
        const auto at = of_.by_id.find(by.id);
        if (at == of_.by_id.end())
            return security_failure{"wsse:FailedCheck",
                                    "no element has the wsu:Id '" + by.id + "'"};
        const auto node = at->second;
        const auto slot = std::find_if(parts_.begin(), parts_.end(),
                                       [&](const part& one) { return one.at == node; });
        if (slot == parts_.end())
            return invalid_security(
                "'" + by.id +
                "' is not the Body, the Timestamp, the token or an addressing header");
        if (slot->covered) return invalid_security("'" + by.id + "' is referred to twice");
        if (digest_of(node, by.prefixes) != by.digest)
            return security_failure{"wsse:FailedCheck",
                                    "the digest of '" + by.id + "' does not match"};
        slot->covered = true;
        return {};
    }

    checked<void> complete() const {
        for (const auto& one : parts_)
            if (!one.covered)
                return invalid_security("the signature does not cover " +
                                        std::string{one.at.local()});
        return {};
    }

  private:
    struct part {
        xml::node at;
        bool covered = false;
    };

    void expect(const xml::node& at) { parts_.push_back({at}); }

    // The Body was digested while it was read, with the PrefixList that body_prefixes found for it.
    sha256 digest_of(const xml::node& node, const std::vector<std::string>& prefixes) const {
        if (node == received_.body) return received_.body_digest;
        return sha256_of(xml::exclusive_c14n(node, prefixes));
    }

    const security_block& of_;
    const xml::message& received_;
    std::vector<part> parts_;
};

checked<void> parts_hold(const security_block& block, const xml::message& received) {
    coverage parts{block, received};
    for (const auto& one : block.signature.references)
        if (auto good = parts.cover(one); !good) return good;
    return parts.complete();
}

// Reads the addressing headers, each at most once.
checked<void> read_addressing(const xml::node& header, verified& into) {
    struct field {
        std::string_view local;
        std::string& text;
        bool seen = false;
    } fields[] = {{"MessageID", into.message_id},
                  {"To", into.to},
                  {"Action", into.action},
                  {"RelatesTo", into.relates_to}};
    for (const auto& child : header.children()) {
        if (child.ns() != wsa_ns) continue;
        into.addressing.push_back(child);
        for (auto& field : fields) {
            if (child.local() != field.local) continue;
            if (std::exchange(field.seen, true) || !child.children().empty())
                return invalid_security("the header wsa:" + std::string{field.local} +
                                        " must stand once and hold text");
            field.text = trimmed_text(child);
        }
    }
    return {};
}

}  // namespace

verification verify(const xml::message& received, const verify_policy& by, time_point now) {
    const auto block = read_block(received);
    if (!block) return block.error();
    if (block->token.attribute(named(wsu_ns, "Id")) != block->signature.token_id)
        return invalid_security(
            "ds:KeyInfo does not refer to the wsse:BinarySecurityToken beside it");

    auto signer = signer_of(block->token, by, now);
    if (!signer) return signer.error();
    if (auto good = signature_holds(block->signature, *signer); !good) return good.error();
    if (auto good = parts_hold(*block, received); !good) return good.error();
    const auto window = read_timestamp(block->timestamp, by.longest_lifetime);
    if (!window) return window.error();
    if (auto open = is_open(*window, by.skew, now); !open) return open.error();

    verified proven;
    proven.body = received.body;
    proven.signer = *std::move(signer);
    proven.created = window->created;
    proven.expires = window->expires;
    proven.signature = sha256_of(block->signature.value);
    if (auto read = read_addressing(block->header, proven); !read) return read.error();
    return proven;
}

}  // namespace ecert::crypto::wss
