// Looks at the bytes of a document before the parser does, and stops what would make the parser
// itself slow or large: it collects all attributes of a tag before anybody is asked (and compares
// each with each), and a name, comment, processing instruction or attribute value whole. A lexer of
// markup boundaries and no more: what it misjudges the parser refuses.
#pragma once

#include "config/problem.hpp"
#include "crypto/xml/limits.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace ecert::crypto::xml {

class markup_guard {
  public:
    explicit markup_guard(const limits& within) : within_{within} {}

    // The next bytes, in order. A problem: the document is to be refused. Stays quiet afterwards.
    std::optional<problem> look(std::string_view bytes);

    // How long the CDATA section is that these bytes end in; 0 outside of one.
    std::uint64_t open_cdata() const { return in_ == in::cdata ? length_ : 0; }

  private:
    enum class in { text, opening, declaration, tag, value, comment, instruction, cdata };

    std::size_t skip_text(std::string_view bytes);
    std::size_t take(std::string_view bytes);  // how many bytes were used
    void open(char c);
    void declare(char c);
    void tag(char c);
    std::size_t value(std::string_view bytes);
    std::size_t until(std::string_view bytes, std::string_view end);
    void breach(const char* id, std::uint64_t limit);

    limits within_;
    in in_ = in::text;
    char quote_ = 0;
    unsigned attributes_ = 0;
    std::uint64_t length_ = 0;  // of the name, value, comment, instruction or CDATA section
    unsigned matched_ = 0;      // characters of its end, or of what opens it
    std::uint64_t line_ = 1;    // at the beginning of the bytes that are looked at
    std::optional<problem> found_;
};

}  // namespace ecert::crypto::xml
