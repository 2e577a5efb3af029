// SHA-256 and the encodings that go with it. The algorithm is fetched from OpenSSL once (a look-up
// for each digest takes a lock and costs more than twice).
//
// Thread rule: a digester belongs to one thread at a time; everything else is free.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ecert::crypto {

struct sha256 {
    std::array<std::uint8_t, 32> bytes{};
    auto operator<=>(const sha256&) const = default;
    std::string hex() const;  // 64 lower-case digits
    std::string base64() const;
    std::string_view view() const {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    static std::optional<sha256> from_hex(std::string_view text);
    static std::optional<sha256> from_bytes(std::string_view raw);
};

class sha256_digester {
  public:
    sha256_digester();
    ~sha256_digester();
    sha256_digester(sha256_digester&&) noexcept;
    sha256_digester& operator=(sha256_digester&&) noexcept;
    void update(std::string_view bytes);
    sha256 finish() &&;

  private:
    struct state;
    std::unique_ptr<state> state_;
};

sha256 sha256_of(std::string_view bytes);

std::string base64_encode(std::string_view bytes);
std::optional<std::string> base64_decode(
    std::string_view text);  // white space allowed; strict otherwise

// True if equal, in time that depends on the length alone.
bool equal_constant_time(std::string_view a, std::string_view b);

std::string random_bytes(std::size_t count);

// All that OpenSSL has to say of its last failure on this thread; empties its queue.
std::string openssl_errors();

}  // namespace ecert::crypto
