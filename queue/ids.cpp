#include "queue/ids.hpp"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace ecert::queue {
namespace {

// The namespace of every id of every node. Changing it would give what agencies push again new ids.
constexpr uuid node_namespace = {{0x6c, 0x1e, 0x0f, 0x52, 0x8d, 0x3b, 0x4a, 0x97, 0xb2, 0x4d, 0x05,
                                  0x7e, 0xc9, 0x31, 0xa8, 0x64}};

constexpr std::string_view urn_prefix = "urn:uuid:";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int hex_value(char c) {
    c = lower(c);
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

bool is_hyphen_place(std::size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

std::string_view without_urn(std::string_view text) {
    if (text.size() < urn_prefix.size()) return text;
    for (std::size_t i = 0; i < urn_prefix.size(); ++i)
        if (lower(text[i]) != urn_prefix[i]) return text;
    return text.substr(urn_prefix.size());
}

}  // namespace

uuid derive(std::initializer_list<std::string_view> parts) {
    std::string name;
    for (auto part : parts) name.append(std::to_string(part.size())).append(":").append(part);
    return boost::uuids::name_generator_sha1{node_namespace}(name);
}

std::string to_string(const uuid& id) { return boost::uuids::to_string(id); }

std::string urn(const uuid& id) { return std::string{urn_prefix} + queue::to_string(id); }

bool parse_uuid(std::string_view text, uuid& into) {
    text = without_urn(text);
    if (text.size() != 36) return false;
    uuid read{};
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_hyphen_place(i)) {
            if (text[i] != '-') return false;
            continue;
        }
        const int value = hex_value(text[i]);
        if (value < 0) return false;
        auto& byte = read.data[digits / 2];
        byte = static_cast<std::uint8_t>(byte << 4 | value);
        ++digits;
    }
    into = read;
    return true;
}

uuid certificate_id(std::string_view node, std::string_view agency, std::string_view number,
                    int type, int status, std::uint32_t occurrence, const crypto::sha256& content) {
    return derive({"certificate", node, agency, number, std::to_string(type),
                   std::to_string(status), std::to_string(occurrence), content.view()});
}

uuid delivery_id(const uuid& certificate, std::string_view partner) {
    return derive({"delivery", queue::to_string(certificate), partner});
}

uuid respond_id(std::string_view node, const uuid& inbound, int status) {
    return derive({"respond", node, queue::to_string(inbound), std::to_string(status)});
}

uuid task_id(const uuid& subject, std::string_view verb) {
    return derive({"task", queue::to_string(subject), verb});
}

}  // namespace ecert::queue
