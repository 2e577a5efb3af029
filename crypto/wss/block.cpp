#include "crypto/wss/block.hpp"

#include "crypto/wss/names.hpp"

#include <algorithm>
#include <unordered_set>

namespace ecert::crypto::wss {
namespace {

constexpr std::string_view white_space = " \t\r\n";

// Envelope holds one Header, then the one Body that was digested.
checked<xml::node> header_of(const xml::message& received) {
    const auto envelope = received.tree.root();
    const auto soap = std::string{envelope.ns()};
    const auto parts = exactly(envelope, {{soap, "Header"}, {soap, "Body"}});
    if (parts.empty())
        return invalid_security(
            "the Envelope must hold one Header, with a wsse:Security, and one Body");
    if (parts[1] != received.body) return invalid_security("the Body is not where it belongs");
    for (const auto& content : received.contents) {
        auto above = content.at;
        while (above && above != received.body) above = above.parent();
        if (!above) return invalid_security("content stands outside of the Body");
    }
    return parts[0];
}

checked<xml::node> security_of(const xml::node& header) {
    xml::node found;
    for (const auto& child : header.children()) {
        if (!child.is(named(wsse_ns, "Security"))) continue;
        if (found) return invalid_security("there is more than one wsse:Security");
        found = child;
    }
    if (!found)
        return invalid_security(
            "there is no wsse:Security in the Header: the message must be signed");
    const auto soap = header.ns();
    const auto actor = found.attribute(named(soap, "actor")).value_or("");
    const auto role = found.attribute(named(soap, "role")).value_or("");
    if (!actor.empty() || (!role.empty() && role != ultimate_receiver))
        return invalid_security("wsse:Security is addressed to another actor or role");
    return found;
}

}  // namespace

std::vector<xml::node> exactly(const xml::node& parent, std::initializer_list<xml::name> names) {
    auto children = parent.children();
    const bool same = std::equal(children.begin(), children.end(), names.begin(), names.end(),
                                 [](const xml::node& n, const xml::name& as) { return n.is(as); });
    if (!same) children.clear();
    return children;
}

std::string trimmed_text(const xml::node& of) {
    const auto text = of.text();
    const auto first = text.find_first_not_of(white_space);
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

checked<std::unordered_map<std::string, xml::node>> unique_ids(const xml::node& root) {
    std::unordered_map<std::string, xml::node> by_id;
    std::unordered_set<std::string> seen;
    const auto wsu_id = named(wsu_ns, "Id"), xml_id = named(xml_ns, "id");
    const auto security = named(wsse_ns, "Security");
    std::vector<xml::node> open{root};
    std::size_t securities = 0;
    while (!open.empty()) {
        const auto at = open.back();
        open.pop_back();
        if (at.is(security) && ++securities > 1)
            return invalid_security("there is more than one wsse:Security");
        const auto ours = at.attribute(wsu_id);
        for (const auto& id : {ours, at.attribute("Id"), at.attribute("ID"), at.attribute(xml_id)})
            if (id && !seen.insert(*id).second)
                return invalid_security("the id '" + id->substr(0, 64) +
                                        "' stands twice in the message");
        if (ours) by_id.emplace(*ours, at);
        const auto below = at.children();
        open.insert(open.end(), below.begin(), below.end());
    }
    return by_id;
}

checked<security_block> read_block(const xml::message& received) {
    security_block block;
    const auto header = header_of(received);
    if (!header) return header.error();
    block.header = *header;
    const auto security = security_of(block.header);
    if (!security) return security.error();
    auto ids = unique_ids(received.tree.root());
    if (!ids) return ids.error();
    block.by_id = *std::move(ids);

    xml::node signature;
    const auto take = [](xml::node& into, const xml::node& child) {
        if (into) return false;
        into = child;
        return true;
    };
    for (const auto& child : security->children()) {
        const bool known =
            (child.is(named(wsu_ns, "Timestamp")) && take(block.timestamp, child)) ||
            (child.is(named(wsse_ns, "BinarySecurityToken")) && take(block.token, child)) ||
            (child.is(named(ds_ns, "Signature")) && take(signature, child));
        if (!known)
            return invalid_security(
                "wsse:Security holds an element that is unknown here or stands twice: " +
                std::string{child.local().substr(0, 64)});
    }
    if (!block.timestamp || !block.token || !signature)
        return invalid_security(
            "wsse:Security must hold a wsu:Timestamp, a wsse:BinarySecurityToken and a "
            "ds:Signature");
    auto read = read_signature(signature);
    if (!read) return read.error();
    block.signature = *std::move(read);
    return block;
}

}  // namespace ecert::crypto::wss
