// A folder for one test, gone afterwards.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace ecert::hub {

class temp_folder {
  public:
    temp_folder() {
        static int made = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("ecert-books-" + std::to_string(::getpid()) + "-" + std::to_string(++made));
        std::filesystem::remove_all(path_);
    }
    ~temp_folder() { std::filesystem::remove_all(path_); }
    temp_folder(const temp_folder&) = delete;
    temp_folder& operator=(const temp_folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace ecert::hub
