#include "crypto/xml/schema.hpp"

#include "crypto/handle.hpp"
#include "crypto/xml/schema_mend.hpp"
#include "crypto/xml/schema_texts.hpp"

#include <libxml/xmlschemas.h>

#include <algorithm>
#include <exception>
#include <optional>

namespace ecert::crypto::xml {
namespace {

using schema_handle = handle<xmlSchema, xmlSchemaFree>;
using parser_handle = handle<xmlSchemaParserCtxt, xmlSchemaFreeParserCtxt>;
using validator_handle = handle<xmlSchemaValidCtxt, xmlSchemaFreeValidCtxt>;

void keep_first(void* into, xmlErrorPtr e) {
    auto& text = *static_cast<std::string*>(into);
    if (text.empty() && e->message != nullptr)
        text = "line " + std::to_string(e->line) + ": " + e->message;
}

result<schema_handle> compile(const std::map<std::string, std::string>& files,
                              const std::string& main) {
    const schema_texts here{files};
    const auto& text = files.at(main);
    const parser_handle parser{
        xmlSchemaNewMemParserCtxt(text.data(), static_cast<int>(text.size()))};
    if (!parser) throw std::bad_alloc{};
    std::string why;
    xmlSchemaSetParserStructuredErrors(parser.get(), keep_first, &why);
    schema_handle made{xmlSchemaParse(parser.get())};
    if (!made) return failure{failure_kind::internal, "schema " + main + ": " + why};
    return made;
}

// An attribute that is unknown is told of the element: "Element '{ns}x', attribute 'y': ...".
std::string attribute_in(const xmlError& e) {
    const std::string_view message = e.message != nullptr ? e.message : "";
    constexpr std::string_view before = ", attribute '";
    const auto at = message.find(before);
    if (at == message.npos) return {};
    const auto name = message.substr(at + before.size());
    return std::string{name.substr(0, name.find('\''))};
}

// One error of libxml2's, in our words; order and counts are right in what it saw.
std::optional<violation> violation_of(const xmlError& e) {
    const auto* at = static_cast<const xmlNode*>(e.node);
    if (at == nullptr) return std::nullopt;
    if (e.code == XML_SCHEMAV_ELEMENT_CONTENT) return std::nullopt;
    violation v{violation::kind::value, {}, {}, {}, {}};
    if (at->type == XML_ATTRIBUTE_NODE) {
        v.name = reinterpret_cast<const char*>(at->name);
        at = at->parent;
    } else {
        v.name = attribute_in(e);
    }
    v.at = original_of(at);
    if (!v.at) return std::nullopt;
    if (!v.name.empty()) {
        v.what = violation::kind::attribute;
        v.value = v.at.attribute(v.name).value_or("");
    } else if (e.code == XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3) {
        v.what = violation::kind::text;
    } else {
        v.value = v.at.text();
    }
    return v;
}

struct findings {
    std::vector<violation> all;
    std::size_t most;
    std::exception_ptr thrown{};

    // A wrong value is said once, by its facet; libxml2 says then that the type does not hold
    // either.
    void keep(const xmlError& e) {
        if (all.size() >= most) return;
        auto v = violation_of(e);
        const auto same = [&](const violation& other) {
            return other.at == v->at && other.what == v->what && other.name == v->name;
        };
        if (v && std::ranges::none_of(all, same)) all.push_back(std::move(*v));
    }
};

void keep_violation(void* into, xmlErrorPtr e) {
    auto& to = *static_cast<findings*>(into);
    try {
        to.keep(*e);
    } catch (...) {
        to.thrown = std::current_exception();
    }
}

}  // namespace

struct schema::loaded {
    schema_handle compiled;
    schema_model model;
    std::vector<std::string> also_right;
};

result<schema> schema::load(const std::map<std::string, std::string>& files,
                            const std::string& main, std::vector<std::string> also_right) {
    auto model = read_schema_model(files, main);
    if (!model) return model.error();
    auto compiled = compile(files, main);
    if (!compiled) return compiled.error();
    schema made;
    made.loaded_ = std::make_shared<loaded>(
        loaded{std::move(*compiled), std::move(*model), std::move(also_right)});
    return made;
}

std::vector<std::string> schema::namespaces() const { return loaded_->model.namespaces; }

std::vector<violation> schema::check(const document& of, std::size_t most) const {
    mending mended{loaded_->model, loaded_->also_right, most};
    const auto copy = mended.copy_of(of.root());
    findings found{mended.take_found(), most, {}};
    if (!copy) return std::move(found.all);
    const validator_handle validator{xmlSchemaNewValidCtxt(loaded_->compiled.get())};
    if (!validator) throw std::bad_alloc{};
    xmlSchemaSetValidStructuredErrors(validator.get(), keep_violation, &found);
    xmlSchemaValidateDoc(validator.get(), copy.raw());
    if (found.thrown) std::rethrow_exception(found.thrown);
    return std::move(found.all);
}

}  // namespace ecert::crypto::xml
