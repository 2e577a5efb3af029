// The file calls under the content store: a seam, so that tests can lose power between any two of
// them.
//
// Thread rule: any thread. Errors: std::system_error.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

namespace ecert::hub::sqlite {

class disk {
  public:
    class file {
      public:
        virtual ~file() = default;
        virtual void write(std::string_view bytes) = 0;
        virtual void
        sync() = 0;  // durable from here on, under the name it has if the folder is synced too
    };
    virtual ~disk() = default;
    virtual std::unique_ptr<file> create(const std::filesystem::path& at) = 0;
    virtual void rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
    virtual void sync_folder(const std::filesystem::path& folder) = 0;
};

disk& machine_disk();

}  // namespace ecert::hub::sqlite
