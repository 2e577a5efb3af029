#include "hub/ledger/sqlite/disk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace ecert::hub::sqlite {
namespace {

[[noreturn]] void fail(const char* doing, const std::filesystem::path& at) {
    throw std::system_error{errno, std::generic_category(), std::string{doing} + " " + at.string()};
}

class descriptor {
  public:
    descriptor(const std::filesystem::path& at, int flags)
        : fd_{::open(at.c_str(), flags | O_CLOEXEC, 0640)} {
        if (fd_ < 0) fail("opening", at);
    }
    ~descriptor() { ::close(fd_); }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    int get() const { return fd_; }

  private:
    int fd_;
};

class machine_file final : public disk::file {
  public:
    explicit machine_file(std::filesystem::path at)
        : at_{std::move(at)}, fd_{at_, O_WRONLY | O_CREAT | O_TRUNC} {}

    void write(std::string_view bytes) override {
        while (!bytes.empty()) {
            const ssize_t done = ::write(fd_.get(), bytes.data(), bytes.size());
            if (done < 0 && errno == EINTR) continue;
            if (done < 0) fail("writing", at_);
            bytes.remove_prefix(static_cast<std::size_t>(done));
        }
    }
    void sync() override {
        if (::fsync(fd_.get()) != 0) fail("syncing", at_);
    }

  private:
    std::filesystem::path at_;
    descriptor fd_;
};

class machine final : public disk {
  public:
    std::unique_ptr<file> create(const std::filesystem::path& at) override {
        return std::make_unique<machine_file>(at);
    }
    void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
        std::filesystem::rename(from, to);
    }
    void sync_folder(const std::filesystem::path& folder) override {
        descriptor open{folder, O_RDONLY | O_DIRECTORY};
        if (::fsync(open.get()) != 0) fail("syncing", folder);
    }
};

}  // namespace

disk& machine_disk() {
    static machine calls;
    return calls;
}

}  // namespace ecert::hub::sqlite
