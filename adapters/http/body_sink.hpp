// Takes a body as it arrives: in memory while it is small, else in a spool file written on the
// pool, and let go there. The memory of a body of any size stays below 300 KiB.
//
// Errors: std::system_error when the file cannot be written.
#pragma once

#include "config/pool.hpp"
#include "crypto/source.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace ecert::http {

class body_sink {
  public:
    // Without a pool everything happens in place: for tools, and bodies that never reach a file.
    body_sink(std::filesystem::path folder, std::uint64_t threshold, pool* work);
    awaitable<void> add(std::string_view bytes);
    std::uint64_t size() const { return size_; }
    awaitable<crypto::source_ptr> finish();

  private:
    awaitable<void> flush();

    crypto::spool spool_;
    pool* work_;
    std::string pending_;
    std::uint64_t size_ = 0;
};

}  // namespace ecert::http
