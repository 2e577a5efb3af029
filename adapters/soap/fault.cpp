#include "adapters/soap/fault.hpp"

#include <algorithm>

namespace ecert::soap {
namespace {

using crypto::xml::escape_text;
using crypto::xml::node;

std::string trimmed(std::string text) {
    constexpr auto white = " \t\r\n";
    text.erase(0, text.find_first_not_of(white));
    text.erase(text.find_last_not_of(white) + 1);
    return text;
}

std::string local_of(const std::string& qualified) {
    const auto text = trimmed(qualified);
    const auto colon = text.find(':');
    return colon == std::string::npos ? text : text.substr(colon + 1);
}

fault read_1_1(const node& at) {
    fault read;
    auto code = local_of(at.child({"", "faultcode"}).text());
    for (std::size_t dot; (dot = code.rfind('.')) != std::string::npos; code.erase(dot))
        read.subcodes.insert(read.subcodes.begin(), code.substr(dot + 1));
    read.code = code;
    read.reason = trimmed(at.child({"", "faultstring"}).text());
    if (auto detail = at.child({"", "detail"})) read.detail = trimmed(detail.text());
    return read;
}

fault read_1_2(const node& at, version v) {
    fault read;
    auto code = at.child(element(v, "Code"));
    if (code) read.code = local_of(code.child(element(v, "Value")).text());
    for (auto sub = code; sub && read.subcodes.size() < 8;) {
        sub = sub.child(element(v, "Subcode"));
        if (sub) read.subcodes.push_back(local_of(sub.child(element(v, "Value")).text()));
    }
    if (auto reason = at.child(element(v, "Reason")))
        read.reason = trimmed(reason.child(element(v, "Text")).text());
    if (auto detail = at.child(element(v, "Detail"))) read.detail = trimmed(detail.text());
    return read;
}

}  // namespace

bool fault::names(std::string_view local) const {
    return code == local || std::find(subcodes.begin(), subcodes.end(), local) != subcodes.end();
}

std::string write_fault(version v, std::string_view code, std::string_view subcode,
                        std::string_view reason, std::string_view detail) {
    std::string xml{"<s:Fault>"};
    if (v == version::v1_1) {
        const auto colon = subcode.find(':');
        xml.append("<faultcode>");
        if (subcode.starts_with("ws")) {
            xml.append(escape_text(subcode));
        } else {
            xml.append("s:").append(code);
            if (!subcode.empty())
                xml.append(".").append(
                    escape_text(subcode.substr(colon == subcode.npos ? 0 : colon + 1)));
        }
        xml.append("</faultcode><faultstring>")
            .append(escape_text(reason))
            .append("</faultstring>");
        if (!detail.empty()) xml.append("<detail>").append(detail).append("</detail>");
        return xml.append("</s:Fault>");
    }
    xml.append("<s:Code><s:Value>s:").append(code).append("</s:Value>");
    if (!subcode.empty())
        xml.append("<s:Subcode><s:Value>")
            .append(escape_text(subcode))
            .append("</s:Value></s:Subcode>");
    xml.append("</s:Code><s:Reason><s:Text xml:lang=\"en\">").append(escape_text(reason));
    xml.append("</s:Text></s:Reason>");
    if (!detail.empty()) xml.append("<s:Detail>").append(detail).append("</s:Detail>");
    return xml.append("</s:Fault>");
}

std::optional<fault> read_fault(version v, const node& body) {
    if (!body) return std::nullopt;
    const auto at = body.child(element(v, "Fault"));
    if (!at) return std::nullopt;
    // gSOAP answers a request of 1.1 with a fault of the shape of 1.2, in the namespace of 1.1.
    const bool of_1_2 = v == version::v1_2 || at.child(element(v, "Code"));
    return of_1_2 ? read_1_2(at, v) : read_1_1(at);
}

int fault_status(version v, std::string_view code) {
    return v == version::v1_2 && code == "Sender" ? 400 : 500;
}

}  // namespace ecert::soap
