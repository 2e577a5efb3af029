// A document that is written as pieces: text of ours, and content spliced in by reference, encoded
// on the fly. A message of 100 MB is three pieces and never a string.
//
// text:   & < > escaped and CR as &#xD; : canonical XML's own form, so that the bytes as written
// are the bytes digested base64: one line, for what XML text cannot carry raw:    as it is (typed
// content that is canonical already; HTTP bodies)
#pragma once

#include "crypto/source.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace ecert::crypto::xml {

enum class encoding { text, base64, raw };

struct spliced {
    source_ptr content;
    encoding as = encoding::raw;
};
using part = std::variant<std::string, spliced>;
using parts = std::vector<part>;

// One pass over everything: the digest of the bytes as they will be written, and how many they are.
// Pool thread.
struct measured {
    sha256 digest;
    std::uint64_t size = 0;
};
measured measure(const parts& of);

// The bytes, in order, as often as one is made. read() may block (pool thread) unless all sources
// are in memory.
class part_reader {
  public:
    explicit part_reader(const parts& of);
    ~part_reader();
    std::size_t read(std::span<char> into);  // 0 only at the end
    bool may_block() const;

  private:
    struct state;
    std::unique_ptr<state> state_;
};

// All as one string, for what is known to be small: throws over `limit`.
std::string to_string(const parts& of, std::uint64_t limit);

}  // namespace ecert::crypto::xml
