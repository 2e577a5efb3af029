#include "adapters/soap/write.hpp"

namespace ecert::soap {
namespace {

using crypto::xml::escape_attribute;
using crypto::xml::escape_text;

void add(std::vector<written_header>& to, std::string_view name, std::string_view id,
         const std::string& text) {
    if (text.empty()) return;
    std::string xml{"<wsa:"};
    xml.append(name).append(" xmlns:wsa=\"").append(crypto::wss::wsa_ns);
    xml.append("\" xmlns:wsu=\"").append(crypto::wss::wsu_ns);
    xml.append("\" wsu:Id=\"").append(id).append("\">").append(escape_text(text));
    xml.append("</wsa:").append(name).append(">");
    auto digest = crypto::sha256_of(xml);
    to.push_back({std::move(xml), {std::string{id}, digest}});
}

}  // namespace

std::vector<written_header> write_addressing(const addressing& from) {
    std::vector<written_header> all;
    add(all, "MessageID", "message-id", from.message_id);
    add(all, "RelatesTo", "relates-to", from.relates_to);
    add(all, "To", "to", from.to);
    add(all, "Action", "action", from.action);
    return all;
}

body make_body(version v, crypto::xml::parts inside, body_id id) {
    std::string open{"<s:Body xmlns:s=\""};
    open.append(namespace_of(v)).append("\"");
    if (id == body_id::given)
        open.append(" xmlns:wsu=\"").append(crypto::wss::wsu_ns).append("\" wsu:Id=\"body\"");
    open.append(">");
    body made;
    made.parts.reserve(inside.size() + 2);
    made.parts.emplace_back(std::move(open));
    for (auto& part : inside) made.parts.push_back(std::move(part));
    made.parts.emplace_back(std::string{"</s:Body>"});
    made.measured = crypto::xml::measure(made.parts);
    return made;
}

message assemble(version v, const std::vector<written_header>& headers, std::string_view security,
                 body around, std::string_view subcodes) {
    std::string head{"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<s:Envelope xmlns:s=\""};
    head.append(namespace_of(v)).append("\"");
    if (!subcodes.empty()) {
        head.append(" xmlns:wsse=\"").append(crypto::wss::wsse_ns);
        head.append("\" xmlns:wsu=\"").append(crypto::wss::wsu_ns);
        head.append("\" xmlns:f=\"").append(escape_attribute(subcodes)).append("\"");
    }
    head.append("><s:Header>");
    for (const auto& header : headers) head.append(header.xml);
    head.append(security).append("</s:Header>");
    const std::string tail{"</s:Envelope>"};
    message all;
    all.size = head.size() + around.measured.size + tail.size();
    all.parts.reserve(around.parts.size() + 2);
    all.parts.emplace_back(std::move(head));
    for (auto& part : around.parts) all.parts.push_back(std::move(part));
    all.parts.emplace_back(tail);
    return all;
}

}  // namespace ecert::soap
