#include "tests/unit/crypto/wss/workshop.hpp"

#include "crypto/xml/document.hpp"
#include "tests/unit/crypto/keys/run_awaitable.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ecert::testing {
namespace wss = crypto::wss;
namespace {

constexpr auto ds = "http://www.w3.org/2000/09/xmldsig#";
constexpr auto x509_profile =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3";

std::string token_text(const recipe& of, const std::string& der) {
    return fmt::format(
        R"(<wsse:BinarySecurityToken xmlns:wsse="{}" xmlns:wsu="{}" EncodingType="http://docs.)"
        R"(oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary" )"
        R"(ValueType="{}" wsu:Id="token">{}</wsse:BinarySecurityToken>)",
        wss::wsse_ns, wss::wsu_ns, of.token_type.empty() ? x509_profile : of.token_type,
        crypto::base64_encode(der));
}

std::string timestamp_text(const recipe& of) {
    if (!of.timestamp.empty()) return of.timestamp;
    return fmt::format(
        R"(<wsu:Timestamp xmlns:wsu="{}" wsu:Id="stamp"><wsu:Created>{}</wsu:Created>)"
        R"(<wsu:Expires>{}</wsu:Expires></wsu:Timestamp>)",
        wss::wsu_ns, rfc3339(of.created), rfc3339(of.expires));
}

std::string reference_text(const signed_reference& to) {
    return fmt::format(
        R"(<ds:Reference URI="{}"><ds:Transforms>{}</ds:Transforms><ds:DigestMethod )"
        R"(Algorithm="{}"></ds:DigestMethod><ds:DigestValue>{}</ds:DigestValue></ds:Reference>)",
        to.uri, to.transforms, to.digest_method, to.digest);
}

}  // namespace

written_part addressing(const std::string& local, const std::string& value) {
    return {local + "-1",
            fmt::format(R"(<wsa:{0} xmlns:wsa="{1}" xmlns:wsu="{2}" wsu:Id="{0}-1">{3}</wsa:{0}>)",
                        local, wss::wsa_ns, wss::wsu_ns, crypto::xml::escape_text(value))};
}

written_part body(std::string_view soap, const std::string& inside) {
    return {"Body-1",
            fmt::format(R"(<s:Body xmlns:s="{}" xmlns:wsu="{}" wsu:Id="Body-1">{}</s:Body>)", soap,
                        wss::wsu_ns, inside)};
}

std::string replaced(std::string in, const std::string& what, const std::string& by) {
    const auto at = in.find(what);
    if (at == std::string::npos || in.find(what, at + 1) != std::string::npos)
        throw std::runtime_error("not exactly once in the message: " + what);
    return in.replace(at, what.size(), by);
}

workshop& the_workshop() {
    static workshop one;
    return one;
}

workshop::workshop() {
    static const crypto::xml::library xml;
    pki_.make("ca signing-ca");
    std::map<std::string, key_settings> keys;
    for (const std::string name : {"CN", "NZ", "old"}) {
        pki_.make("signing " + name + " signing-ca" + (name == "old" ? " --expired" : ""));
        keys[name] = {name, pki_.key(name), pki_.pem(name)};
    }
    now_ = std::chrono::floor<std::chrono::seconds>(machine_clock().now());
    static const manual_clock past{now_ - std::chrono::days{10}};
    signer_ = crypto::make_pem_signer(keys, pool_, past).value;
}

recipe workshop::honest() const {
    recipe made;
    made.created = now_;
    made.expires = now_ + std::chrono::minutes{5};
    made.headers = {
        addressing("MessageID", "urn:uuid:7d9f"), addressing("To", "https://nz.example/node"),
        addressing("Action", "urn:ecert:deliver"), addressing("RelatesTo", "urn:uuid:1234")};
    made.body =
        body(made.soap, R"(<e:deliver xmlns:e="urn:ecert:node"><e:number>CN/2026 1</e:number>)"
                        R"(<e:content>&lt;SPSCertificate/&gt;</e:content></e:deliver>)");
    return made;
}

std::string workshop::envelope(const recipe& of, const std::string& header,
                               const std::string& body) const {
    const auto start = of.envelope_start.empty()
                           ? fmt::format(R"(<s:Envelope xmlns:s="{}">)", of.soap)
                           : of.envelope_start;
    const auto name = start.substr(1, start.find_first_of(" >") - 1);
    const auto prefix =
        name.find(':') == std::string::npos ? "" : name.substr(0, name.find(':') + 1);
    return fmt::format("{0}<{1}Header>{2}</{1}Header>{3}</{4}>", start, prefix, header, body, name);
}

