// A source: bytes of known size and digest that can be read again and again, without ever being one
// string when they are large. In memory up to 1 MiB, else in a file; a slice or a row of slices
// makes a new document of old pieces.
//
// Thread rule: read() may block on a disk: pool threads only, unless in_memory() is set. const
// members are safe from several threads at once.
#pragma once

#include "crypto/digest.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ecert::crypto {

class source {
  public:
    virtual ~source() = default;
    virtual std::uint64_t size() const = 0;
    virtual const sha256& digest() const = 0;
    // Fills `into` from offset on; returns the bytes read, 0 only at the end. Throws
    // std::system_error on an I/O error.
    virtual std::size_t read(std::uint64_t offset, std::span<char> into) const = 0;
    // The whole content, where it is in memory; nullptr otherwise.
    virtual const std::string* in_memory() const { return nullptr; }
};
using source_ptr = std::shared_ptr<const source>;

source_ptr from_memory(std::string bytes);

// The file is kept open; with unlink_when_done it is removed when the last owner dies. Digest and
// size are the caller's word (they were computed while the file was written).
source_ptr from_file(const std::filesystem::path& file, std::uint64_t size, const sha256& digest,
                     bool unlink_when_done);

// Pieces one after another: literal text, or a slice of another source. The digest is computed in
// one pass: pool thread.
struct slice {
    source_ptr of;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};
using piece = std::variant<std::string, slice>;
source_ptr from_pieces(std::vector<piece> pieces);

// Writes a file as bytes arrive and gives a source of it: up to `threshold` bytes stay in memory.
// The file is made in `folder` with an unguessable name and unlinked at once or when the source
// dies. Not durable: the content store is.
class spool {
  public:
    spool(std::filesystem::path folder, std::uint64_t threshold);
    ~spool();
    spool(spool&&) noexcept;
    void write(std::string_view bytes);  // may block: pool threads only, once over the threshold
    std::uint64_t size() const;
    source_ptr finish() &&;

  private:
    struct state;
    std::unique_ptr<state> state_;
};

// The whole of a source as a string; for sources that are known to be small (at most `limit`, else
// throws).
std::string read_all(const source& from, std::uint64_t limit);

}  // namespace ecert::crypto
