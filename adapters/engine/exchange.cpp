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

node add_envelope(builder& to, node below, const queue::envelope& from) {
    auto at = to.add(below, "envelope");
    to.add(at, "from", from.from);
    to.add(at, "to", from.to);
    to.add(at, "number", from.number);
    to.add(at, "type", std::to_string(from.type));
    to.add(at, "status", std::to_string(from.status));
    return at;
}

node add_content(builder& to, node below, const exchange::carried& from) {
    auto at = to.add(below, "content");
    to.set(at, "size", std::to_string(from.size));
    to.set(at, "sha256", from.digest.hex());
    to.set(at, "encoding", from.encoding);
    return at;
}

void add_rows(builder& to, const std::vector<exchange::row>& from) {
    if (from.empty()) return;
    auto all = to.add(to.root(), "envelopes");
    for (const auto& row : from) {
        auto at = add_envelope(to, all, row.envelope);
        to.set(at, "standing", row.standing);
        to.add(at, "reference", row.reference);
        to.add(at, "text", row.text);
        if (row.content) to.set(add_content(to, at, *row.content), "ref", row.ref);
    }
}

void add_findings(builder& to, const std::vector<exchange::finding>& from) {
    if (from.empty()) return;
    auto all = to.add(to.root(), "findings");
    for (const auto& finding : from) {
        auto at = to.add(all, "finding", finding.text);
        to.set(at, "area", finding.area);
        to.set(at, "level", finding.level);
        to.set(at, "field", finding.field);
    }
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
    if (!from.operation.empty()) to.set(to.root(), "operation", from.operation);
    to.add(to.root(), "message-id", from.message_id);
    to.add(to.root(), "relates-to", from.relates_to);
    to.add(to.root(), "reference", from.reference);
    add_envelope(to, to.root(), from.envelope);
    if (from.content) add_content(to, to.root(), *from.content);
    if (from.answer) add_answer(to, *from.answer);
    if (from.confirmation) add_confirmation(to, *from.confirmation);
    if (!from.page.empty()) to.add(to.root(), "page", from.page);
    auto facts = to.add(to.root(), "facts");
    for (const auto& [name, value] : from.facts) to.set(to.add(facts, "fact", value), "name", name);
    add_rows(to, from.rows);
    add_findings(to, from.findings);
    if (!to.unfit().empty())
        return failure{failure_kind::invalid,
                       "'" + to.unfit() + "' holds characters that XML cannot carry"};
    return made;
}

}  // namespace ecert::engine
