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

crypto::xml::message_form form_of(version v) {
    return {element(v, "Envelope"), element(v, "Header"), element(v, "Body")};
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

result<received> read(crypto::source_ptr bytes, const std::vector<version>& any_of,
                      crypto::xml::message_options options) {
    const auto first = form_of(any_of.front());
    options.envelope = first.envelope;
    options.header = first.header;
    options.body = first.body;
    for (const auto v : any_of) options.or_else.push_back(form_of(v));
    options.body_prefixes = [](const node& header) { return crypto::wss::body_prefixes(header); };
    auto read = crypto::xml::read_message(bytes, options);
    if (!read) {
        if (any_of.size() == 1 && is_other_version(*bytes, any_of.front()))
            return failure{failure_kind::conflict, "the message is in another SOAP version"};
        return read.error();
    }
    received all;
    all.message = std::move(*read);
    const auto root = all.message.tree.root();
    all.spoken = root.ns() == namespace_of(version::v1_1) ? version::v1_1 : version::v1_2;
    const auto header = root.child(element(all.spoken, "Header"));
    all.addressing = {wsa(header, "MessageID"), wsa(header, "To"), wsa(header, "Action"),
                      wsa(header, "RelatesTo")};
    all.fault = read_fault(all.spoken, all.message.body);
    all.demanded = demanded_of(all.spoken, header);
    return all;
}

result<received> read(crypto::source_ptr bytes, version v, crypto::xml::message_options options) {
    return read(std::move(bytes), std::vector{v}, std::move(options));
}

}  // namespace ecert::soap
