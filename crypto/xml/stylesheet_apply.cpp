#include "config/utf8.hpp"
#include "crypto/xml/error_sink.hpp"
#include "crypto/xml/stylesheet_compiled.hpp"

#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>

#include <algorithm>
#include <string>

namespace ecert::crypto::xml {
namespace {

constexpr unsigned long instructions = 1'000'000;
constexpr unsigned long xpath_operations = 50'000'000;
constexpr int template_depth = 500;
constexpr std::uint64_t result_bytes = 16 << 20;

using context_handle = handle<xsltTransformContext, xsltFreeTransformContext>;
using preferences_handle = handle<xsltSecurityPrefs, xsltFreeSecurityPrefs>;

xsltSecurityPrefs* nothing_allowed() {
    static const preferences_handle all = [] {
        preferences_handle p{xsltNewSecurityPrefs()};
        for (const auto what :
             {XSLT_SECPREF_READ_FILE, XSLT_SECPREF_WRITE_FILE, XSLT_SECPREF_CREATE_DIRECTORY,
              XSLT_SECPREF_READ_NETWORK, XSLT_SECPREF_WRITE_NETWORK})
            xsltSetSecurityPrefs(p.get(), what, xsltSecurityForbid);
        return p;
    }();
    return all.get();
}

// Names and texts, up to a little over the limit.
std::uint64_t size_of(const xmlNode* root) {
    std::uint64_t size = 0;
    for (const auto* at = root; at != nullptr && size <= result_bytes;) {
        size += at->name != nullptr ? static_cast<std::uint64_t>(xmlStrlen(at->name)) : 0;
        if (at->type == XML_ELEMENT_NODE) {
            for (const auto* a = at->properties; a != nullptr; a = a->next)
                if (a->children != nullptr)
                    size += static_cast<std::uint64_t>(xmlStrlen(a->children->content));
            if (at->children != nullptr) {
                at = at->children;
                continue;
            }
        } else {
            size += static_cast<std::uint64_t>(xmlStrlen(at->content));
        }
        while (at != root && at->next == nullptr) at = at->parent;
        at = at == root ? nullptr : at->next;
    }
    return size;
}

failure failed(const std::string& file, failure_kind kind, const std::string& why) {
    return {kind, "Stylesheet " + file + ": " + why};
}

// libxslt begins each error with its place on a line of its own; people want the sentence.
std::string sentence(const std::string& said) {
    std::string out;
    for (std::size_t at = 0; at < said.size();) {
        const auto end = std::min(said.find('\n', at), said.size());
        std::string line = said.substr(at, end - at);
        if (const auto place = line.find("error: file "); place != std::string::npos)
            line = "(" + line.substr(place + 12) + ")";
        if (!line.empty()) out += (out.empty() ? "" : " ") + line;
        at = end + 1;
    }
    return valid_utf8(out, 1000);
}

}  // namespace

result<document> stylesheet::apply(const document& input,
                                   const std::map<std::string, std::string>& parameters) const {
    const auto& style = *compiled_;
    document_handle copy;
    if (style.strips_space) copy.reset(xmlCopyDoc(input.raw(), 1));
    auto* from = copy ? copy.get() : input.raw();
    const context_handle context{xsltNewTransformContext(style.sheet.get(), from)};
    if (!context) throw std::bad_alloc{};
    std::string said;
    xsltSetTransformErrorFunc(context.get(), &said, collect_error);
    if (xsltSetCtxtSecurityPrefs(nothing_allowed(), context.get()) != 0)
        throw std::runtime_error("libxslt refuses the security preferences");
    context->maxTemplateDepth = template_depth;
    context->opLimit = instructions;
    context->xpathCtxt->opLimit = xpath_operations;
    context->xpathCtxt->error = [](void*, xmlErrorPtr) {};
    add_functions(context.get(), parameters);
    document made{document_handle{xsltApplyStylesheetUser(style.sheet.get(), from, nullptr, nullptr,
                                                          nullptr, context.get())}};
    if (!made || context->state != XSLT_STATE_OK)
        return failed(style.file, failure_kind::invalid,
                      said.empty() ? "stopped without a reason" : sentence(said));
    if (!made.root()) return failed(style.file, failure_kind::invalid, "gives no element");
    if (size_of(made.root().raw()) > result_bytes)
        return failed(style.file, failure_kind::too_large,
                      "gives more than " + std::to_string(result_bytes) + " bytes");
    return made;
}

}  // namespace ecert::crypto::xml
