#include "adapters/engine/exchange.hpp"

#include "crypto/xml/stylesheet.hpp"

namespace ecert::engine {
namespace {

using crypto::xml::node;

// Appends elements and remembers the first value that XML cannot carry.
class builder {
  public:
    explicit builder(node root) : root_{root} {}
    node root() const { return root_; }
    node add(node below, const char* local, const std::string& text = {}) {
        check(local, text);
        return below.append({std::string{crypto::xml::exchange_ns}, local}, text);
    }
    void set(node at, const char* attribute, const std::string& value) {
        check(attribute, value);
        at.set(attribute, value);
    }
    const std::string& unfit() const { return unfit_; }

  private:
    void check(const char* what, const std::string& text) {
        if (unfit_.empty() && !crypto::xml::is_xml_text(text)) unfit_ = what;
    }
    node root_;
    std::string unfit_;
};

void add_envelope(builder& to, const queue::envelope& from) {
    auto at = to.add(to.root(), "envelope");
    to.add(at, "from", from.from);
    to.add(at, "to", from.to);
    to.add(at, "number", from.number);
    to.add(at, "type", std::to_string(from.type));
    to.add(at, "status", std::to_string(from.status));
}

void add_answer(builder& to, const queue::answer& from) {
    auto at = to.add(to.root(), "answer");
    to.add(at, "status", std::to_string(from.status));
    auto reason = to.add(at, "reason", from.reason);
    to.set(reason, "language", from.language);
}

void add_confirmation(builder& to, const queue::confirmation& from) {
    auto at = to.add(to.root(), "confirmation", from.text);
    to.set(at, "how", std::string{queue::name_of(from.how)});
}

}  // namespace

result<crypto::xml::document> make_exchange(const exchange& from) {
    auto made =
        crypto::xml::document::make({std::string{crypto::xml::exchange_ns}, "exchange"}, "ec");
    builder to{made.root()};
    to.set(to.root(), "verb", from.verb);
    to.set(to.root(), "role", from.role);
    to.add(to.root(), "message-id", from.message_id);
    to.add(to.root(), "relates-to", from.relates_to);
    to.add(to.root(), "reference", from.reference);
    add_envelope(to, from.envelope);
    if (from.content) {
        auto at = to.add(to.root(), "content");
        to.set(at, "size", std::to_string(from.content->size));
        to.set(at, "sha256", from.content->digest.hex());
        to.set(at, "encoding", from.content->encoding);
    }
    if (from.answer) add_answer(to, *from.answer);
    if (from.confirmation) add_confirmation(to, *from.confirmation);
    if (!from.page.empty()) to.add(to.root(), "page", from.page);
    auto facts = to.add(to.root(), "facts");
    for (const auto& [name, value] : from.facts) to.set(to.add(facts, "fact", value), "name", name);
    if (!to.unfit().empty())
        return failure{failure_kind::invalid,
                       "'" + to.unfit() + "' holds characters that XML cannot carry"};
    return made;
}

}  // namespace ecert::engine
