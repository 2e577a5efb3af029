#include "hub/listen/trace.hpp"

#include "crypto/digest.hpp"

#include <algorithm>

namespace ecert::hub {
namespace {

constexpr std::size_t trace_digits = 32, span_digits = 16;

bool is_id(std::string_view text) {
    const bool hex = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
    return hex && text.find_first_not_of('0') != text.npos;
}

// version "00": 00-<32 hex>-<16 hex>-<2 hex>, neither id all zeros.
bool is_traceparent(std::string_view t) {
    return t.size() == 55 && t.starts_with("00-") && t[35] == '-' && t[52] == '-' &&
           is_id(t.substr(3, trace_digits)) && is_id(t.substr(36, span_digits)) &&
           (is_id(t.substr(53)) || t.substr(53) == "00");
}

std::string random_id(std::size_t digits) {
    for (;;) {
        auto id = crypto::sha256_of(crypto::random_bytes(16)).hex().substr(0, digits);
        if (is_id(id)) return id;
    }
}

}  // namespace

std::string traceparent_for(std::string_view header) {
    if (is_traceparent(header)) return std::string{header};
    return "00-" + random_id(trace_digits) + "-" + random_id(span_digits) + "-01";
}

}  // namespace ecert::hub
