#include "crypto/xml/document.hpp"

#include "crypto/xml/escape.hpp"
#include "crypto/xml/owned.hpp"

#include <libxml/tree.h>

namespace ecert::crypto::xml {
namespace {

const xmlChar* chars(const std::string& s) { return reinterpret_cast<const xmlChar*>(s.c_str()); }

std::string_view view(const xmlChar* s) {
    return s == nullptr ? std::string_view{} : std::string_view{reinterpret_cast<const char*>(s)};
}

std::optional<std::string> value_of(xmlChar* attribute) {
    if (attribute == nullptr) return std::nullopt;
    return taken(attribute);
}

void require(const void* made) {
    if (made == nullptr) throw std::bad_alloc{};
}

// The declaration of `uri` in force at `at`; a new one on `at` itself if there is none.
xmlNs* namespace_at(xmlNode* at, const std::string& uri, const char* prefix) {
    if (uri.empty()) {
        const auto* inherited = xmlSearchNs(at->doc, at, nullptr);
        if (inherited != nullptr && !view(inherited->href).empty())
            require(xmlNewNs(at, BAD_CAST "", nullptr));
        return nullptr;
    }
    if (auto* known = xmlSearchNsByHref(at->doc, at, chars(uri))) return known;
    auto* made = xmlNewNs(at, chars(uri), reinterpret_cast<const xmlChar*>(prefix));
    require(made);
    return made;
}

}  // namespace

void free_document(_xmlDoc* d) noexcept { xmlFreeDoc(d); }

std::string_view node::ns() const { return at_->ns == nullptr ? "" : view(at_->ns->href); }
std::string_view node::local() const { return view(at_->name); }

std::string node::text() const { return taken(xmlNodeGetContent(at_)); }

std::optional<std::string> node::attribute(std::string_view local) const {
    return value_of(xmlGetNoNsProp(at_, chars(std::string{local})));
}

std::optional<std::string> node::attribute(const name& n) const {
    if (n.ns.empty()) return attribute(n.local);
    return value_of(xmlGetNsProp(at_, chars(n.local), chars(n.ns)));
}

node node::parent() const {
    auto* up = at_->parent;
    return up != nullptr && up->type == XML_ELEMENT_NODE ? node{up} : node{};
}

node node::child(const name& n) const {
    for (auto* c = xmlFirstElementChild(at_); c != nullptr; c = xmlNextElementSibling(c))
        if (node{c}.is(n)) return node{c};
    return {};
}

std::vector<node> node::children() const {
    std::vector<node> all;
    for (auto* c = xmlFirstElementChild(at_); c != nullptr; c = xmlNextElementSibling(c))
        all.emplace_back(c);
    return all;
}

unsigned node::line() const {
    const long line = xmlGetLineNo(at_);
    return line > 0 ? static_cast<unsigned>(line) : 0;
}

node node::append(const name& n, std::string_view text) {
    auto* child = xmlNewDocNode(at_->doc, nullptr, chars(n.local), nullptr);
    require(child);
    xmlAddChild(at_, child);
    xmlSetNs(child, namespace_at(child, n.ns, nullptr));
    if (!text.empty()) node{child}.set_text(text);
    return node{child};
}

void node::set(std::string_view attribute, std::string_view value) {
    require(xmlSetProp(at_, chars(std::string{attribute}), chars(carried(value))));
}

void node::set_text(std::string_view text) {
    while (auto* old = at_->children) {
        xmlUnlinkNode(old);
        const node_handle gone{old};
    }
    auto* made = xmlNewDocText(at_->doc, chars(carried(text)));
    require(made);
    xmlAddChild(at_, made);
}

document document::make(const name& root, std::string_view prefix) {
    document_handle made{xmlNewDoc(BAD_CAST "1.0")};
    require(made.get());
    auto* element = xmlNewDocNode(made.get(), nullptr, chars(root.local), nullptr);
    require(element);
    xmlDocSetRootElement(made.get(), element);
    const std::string p{prefix};
    xmlSetNs(element, namespace_at(element, root.ns, p.empty() ? nullptr : p.c_str()));
    return document{std::move(made)};
}

node document::root() const {
    return owned_ == nullptr ? node{} : node{xmlDocGetRootElement(owned_.get())};
}

}  // namespace ecert::crypto::xml
