#include "adapters/engine/brought.hpp"

#include "adapters/engine/carried.hpp"

#include <algorithm>
#include <charconv>

namespace ecert::engine {
namespace {

using crypto::xml::node;
using crypto::xml::variables;

constexpr std::size_t longest_field = 512;  // as it travels in an outcome, a thousand times

// White space around a value is the writer's line breaks; inside, a number is theirs.
std::string_view trimmed(std::string_view text) {
    constexpr auto white = " \t\r\n";
    const auto first = text.find_first_not_of(white);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(white) - first + 1);
}

// One envelope's fields, at the entry of a list or at Body.
class envelope_reading {
  public:
    envelope_reading(const call_operation& by, node at, const variables& asked)
        : by_{by}, at_{at}, asked_{asked} {}

    std::string text(const char* field) const {
        const auto where = by_.fields.find(field);
        return where == by_.fields.end() ? std::string{} : where->second.string(at_, asked_);
    }
    std::string trimmed_text(const char* field) const { return std::string{trimmed(text(field))}; }
    int code(const char* field) const {
        const auto read = trimmed_text(field);
        int value = 0;
        const auto [end, wrong] = std::from_chars(read.data(), read.data() + read.size(), value);
        const bool whole = wrong == std::errc{} && end == read.data() + read.size();
        return whole && value > 0 ? value : 0;
    }
    queue::envelope envelope() const {
        return {text("from"), text("to"), trimmed_text("number"), code("type"), code("status")};
    }

  private:
    const call_operation& by_;
    node at_;
    const variables& asked_;
};

std::size_t number_in(const std::string& page) {
    std::size_t read = 0;
    std::from_chars(page.data(), page.data() + page.size(), read);
    return read;
}

bool is_short(const queue::waiting_there& w) {
    const auto& e = w.envelope;
    return std::ranges::all_of(
        std::initializer_list<const std::string*>{&e.from, &e.to, &e.number, &w.reference},
        [](const std::string* each) { return each->size() <= longest_field; });
}

bool is_below(node at, const node& body) {
    while (at && at != body) at = at.parent();
    return static_cast<bool>(at);
}

}  // namespace

bool has_pages(const call_operation& by) { return by.fields.contains("next"); }

queue::listing read_listing(const call_operation& by, const node& body, const variables& asked,
                            const std::string& page) {
    queue::listing all;
    if (!by.each) return all;
    const auto entries = by.each->nodes(body, asked);
    std::size_t at = has_pages(by) ? 0 : number_in(page);
    for (; at < entries.size() && all.envelopes.size() < queue::most_listed; ++at) {
        const envelope_reading read{by, entries[at], asked};
        queue::waiting_there one{read.envelope(), read.text("reference")};
        if (one.reference.empty() || !is_short(one))
            ++all.left_out;
        else
            all.envelopes.push_back(std::move(one));
    }
    const bool more = at < entries.size();
    if (has_pages(by)) {
        all.cut = more;
        all.next = envelope_reading{by, body, asked}.text("next").substr(0, longest_field);
    } else if (more) {
        all.next = std::to_string(at);
    }
    return all;
}

result<fetched_reply> read_fetched(const call_operation& by, const soap::received& reply,
                                   const node& body, const variables& asked, const tools& with) {
    const envelope_reading read{by, body, asked};
    fetched_reply all{read.envelope(), read.text("reference"), nullptr};
    const crypto::xml::content_part* found = nullptr;
    for (const auto& part : reply.message.contents) {
        if (!part.at.is(by.content) || !is_below(part.at, body)) continue;
        if (found)
            return failure{failure_kind::invalid,
                           "their answer holds more than one " + by.content.local};
        found = &part;
    }
    if (!found || !found->content || found->content->size() == 0) return all;
    auto bytes = unpack(found->content, "either", with.spool_folder, with.limits.spool_threshold);
    if (!bytes) return bytes.error();
    all.content = (*bytes)->in_memory() ? *bytes : let_go_on(with.work, *bytes);
    return all;
}

}  // namespace ecert::engine
