// Writes Exclusive XML Canonicalization 1.0 without comments, as a stream: start and end of
// elements and text between them, in document order, from a tree or from SAX events. Both ways of
// reading use this one writer, so that what is digested while it passes and what is digested from a
// tree cannot differ; the tests hold it against libxml2's own.
//
// Elements given to start() must live, with their ancestors, as long as the writer. Nothing is
// changed in them: several threads may canonicalise one tree.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

struct _xmlNode;

namespace ecert::crypto::xml {

class canonical_writer {
  public:
    using sink = std::function<void(std::string_view)>;
    // "#default" among the prefixes means the default namespace (exc-c14n, 4).
    canonical_writer(std::vector<std::string> inclusive_prefixes, sink to);

    void start(const _xmlNode* element);
    void text(std::string_view characters);  // as XML reads it, unescaped
    void instruction(std::string_view target, std::string_view data);
    void end();
    void finish();  // everything has reached the sink

  private:
    struct binding {
        std::string_view prefix, uri;
    };
    struct open_element {
        std::string_view prefix, local;
        std::size_t rendered;  // how many bindings were there before it
    };

    void use(std::string_view prefix, std::string_view uri);
    void use_if_listed(const _xmlNode* declaring);
    void use_inherited(const _xmlNode* apex);
    void write_name(std::string_view prefix, std::string_view local);
    void write_namespaces(std::size_t from);
    void write_attributes(const _xmlNode* element);
    void flush_if_full();

    std::vector<std::string> inclusive_;  // sorted
    sink sink_;
    std::string out_;
    std::vector<binding> rendered_;  // written by output ancestors
    std::vector<open_element> open_;
};

}  // namespace ecert::crypto::xml
