#include "crypto/xml/schema_model.hpp"

#include "crypto/xml/family.hpp"

#include <libxml/tree.h>

#include <algorithm>
#include <charconv>

namespace ecert::crypto::xml {
namespace {

constexpr std::string_view xs = "http://www.w3.org/2001/XMLSchema";

bool is_xs(const node& n, std::string_view local) { return n.local() == local && n.ns() == xs; }

std::string attribute(const node& of, std::string_view name) {
    return of.attribute(name).value_or("");
}

failure unreadable(const node& at, const std::string& why) {
    return {failure_kind::internal, "schema, line " + std::to_string(at.line()) + ", " +
                                        std::string{at.local()} + " " + attribute(at, "name") +
                                        ": " + why};
}

// "{namespace}local" of a prefixed name, by the declarations in force where it stands.
std::string expanded(const node& at, const std::string& prefixed) {
    const auto colon = prefixed.find(':');
    const auto prefix = colon == prefixed.npos ? std::string{} : prefixed.substr(0, colon);
    const auto* declared =
        xmlSearchNs(at.raw()->doc, at.raw(),
                    prefix.empty() ? nullptr : reinterpret_cast<const xmlChar*>(prefix.c_str()));
    const auto* uri = declared ? reinterpret_cast<const char*>(declared->href) : "";
    return "{" + std::string{uri} + "}" +
           (colon == prefixed.npos ? prefixed : prefixed.substr(colon + 1));
}

unsigned count(const node& of, std::string_view name) {
    const auto text = attribute(of, name);
    if (text.empty()) return 1;
    unsigned n = std::numeric_limits<unsigned>::max();  // "unbounded"
    std::from_chars(text.data(), text.data() + text.size(), n);
    return n;
}

class reading {
  public:
    explicit reading(schema_model& into) : into_{into} {}

    // First the names of everything, then what stands in the types: files refer to each other.
    void declare(const node& file) {
        into_.namespaces.push_back(attribute(file, "targetNamespace"));
        const auto prefix = "{" + into_.namespaces.back() + "}";
        for (const auto& c : file.children()) {
            if (is_xs(c, "complexType") && !is_simple(c))
                into_.types[prefix + attribute(c, "name")];
            if (is_xs(c, "element")) elements_[prefix + attribute(c, "name")] = c;
        }
    }

    void read_types(const node& file) {
        const auto prefix = "{" + attribute(file, "targetNamespace") + "}";
        for (const auto& c : file.children())
            if (is_xs(c, "complexType") && !is_simple(c))
                read_type(c, into_.types[prefix + attribute(c, "name")],
                          attribute(file, "targetNamespace"));
    }

    schema_particle particle(const node& element, const std::string& target) {
        schema_particle p;
        p.least = count(element, "minOccurs");
        p.most = count(element, "maxOccurs");
        auto declared = element;
        auto ns = target;
        if (const auto ref = attribute(element, "ref"); !ref.empty()) {
            const auto name = expanded(element, ref);
            declared = elements_[name];
            ns = name.substr(1, name.find('}') - 1);
            if (!declared) {
                fail(element, "ref to no element");
                return p;
            }
        }
        p.local = attribute(declared, "name");
        p.ns = into_.ns_of(ns);
        const auto type = attribute(declared, "type");
        if (type.empty()) fail(element, "without a type by name");
        if (const auto at = into_.types.find(expanded(declared, type)); at != into_.types.end())
            p.type = &at->second;
        return p;
    }

    std::optional<failure> wrong;

  private:
    static bool is_simple(const node& type) {
        const auto inside = type.children();
        return !inside.empty() && is_xs(inside.front(), "simpleContent");
    }

    void fail(const node& at, const std::string& why) {
        if (!wrong) wrong = unreadable(at, why);
    }

    void read_type(const node& from, schema_type& into, const std::string& target) {
        into.mixed = attribute(from, "mixed") == "true";
        for (const auto& c : from.children()) {
            if (is_xs(c, "attribute") || is_xs(c, "anyAttribute") || is_xs(c, "attributeGroup"))
                continue;
            if (is_xs(c, "choice"))
                into.is = schema_type::shape::choice;
            else if (!is_xs(c, "sequence"))
                return fail(c, "neither a sequence nor a choice");
            into.least = count(c, "minOccurs");
            read_children(c, into, target);
        }
    }

    void read_children(const node& group, schema_type& into, const std::string& target) {
        for (const auto& c : group.children()) {
            if (is_xs(c, "any"))
                into.open = true;
            else if (is_xs(c, "element"))
                into.children.push_back(particle(c, target));
            else
                return fail(c, "is no element");
        }
    }

    schema_model& into_;
    std::map<std::string, node> elements_;
};

}  // namespace

std::size_t schema_model::ns_of(std::string_view uri) const {
    const auto at = std::ranges::find_if(namespaces, [&](const std::string& known) {
        return known.size() == uri.size() && belongs_to(uri, known);
    });
    return at == namespaces.end() ? none : static_cast<std::size_t>(at - namespaces.begin());
}

const schema_particle* schema_model::particle(const schema_type& in, const node& of,
                                              std::size_t& at) const {
    for (at = 0; at < in.children.size(); ++at) {
        const auto& p = in.children[at];
        if (p.local == of.local() && p.ns == ns_of(of.ns())) return &p;
    }
    return nullptr;
}

result<schema_model> read_schema_model(const std::map<std::string, std::string>& files,
                                       const std::string& main) {
    schema_model made;
    reading all{made};
    std::map<std::string, document> trees;
    for (const auto& [name, text] : files) {
        auto tree = document::parse(text, {});
        if (!tree)
            return failure{failure_kind::internal, "schema " + name + ": " + tree.error().text};
        all.declare(tree->root());
        trees.emplace(name, std::move(*tree));
    }
    for (const auto& [name, tree] : trees) all.read_types(tree.root());
    const auto root = trees.at(main).root();
    for (const auto& c : root.children())
        if (is_xs(c, "element") && made.root.local.empty())
            made.root = all.particle(c, attribute(root, "targetNamespace"));
    if (all.wrong) return *all.wrong;
    if (made.root.type == nullptr)
        return failure{failure_kind::internal, "schema " + main + ": no element to begin with"};
    return made;
}

}  // namespace ecert::crypto::xml
