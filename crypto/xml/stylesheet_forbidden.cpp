#include "crypto/xml/stylesheet.hpp"
#include "crypto/xml/stylesheet_files.hpp"
#include "crypto/xml/xpath_lexer.hpp"

#include <libxml/tree.h>

#include <algorithm>
#include <array>
#include <set>

namespace ecert::crypto::xml {
namespace {

using names = std::set<std::string_view>;

// XSLT 1.0, appendix D. xsl:document (1.1) writes files.
const names elements{"apply-imports",
                     "apply-templates",
                     "attribute",
                     "attribute-set",
                     "call-template",
                     "choose",
                     "comment",
                     "copy",
                     "copy-of",
                     "decimal-format",
                     "element",
                     "fallback",
                     "for-each",
                     "if",
                     "import",
                     "include",
                     "key",
                     "message",
                     "namespace-alias",
                     "number",
                     "otherwise",
                     "output",
                     "param",
                     "preserve-space",
                     "processing-instruction",
                     "sort",
                     "strip-space",
                     "stylesheet",
                     "template",
                     "text",
                     "transform",
                     "value-of",
                     "variable",
                     "when",
                     "with-param"};
const names expressions{"select", "match", "test", "use", "count", "from", "value"};
// document() reads files; generate-id() is an address; system-property() names the library.
const names functions{"current", "element-available", "format-number", "function-available", "key"};
const names ours{"code", "date", "number", "param"};

std::string_view view(const xmlChar* s) {
    return s == nullptr ? std::string_view{} : std::string_view{reinterpret_cast<const char*>(s)};
}

// The expressions in braces of an attribute value template.
std::string in_braces(std::string_view value) {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '{') continue;
        if (i + 1 < value.size() && value[i + 1] == '{') {
            ++i;
            continue;
        }
        const auto end = std::min(value.find('}', i), value.size());
        out += std::string{value.substr(i + 1, end - i - 1)} + " ";
        i = end;
    }
    return out;
}

class search {
  public:
    search(const std::string& at, problems& found) : at_{at}, found_{found} {}

    void element(const node& e) {
        const bool xsl = e.ns() == xslt_ns;
        if (xsl && !elements.contains(e.local())) forbid(e, "xsl:" + std::string{e.local()});
        for (auto* a = e.raw()->properties; a != nullptr; a = a->next) {
            std::string value;
            for (auto* t = a->children; t != nullptr; t = t->next) value += view(t->content);
            attribute(e, xsl && a->ns == nullptr, view(a->name), value);
        }
        for (const auto& c : e.children()) element(c);
    }

  private:
    void attribute(const node& e, bool of_xsl, std::string_view local, const std::string& value) {
        if (local == "extension-element-prefixes") return forbid(e, std::string{local});
        if (of_xsl && e.local() == "sort" && local == "lang") return forbid(e, "xsl:sort lang");
        const bool sheet = e.local() == "stylesheet" || e.local() == "transform";
        if (of_xsl && sheet && local == "version" && value != "1.0")
            return forbid(e, "version " + value, "1.0");
        const auto used =
            names_in(of_xsl && expressions.contains(local) ? value : in_braces(value));
        for (const auto& f : used.functions)
            if (!is_allowed(e, f)) forbid(e, f + "()");
    }

    static bool is_allowed(const node& e, const std::string& f) {
        const auto colon = f.find(':');
        if (colon == std::string::npos) return is_core_function(f) || functions.contains(f);
        const auto prefix = f.substr(0, colon);
        const auto* ns =
            xmlSearchNs(e.raw()->doc, e.raw(), reinterpret_cast<const xmlChar*>(prefix.c_str()));
        return ns != nullptr && view(ns->href) == exchange_ns && ours.contains(f.substr(colon + 1));
    }

    void forbid(const node& e, std::string what, std::string expected = {}) {
        found_.push_back({.id = "XSL-FORBIDDEN",
                          .where = at_ + ":" + std::to_string(e.line()),
                          .value = std::move(what),
                          .expected = std::move(expected)});
    }

    const std::string& at_;
    problems& found_;
};

}  // namespace

void find_forbidden(const document& sheet, const std::string& at, problems& found) {
    search{at, found}.element(sheet.root());
}

}  // namespace ecert::crypto::xml
