#include "crypto/xml/canonical_writer.hpp"

#include "crypto/xml/escape.hpp"

#include <libxml/tree.h>

#include <algorithm>
#include <functional>
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
    std::sort(inclusive_.begin(), inclusive_.end());
}

void canonical_writer::start(const _xmlNode* element) {
    const bool apex = open_.empty();
    const auto prefix = element->ns == nullptr ? "" : view(element->ns->prefix);
    const auto before = rendered_.size();
    open_.push_back({prefix, view(element->name), before});
    if (!inclusive_.empty()) {
        use_if_listed(element);
        if (apex) use_inherited(element);
    }
    use(prefix, element->ns == nullptr ? "" : view(element->ns->href));
    for (const auto* a = element->properties; a != nullptr; a = a->next)
        if (a->ns != nullptr && a->ns->prefix != nullptr)
            use(view(a->ns->prefix), view(a->ns->href));
    out_ += '<';
    write_name(prefix, open_.back().local);
    write_namespaces(before);
    if (element->properties != nullptr) write_attributes(element);
    out_ += '>';
    flush_if_full();
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
// scope. Below the apex that changes only where an element declares them; so a long list from
// outside costs no more than a short one.
void canonical_writer::use_if_listed(const _xmlNode* declaring) {
    for (const auto* d = declaring->nsDef; d != nullptr; d = d->next)
        if (std::binary_search(inclusive_.begin(), inclusive_.end(), view(d->prefix),
                               std::less<>{}))
            use(view(d->prefix), view(d->href));
}

void canonical_writer::use_inherited(const _xmlNode* apex) {
    std::vector<binding> nearer;
    for (auto* at = apex; at != nullptr && at->type == XML_ELEMENT_NODE; at = at->parent)
        for (const auto* d = at->nsDef; d != nullptr; d = d->next) {
            const auto prefix = view(d->prefix);
            if (nearest(nearer, prefix) != nearer.rend()) continue;
            nearer.push_back({prefix, view(d->href)});
            if (std::binary_search(inclusive_.begin(), inclusive_.end(), prefix, std::less<>{}))
                use(prefix, view(d->href));
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
