// The data folder belongs to one process. The lock is the kernel's: it ends with the process,
// however that ends.
#pragma once

#include "config/result.hpp"

#include <filesystem>

namespace ecert::hub::sqlite {

class folder_lock {
  public:
    // conflict: another process has it; the text names its pid.
    static result<folder_lock> take(const std::filesystem::path& folder);
    ~folder_lock();
    folder_lock(folder_lock&& other) noexcept;
    folder_lock& operator=(folder_lock&&) = delete;

  private:
    explicit folder_lock(int fd) : fd_{fd} {}
    int fd_;
};

}  // namespace ecert::hub::sqlite
