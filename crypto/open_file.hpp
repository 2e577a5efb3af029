// An open file by descriptor: closed with its owner. Every error is a std::system_error that names
// the file.
//
// Thread rule: blocks on the disk: pool threads only. read() is safe from several threads at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace ecert::crypto {

class open_file {
  public:
    static open_file existing(const std::filesystem::path& file);  // to read
    static open_file nameless(
        const std::filesystem::path& in_folder);  // to append and read; gone when closed
    ~open_file();
    open_file(open_file&& other) noexcept;
    open_file& operator=(open_file&& other) noexcept;

    std::size_t read(std::uint64_t offset, std::span<char> into) const;  // 0 only at the end
    void append(std::string_view bytes);

  private:
    open_file(int descriptor, std::string what) : descriptor_{descriptor}, what_{std::move(what)} {}
    int descriptor_ = -1;
    std::string what_;
};

}  // namespace ecert::crypto
