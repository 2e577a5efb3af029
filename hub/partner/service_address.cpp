#include "hub/partner/service_address.hpp"

#include <algorithm>

namespace ecert::hub {
namespace {

constexpr std::size_t longest_host = 255;

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-';
}

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= 5 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_ip_literal(std::string_view text) {
    return text.size() > 4 && text.front() == '[' && text.back() == ']' &&
           std::ranges::all_of(text.substr(1, text.size() - 2), [](char c) {
               return c == ':' || c == '.' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
                      (c >= 'A' && c <= 'F');
           });
}

bool is_host(std::string_view text) {
    const auto colon = text.ends_with(']') ? text.npos : text.rfind(':');
    const auto name = text.substr(0, colon);
    if (colon != text.npos && !is_port(text.substr(colon + 1))) return false;
    if (name.empty() || name.size() > longest_host) return false;
    return is_ip_literal(name) || std::ranges::all_of(name, is_host_character);
}

}  // namespace

std::optional<std::string> service_address(const http::request_head& head, std::string_view path) {
    const auto host = head.fields.get("Host");
    if (head.fields.repeated("Host") || !is_host(host)) return std::nullopt;
    return "https://" + std::string{host} + "/" + std::string{path};
}

bool asks_for_description(const http::request_head& head) {
    if (head.method != "GET" || head.query.size() != 1) return false;
    const auto& name = head.query.front().first;
    return name == "wsdl" || name == "WSDL";
}

}  // namespace ecert::hub