std::string workshop::sign_by_the_node(const recipe& of) {
    std::vector<wss::signed_part> parts;
    std::string header;
    for (const auto& one : of.headers) {
        parts.push_back({one.id, crypto::sha256_of(one.text)});
        header += one.text;
    }
    parts.push_back({of.body.id, crypto::sha256_of(of.body.text)});
    const auto made = run_awaitable(wss::make_security_header(
        parts, *signer_, of.key_id, of.created, of.expires - of.created, of.soap));
    return envelope(of, header + made.value(), of.body.text);
}

std::string workshop::security(const recipe& of) {
    const auto token = token_text(of, signer_->certificate(of.token_of));
    const auto stamp = timestamp_text(of);
    std::vector<signed_reference> references;
    for (const auto& one : of.headers)
        references.push_back({"#" + one.id, crypto::sha256_of(one.text).base64()});
    references.push_back({"#" + of.body.id, crypto::sha256_of(of.body.text).base64()});
    references.push_back({"#stamp", crypto::sha256_of(stamp).base64()});
    references.push_back({"#token", crypto::sha256_of(token).base64()});
    if (of.edit_references) of.edit_references(references);

    auto info = fmt::format(
        R"(<ds:SignedInfo xmlns:ds="{}"><ds:CanonicalizationMethod Algorithm="{}">)"
        R"(</ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="{}"></ds:SignatureMethod>)",
        ds, of.canonicalisation, of.signature_method);
    for (const auto& one : references) info += reference_text(one);
    info += "</ds:SignedInfo>";
    const auto value = run_awaitable(signer_->sign(of.key_id, info)).value();
    const auto key_info =
        of.key_info.empty()
            ? R"(<ds:KeyInfo><wsse:SecurityTokenReference><wsse:Reference URI="#token"/>)"
              R"(</wsse:SecurityTokenReference></ds:KeyInfo>)"
            : of.key_info;
    return fmt::format(
        R"(<wsse:Security xmlns:wsse="{}" {}>{}{}{}<ds:Signature xmlns:ds="{}">{})"
        R"(<ds:SignatureValue>{}</ds:SignatureValue>{}{}</ds:Signature></wsse:Security>)",
        wss::wsse_ns, of.security_attributes, stamp, token, of.in_security, ds, info,
        crypto::base64_encode(value), key_info, of.in_signature);
}

std::string workshop::sign(const recipe& of) {
    std::string header;
    for (const auto& one : of.headers) header += one.text;
    return envelope(of, header + security(of), of.body.text);
}

result<crypto::xml::message> workshop::read(const std::string& message,
                                            std::string_view soap) const {
    const std::string ns{soap};
    crypto::xml::message_options how;
    how.content = {{"urn:ecert:node", "content"}};
    how.envelope = {ns, "Envelope"};
    how.header = {ns, "Header"};
    how.body = {ns, "Body"};
    how.body_prefixes = wss::body_prefixes;
    how.spool_folder = pki_.folder();
    return crypto::xml::read_message(crypto::from_memory(message), how);
}

wss::verify_policy workshop::policy() const {
    return {.signers = {pki_.certificate("CN"), pki_.certificate("old")}};
}

std::string workshop::verdict_at(time_point when, const std::string& message) const {
    const auto read_message = read(message);
    if (!read_message) return "unread: " + read_message.error().text;
    const auto proven = wss::verify(*read_message, policy(), when);
    return proven ? "" : proven.error().code;
}

std::string workshop::verdict(const std::string& message, std::string_view soap) const {
    const auto read_message = read(message, soap);
    if (!read_message) return "unread: " + read_message.error().text;
    const auto proven = wss::verify(*read_message, policy(), now_);
    return proven ? "" : proven.error().code;
}

std::string workshop::reason(const std::string& message) const {
    const auto read_message = read(message);
    if (!read_message) return read_message.error().text;
    const auto proven = wss::verify(*read_message, policy(), now_);
    return proven ? "" : proven.error().text;
}

TEST(workshop, makes_by_hand_what_verifies) {
    auto& shop = the_workshop();
    EXPECT_EQ(shop.reason(shop.sign(shop.honest())), "");
}

}  // namespace ecert::testing
