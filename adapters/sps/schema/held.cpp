#include "adapters/sps/schema/held.hpp"

#include "adapters/sps/elements.hpp"
#include "adapters/sps/embedded.hpp"
#include "crypto/xml/schema.hpp"

#include <algorithm>
#include <stdexcept>

namespace ecert::sps {
namespace {

using crypto::xml::violation;

constexpr int version = 17;
constexpr std::size_t most = 100;
constexpr auto paired =
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21";
constexpr auto other_spelling = "urn:un:unece:uncefact:data:Standard:QualifiedDataType:21";

crypto::xml::schema load() {
    std::map<std::string, std::string> files;
    for (const auto& [name, text] : embedded_files())
        if (name.ends_with(".xsd")) files.emplace(name, text);
    auto made = crypto::xml::schema::load(files, "certificate-17.xsd", {other_spelling});
    if (!made) throw std::logic_error(made.error().text);
    return std::move(*made);
}

const crypto::xml::schema& certificate_schema() {
    static const auto& loaded =
        *new crypto::xml::schema{load()};  // outlives libxml2's own clean-up
    return loaded;
}

const char* id_of(violation::kind what) {
    switch (what) {
        case violation::kind::unknown:
            return "SPS-SCHEMA-UNKNOWN";
        case violation::kind::misplaced:
            return "SPS-SCHEMA-ORDER";
        case violation::kind::repeated:
            return "SPS-SCHEMA-REPEATED";
        case violation::kind::missing:
            return "SPS-SCHEMA-MISSING";
        case violation::kind::attribute:
            return "SPS-SCHEMA-ATTRIBUTE";
        case violation::kind::text:
            return "SPS-SCHEMA-TEXT";
        case violation::kind::spelling:
            return "SPS-SCHEMA-NAMESPACE";
        case violation::kind::value:
            break;
    }
    return "SPS-SCHEMA-VALUE";
}

problem problem_of(const violation& v) {
    auto where = v.what == violation::kind::missing ? path_below(v.at, v.name) : v.at.path();
    if (v.what == violation::kind::attribute) where += "/@" + v.name;
    return {id_of(v.what), severity::warning, std::move(where), cut(trimmed(v.value)), v.expected};
}

// The first element of the aggregates that is of no version paired with 17: null if none is.
node wrongly_paired(const node& root) {
    for (const auto& part : root.children()) {
        if (!is_sps(part, part.local())) continue;  // a signature
        for (const auto& c : part.children())
            if (c.ns().size() != std::string_view{paired}.size() || !is_sps(c, c.local()) ||
                !c.ns().ends_with(":21"))
                return c;
    }
    return {};
}

}  // namespace

problems held_against_schema(const crypto::xml::document& skeleton, const certificate& read) {
    const auto root = skeleton.root();
    if (read.version != version)
        return {{"SPS-SCHEMA-NOT-HELD", severity::info, root.path(), std::to_string(read.version),
                 std::to_string(version)}};
    if (const auto c = wrongly_paired(root))
        return {{"SPS-SCHEMA-NAMESPACE", severity::warning, c.path(), cut(c.ns()), paired}};
    problems all;
    for (const auto& v : certificate_schema().check(skeleton, most)) all.push_back(problem_of(v));
    return all;
}

}  // namespace ecert::sps
