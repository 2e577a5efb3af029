#include "crypto/open_file.hpp"

#include "crypto/digest.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace ecert::crypto {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

open_file open_file::existing(const std::filesystem::path& file) {
    const int d = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (d < 0) fail("open " + file.string());
    return {d, file.string()};
}

// Unlinked at once: a process that dies leaves nothing behind.
open_file open_file::nameless(const std::filesystem::path& in_folder) {
    const auto file = in_folder / ("spool-" + sha256_of(random_bytes(32)).hex());
    const int d = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_APPEND, 0600);
    if (d < 0) fail("make a spool file in " + in_folder.string());
    ::unlink(file.c_str());
    return {d, "spool file in " + in_folder.string()};
}

open_file::~open_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

open_file::open_file(open_file&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)}, what_{std::move(other.what_)} {}

open_file& open_file::operator=(open_file&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(what_, other.what_);
    return *this;
}

std::size_t open_file::read(std::uint64_t offset, std::span<char> into) const {
    for (;;) {
        const auto got = ::pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) fail("read " + what_);
    }
}

void open_file::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto wrote = ::write(descriptor_, bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) fail("write " + what_);
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
}

}  // namespace ecert::crypto
