#include "crypto/digest.hpp"
#include "crypto/xml/canonical_writer.hpp"
#include "crypto/xml/reader.hpp"
#include "crypto/xml/sax_pass.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace ecert::crypto::xml {
namespace {

class message_pass final : public sax_pass {
  public:
    message_pass(utf8_text from, const message_options& options)
        : sax_pass{std::move(from), options.within},
          options_{options},
          form_{options.envelope, options.header, options.body} {}

    message take() {
        out_.tree = take_tree();
        return std::move(out_);
    }

  private:
    void started(node element) override {
        if (typed_) {
            typed_->start(element.raw());
            return body_->start(element.raw());
        }
        if (diverting) return refuse_here("XML-CONTENT-MARKUP", element, "text");
        if (depth() <= 2 && !place(element)) return;
        if (in_header_) check_header();
        if (!body_) return;
        body_->start(element.raw());
        if (depth() <= 2) return;
        const bool typed = is_one_of(options_.typed, element);
        if (!typed && !is_one_of(options_.content, element)) return;
        diverting = true;
        content_.emplace(options_.spool_folder, options_.spool_threshold);
        if (!typed) return;
        typed_depth_ = depth();
        typed_.emplace(std::vector<std::string>{},
                       [this](std::string_view b) { content_->write(b); });
        typed_->start(element.raw());
    }

    void ended(node element) override {
        if (body_) body_->end();
        if (typed_) {
            typed_->end();
            if (depth() != typed_depth_) return;
            typed_->finish();
            typed_.reset();
        }
        if (std::exchange(diverting, false)) {
            out_.contents.push_back({element, std::move(*content_).finish()});
            content_.reset();
        }
        if (depth() != 2) return;
        if (std::exchange(in_header_, false) && options_.body_prefixes)
            prefixes_ = options_.body_prefixes(element);
        if (body_) {
            body_->finish();
            body_.reset();
            out_.body_digest = std::move(digest_).finish();
        }
    }

    void kept(std::string_view text) override {
        if (body_) body_->text(text);
        if (in_header_) check_header();
    }

    void diverted(std::string_view text, text_kind) override {
        typed_ ? typed_->text(text) : content_->write(text);
        body_->text(text);
    }

    void instructed() override { refuse({.id = "XML-INSTRUCTION", .where = line()}); }

    void finished() override {
        if (found().empty() && !out_.body)
            refuse({.id = "XML-NOT-A-MESSAGE", .expected = form_.body.local});
    }

    // Envelope, then perhaps Header, then Body, and nothing after it: what a signature is checked
    // against has one place.
    bool place(const node& element) {
        if (depth() == 1) choose_form(element);
        const bool header = depth() == 2 && element.is(form_.header);
        const bool body = depth() == 2 && element.is(form_.body);
        const bool fits = depth() == 1
                              ? element.is(form_.envelope)
                              : (header && !had_header_ && !out_.body) || (body && !out_.body);
        if (!fits) {
            refuse_here("XML-NOT-A-MESSAGE", element,
                        depth() == 1 ? form_.envelope.ns + " " + form_.envelope.local
                                     : form_.header.local + ", " + form_.body.local);
            return false;
        }
        if (header) {
            had_header_ = in_header_ = true;
            header_from_ = offset();
        }
        if (body) {
            out_.body = element;
            body_.emplace(std::move(prefixes_), [this](std::string_view b) { digest_.update(b); });
        }
        return true;
    }

    void choose_form(const node& root) {
        for (const auto& other : options_.or_else)
            if (root.is(other.envelope)) form_ = other;
    }

    static bool is_one_of(const std::vector<name>& names, const node& element) {
        return std::any_of(names.begin(), names.end(),
                           [&](const name& n) { return element.is(n); });
    }

    void check_header() {
        if (offset() - header_from_ <= options_.header_bytes) return;
        refuse({.id = "XML-LIMIT-HEADER",
                .where = line(),
                .expected = "<= " + std::to_string(options_.header_bytes)});
    }

    void refuse_here(const char* id, const node& element, std::string expected) {
        refuse({.id = id,
                .where = line(),
                .value = std::string{element.ns()} + " " + std::string{element.local()},
                .expected = std::move(expected)});
    }

    const message_options& options_;
    message_form form_;  // of the version that the root says
    message out_;
    bool had_header_ = false, in_header_ = false;
    std::uint64_t header_from_ = 0;
    std::vector<std::string> prefixes_;
    sha256_digester digest_;
    std::optional<canonical_writer> body_;   // while Body passes
    std::optional<spool> content_;           // while a content element passes
    std::optional<canonical_writer> typed_;  // while one passes that is content as a whole
    unsigned typed_depth_ = 0;
};

}  // namespace

result<message> read_message(source_ptr bytes, const message_options& options) {
    auto text = as_utf8(std::move(bytes), options.spool_folder);
    if (const auto* wrong = std::get_if<problem>(&text)) return as_failure({*wrong});
    message_pass pass{std::get<utf8_text>(std::move(text)), options};
    if (!pass.run()) return as_failure(pass.found());
    return pass.take();
}

}  // namespace ecert::crypto::xml
