// Placeholders: what stands in a skeleton where a text was taken out. Random per reading, so that
// no document can hold one by intent; letters and digits only, so that no serialiser changes them;
// of one length, a multiple of four, so that one is never the beginning of another and a schema
// still sees base64.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ecert::crypto::xml {

class placeholders {
  public:
    static constexpr std::size_t length = 40;
    static constexpr std::size_t stem_length = 32;

    placeholders();                             // a new random stem
    std::string make(std::size_t index) const;  // at most 9,999,999 in one document
    static std::string_view stem_of(std::string_view placeholder);
    static std::optional<std::size_t> index_of(std::string_view placeholder);

  private:
    std::string stem_;
};

}  // namespace ecert::crypto::xml
