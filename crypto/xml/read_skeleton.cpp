#include "config/utf8.hpp"
#include "crypto/base64.hpp"
#include "crypto/xml/family.hpp"
#include "crypto/xml/reader.hpp"
#include "crypto/xml/sax_pass.hpp"
#include "crypto/xml/slots.hpp"

#include <algorithm>
#include <utility>

namespace ecert::crypto::xml {
namespace {

constexpr std::size_t head_bytes = 16;
constexpr std::size_t most_problems =
    100;  // a document of nothing else must not cost more than a good one

class skeleton_pass final : public sax_pass {
  public:
    skeleton_pass(utf8_text from, const skeleton_options& options)
        : sax_pass{std::move(from), options.within}, slotted_{options} {}

    std::vector<slot> take_slots() { return std::move(slots_); }

  private:
    void started(node element) override {
        if (diverting) {
            markup_inside();
        } else if (is_slotted(element)) {
            diverting = true;
            element_ = element;
            current_ = {.offset = offset() + (at_tag_end() ? 1 : 0)};
            decoder_ = {};
            digest_ = {};
            any_ = bad_ = markup_ = false;
        }
    }

    void ended(node element) override {
        if (!diverting || element != element_) return;
        diverting = false;
        decoded_.clear();
        if (!bad_ && !decoder_.finish(decoded_)) not_base64("xs:base64Binary (4n)");
        took_decoded();
        if (markup_ || !any_) return;
        current_.readable = !bad_;
        current_.digest = std::move(digest_).finish();
        current_.placeholder = placeholders_.make(slots_.size());
        keep(current_.placeholder);
        slots_.push_back(std::move(current_));
    }

    void diverted(std::string_view text, text_kind kind) override {
        if (kind != text_kind::plain) return markup_inside();
        current_.length = text_end() - current_.offset;
        any_ = any_ || text.find_first_not_of(" \t\r\n") != std::string_view::npos;
        if (bad_) return;
        decoded_.clear();
        if (!decoder_.update(text, decoded_)) not_base64("xs:base64Binary [A-Za-z0-9+/=]");
        took_decoded();
    }

    void commented() override {
        if (diverting) markup_inside();
    }
    void instructed() override {
        if (diverting) markup_inside();
    }

    void finished() override {
        for (auto& [at, level, expected] : wrong_)
            report({.id = "XML-NOT-BASE64",
                    .level = level,
                    .where = at.path() + " line " + std::to_string(at.line()),
                    .expected = std::move(expected)});
    }

    bool is_slotted(const node& element) const {
        const auto belongs = [&](const name& family) {
            return element.local() == family.local && belongs_to(element.ns(), family.ns);
        };
        return std::ranges::any_of(slotted_.slotted,
                                   [&](const name& n) { return element.is(n); }) ||
               std::ranges::any_of(slotted_.slotted_families, belongs);
    }

    void took_decoded() {
        digest_.update(decoded_);
        current_.decoded_size += decoded_.size();
        if (current_.head.size() < head_bytes)
            current_.head.append(decoded_, 0, head_bytes - current_.head.size());
    }

    void markup_inside() {
        if (std::exchange(markup_, true)) return;
        if (bad_ && !wrong_.empty() && wrong_.back().at == element_) wrong_.pop_back();
        bad_ = false;
        not_base64("xs:base64Binary (#PCDATA)", severity::error);
    }

    // One problem for each text: what follows the first wrong character says nothing new. An error
    // is never left out: nobody may take what is read for whole.
    void not_base64(std::string expected, severity level = severity::warning) {
        if (std::exchange(bad_, true)) return;
        if (wrong_.size() == most_problems && level == severity::error) wrong_.pop_back();
        if (wrong_.size() == most_problems) return;
        wrong_.push_back({element_, level, std::move(expected)});
    }

    const skeleton_options& slotted_;
    placeholders placeholders_;
    std::vector<slot> slots_;
    struct wrong_text {
        node at;
        severity level;
        std::string expected;
    };
    std::vector<wrong_text> wrong_;

    node element_;  // whose text is being taken out
    slot current_;
    base64_decoder decoder_;
    sha256_digester digest_;
    std::string decoded_;
    bool any_ = false, bad_ = false, markup_ = false;
};

}  // namespace

skeleton_result read_skeleton(source_ptr document, const skeleton_options& options) {
    skeleton_result out;
    auto text = as_utf8(std::move(document), options.spool_folder);
    if (auto* wrong = std::get_if<problem>(&text)) {
        out.found.push_back(std::move(*wrong));
        return out;
    }
    auto& utf8 = std::get<utf8_text>(text);
    out.value.text = utf8.text;
    skeleton_pass pass{std::move(utf8), options};
    pass.run();
    out.value.tree = pass.take_tree();
    out.value.slots = pass.take_slots();
    out.found = pass.found();
    return out;
}

}  // namespace ecert::crypto::xml
