#include "adapters/sps/certificate.hpp"
#include "adapters/sps/elements.hpp"
#include "crypto/xml/family.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <unordered_map>

namespace ecert::sps {
namespace {

constexpr std::string_view certificate_family =
    "urn:un:unece:uncefact:data:standard:SPSCertificate:";
constexpr std::size_t longest_number = 512;

int version_of(const node& root) {
    if (!crypto::xml::belongs_to(root.ns(), certificate_family)) return 0;
    const auto text = root.ns().substr(certificate_family.size());
    int version = 0;
    std::from_chars(text.data(), text.data() + text.size(), version);
    return version;
}

std::optional<int> code_of(std::string_view text) {
    int code = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
    if (error != std::errc{} || end != text.data() + text.size() || code <= 0) return {};
    return code;
}

struct code_ids {
    std::string_view local;
    const char* missing;
    const char* no_code;
    const char* expected;
};
constexpr code_ids type_ids{"TypeCode", "SPS-TYPE-MISSING", "SPS-TYPE-NOT-A-CODE",
                            "UNTDID 1001: 851"};
constexpr code_ids status_ids{"StatusCode", "SPS-STATUS-MISSING", "SPS-STATUS-NOT-A-CODE",
                              "UNTDID 4405: 70"};

int read_code(const node& document, const code_ids& ids, problems& found) {
    const auto at = child(document, ids.local);
    const auto text = text_of(at);
    if (text.empty()) {
        found.push_back(
            {ids.missing, severity::error, path_below(document, ids.local), {}, ids.expected});
        return 0;
    }
    const auto code = code_of(text);
    if (!code) found.push_back({ids.no_code, severity::error, at.path(), cut(text), ids.expected});
    return code.value_or(0);
}

std::string read_number(const node& document, problems& found) {
    const auto at = child(document, "ID");
    auto number = text_of(at);
    if (number.empty())
        found.push_back(
            {"SPS-NUMBER-MISSING", severity::error, path_below(document, "ID"), {}, {}});
    if (number.size() > longest_number)
        found.push_back({"SPS-NUMBER-TOO-LONG", severity::error, at.path(), cut(number), "<= 512"});
    return number;
}

std::vector<std::string> read_replaced(const node& document) {
    std::vector<std::string> numbers;
    for (const auto& note : children(document, "IncludedSPSNote")) {
        if (text_of(child(note, "Subject")) != "ADRPN") continue;
        auto number = text_of(child(note, "Content"));
        if (!number.empty()) numbers.push_back(std::move(number));
    }
    return numbers;
}

std::vector<attachment> read_attachments(const crypto::xml::skeleton& from) {
    std::unordered_map<std::string_view, const crypto::xml::slot*> by_placeholder;
    for (const auto& s : from.slots) by_placeholder.emplace(s.placeholder, &s);
    std::vector<attachment> all;
    visit(from.tree.root(), [&](const node& n) {
        if (!is_sps(n, "AttachmentBinaryObject")) return;
        const auto text = text_of(n);
        const auto slot = by_placeholder.find(text);
        const bool readable = slot != by_placeholder.end() && slot->second->readable;
        all.push_back({n, n.attribute("filename").value_or(""), n.attribute("mimeCode"),
                       n.attribute("uri").value_or(""), !text.empty(),
                       readable ? slot->second : nullptr});
    });
    return all;
}

}  // namespace

std::vector<crypto::xml::name> attachment_elements() {
    return {{"urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:",
             "AttachmentBinaryObject"}};
}

bool can_be_judged(const crypto::xml::skeleton_result& read) {
    return read.value.tree &&
           std::all_of(read.found.begin(), read.found.end(), [](const problem& p) {
               return p.level == severity::warning || p.id == "XML-NOT-BASE64";
           });
}

read_certificate read(const crypto::xml::skeleton& from) {
    read_certificate made;
    const auto root = from.tree.root();
    if (!root || root.local() != "SPSCertificate" || version_of(root) == 0) {
        made.found.push_back({"SPS-NOT-A-CERTIFICATE", severity::error, root ? root.path() : "/",
                              root ? cut(root.local()) : "",
                              std::string{certificate_family} + "17"});
        return made;
    }
    auto& c = made.value;
    const auto document = child(root, "SPSExchangedDocument");
    const auto consignment = child(root, "SPSConsignment");
    c.version = version_of(root);
    c.number = read_number(document ? document : root, made.found);
    c.type = read_code(document ? document : root, type_ids, made.found);
    c.status = read_code(document ? document : root, status_ids, made.found);
    c.issued = text_of(child(document, "IssueDateTime"));
    c.issuer = text_of(descend(document, {"IssuerSPSParty", "Name"}));
    c.export_country = text_of(descend(consignment, {"ExportSPSCountry", "ID"}));
    c.import_country = text_of(descend(consignment, {"ImportSPSCountry", "ID"}));
    for (const auto& country : children(consignment, "TransitSPSCountry"))
        c.transit_countries.push_back(text_of(child(country, "ID")));
    c.replaces = read_replaced(document);
    c.attachments = read_attachments(from);
    return made;
}

}  // namespace ecert::sps
