#include "crypto/xml/sax_pass.hpp"

#include "config/utf8.hpp"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <cstring>

namespace ecert::crypto::xml {
namespace {

// Huge: the parser's own bounds are replaced by ours, which know what is diverted. Entities are
// never expanded: there is no DOCTYPE, so that "no entities in the tree" only means that &amp; in
// an attribute is resolved at once.
constexpr int options = XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOENT | XML_PARSE_COMPACT |
                        XML_PARSE_BIG_LINES | XML_PARSE_IGNORE_ENC;
constexpr std::uint64_t large_cdata = 1 << 20;
constexpr std::uint64_t read_ahead = 64 << 10;

std::string_view view(const xmlChar* s) {
    return s == nullptr ? std::string_view{} : std::string_view{reinterpret_cast<const char*>(s)};
}

}  // namespace

void free_parser(_xmlParserCtxt* c) noexcept {
    if (c->myDoc != nullptr) xmlFreeDoc(c->myDoc);
    xmlFreeParserCtxt(c);
}

struct sax_pass::start_tag {
    const xmlChar *local, *prefix, *uri;
    int namespace_count;
    const xmlChar** namespaces;
    int attribute_count, defaulted;
    const xmlChar** attributes;
};

// What libxml2 calls. No exception may pass through its frames.
struct sax_pass::events {
    template <class F>
    static void in(void* context, F act) {
        auto& self = *static_cast<sax_pass*>(static_cast<xmlParserCtxtPtr>(context)->_private);
        if (self.stopped_) return;
        try {
            act(self);
        } catch (...) {
            self.thrown_ = std::current_exception();
            self.stop();
        }
    }

    static int read(void* pass, char* into, int most) {
        return static_cast<sax_pass*>(pass)->read(into, most);
    }
    static void start(void* c, const xmlChar* local, const xmlChar* prefix, const xmlChar* uri,
                      int namespace_count, const xmlChar** namespaces, int attribute_count,
                      int defaulted, const xmlChar** attributes) {
        in(c, [&](sax_pass& p) {
            p.start_element({local, prefix, uri, namespace_count, namespaces, attribute_count,
                             defaulted, attributes});
        });
    }
    static void end(void* c, const xmlChar* local, const xmlChar* prefix, const xmlChar* uri) {
        in(c, [&](sax_pass& p) {
            p.text_run_ = 0;
            p.ended(node{p.parser_->node});
            if (p.stopped_) return;
            xmlSAX2EndElementNs(c, local, prefix, uri);
            --p.depth_;
        });
    }
    static void characters(void* c, const xmlChar* text, int length) {
        in(c,
           [&](sax_pass& p) { p.characters(reinterpret_cast<const char*>(text), length, false); });
    }
    static void cdata(void* c, const xmlChar* text, int length) {
        in(c,
           [&](sax_pass& p) { p.characters(reinterpret_cast<const char*>(text), length, true); });
    }
    static void comment(void* c, const xmlChar*) {
        in(c, [](sax_pass& p) { p.commented(); });
    }
    static void instruction(void* c, const xmlChar*, const xmlChar*) {
        in(c, [](sax_pass& p) { p.instructed(); });
    }
    static void doctype(void* c, const xmlChar*, const xmlChar*, const xmlChar*) {
        in(c, [](sax_pass& p) { p.refuse({.id = "XML-DOCTYPE", .where = p.line()}); });
    }
    static void error(void* c, xmlErrorPtr e) {
        if (e->level < XML_ERR_ERROR) return;
        in(c, [&](sax_pass& p) { p.parser_error(e->message, e->line); });
    }

