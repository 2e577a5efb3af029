#include "crypto/xml/markup_guard.hpp"

#include <algorithm>
#include <string>

namespace ecert::crypto::xml {
namespace {

constexpr std::string_view cdata_opens = "[CDATA[";

bool ends_name(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '=' || c == '/';
}

}  // namespace

std::optional<problem> markup_guard::look(std::string_view bytes) {
    std::size_t at = 0;
    while (at < bytes.size() && !found_) at += take(bytes.substr(at));
    line_ += static_cast<std::uint64_t>(
        std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    if (found_ && found_->where.empty()) {
        found_->where = "line " + std::to_string(line_);
        return found_;
    }
    return std::nullopt;
}

std::size_t markup_guard::take(std::string_view bytes) {
    switch (in_) {
        case in::text:
            return skip_text(bytes);
        case in::value:
            return value(bytes);
        case in::comment:
            return until(bytes, "-->");
        case in::instruction:
            return until(bytes, "?>");
        case in::cdata:
            return until(bytes, "]]>");
        case in::opening:
            open(bytes.front());
            return 1;
        case in::declaration:
            declare(bytes.front());
            return 1;
        case in::tag:
            break;
    }
    std::size_t used = 0;
    while (used < bytes.size() && in_ == in::tag && !found_) tag(bytes[used++]);
    return used;
}

std::size_t markup_guard::skip_text(std::string_view bytes) {
    const auto at = bytes.find('<');
    if (at == std::string_view::npos) return bytes.size();
    in_ = in::opening;
    return at + 1;
}

void markup_guard::open(char c) {
    length_ = matched_ = attributes_ = 0;
    in_ = c == '?' ? in::instruction : c == '!' ? in::declaration : in::tag;
    if (in_ == in::tag) tag(c);
}

// After "<!": a comment, a CDATA section, or what the parser will refuse.
void markup_guard::declare(char c) {
    if (c == '-' && matched_ < 2 && length_ == 0) {
        if (++matched_ < 2) return;
        in_ = in::comment;
    } else if (c == cdata_opens[length_] && matched_ == 0) {
        if (++length_ < cdata_opens.size()) return;
        in_ = in::cdata;
    } else {
        in_ = in::text;
    }
    length_ = matched_ = 0;
}

void markup_guard::tag(char c) {
    if (c == '>') {
        in_ = in::text;
    } else if (c == '"' || c == '\'') {
        quote_ = c;
        length_ = 0;
        in_ = in::value;
        if (++attributes_ > within_.attributes) breach("XML-LIMIT-ATTRIBUTES", within_.attributes);
    } else if (ends_name(c)) {
        length_ = 0;
    } else if (++length_ > within_.name_bytes) {
        breach("XML-LIMIT-NAME", within_.name_bytes);
    }
}

std::size_t markup_guard::value(std::string_view bytes) {
    const auto end = bytes.find(quote_);
    length_ += std::min(end, bytes.size());
    if (length_ > within_.text_bytes) breach("XML-LIMIT-TEXT", within_.text_bytes);
    if (end == std::string_view::npos) return bytes.size();
    in_ = in::tag;
    length_ = 0;
    return end + 1;
}

// Runs to the last character of `end`, which may arrive in pieces.
std::size_t markup_guard::until(std::string_view bytes, std::string_view end) {
    std::size_t used = 0;
    while (used < bytes.size() && matched_ < end.size()) {
        const auto next = matched_ == 0 ? bytes.find(end.front(), used) : used;
        if (next == std::string_view::npos) {
            used = bytes.size();
            break;
        }
        used = next + 1;
        // "]]]>" and "--->": a repeated first character may still begin the end.
        if (bytes[next] == end[matched_])
            ++matched_;
        else if (bytes[next] != end.front() || matched_ + 1 != end.size())
            matched_ = bytes[next] == end.front();
    }
    length_ += used;
    if (in_ != in::cdata && length_ > within_.text_bytes)
        breach("XML-LIMIT-TEXT", within_.text_bytes);
    if (matched_ == end.size()) in_ = in::text;
    return used;
}

void markup_guard::breach(const char* id, std::uint64_t limit) {
    found_ = problem{.id = id, .expected = "<= " + std::to_string(limit)};
}

}  // namespace ecert::crypto::xml
