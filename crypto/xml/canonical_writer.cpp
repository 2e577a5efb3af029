#include "crypto/xml/canonical_writer.hpp"

#include "crypto/xml/escape.hpp"

#include <libxml/tree.h>

#include <algorithm>
#include <tuple>

namespace ecert::crypto::xml {
namespace {

constexpr std::size_t flush_at = 8 << 10;

std::string_view view(const xmlChar* s) {
    return s == nullptr ? std::string_view{} : std::string_view{reinterpret_cast<const char*>(s)};
}

template <class Bindings>
auto nearest(const Bindings& all, std::string_view prefix) {
    return std::find_if(all.rbegin(), all.rend(),
                        [&](const auto& b) { return b.prefix == prefix; });
}

struct attribute {
    std::string_view ns, prefix, local;
    const xmlAttr* at;
};

}  // namespace

canonical_writer::canonical_writer(std::vector<std::string> inclusive_prefixes, sink to)
    : inclusive_{std::move(inclusive_prefixes)}, sink_{std::move(to)} {
    for (auto& p : inclusive_)
        if (p == "#default") p.clear();
}

void canonical_writer::start(const _xmlNode* element) {
    if (open_.empty() && !inclusive_.empty()) {
        std::vector<const xmlNode*> above;
        for (auto* up = element->parent; up != nullptr && up->type == XML_ELEMENT_NODE;
             up = up->parent)
            above.push_back(up);
        std::for_each(above.rbegin(), above.rend(), [this](const auto* up) { declare(up); });
    }
    const auto prefix = element->ns == nullptr ? "" : view(element->ns->prefix);
    open_.push_back({prefix, view(element->name), rendered_.size(), declared_.size()});
    const auto rendered_before = rendered_.size();
    if (!inclusive_.empty()) {
        declare(element);
        use_inclusive();
    }
    use(prefix, element->ns == nullptr ? "" : view(element->ns->href));
    for (const auto* a = element->properties; a != nullptr; a = a->next)
        if (a->ns != nullptr && a->ns->prefix != nullptr)
            use(view(a->ns->prefix), view(a->ns->href));
    out_ += '<';
    write_name(prefix, open_.back().local);
    write_namespaces(rendered_before);
    if (element->properties != nullptr) write_attributes(element);
    out_ += '>';
    flush_if_full();
}

void canonical_writer::declare(const _xmlNode* element) {
    for (const auto* d = element->nsDef; d != nullptr; d = d->next)
        declared_.push_back({view(d->prefix), view(d->href)});
}

// Exclusive: a binding is written where it is visibly used and no output ancestor wrote the same.
void canonical_writer::use(std::string_view prefix, std::string_view uri) {
    if (prefix == "xml") return;
    const auto known = nearest(rendered_, prefix);
    const auto in_force = known == rendered_.rend() ? std::string_view{} : known->uri;
    if (in_force == uri && (known != rendered_.rend() || prefix.empty())) return;
    rendered_.push_back({prefix, uri});
}

// Prefixes of the PrefixList are written as inclusive canonicalisation would: where they are in
// scope.
void canonical_writer::use_inclusive() {
    for (const std::string_view p : inclusive_) {
        const auto known = nearest(declared_, p);
        if (known != declared_.rend())
            use(p, known->uri);
        else if (p.empty())
            use(p, "");
    }
}

void canonical_writer::write_name(std::string_view prefix, std::string_view local) {
    if (!prefix.empty()) {
        out_ += prefix;
        out_ += ':';
    }
    out_ += local;
}

void canonical_writer::write_namespaces(std::size_t from) {
    const auto first = rendered_.begin() + static_cast<std::ptrdiff_t>(from);
    std::sort(first, rendered_.end(),
              [](const binding& a, const binding& b) { return a.prefix < b.prefix; });
    for (auto b = first; b != rendered_.end(); ++b) {
        out_ += b->prefix.empty() ? " xmlns" : " xmlns:";
        out_ += b->prefix;
        out_ += "=\"";
        append_attribute(out_, b->uri);
        out_ += '"';
    }
}

void canonical_writer::write_attributes(const _xmlNode* element) {
    std::vector<attribute> all;
    for (const auto* a = element->properties; a != nullptr; a = a->next) {
        const bool has = a->ns != nullptr;
        all.push_back(
            {has ? view(a->ns->href) : "", has ? view(a->ns->prefix) : "", view(a->name), a});
    }
    std::sort(all.begin(), all.end(), [](const attribute& a, const attribute& b) {
        return std::tie(a.ns, a.local) < std::tie(b.ns, b.local);
    });
    for (const auto& a : all) {
        out_ += ' ';
        write_name(a.prefix, a.local);
        out_ += "=\"";
        for (const auto* t = a.at->children; t != nullptr; t = t->next)
            append_attribute(out_, view(t->content));
        out_ += '"';
    }
}

void canonical_writer::text(std::string_view characters) {
    append_text(out_, characters);
    flush_if_full();
}

void canonical_writer::instruction(std::string_view target, std::string_view data) {
    out_ += "<?";
    out_ += target;
    if (!data.empty()) out_ += ' ';
    for (const char c : data) c == '\r' ? out_ += "&#xD;" : out_ += c;
    out_ += "?>";
    flush_if_full();
}

void canonical_writer::end() {
    const auto& e = open_.back();
    out_ += "</";
    write_name(e.prefix, e.local);
    out_ += '>';
    rendered_.resize(e.rendered);
    declared_.resize(e.declared);
    open_.pop_back();
    flush_if_full();
}

void canonical_writer::flush_if_full() {
    if (out_.size() >= flush_at) finish();
}

void canonical_writer::finish() {
    if (!out_.empty()) sink_(out_);
    out_.clear();
}

}  // namespace ecert::crypto::xml
