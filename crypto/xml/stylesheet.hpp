// XSLT 1.0 (W3C, 1999), loaded strictly: no file or network access, no document(), include and
// import only inside the stylesheet's own folder, no EXSLT, no clock or randomness (no
// generate-id(), no system-property(), no xsl:sort by language), limits on template depth,
// operations and output. Same input, same bytes.
//
// A closed set of functions in urn:ecert:exchange:
//   ec:param(name)        the parameter; empty if there is none
//   ec:code(list, value)  the parameter "code.<list>.<value>"; empty if there is none
//   ec:date(text, form)   date, datetime, utc, compact; empty if the text is no date
//   ec:number(text, form) plain, integer, 0 to 9 decimals; empty if the text is no number
//   (conversions.hpp says more)
// A form that does not exist ends the transformation; so does <xsl:message terminate="yes">, whose
// text the failure holds.
//
// Thread rule: a stylesheet is immutable and shared by threads; apply() is pool work. The input is
// as it was afterwards, but libxslt marks its nodes meanwhile: it must belong to the calling
// thread.
#pragma once

#include "config/problem.hpp"
#include "config/result.hpp"
#include "crypto/xml/document.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace ecert::crypto::xml {

constexpr std::string_view exchange_ns = "urn:ecert:exchange";

class stylesheet {
  public:
    struct loaded;
    static loaded load(const std::filesystem::path& file, const std::filesystem::path& inside);
    result<document> apply(const document& input,
                           const std::map<std::string, std::string>& parameters) const;
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
