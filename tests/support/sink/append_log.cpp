#include "tests/support/sink/append_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace ecert::sink {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file) {
    throw std::system_error{errno, std::generic_category(), file.string()};
}

class descriptor {
  public:
    descriptor(const std::filesystem::path& file, int flags)
        : file_{file}, value_{::open(file.c_str(), flags | O_CLOEXEC, 0600)} {
        if (value_ < 0) fail(file);
    }
    ~descriptor() { ::close(value_); }
    descriptor(const descriptor&) = delete;
    void write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto written = ::write(value_, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail(file_);
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
    }
    void sync() const {
        if (::fsync(value_) != 0) fail(file_);
    }

  private:
    const std::filesystem::path& file_;
    int value_;
};

}  // namespace

append_log::append_log(const std::filesystem::path& file) : file_{file} {
    descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor_ < 0) fail(file);
    std::uintmax_t whole = 0;
    for (const auto& line : lines()) whole += line.size() + 1;
    if (::ftruncate(descriptor_, static_cast<off_t>(whole)) != 0) fail(file);
}

append_log::~append_log() { ::close(descriptor_); }

std::vector<std::string> append_log::lines() const {
    std::ifstream in{file_, std::ios::binary};
    std::vector<std::string> all;
    for (std::string line; std::getline(in, line);)
        if (!in.eof()) all.push_back(line);
    return all;
}

void append_log::append(std::string_view lines) {
    while (!lines.empty()) {
        const auto written = ::write(descriptor_, lines.data(), lines.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(file_);
        lines.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fdatasync(descriptor_) != 0) fail(file_);
}

void write_durably(const std::filesystem::path& file, const crypto::source& content) {
    auto part = file;
    part += ".part";
    {
        const descriptor out{part, O_WRONLY | O_CREAT | O_TRUNC};
        std::vector<char> piece(std::min<std::uint64_t>(content.size() + 1, 256 * 1024));
        for (std::uint64_t at = 0; at < content.size();) {
            const auto got = content.read(at, piece);
            if (got == 0) throw std::runtime_error("content ended early: " + file.string());
            out.write({piece.data(), got});
            at += got;
        }
        out.sync();
    }
    std::filesystem::rename(part, file);
    const descriptor folder{file.parent_path(), O_RDONLY | O_DIRECTORY};
    folder.sync();
}

}  // namespace ecert::sink
