// A small XML tree: headers, skeletons, exchanges, stylesheet results. Never holds certificate
// content (reader.hpp).
//
// Guarantee: parse() refuses DOCTYPE, entities, and anything over the limits; nothing is fetched;
// text is UTF-8. Thread rule: a document belongs to one thread at a time; const documents may be
// read by several. A node is a pointer into its document and dies with it.
#pragma once

#include "config/result.hpp"
#include "crypto/handle.hpp"
#include "crypto/xml/limits.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// NOLINTBEGIN(bugprone-reserved-identifier): libxml2's own names
struct _xmlDoc;
struct _xmlNode;
// NOLINTEND(bugprone-reserved-identifier)

namespace ecert::crypto::xml {

void free_document(_xmlDoc*) noexcept;
using document_handle = handle<_xmlDoc, free_document>;

class node {
  public:
    node() = default;
    explicit node(_xmlNode* at) : at_{at} {}
    explicit operator bool() const { return at_ != nullptr; }
    bool operator==(const node&) const = default;  // identity

    std::string_view ns() const;
    std::string_view local() const;
    bool is(const name& n) const { return local() == n.local && ns() == n.ns; }
    std::string text() const;                                            // all text below it
    std::optional<std::string> attribute(std::string_view local) const;  // in no namespace
    std::optional<std::string> attribute(const name& n) const;
    node parent() const;
    node child(const name& n) const;     // the first of that name
    std::vector<node> children() const;  // elements only
    unsigned line() const;
    // /rsm:SPSCertificate/ram:ID[2]: with the usual prefixes of the SPS namespaces, else as written
    std::string path() const;

    // Building, for exchanges: appends a child and returns it. What XML cannot carry becomes
    // U+FFFD.
    node append(const name& n, std::string_view text = {});
    void set(std::string_view attribute, std::string_view value);
    void set_text(std::string_view text);

    _xmlNode* raw() const { return at_; }  // for crypto/xml alone

  private:
    _xmlNode* at_ = nullptr;
};

class document {
  public:
    document() = default;
    explicit document(document_handle owned) : owned_{std::move(owned)} {}
    static document make(const name& root, std::string_view prefix = {});
    static result<document> parse(std::string_view bytes, const limits& within);
    node root() const;
    explicit operator bool() const { return owned_ != nullptr; }
    _xmlDoc* raw() const { return owned_.get(); }            // for crypto/xml alone
    document_handle release() { return std::move(owned_); }  // likewise

  private:
    document_handle owned_;
};

// Exclusive XML Canonicalization 1.0 without comments (http://www.w3.org/2001/10/xml-exc-c14n#) of
// the subtree, as part of its document: bindings of its ancestors count. Of the prefixes,
// "#default" means the default namespace.
std::string exclusive_c14n(const node& apex,
                           const std::vector<std::string>& inclusive_prefixes = {});

// As canonical XML writes them: & < > and CR in text; & < " TAB LF CR in attributes. What XML
// cannot carry stays what it is: callers ask is_xml_text first.
std::string escape_text(std::string_view text);
std::string escape_attribute(std::string_view text);
bool is_xml_text(std::string_view utf8);  // valid UTF-8 and only characters of XML 1.0, 2.2

// libxml2 and libxslt, once, on the main thread, before any other thread; destroyed last.
class library {
  public:
    library();
    ~library();
};

}  // namespace ecert::crypto::xml
