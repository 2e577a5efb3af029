// XSLT 1.0 (W3C, 1999), loaded strictly: no file or network access, no document(), include and import only inside the
// stylesheet's own folder, no EXSLT, no clock or randomness, limits on template depth, operations and output. A closed set of extension
// functions in urn:ecert:exchange: ec:param(name), ec:date(text, form), ec:code(list, value), ec:number(text, form).
// Same input, same bytes.
//
// Thread rule: a stylesheet is immutable and shared by threads; apply() is pool work.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "config/problem.hpp"
#include "config/result.hpp"
#include "crypto/xml/document.hpp"

namespace ecert::crypto::xml {

constexpr std::string_view exchange_ns = "urn:ecert:exchange";

class stylesheet {
  public:
    struct loaded;
    static loaded load(const std::filesystem::path& file, const std::filesystem::path& inside);
    result<document> apply(const document& input, const std::map<std::string, std::string>& parameters) const;
    explicit operator bool() const { return compiled_ != nullptr; }

  private:
    struct compiled;
    std::shared_ptr<const compiled> compiled_;
};

struct stylesheet::loaded {
    stylesheet value;
    problems found;  // with file and line
};

}  // namespace ecert::crypto::xml
