#include "hub/ledger/sqlite/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace ecert::hub::sqlite {
namespace {

std::string reason() { return std::generic_category().message(errno); }

std::string holder(int fd) {
    std::array<char, 32> text{};
    const ssize_t got = ::pread(fd, text.data(), text.size() - 1, 0);
    if (got <= 0) return "unknown";
    std::string pid{text.data(), static_cast<std::size_t>(got)};
    return pid.substr(0, pid.find('\n'));
}

}  // namespace

result<folder_lock> folder_lock::take(const std::filesystem::path& folder) {
    const auto file = folder / "lock";
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        return failure{failure_kind::unavailable,
                       fmt::format("{} cannot be opened: {}", file.string(), reason())};
    folder_lock lock{fd};
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
        return failure{failure_kind::conflict,
                       fmt::format("the data folder {} is in use by process {}: one hub owns a "
                                   "ledger, stop that one first",
                                   folder.string(), holder(fd))};
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, pid.data(), pid.size(), 0) < 0)
        return failure{failure_kind::unavailable,
                       fmt::format("{} cannot be written: {}", file.string(), reason())};
    return lock;
}

folder_lock::~folder_lock() {
    if (fd_ >= 0) ::close(fd_);
}

folder_lock::folder_lock(folder_lock&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}

}  // namespace ecert::hub::sqlite
