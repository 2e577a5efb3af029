// The two primitives under the seal, and form 1. Inside crypto/seal and its tests only.
#pragma once

#include "config/result.hpp"
#include "config/secret.hpp"

#include <string>
#include <string_view>

namespace ecert::crypto {

constexpr std::size_t key_bytes = 32, nonce_bytes = 12, tag_bytes = 16;

// HKDF-SHA256 (RFC 5869): salt "ecert seal 1", info = length of the key id, key id, partner.
secret derive(const secret& master, std::string_view key_id, std::string_view partner);

// A nonce must never come twice under one key: seal_keys draws it at random.
std::string sealed(const secret& key, std::string_view key_id, std::string_view associated,
                   std::string_view plain, std::string_view nonce);
result<std::string> key_id_of(std::string_view sealed);
result<std::string> opened(const secret& key, std::string_view associated, std::string_view sealed);

}  // namespace ecert::crypto
