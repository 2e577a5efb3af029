#include "adapters/sps/elements.hpp"

#include "crypto/xml/family.hpp"

namespace ecert::sps {
namespace {

constexpr std::string_view family = "urn:un:unece:uncefact:data:standard:";
constexpr std::string_view white_space = " \t\r\n";
constexpr std::size_t longest_value = 200;

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

bool is_sps(const node& n, std::string_view local) {
    return n && n.local() == local && crypto::xml::belongs_to(n.ns(), family);
}

node child(const node& of, std::string_view local) {
    if (!of) return {};
    for (const auto& c : of.children())
        if (is_sps(c, local)) return c;
    return {};
}

node descend(node from, std::initializer_list<std::string_view> path) {
    for (const auto local : path) from = child(from, local);
    return from;
}

std::vector<node> children(const node& of, std::string_view local) {
    std::vector<node> all;
    if (!of) return all;
    for (const auto& c : of.children())
        if (is_sps(c, local)) all.push_back(c);
    return all;
}

void visit(const node& from, const std::function<void(const node&)>& see) {
    if (!from) return;
    see(from);
    for (const auto& c : from.children()) visit(c, see);
}

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(white_space);
    if (first == text.npos) return {};
    return std::string{text.substr(first, text.find_last_not_of(white_space) - first + 1)};
}

std::string text_of(const node& n) { return n ? trimmed(n.text()) : std::string{}; }

std::string path_below(const node& parent, std::string_view local) {
    const bool of_certificate = local == "SPSExchangedDocument" || local == "SPSConsignment";
    return (parent ? parent.path() : std::string{}) + (of_certificate ? "/rsm:" : "/ram:") +
           std::string{local};
}

std::string cut(std::string_view utf8) {
    std::size_t characters = 0;
    for (std::size_t i = 0; i < utf8.size(); ++i)
        if (!is_continuation(utf8[i]) && ++characters > longest_value)
            return std::string{utf8.substr(0, i)};
    return std::string{utf8};
}

}  // namespace ecert::sps
