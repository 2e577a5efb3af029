// Base64 (RFC 4648, 4) as a stream: the coding is OpenSSL's, the strictness is ours. White space
// between characters is allowed; anything else outside the alphabet, padding in the wrong place, an
// incomplete end, and bits set in the part of the last character that carries nothing (XML Schema
// part 2, 3.2.16) are refused.
//
// Thread rule: an object belongs to one thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace ecert::crypto {

class base64_decoder {
  public:
    // Appends what `text` decodes to. False: not base64, and it stays so.
    bool update(std::string_view text, std::string& into);
    // True if all that was given is complete base64.
    bool finish(std::string& into);

  private:
    bool take(std::string_view characters, std::string& into);
    bool decode_all_but_the_last_group(std::string& into);
    bool decode_block(std::string& into);

    std::array<char, 1024> block_{};  // characters of the alphabet, a multiple of four when full
    std::size_t held_ = 0;
    unsigned padding_ = 0;
    bool bad_ = false;
};

class base64_encoder {
  public:
    void update(std::string_view bytes, std::string& into);
    void finish(std::string& into);

  private:
    std::array<char, 3> held_{};
    std::size_t count_ = 0;
};

}  // namespace ecert::crypto
