#include "hub/inbox/answer.hpp"

#include "adapters/sps/acknowledgement.hpp"
#include "config/utf8.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace ecert::hub {
namespace {

constexpr int accepted = 39, rejected = 41;
constexpr unsigned most_nodes = 1000;
constexpr std::size_t longest_reason = 2000, longest_language = 35;  // BCP 47 fits

problem wrong(const char* id, std::string where, std::string_view value, std::string expected) {
    return {id, severity::error, std::move(where), valid_utf8(value, 200), std::move(expected)};
}

// A member that must be a string if it is there.
std::string text_member(const boost::json::object& from, std::string_view name, problems& found) {
    const auto* value = from.if_contains(name);
    if (value == nullptr || value->is_null()) return {};
    if (value->is_string()) return std::string{value->as_string()};
    found.push_back(
        wrong("REST-JSON", "/" + std::string{name}, boost::json::serialize(*value), "a string"));
    return {};
}

void read_status(const boost::json::object& body, read_answer_result& into) {
    const auto status = text_member(body, "status", into.found);
    if (status == "accepted")
        into.value.status = accepted;
    else if (status == "rejected")
        into.value.status = rejected;
    else
        into.found.push_back(wrong("INBOX-ANSWER-STATUS", "/status", status, "accepted, rejected"));
}

void check_texts(read_answer_result& r, const char* reason = "/reason",
                 const char* language = "/language") {
    if (r.value.status == rejected && r.value.reason.empty())
        r.found.push_back(wrong("INBOX-REASON-MISSING", reason, "", ""));
    if (r.value.reason.size() > longest_reason)
        r.found.push_back(
            wrong("INBOX-REASON-TOO-LONG", reason, r.value.reason, "2000 bytes at most"));
    // The answer travels to the sender's country in XML, which has no form for control characters.
    for (const auto& [where, text] :
         {std::pair{reason, &r.value.reason}, std::pair{language, &r.value.language}})
        if (!crypto::xml::is_xml_text(*text))
            r.found.push_back(wrong("INBOX-TEXT-NOT-XML", where, *text, ""));
    if (r.value.language.size() > longest_language)
        r.found.push_back(wrong("REST-JSON", language, r.value.language, "a language tag"));
}

}  // namespace

read_answer_result read_answer(std::string_view json) {
    read_answer_result made;
    boost::system::error_code unread;
    const auto body = boost::json::parse(json, unread);
    if (unread || !body.is_object()) {
        made.found.push_back(wrong("REST-JSON", "/", json, R"({"status":"accepted"})"));
        return made;
    }
    read_status(body.as_object(), made);
    made.value.reason = text_member(body.as_object(), "reason", made.found);
    made.value.language = text_member(body.as_object(), "language", made.found);
    check_texts(made);
    return made;
}

problems refers_to_another(const std::string& other, const std::string& number) {
    if (other.empty()) return {};
    return {wrong("INBOX-OTHER-CERTIFICATE", "ReferenceSPSReferencedDocument/ID", other,
                  valid_utf8(number, 200))};
}

read_answer_result read_answer_fields(const answer_fields& said, const std::string& number) {
    read_answer_result made;
    made.found = refers_to_another(said.other, number);
    if (said.status == "39" || said.status == "70")  // EU TRACES accepts with 70, issued
        made.value.status = accepted;
    else if (said.status == "41")
        made.value.status = rejected;
    else
        made.found.push_back(wrong("INBOX-ANSWER-STATUS", "StatusCode", said.status, "39, 41"));
    made.value.reason = said.reason;
    made.value.language = said.language;
    check_texts(made, "ReasonInformation", "ReasonInformation/@languageID");
    return made;
}

read_answer_result read_answer_xml(std::string_view xml, const std::string& number) {
    read_answer_result made;
    const auto document = crypto::xml::document::parse(xml, {.nodes = most_nodes});
    if (!document) {
        made.found.push_back(wrong("INBOX-NOT-XML", "/", document.error().text, ""));
        return made;
    }
    auto read = sps::read_acknowledgement_of(document->root());
    made.found = std::move(read.found);
    auto& a = read.value;
    const auto path = document->root().path() + "/rsm:SPSAcknowledgementDocument";
    if (a.status != 0 && !sps::accepts(a) && !sps::rejects(a))
        made.found.push_back(wrong("INBOX-ANSWER-STATUS", path + "/ram:StatusCode",
                                   std::to_string(a.status), "39, 41"));
    const auto names_it = [&](const auto& r) { return r.id == number; };
    if (!a.references.empty() && std::ranges::none_of(a.references, names_it))
        made.found.push_back(wrong("INBOX-OTHER-CERTIFICATE",
                                   path + "/ram:ReferenceSPSReferencedDocument/ram:ID",
                                   a.references.front().id, valid_utf8(number, 200)));
    if (has_errors(made.found)) return made;
    made.value = {sps::accepts(a) ? accepted : rejected, std::move(a.reason),
                  std::move(a.language)};
    check_texts(made);
    return made;
}

}  // namespace ecert::hub