    static const xmlSAXHandler handler;
};

const xmlSAXHandler sax_pass::events::handler = [] {
    xmlSAXHandler h{};
    xmlSAXVersion(&h, 2);
    h.startElementNs = start;
    h.endElementNs = end;
    h.characters = h.ignorableWhitespace = characters;
    h.cdataBlock = cdata;
    h.comment = comment;
    h.processingInstruction = instruction;
    h.internalSubset = doctype;
    h.serror = error;
    h.error = h.fatalError = h.warning = nullptr;
    return h;
}();

sax_pass::sax_pass(utf8_text from, const limits& within)
    : feed_{std::move(from), within}, within_{within} {
    auto handler = events::handler;
    parser_.reset(xmlCreateIOParserCtxt(&handler, nullptr, events::read, nullptr, this,
                                        XML_CHAR_ENCODING_UTF8));
    if (!parser_) throw std::bad_alloc{};
    parser_->_private = this;
    xmlCtxtUseOptions(parser_.get(), options);
}

sax_pass::~sax_pass() = default;

bool sax_pass::run() {
    if (feed_.size() > within_.bytes) {
        limit("XML-LIMIT-BYTES", within_.bytes);
        return false;
    }
    xmlParseDocument(parser_.get());
    if (thrown_) std::rethrow_exception(thrown_);
    if (!stopped_ && (!parser_->wellFormed || !parser_->nsWellFormed))
        parser_error("not well-formed", 0);
    finished();
    tree_ = document{document_handle{std::exchange(parser_->myDoc, nullptr)}};
    return !has_errors(found_);
}

int sax_pass::read(char* into, int most) {
    if (stopped_) return -1;
    reading_ = true;
    try {
        const auto got = feed_.read({into, static_cast<std::size_t>(most)});
        if (auto breach = feed_.take_breach()) refuse(std::move(*breach));
        // By now the parser is inside of such a section: whose text it is is known.
        if (feed_.open_cdata() > large_cdata && !diverting)
            limit("XML-LIMIT-TEXT", within_.text_bytes);
        const auto* in = parser_->input;
        const auto window = in == nullptr ? 0 : in->end - in->base;
        if (static_cast<std::uint64_t>(window) > within_.tree_bytes + read_ahead)
            limit("XML-LIMIT-TREE", within_.tree_bytes);
        reading_ = false;
        return stopped_ ? -1 : static_cast<int>(got);
    } catch (...) {
        thrown_ = std::current_exception();
        stop();
        return -1;
    }
}

void sax_pass::start_element(const start_tag& tag) {
    const auto attributes = static_cast<unsigned>(tag.namespace_count + tag.attribute_count);
    if (depth_ + 1 > within_.depth) return limit("XML-LIMIT-DEPTH", within_.depth);
    if (attributes > within_.attributes) return limit("XML-LIMIT-ATTRIBUTES", within_.attributes);
    nodes_ += 1 + attributes;
    if (nodes_ > within_.nodes) return limit("XML-LIMIT-NODES", within_.nodes);
    tree_bytes_ += view(tag.local).size() + view(tag.prefix).size();
    for (int i = 0; i < tag.namespace_count; ++i) {
        const auto length = view(tag.namespaces[2 * i + 1]).size();
        if (length > within_.name_bytes) return limit("XML-LIMIT-NAME", within_.name_bytes);
        tree_bytes_ += length;
    }
    for (int i = 0; i < tag.attribute_count; ++i) {
        const auto* const* a = tag.attributes + 5 * i;
        const auto length = static_cast<std::uint64_t>(a[4] - a[3]);
        if (length > within_.text_bytes) return limit("XML-LIMIT-TEXT", within_.text_bytes);
        tree_bytes_ += view(a[0]).size() + length;
    }
    if (tree_bytes_ > within_.tree_bytes) return limit("XML-LIMIT-TREE", within_.tree_bytes);
    ++depth_;
    text_run_ = 0;
    xmlSAX2StartElementNs(parser_.get(), tag.local, tag.prefix, tag.uri, tag.namespace_count,
                          tag.namespaces, tag.attribute_count, tag.defaulted, tag.attributes);
    started(node{parser_->node});
}

void sax_pass::characters(const char* text, int length, bool cdata) {
    const std::string_view all{text, static_cast<std::size_t>(length)};
    if (diverting) return divert(all, cdata);
    text_run_ += all.size();
    tree_bytes_ += all.size();
    if (text_run_ > within_.text_bytes) return limit("XML-LIMIT-TEXT", within_.text_bytes);
    if (tree_bytes_ > within_.tree_bytes) return limit("XML-LIMIT-TREE", within_.tree_bytes);
    keep(all);
    kept(all);
}

// The parser gives plain text where it lies in its input, before or after it has moved on; what a
// reference stands for lies elsewhere, and the input is then behind its semicolon.
void sax_pass::divert(std::string_view text, bool cdata) {
    const auto& in = *parser_->input;
    const auto* first = reinterpret_cast<const xmlChar*>(text.data());
    const bool in_place = first >= in.base && first < in.end;
    text_end_ = offset();
    if (in_place) text_end_ = text_end_ - static_cast<std::uint64_t>(in.cur - first) + text.size();
    const bool reference = !in_place && in.cur > in.base && in.cur[-1] == ';';
    diverted(text, cdata ? text_kind::cdata : reference ? text_kind::reference : text_kind::plain);
}

void sax_pass::keep(std::string_view text) {
    xmlSAX2Characters(parser_.get(), reinterpret_cast<const xmlChar*>(text.data()),
                      static_cast<int>(text.size()));
}

void sax_pass::parser_error(const char* message, int line) {
    std::string_view text = message == nullptr ? "not well-formed" : message;
    while (text.ends_with('\n')) text.remove_suffix(1);
    refuse({.id = "XML-NOT-WELL-FORMED",
            .where = line > 0 ? "line " + std::to_string(line) : "",
            .value = valid_utf8(text, 200)});
}

void sax_pass::limit(const char* id, std::uint64_t most) {
    refuse({.id = id, .where = line(), .expected = "<= " + std::to_string(most)});
}

void sax_pass::report(problem p) { found_.push_back(std::move(p)); }

void sax_pass::refuse(problem p) {
    if (stopped_) return;
    found_.push_back(std::move(p));
    stop();
}

// Not while it reads: the parser frees the buffer that the read fills, and an error from there
// stops it too.
void sax_pass::stop() {
    stopped_ = true;
    if (!reading_) xmlStopParser(parser_.get());
}

std::string sax_pass::line() const {
    const auto* in = parser_->input;
    return in == nullptr ? "" : "line " + std::to_string(in->line);
}

std::uint64_t sax_pass::offset() const {
    const long consumed = xmlByteConsumed(parser_.get());
    return feed_.begins() + static_cast<std::uint64_t>(std::max(consumed, 0L)) - feed_.added();
}

bool sax_pass::at_tag_end() const { return *parser_->input->cur == '>'; }

}  // namespace ecert::crypto::xml
