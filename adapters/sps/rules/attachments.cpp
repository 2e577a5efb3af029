// What is attached: type by its first bytes, never by what it is called; size; names. From the
// ePhyto guidelines (ISPM 12 mapping, 2.12): JPG, GIF, PNG or PDF of at most 3 MB each.
#include "adapters/sps/codes/codes.hpp"
#include "adapters/sps/codes/media.hpp"
#include "adapters/sps/rules/rule.hpp"

#include <algorithm>

namespace ecert::sps::rules {
namespace {

constexpr std::uint64_t largest = 3 * 1024 * 1024;
constexpr auto allowed = "JPG, GIF, PNG, PDF";

template <class Look>
findings of_each(const subject& s, Look look) {
    findings all;
    for (const auto& a : s.read.attachments) look(a, all);
    return all;
}

}  // namespace

findings attachment_empty(const subject& s) {
    return of_each(s, [](const attachment& a, findings& all) {
        if (!a.has_text && a.uri.empty()) all.push_back({a.at, cut(a.filename), ""});
    });
}

findings attachment_type(const subject& s) {
    return of_each(s, [](const attachment& a, findings& all) {
        if (a.slot != nullptr && media::sniffed(a.slot->head) == media::kind::unknown)
            all.push_back({a.at, cut(a.filename), allowed});
    });
}

findings attachment_type_lies(const subject& s) {
    return of_each(s, [](const attachment& a, findings& all) {
        if (a.slot == nullptr) return;
        const auto real = media::sniffed(a.slot->head);
        const auto differs = [&](media::claim c) {
            return c.made && (c.what != real || real == media::kind::unknown);
        };
        if (differs(media::claimed_by_mime(a.mime_code.value_or(""))))
            all.push_back(
                {attribute_of(a.at, "mimeCode"), cut(*a.mime_code), media::name_of(real)});
        if (differs(media::claimed_by_filename(a.filename)))
            all.push_back({attribute_of(a.at, "filename"), cut(a.filename), media::name_of(real)});
    });
}

findings attachment_size(const subject& s) {
    return of_each(s, [](const attachment& a, findings& all) {
        if (a.slot != nullptr && a.slot->decoded_size > largest)
            all.push_back(
                {a.at, std::to_string(a.slot->decoded_size), "<= " + std::to_string(largest)});
    });
}

findings attachment_mime_empty(const subject& s) {
    return of_each(s, [](const attachment& a, findings& all) {
        if (a.has_text && a.mime_code && trimmed(*a.mime_code).empty())
            all.push_back({attribute_of(a.at, "mimeCode"), "", ""});
    });
}

findings attachment_without_name(const subject& s) {
    return of_each(s, [](const attachment& a, findings& all) {
        if (a.has_text && a.filename.empty())
            all.push_back({attribute_of(a.at, "filename"), "", ""});
    });
}

findings reference_relation(const subject& s) {
    findings all;
    for (const auto& r : s.references) {
        const auto code = text_of(child(r, "RelationshipTypeCode"));
        if (!codes::is_relation(code))
            all.push_back({below(r, {"RelationshipTypeCode"}), cut(code), "AWR, ZZZ"});
    }
    return all;
}

findings reference_date(const subject& s) {
    findings all;
    for (const auto& r : s.references) {
        const auto text = text_of(child(r, "IssueDateTime"));
        if (!text.empty() && !parse_issue_time(text))
            all.push_back({below(r, {"IssueDateTime"}), cut(text), "RFC 3339 | YYYY-MM-DD"});
    }
    return all;
}

}  // namespace ecert::sps::rules
