#include "crypto/xml/schema_mend.hpp"

#include "crypto/xml/longest_rising.hpp"

#include <libxml/tree.h>

#include <algorithm>
#include <utility>

namespace ecert::crypto::xml {
namespace {

const xmlChar* chars(const char* s) { return reinterpret_cast<const xmlChar*>(s); }

template <class T>
T* made(T* p) {
    if (p == nullptr) throw std::bad_alloc{};
    return p;
}

bool is_blank(const xmlChar* text) {
    return text == nullptr ||
           std::string_view{reinterpret_cast<const char*>(text)}.find_first_not_of(" \t\r\n") ==
               std::string_view::npos;
}

}  // namespace

node original_of(const _xmlNode* copy) { return node{static_cast<_xmlNode*>(copy->_private)}; }

void mending::say(violation v) {
    if (found_.size() < most_) found_.push_back(std::move(v));
}

document mending::copy_of(const node& root) {
    const auto ns = by_.ns_of(root.ns());
    if (root.local() != by_.root.local || ns != by_.root.ns) {
        say({violation::kind::unknown, root, {}, {}, by_.root.local});
        return {};
    }
    document_handle copy{made(xmlNewDoc(chars("1.0")))};
    made_ = copy.get();
    auto* top = made(xmlNewDocNode(made_, nullptr, chars(by_.root.local.c_str()), nullptr));
    xmlDocSetRootElement(made_, top);
    for (std::size_t i = 0; i < by_.namespaces.size(); ++i)
        declared_.push_back(made(xmlNewNs(top, chars(by_.namespaces[i].c_str()),
                                          chars(("n" + std::to_string(i)).c_str()))));
    xmlSetNs(top, declared_[ns]);
    top->_private = root.raw();
    notice_spelling(root, ns);
    copy_inside(root, top, by_.root.type);
    return document{std::move(copy)};
}

void mending::notice_spelling(const node& at, std::size_t ns) {
    const auto written = at.ns();
    if (written == by_.namespaces[ns] || spellings_.contains(written) ||
        std::ranges::find(also_right_, written) != also_right_.end())
        return;
    spellings_.emplace(written);
    say({violation::kind::spelling, at, {}, std::string{written}, by_.namespaces[ns]});
}

_xmlNode* mending::copy_element(const node& of, std::size_t ns) {
    auto* copy = made(xmlNewDocNode(made_, declared_[ns], of.raw()->name, nullptr));
    copy->_private = of.raw();
    for (const auto* a = of.raw()->properties; a != nullptr; a = a->next) {
        if (a->ns != nullptr) continue;
        const auto value = of.attribute(reinterpret_cast<const char*>(a->name)).value_or("");
        made(xmlNewProp(copy, a->name, chars(value.c_str())));
    }
    return copy;
}

void mending::copy_text(const node& from, _xmlNode* to, bool only_if_any) {
    for (const auto* c = from.raw()->children; c != nullptr; c = c->next) {
        if (c->type != XML_TEXT_NODE && c->type != XML_CDATA_SECTION_NODE) continue;
        if (only_if_any && is_blank(c->content)) continue;
        xmlAddChild(to, made(xmlNewDocText(made_, c->content)));
    }
}

void mending::copy_inside(const node& from, _xmlNode* to, const schema_type* as) {
    static const schema_type value_alone;
    copy_text(from, to, as != nullptr);
    const auto& type = as != nullptr ? *as : value_alone;
    auto known = known_children(from, type);
    if (!std::ranges::is_sorted(known, {}, &placed::index)) {
        if (type.is == schema_type::shape::sequence) tell_misplaced(known, type);
        std::ranges::stable_sort(known, {}, &placed::index);
    }
    fill(from, to, type, known);
}

std::vector<mending::placed> mending::known_children(const node& of, const schema_type& as) {
    std::vector<placed> known;
    for (const auto& c : of.children()) {
        std::size_t index = 0;
        if (by_.particle(as, c, index) != nullptr)
            known.push_back({c, index});
        else if (!as.open || by_.ns_of(c.ns()) != none)
            say({violation::kind::unknown, c, {}, {}, {}});
    }
    return known;
}

// As few as can be are called misplaced: those outside the longest row that is in order.
void mending::tell_misplaced(const std::vector<placed>& all, const schema_type& as) {
    std::vector<std::size_t> indexes;
    for (const auto& p : all) indexes.push_back(p.index);
    const auto kept = longest_rising(indexes);
    for (std::size_t i = 0, k = 0; i < all.size(); ++i) {
        if (k < kept.size() && kept[k] == i) {
            ++k;
            continue;
        }
        const auto behind =
            std::ranges::find_if(kept.rbegin(), kept.rend(),
                                 [&](std::size_t other) { return indexes[other] <= indexes[i]; });
        const auto& beside = behind != kept.rend() ? *behind : kept.front();
        say({violation::kind::misplaced,
             all[i].at,
             {},
             {},
             (behind != kept.rend() ? "behind " : "before ") + as.children[indexes[beside]].local});
    }
}

void mending::fill(const node& of, _xmlNode* to, const schema_type& as,
                   std::span<const placed> sorted) {
    const bool choice = as.is == schema_type::shape::choice;
    if (choice && sorted.empty() && as.least > 0) fill_gap(of, to, as.children.front());
    std::size_t next = 0;
    for (std::size_t i = 0; i < as.children.size(); ++i) {
        const auto& p = as.children[i];
        unsigned count = 0;
        for (; next < sorted.size() && sorted[next].index == i; ++next) {
            const auto& child = sorted[next].at;
            notice_spelling(child, p.ns);
            if (++count > p.most || (choice && next > 0)) {
                say({violation::kind::repeated, child, {}, {}, {}});
                continue;
            }
            auto* copy = copy_element(child, p.ns);
            xmlAddChild(to, copy);
            copy_inside(child, copy, p.type);
        }
        if (!choice && count < p.least) fill_gap(of, to, p);
    }
}

// The copy goes on as if it were there; what is wrong inside is nobody's fault.
void mending::fill_gap(const node& of, _xmlNode* to, const schema_particle& missing) {
    say({violation::kind::missing, of, missing.local, {}, {}});
    xmlAddChild(to, made(xmlNewDocNode(made_, declared_[missing.ns], chars(missing.local.c_str()),
                                       nullptr)));
}

}  // namespace ecert::crypto::xml
