#include "adapters/engine/engine.hpp"

namespace ecert::engine {
namespace {

// An attachment that a mapping left out would be lost without a word.
result<void> all_attachments_kept(const crypto::xml::document& made,
                                  const crypto::xml::skeleton& from) {
    if (from.slots.empty()) return {};
    const auto text = made.root().text();
    for (std::size_t i = 0; i < from.slots.size(); ++i)
        if (text.find(from.slots[i].placeholder) == std::string::npos)
            return failure{failure_kind::invalid, "the translation leaves out attachment " +
                                                      std::to_string(i + 1) + " of " +
                                                      std::to_string(from.slots.size())};
    return {};
}

}  // namespace

result<crypto::source_ptr> translate(const dialect& d, const std::string& name,
                                     const crypto::xml::skeleton& of, const partner_settings& to) {
    const auto by = d.translations.find(name);
    if (by == d.translations.end())
        return failure{failure_kind::invalid,
                       "the dialect '" + d.name + "' has no translation '" + name + "'"};
    auto made = by->second.apply(of.tree, to.parameters);
    if (!made) return made.error();
    if (!*made || !made->root())
        return failure{failure_kind::invalid, "the translation '" + name + "' gave nothing"};
    if (auto kept = all_attachments_kept(*made, of); !kept) return kept.error();
    return crypto::xml::fill_slots(*made, of);
}

}  // namespace ecert::engine
