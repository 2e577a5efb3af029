#include "adapters/soap/read.hpp"

#include <array>

namespace ecert::soap {
namespace {

using crypto::xml::node;

std::string wsa(const node& header, std::string_view local) {
    if (!header) return {};
    const auto at = header.child({std::string{crypto::wss::wsa_ns}, std::string{local}});
    return at ? at.text() : std::string{};
}

// A block for another node on the way (role, actor) is none of our business.
bool meant_for_us(version v, const node& block) {
    const auto role =
        block.attribute(element(v, v == version::v1_1 ? "actor" : "role")).value_or("");
    return role.empty() || role.ends_with("/role/next") ||
           role.ends_with("/role/ultimateReceiver") || role.ends_with("/actor/next");
}

std::vector<std::string> demanded_of(version v, const node& header) {
    std::vector<std::string> all;
    if (!header) return all;
    for (const auto& block : header.children()) {
        const auto must = block.attribute(element(v, "mustUnderstand")).value_or("");
        if ((must == "1" || must == "true") && meant_for_us(v, block))
            all.push_back("{" + std::string{block.ns()} + "}" + std::string{block.local()});
    }
    return all;
}

// Only asked when reading failed: the envelope's namespace stands in the first bytes of any real
// message.
bool is_other_version(const crypto::source& bytes, version v) {
    std::array<char, 1024> first;
    const std::string_view head{first.data(), bytes.read(0, first)};
    return head.find(namespace_of(other(v))) != head.npos &&
           head.find(namespace_of(v)) == head.npos;
}

}  // namespace

result<received> read(crypto::source_ptr bytes, version v, crypto::xml::message_options options) {
    options.envelope = element(v, "Envelope");
    options.header = element(v, "Header");
    options.body = element(v, "Body");
    options.body_prefixes = [](const node& header) { return crypto::wss::body_prefixes(header); };
    auto read = crypto::xml::read_message(bytes, options);
    if (!read) {
        if (is_other_version(*bytes, v))
            return failure{failure_kind::conflict, "the message is in another SOAP version"};
        return read.error();
    }
    received all;
    all.message = std::move(*read);
    const auto header = all.message.tree.root().child(element(v, "Header"));
    all.addressing = {wsa(header, "MessageID"), wsa(header, "To"), wsa(header, "Action"),
                      wsa(header, "RelatesTo")};
    all.fault = read_fault(v, all.message.body);
    all.demanded = demanded_of(v, header);
    return all;
}

}  // namespace ecert::soap
