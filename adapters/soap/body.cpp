#include "adapters/soap/write.hpp"
#include "crypto/xml/stylesheet.hpp"

namespace ecert::soap {
namespace {

using crypto::xml::encoding;
using crypto::xml::node;

struct cut {
    std::string mark;  // stands in the canonical bytes where the content goes
    crypto::xml::spliced content;
};

failure wrong(std::string text) { return {failure_kind::invalid, std::move(text)}; }

result<encoding> encoding_of(const node& at) {
    const auto given = at.attribute("encoding").value_or("text");
    if (given == "text") return encoding::text;
    if (given == "base64") return encoding::base64;
    if (given == "typed") return encoding::raw;
    return wrong("ec:content has the unknown encoding '" + given + "'");
}

struct splitter {
    version v;
    const std::map<std::string, crypto::source_ptr>& contents;
    std::vector<cut> cuts;

    result<void> visit(node at) {
        if (at.ns() == namespace_of(v) || at.ns() == crypto::wss::wsu_ns ||
            at.attribute(crypto::xml::name{std::string{crypto::wss::wsu_ns}, "Id"}))
            return wrong("'" + std::string{at.local()} +
                         "' below Body uses the SOAP or wsu namespace: its canonical form would "
                         "change there");
        const auto below = at.children();
        for (const auto& child : below) {
            if (child.ns() == crypto::xml::exchange_ns) return place(at, child, below.size());
            if (auto done = visit(child); !done) return done;
        }
        return {};
    }

    result<void> place(node parent, node content, std::size_t siblings) {
        if (content.local() != "content")
            return wrong("an element ec:" + std::string{content.local()} +
                         " was left in the result");
        if (siblings != 1 || !parent.text().empty())
            return wrong("ec:content must stand alone in its element '" +
                         std::string{parent.local()} + "'");
        const auto named = contents.find(content.attribute("ref").value_or(""));
        if (named == contents.end() || !named->second)
            return wrong("ec:content names content that is not there");
        const auto as = encoding_of(content);
        if (!as.has_value()) return as.error();
        const auto random = crypto::sha256::from_bytes(crypto::random_bytes(32)).value();
        cuts.push_back({random.hex(), {named->second, *as}});
        parent.set_text(cuts.back().mark);
        return {};
    }
};

}  // namespace

result<crypto::xml::parts> split_at_content(
    const crypto::xml::document& made, version v,
    const std::map<std::string, crypto::source_ptr>& contents) {
    if (!made || !made.root()) return wrong("the stylesheet gave nothing");
    if (made.root().ns() == crypto::xml::exchange_ns)
        return wrong("the stylesheet gave no element of the dialect");
    splitter split{v, contents, {}};
    if (auto done = split.visit(made.root()); !done) return done.error();
    const auto canonical = crypto::xml::exclusive_c14n(made.root());
    crypto::xml::parts parts;
    std::size_t from = 0;
    for (auto& each : split.cuts) {
        const auto at = canonical.find(each.mark, from);
        if (at == std::string::npos)
            return failure{failure_kind::internal, "a content mark got lost"};
        parts.emplace_back(canonical.substr(from, at - from));
        parts.emplace_back(std::move(each.content));
        from = at + each.mark.size();
    }
    parts.emplace_back(canonical.substr(from));
    return parts;
}

}  // namespace ecert::soap
