#include "crypto/xml/splice.hpp"

#include "crypto/base64.hpp"
#include "crypto/xml/escape.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace ecert::crypto::xml {
namespace {

constexpr std::size_t chunk = 64 << 10;

}  // namespace

struct part_reader::state {
    parts all;
    std::size_t index = 0;
    std::uint64_t offset = 0;  // in the current part, before encoding
    base64_encoder base64;
    std::string raw;         // what was read of a source
    std::string encoded;     // and what it became
    std::string_view ready;  // into `encoded`, or into a text part or source that is in memory

    // Puts the next encoded bytes into `ready`; false at the end of everything.
    bool advance() {
        while (ready.empty() && index < all.size()) {
            if (const auto* text = std::get_if<std::string>(&all[index])) {
                ready = *text;
                ++index;
            } else {
                advance(std::get<spliced>(all[index]));
            }
        }
        return !ready.empty();
    }

    void advance(const spliced& s) {
        const auto now = next_of(*s.content);
        encoded.clear();
        const bool ended = now.empty();
        offset = ended ? 0 : offset + now.size();
        switch (s.as) {
            case encoding::raw:
                ready = now;
                break;
            case encoding::text:
                append_text(encoded, now);
                break;
            case encoding::base64:
                ended ? base64.finish(encoded) : base64.update(now, encoded);
        }
        if (s.as != encoding::raw) ready = encoded;
        index += ended;
    }

    std::string_view next_of(const source& from) {
        if (const auto* whole = from.in_memory())
            return std::string_view{*whole}.substr(std::min<std::size_t>(offset, whole->size()),
                                                   chunk);
        raw.resize(chunk);
        const auto got = from.read(offset, raw);
        if (got == 0 && offset < from.size())
            throw std::runtime_error("content ends before its declared size");
        return {raw.data(), got};
    }
};

part_reader::part_reader(const parts& of) : state_{std::make_unique<state>()} { state_->all = of; }

part_reader::~part_reader() = default;

std::size_t part_reader::read(std::span<char> into) {
    std::size_t have = 0;
    while (have < into.size() && state_->advance()) {
        auto& ready = state_->ready;
        const auto now = std::min(ready.size(), into.size() - have);
        std::memcpy(into.data() + have, ready.data(), now);
        ready.remove_prefix(now);
        have += now;
    }
    return have;
}

bool part_reader::may_block() const {
    return std::any_of(state_->all.begin(), state_->all.end(), [](const part& p) {
        const auto* s = std::get_if<spliced>(&p);
        return s != nullptr && s->content->in_memory() == nullptr;
    });
}

measured measure(const parts& of) {
    measured out;
    sha256_digester digest;
    std::string buffer(chunk, '\0');
    part_reader reader{of};
    while (const auto got = reader.read(buffer)) {
        digest.update({buffer.data(), got});
        out.size += got;
    }
    out.digest = std::move(digest).finish();
    return out;
}

std::string to_string(const parts& of, std::uint64_t limit) {
    std::string out;
    std::string buffer(chunk, '\0');
    part_reader reader{of};
    while (const auto got = reader.read(buffer)) {
        if (out.size() + got > limit)
            throw std::length_error("a message over its limit of " + std::to_string(limit) +
                                    " bytes");
        out.append(buffer, 0, got);
    }
    return out;
}

}  // namespace ecert::crypto::xml
