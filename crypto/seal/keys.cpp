#include "crypto/seal/keys.hpp"

#include "crypto/digest.hpp"
#include "crypto/seal/derive.hpp"

#include <fmt/format.h>

#include <fstream>
#include <set>
#include <sstream>

namespace ecert::crypto {
namespace {

constexpr std::string_view every_partner = "*";
constexpr std::size_t longest_name = 64, longest_file = 1 << 20;

failure wrong(int line, std::string_view what) {
    return {failure_kind::invalid, fmt::format("seal keys, line {}: {}", line, what)};
}

bool is_name(std::string_view text) { return !text.empty() && text.size() <= longest_name; }

}  // namespace

result<seal_keys> seal_keys::read(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (!in || text.size() > longest_file)
        return failure{failure_kind::not_found, "seal keys cannot be read from " + file.string()};
    auto made = parse(text);
    const secret wiped{std::move(text)};
    return made;
}

result<seal_keys> seal_keys::parse(std::string_view text) {
    seal_keys made;
    std::istringstream lines{std::string{text}};
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        std::istringstream words{line};
        std::string id, partner, encoded, more;
        if (!(words >> id) || id.front() == '#') continue;
        if (!(words >> partner >> encoded) || words >> more)
            return wrong(number, "it must be: key id, partner or *, base64 of 32 bytes");
        if (!is_name(id) || !is_name(partner)) return wrong(number, "a name is longer than 64");
        auto key = base64_decode(encoded);
        if (!key || key->size() != key_bytes)
            return wrong(number, "the key is not 32 bytes in base64");
        if (!made.keys_.emplace(std::pair{id, partner}, secret{std::move(*key)}).second)
            return wrong(number, "this key id and partner stand there twice");
        if (made.current_.empty()) made.current_ = id;
    }
    if (made.keys_.empty())
        return failure{failure_kind::invalid, "there is no key in the file of seal keys"};
    return made;
}

const secret* seal_keys::held(const std::string& id, const std::string& partner) const {
    const auto found = keys_.find({id, partner});
    return found == keys_.end() ? nullptr : &found->second;
}

result<secret> seal_keys::key_of(const std::string& id, const std::string& partner) const {
    if (const auto* own = held(id, partner)) return *own;
    if (const auto* master = held(id, std::string{every_partner}))
        return derive(*master, id, partner);
    return failure{failure_kind::not_found,
                   fmt::format("the seal key '{}' of partner {} is not held here", id, partner)};
}

result<std::string> seal_keys::seal(const std::string& partner, std::string_view associated,
                                    std::string_view plain) const {
    const auto key = key_of(current_, partner);
    if (!key) return key.error();
    return sealed(*key, current_, associated, plain, random_bytes(nonce_bytes));
}

result<std::string> seal_keys::open(const std::string& partner, std::string_view associated,
                                    std::string_view from) const {
    const auto id = key_id_of(from);
    if (!id) return id.error();
    const auto key = key_of(*id, partner);
    if (!key) return key.error();
    return opened(*key, associated, from);
}

result<secret> seal_keys::lines_for(const std::string& partner) const {
    std::set<std::string> ids;
    for (const auto& [name, key] : keys_) ids.insert(name.first);
    std::string text;
    const auto add = [&](const std::string& id) -> bool {
        const auto key = key_of(id, partner);
        if (key) text += fmt::format("{} {} {}\n", id, partner, base64_encode(key->reveal()));
        return key.has_value();
    };
    if (!add(current_)) return key_of(current_, partner).error();
    for (const auto& id : ids)
        if (id != current_) add(id);
    return secret{std::move(text)};
}

}  // namespace ecert::crypto
