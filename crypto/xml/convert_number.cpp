#include "crypto/xml/conversions.hpp"

#include <algorithm>

namespace ecert::crypto::xml {
namespace {

// As digits, not as a double: 0.1 stays 0.1, and weights keep all they have.
struct decimal {
    bool negative = false;
    std::string whole, fraction;
};

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<decimal> read(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const auto first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return std::nullopt;
    text = text.substr(first, text.find_last_not_of(space) - first + 1);
    decimal d;
    d.negative = text.front() == '-';
    if (text.front() == '-' || text.front() == '+') text.remove_prefix(1);
    const auto point = text.find('.');
    d.whole = text.substr(0, point);
    if (point != std::string_view::npos) d.fraction = text.substr(point + 1);
    const bool none = d.whole.empty() && d.fraction.empty();
    if (none || !all_digits(d.whole) || !all_digits(d.fraction)) return std::nullopt;
    return d;
}

void round_to(decimal& d, std::size_t decimals) {
    const bool up = d.fraction.size() > decimals && d.fraction[decimals] >= '5';
    d.fraction.resize(decimals, '0');
    if (!up) return;
    std::string digits = "0" + d.whole + d.fraction;
    for (auto c = digits.rbegin(); c != digits.rend(); ++c) {
        if (*c != '9') {
            ++*c;
            break;
        }
        *c = '0';
    }
    d.whole = digits.substr(0, digits.size() - decimals);
    d.fraction = digits.substr(digits.size() - decimals);
}

std::string written(const decimal& d) {
    std::string whole = d.whole;
    whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
    if (whole.empty()) whole = "0";
    const bool zero = whole == "0" && d.fraction.find_first_not_of('0') == std::string::npos;
    return (d.negative && !zero ? "-" : "") + whole + (d.fraction.empty() ? "" : "." + d.fraction);
}

}  // namespace

std::optional<std::string> convert_number(std::string_view text, std::string_view form) {
    const bool digits = form.size() == 1 && all_digits(form);
    if (form != "plain" && form != "integer" && !digits) return std::nullopt;
    auto d = read(text);
    if (!d) return "";
    if (digits) {
        round_to(*d, static_cast<std::size_t>(form.front() - '0'));
    } else if (form == "integer") {
        round_to(*d, 0);
    } else {
        d->fraction.erase(d->fraction.find_last_not_of('0') + 1);
    }
    return written(*d);
}

}  // namespace ecert::crypto::xml
