// What the parser reads: the document's bytes behind a markup_guard, with one change that no event
// shows. The parser holds a CDATA section in one buffer, and one may be a whole certificate: a long
// section is closed and opened again every 64 KiB, so that it arrives as many.
#pragma once

#include "config/problem.hpp"
#include "crypto/xml/limits.hpp"
#include "crypto/xml/markup_guard.hpp"
#include "crypto/xml/utf8_text.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace ecert::crypto::xml {

class parser_feed {
  public:
    parser_feed(utf8_text from, const limits& within);

    std::size_t read(std::span<char> into);  // 0 only at the end; fewer than asked for at any time
    std::optional<problem> take_breach() { return std::exchange(breach_, std::nullopt); }

    std::uint64_t size() const { return from_.text->size(); }
    std::uint64_t begins() const { return from_.begins; }
    std::uint64_t added() const { return added_; }  // bytes that are not the document's
    std::uint64_t open_cdata() const { return guard_.open_cdata(); }

  private:
    utf8_text from_;
    markup_guard guard_;
    std::optional<problem> breach_;
    std::uint64_t at_;
    std::uint64_t added_ = 0;
    std::uint64_t broken_at_ = 0;  // how long the section was when it was last broken
    bool break_next_ = false;
};

}  // namespace ecert::crypto::xml
