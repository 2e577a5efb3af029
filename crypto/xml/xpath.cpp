#include "crypto/xml/xpath.hpp"

#include "crypto/xml/owned.hpp"
#include "crypto/xml/xpath_lexer.hpp"

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace ecert::crypto::xml {
namespace {

constexpr unsigned long operations = 5'000'000;  // about a tenth of a second
constexpr std::size_t longest = 8 << 10;

using expression_handle = handle<xmlXPathCompExpr, xmlXPathFreeCompExpr>;
using context_handle = handle<xmlXPathContext, xmlXPathFreeContext>;
using object_handle = handle<xmlXPathObject, xmlXPathFreeObject>;

const xmlChar* chars(const std::string& s) { return reinterpret_cast<const xmlChar*>(s.c_str()); }

void keep_message(void* into, xmlErrorPtr e) {
    auto& text = *static_cast<std::string*>(into);
    if (!text.empty() || e->message == nullptr) return;
    text = e->message;
    while (text.ends_with('\n')) text.pop_back();
}

// Making a context fills its table of functions, which costs more than most expressions: one a
// thread, used again.
xmlXPathContext& context_of_this_thread() {
    thread_local const context_handle context{xmlXPathNewContext(nullptr)};
    if (!context) throw std::bad_alloc{};
    return *context;
}

xmlXPathObjectPtr value_of(void* given, const xmlChar* name, const xmlChar*) {
    const auto& all = *static_cast<const variables*>(given);
    const auto found = all.find(reinterpret_cast<const char*>(name));
    return xmlXPathNewString(chars(found == all.end() ? std::string{} : found->second));
}

failure wrong(const std::string& expression, const std::string& why) {
    return {failure_kind::invalid, "XPath \"" + expression + "\": " + why};
}

}  // namespace

struct xpath::compiled {
    std::string text;
    std::vector<std::pair<std::string, std::string>> names;  // own the bytes of `bound`
    std::vector<xmlNs> bindings;
    std::vector<xmlNs*> bound;
    expression_handle expression;

    explicit compiled(std::string from, const namespaces& known)
        : text{std::move(from)}, names{known.begin(), known.end()}, bindings(names.size()) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            bindings[i] = {.type = XML_NAMESPACE_DECL,
                           .href = chars(names[i].second),
                           .prefix = chars(names[i].first)};
            bound.push_back(&bindings[i]);
        }
    }

    object_handle evaluate(const node& at, const variables& given) const;
};

object_handle xpath::compiled::evaluate(const node& at, const variables& given) const {
    auto& context = context_of_this_thread();
    std::string message;
    context.doc = at.raw()->doc;
    context.node = at.raw();
    context.namespaces = const_cast<xmlNs**>(bound.data());
    context.nsNr = static_cast<int>(bound.size());
    context.opLimit = operations;
    context.opCount = 0;
    context.error = keep_message;
    context.userData = &message;
    context.varLookupFunc = value_of;
    context.varLookupData = const_cast<variables*>(&given);
    object_handle value{xmlXPathCompiledEval(expression.get(), &context)};
    context.doc = nullptr;
    context.node = nullptr;
    context.namespaces = nullptr;
    context.nsNr = 0;
    context.userData = nullptr;
    context.varLookupFunc = nullptr;
    context.varLookupData = nullptr;
    if (!value) throw std::runtime_error("XPath \"" + text + "\": " + message);
    return value;
}

result<xpath> xpath::compile(std::string expression, const namespaces& known,
                             const std::set<std::string>& variables) {
    if (expression.size() > longest)
        return wrong(expression.substr(0, 60) + " ...",
                     "longer than " + std::to_string(longest) + " characters");
    const auto used = names_in(expression);
    for (const auto& f : used.functions)
        if (!is_core_function(f)) return wrong(expression, "there is no function " + f + "()");
    for (const auto& p : used.prefixes)
        if (p != "xml" && !known.contains(p))
            return wrong(expression, "no namespace is known for the prefix " + p);
    for (const auto& v : used.variables)
        if (!variables.contains(v)) return wrong(expression, "there is no variable $" + v);
    auto made = std::make_shared<compiled>(std::move(expression), known);
    std::string message;
    auto& context = context_of_this_thread();
    context.error = keep_message;
    context.userData = &message;
    made->expression.reset(xmlXPathCtxtCompile(&context, chars(made->text)));
    context.userData = nullptr;
    if (!made->expression) return wrong(made->text, message);
    xpath out;
    out.compiled_ = std::move(made);
    return out;
}

const std::string& xpath::expression() const { return compiled_->text; }

bool xpath::test(const node& at, const variables& given) const {
    return xmlXPathCastToBoolean(compiled_->evaluate(at, given).get()) == 1;
}

std::string xpath::string(const node& at, const variables& given) const {
    return taken(xmlXPathCastToString(compiled_->evaluate(at, given).get()));
}

std::vector<node> xpath::nodes(const node& at, const variables& given) const {
    const auto value = compiled_->evaluate(at, given);
    std::vector<node> out;
    if (value->type != XPATH_NODESET || value->nodesetval == nullptr) return out;
    xmlXPathNodeSetSort(value->nodesetval);
    for (int i = 0; i < value->nodesetval->nodeNr; ++i)
        if (auto* n = value->nodesetval->nodeTab[i]; n->type == XML_ELEMENT_NODE)
            out.emplace_back(n);
    return out;
}

}  // namespace ecert::crypto::xml
