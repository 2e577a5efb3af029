#include "crypto/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>

namespace ecert::crypto {
namespace {

enum : std::uint8_t { letter, space, pad, other };

constexpr auto kinds = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(other);
    for (int c = 'A'; c <= 'Z'; ++c) table[c] = letter;
    for (int c = 'a'; c <= 'z'; ++c) table[c] = letter;
    for (int c = '0'; c <= '9'; ++c) table[c] = letter;
    table['+'] = table['/'] = letter;
    table[' '] = table['\t'] = table['\n'] = table['\r'] = space;
    table['='] = pad;
    return table;
}();

const unsigned char* raw(const char* p) { return reinterpret_cast<const unsigned char*>(p); }
unsigned char* raw(char* p) { return reinterpret_cast<unsigned char*>(p); }

std::size_t leading_letters(std::string_view text) {
    std::size_t count = 0;
    while (count < text.size() && kinds[static_cast<unsigned char>(text[count])] == letter) ++count;
    return count;
}

constexpr std::size_t groups_at_once = 3 * 4096;

void encode(std::string_view whole_groups, std::string& into) {
    while (!whole_groups.empty()) {
        const auto now = whole_groups.substr(0, groups_at_once);
        const auto before = into.size();
        into.resize(before + (now.size() + 2) / 3 * 4 + 1);  // the library ends with a zero byte
        const int wrote = EVP_EncodeBlock(raw(into.data() + before), raw(now.data()),
                                          static_cast<int>(now.size()));
        into.resize(before + static_cast<std::size_t>(wrote));
        whole_groups.remove_prefix(now.size());
    }
}

}  // namespace

bool base64_decoder::decode_block(std::string& into) {
    if (held_ == 0) return true;
    const auto before = into.size();
    into.resize(before + held_ / 4 * 3);
    const int wrote =
        EVP_DecodeBlock(raw(into.data() + before), raw(block_.data()), static_cast<int>(held_));
    held_ = 0;
    bad_ = wrote < 0;
    into.resize(bad_ ? before : before + static_cast<std::size_t>(wrote));
    return !bad_;
}

// The last group stays here: only finish() knows that it is the last, and how it must end.
bool base64_decoder::decode_all_but_the_last_group(std::string& into) {
    std::array<char, 4> last;
    held_ -= last.size();
    std::copy_n(block_.begin() + static_cast<std::ptrdiff_t>(held_), last.size(), last.begin());
    if (!decode_block(into)) return false;
    std::copy(last.begin(), last.end(), block_.begin());
    held_ = last.size();
    return true;
}

bool base64_decoder::take(std::string_view characters, std::string& into) {
    while (!characters.empty()) {
        const auto now = characters.substr(0, block_.size() - held_);
        std::copy(now.begin(), now.end(), block_.begin() + static_cast<std::ptrdiff_t>(held_));
        held_ += now.size();
        characters.remove_prefix(now.size());
        if (held_ == block_.size() && !decode_all_but_the_last_group(into)) return false;
    }
    return true;
}

bool base64_decoder::update(std::string_view text, std::string& into) {
    while (!text.empty() && !bad_) {
        const auto letters = leading_letters(text);
        if (letters > 0) {
            bad_ = padding_ > 0;
            if (bad_ || !take(text.substr(0, letters), into)) break;
            text.remove_prefix(letters);
            continue;
        }
        const auto kind = kinds[static_cast<unsigned char>(text.front())];
        if (kind == pad) {
            bad_ = ++padding_ > 2;
            if (bad_ || !take(text.substr(0, 1), into)) break;
        }
        bad_ = bad_ || kind == other;
        text.remove_prefix(1);
    }
    return !bad_;
}

bool base64_decoder::finish(std::string& into) {
    if (bad_ || held_ % 4 != 0) return false;
    const auto before = into.size();
    const auto padding = padding_;
    const std::string end{block_.data() + (held_ >= 4 ? held_ - 4 : 0), held_ >= 4 ? 4u : 0u};
    if (!decode_block(into)) return false;
    if (padding == 0) return true;
    into.resize(into.size() - padding);
    std::string again;
    encode(std::string_view{into}.substr(into.size() - (3 - padding)), again);
    return into.size() > before && again == end;
}

void base64_encoder::update(std::string_view bytes, std::string& into) {
    if (count_ > 0) {
        while (count_ < 3 && !bytes.empty()) {
            held_[count_++] = bytes.front();
            bytes.remove_prefix(1);
        }
        if (count_ < 3) return;
        encode({held_.data(), 3}, into);
        count_ = 0;
    }
    const auto whole = bytes.size() / 3 * 3;
    encode(bytes.substr(0, whole), into);
    for (const char c : bytes.substr(whole)) held_[count_++] = c;
}

void base64_encoder::finish(std::string& into) {
    encode({held_.data(), count_}, into);
    count_ = 0;
}

}  // namespace ecert::crypto
