// A document's bytes as UTF-8: the document itself where it is UTF-8, else a copy made of it.
//
// What the encoding is: a byte order mark or the shape of the first bytes; else, where the XML
// declaration names another one, that one, unless the bytes are valid UTF-8 all the same: a
// certificate that came as text inside a message was made UTF-8 with it, and its declaration still
// says what it was before. Only encodings from a list are known. Thread rule: pool threads only.
#pragma once

#include "config/problem.hpp"
#include "crypto/source.hpp"

#include <cstdint>
#include <filesystem>
#include <variant>

namespace ecert::crypto::xml {

struct utf8_text {
    source_ptr text;
    std::uint64_t begins = 0;  // behind a byte order mark
};

std::variant<utf8_text, problem> as_utf8(source_ptr document,
                                         const std::filesystem::path& spool_folder);

}  // namespace ecert::crypto::xml
