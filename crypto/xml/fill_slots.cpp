#include "crypto/xml/owned.hpp"
#include "crypto/xml/reader.hpp"
#include "crypto/xml/slots.hpp"

#include <libxml/tree.h>

#include <utility>

namespace ecert::crypto::xml {
namespace {

std::string serialised(const document& d) {
    xmlChar* bytes = nullptr;
    int size = 0;
    xmlDocDumpMemoryEnc(d.raw(), &bytes, &size, "UTF-8");
    const chars_handle owner{bytes};
    if (bytes == nullptr) throw std::bad_alloc{};
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

failure broken(const std::string& how) {
    return {failure_kind::invalid, "The document that was made holds an attachment's placeholder " +
                                       how + ": each must be copied whole, and at most once."};
}

}  // namespace

result<source_ptr> fill_slots(const document& made, const skeleton& from) {
    const auto text = serialised(made);
    if (from.slots.empty()) return from_memory(text);
    const auto stem = placeholders::stem_of(from.slots.front().placeholder);
    std::vector<piece> pieces;
    std::vector<bool> used(from.slots.size(), false);
    std::size_t done = 0;
    for (auto at = text.find(stem); at != std::string::npos; at = text.find(stem, done)) {
        const auto index =
            placeholders::index_of(std::string_view{text}.substr(at, placeholders::length));
        if (!index || *index >= used.size()) return broken("that was cut");
        if (used[*index]) return broken("twice");
        used[*index] = true;
        const auto& s = from.slots[*index];
        pieces.emplace_back(text.substr(done, at - done));
        pieces.emplace_back(slice{from.text, s.offset, s.length});
        done = at + placeholders::length;
    }
    pieces.emplace_back(text.substr(done));
    return from_pieces(std::move(pieces));
}

}  // namespace ecert::crypto::xml
