// A file of lines, appended to and nothing else. What was written is on disk when append() returns;
// a line that a kill cut short is taken off when the file is opened again.
//
// Thread rule: one thread at a time; append() blocks: pool thread.
// Errors: std::system_error.
#pragma once

#include "crypto/source.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ecert::sink {

class append_log {
  public:
    explicit append_log(const std::filesystem::path& file);
    ~append_log();
    append_log(const append_log&) = delete;
    append_log& operator=(const append_log&) = delete;

    std::vector<std::string> lines() const;  // as they are on disk now, without line ends
    void append(std::string_view lines);     // whole lines, ended; one fdatasync for all of them

  private:
    std::filesystem::path file_;
    int descriptor_ = -1;
};

// Copies content into `file`, whole or not at all, on disk with its name when this returns.
void write_durably(const std::filesystem::path& file, const crypto::source& content);

}  // namespace ecert::sink
