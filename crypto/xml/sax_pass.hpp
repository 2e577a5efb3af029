// One reading of a document from outside: libxml2's pull parser over a source, limits first, a tree
// of what is small. What stands behind document::parse, read_message and read_skeleton; they add
// hooks and say whose text is diverted.
//
// The first error that ends the reading is recorded and stops the parser; report() records one that
// does not end it. An exception from a hook or the source stops the parser and comes out of run().
#pragma once

#include "config/problem.hpp"
#include "crypto/xml/document.hpp"
#include "crypto/xml/limits.hpp"
#include "crypto/xml/parser_feed.hpp"

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct _xmlParserCtxt;

namespace ecert::crypto::xml {

void free_parser(_xmlParserCtxt*) noexcept;

class sax_pass {
  public:
    sax_pass(utf8_text from, const limits& within);
    virtual ~sax_pass();
    sax_pass(const sax_pass&) = delete;
    sax_pass& operator=(const sax_pass&) = delete;

    bool run();  // once; false: there were errors
    document take_tree() { return std::move(tree_); }
    const problems& found() const { return found_; }

  protected:
    enum class text_kind { plain, reference, cdata };  // how it was written

    virtual void started(node) {}
    virtual void ended(node) {}
    virtual void kept(std::string_view) {}                 // text that went to the tree
    virtual void diverted(std::string_view, text_kind) {}  // text that did not
    virtual void commented() {}
    virtual void instructed() {}
    virtual void finished() {
    }  // the last moment to report(); the tree reaches as far as reading did

    bool diverting = false;  // set by started() and ended(): where the current element's text goes

    void keep(std::string_view text);  // adds to the current element's text
    void report(problem p);
    void refuse(problem p);    // ends the reading
    std::string line() const;  // "line 12"
    unsigned depth() const { return depth_; }
    std::uint64_t offset() const;                         // of the next byte, in the text
    std::uint64_t text_end() const { return text_end_; }  // in diverted(): behind the raw text
    bool at_tag_end() const;  // in started(): the next byte is the '>' of a tag with content

  private:
    struct events;
    struct start_tag;

    int read(char* into, int most);
    void start_element(const start_tag& tag);
    void characters(const char* text, int length, bool cdata);
    void divert(std::string_view text, bool cdata);
    void parser_error(const char* message, int line);
    void limit(const char* id, std::uint64_t most);
    void stop();

    parser_feed feed_;
    limits within_;
    handle<_xmlParserCtxt, free_parser> parser_;

    unsigned depth_ = 0;
    std::uint64_t text_end_ = 0;
    std::uint64_t nodes_ = 0, tree_bytes_ = 0, text_run_ = 0;
    bool stopped_ = false, reading_ = false;
    std::exception_ptr thrown_;
    problems found_;
    document tree_;
};

// What read_message and document::parse answer with: all errors in one sentence each.
failure as_failure(const problems& found);

}  // namespace ecert::crypto::xml
