#include "adapters/sps/acknowledgement.hpp"

#include "adapters/sps/codes/codes.hpp"
#include "adapters/sps/elements.hpp"

#include <algorithm>
#include <charconv>

namespace ecert::sps {
namespace {

constexpr int approved = 39, rejected = 41, issued = 70;
constexpr auto rsm = "urn:un:unece:uncefact:data:standard:SPSAcknowledgement:17";
constexpr auto ram =
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21";
constexpr auto udt = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:21";

int number_in(const std::string& text) {
    int value = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    return wrong == std::errc{} && end == text.data() + text.size() ? value : 0;
}

int read_status(const node& document, problems& found) {
    const auto at = child(document, "StatusCode");
    const auto text = text_of(at);
    const auto expected = "UNTDID 4405: 39 approved, 41 rejected";
    if (text.empty()) {
        found.push_back({"SPS-STATUS-MISSING",
                         severity::error,
                         path_below(document, "StatusCode"),
                         {},
                         expected});
        return 0;
    }
    const auto status = number_in(text);
    if (status <= 0)
        found.push_back({"SPS-STATUS-NOT-A-CODE", severity::error, at.path(), cut(text), expected});
    else if (!codes::is_status(status))
        found.push_back({"SPS-STATUS-UNKNOWN", severity::warning, at.path(), cut(text), expected});
    return std::max(status, 0);
}

void append_unless_empty(node to, const char* local, const std::string& text) {
    if (!text.empty()) to.append({ram, local}, text);
}

}  // namespace

bool accepts(const acknowledgement& a) { return a.status == approved || a.status == issued; }
bool rejects(const acknowledgement& a) { return a.status == rejected; }

read_acknowledgement read_acknowledgement_of(const node& root) {
    read_acknowledgement made;
    const auto document = child(root, "SPSAcknowledgementDocument");
    if (!is_sps(root, "SPSAcknowledgement") || !document) {
        made.found.push_back({"SPS-NOT-AN-ACKNOWLEDGEMENT", severity::error,
                              root ? root.path() : "/", root ? cut(root.local()) : "",
                              std::string{rsm} + ", SPSAcknowledgementDocument"});
        return made;
    }
    auto& a = made.value;
    a.status = read_status(document, made.found);
    a.issued = text_of(child(document, "IssueDateTime"));
    const auto reason = child(document, "ReasonInformation");
    a.reason = text_of(reason);
    if (reason) a.language = trimmed(reason.attribute("languageID").value_or(""));
    for (const auto& r : children(document, "ReferenceSPSReferencedDocument"))
        a.references.push_back({number_in(text_of(child(r, "TypeCode"))),
                                text_of(child(r, "RelationshipTypeCode")),
                                text_of(child(r, "ID"))});
    return made;
}

crypto::xml::document write(const acknowledgement& a) {
    auto made = crypto::xml::document::make({rsm, "SPSAcknowledgement"}, "rsm");
    auto document = made.root().append({rsm, "SPSAcknowledgementDocument"});
    if (!a.issued.empty())
        document.append({ram, "IssueDateTime"}).append({udt, "DateTimeString"}, a.issued);
    document.append({ram, "StatusCode"}, std::to_string(a.status));
    if (!a.reason.empty()) {
        auto reason = document.append({ram, "ReasonInformation"}, a.reason);
        if (!a.language.empty()) reason.set("languageID", a.language);
    }
    for (const auto& r : a.references) {
        auto to = document.append({ram, "ReferenceSPSReferencedDocument"});
        if (r.type != 0) to.append({ram, "TypeCode"}, std::to_string(r.type));
        append_unless_empty(to, "RelationshipTypeCode", r.relation);
        append_unless_empty(to, "ID", r.id);
    }
    return made;
}

}  // namespace ecert::sps
