#include "queue/wire/sealed.hpp"

#include "queue/wire/codec.hpp"
#include "queue/wire/fields.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <limits>

namespace ecert::queue {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_head = 1'024;
constexpr std::string_view a_task = "task", an_outcome = "outcome";

std::string written(std::string_view kind, const std::string& partner, const uuid& id,
                    std::int64_t work, std::uint32_t attempt, std::string_view what) {
    const json::object head{{"sealed", 1},         {"kind", kind}, {"partner", partner},
                            {"id", to_string(id)}, {"work", work}, {"attempt", attempt},
                            {"what", what}};
    return json::serialize(head) + '\n';
}

std::size_t end_of_head(std::string_view message) {
    const auto end = message.substr(0, longest_head).find('\n');
    return end == std::string_view::npos ? 0 : end + 1;
}

failure no_sealed(std::string_view kind) {
    return {failure_kind::untrusted, "this is no sealed " + std::string{kind} +
                                         ": only sealed ones are taken from a broker"};
}

result<std::string> opened(const crypto::seal_keys& keys, std::string_view kind,
                           const std::optional<sealed_head>& head, std::string_view message) {
    if (!head || head->kind != kind) return no_sealed(kind);
    const auto end = end_of_head(message);
    auto plain = keys.open(head->partner, message.substr(0, end), message.substr(end));
    // Nothing that a head says holds before its seal has opened: neither where there is no seal.
    if (!plain && plain.error().kind == failure_kind::invalid)
        return failure{failure_kind::untrusted, plain.error().text};
    return plain;
}

template <class Message>
bool same(const sealed_head& head, const Message& inside, std::string_view what) {
    return head.partner == inside.partner && head.id == inside.id && head.work == inside.work &&
           head.attempt == inside.attempt && head.what == what;
}

const failure contradicts{failure_kind::untrusted,
                          "what a sealed message says of itself is not what is in it"};

}  // namespace

std::optional<sealed_head> head_of(std::string_view message) {
    const auto end = end_of_head(message);
    if (end == 0) return std::nullopt;
    boost::system::error_code wrong;
    const auto line = json::parse({message.data(), end - 1}, wrong);
    const auto* object = wrong ? nullptr : line.if_object();
    if (!object || !object->contains("sealed")) return std::nullopt;
    wire::faults faults;
    wire::fields from{*object, "", faults};
    sealed_head head;
    from.integer("sealed", 1, 1);
    head.kind = from.text("kind");
    head.partner = from.text("partner");
    head.id = from.id("id");
    head.work = from.integer("work", 0, std::numeric_limits<std::int64_t>::max());
    head.attempt = static_cast<std::uint32_t>(
        from.integer("attempt", 0, std::numeric_limits<std::uint32_t>::max()));
    head.what = from.text("what");
    if (!faults.none()) return std::nullopt;
    return head;
}

result<std::string> message_codec::encode(const task& t) const {
    auto plain = queue::encode(t);
    if (!keys_) return plain;
    auto head = written(a_task, t.partner, t.id, t.work, t.attempt, name_of(t.verb));
    auto sealed = keys_->current()->seal(t.partner, head, plain);
    if (!sealed) return sealed;
    return head + *sealed;
}

result<std::string> message_codec::encode(const outcome& o) const {
    auto plain = queue::encode(o);
    if (!keys_) return plain;
    auto head = written(an_outcome, o.partner, o.id, o.work, o.attempt, name_of(o.what));
    auto sealed = keys_->current()->seal(o.partner, head, plain);
    if (!sealed) return sealed;
    return head + *sealed;
}

result<task> message_codec::decode_task(std::string_view message, std::string_view partner) const {
    if (!keys_) return queue::decode_task(message);
    const auto head = head_of(message);
    const auto plain = opened(*keys_->current(), a_task, head, message);
    if (!plain) return plain.error();
    if (head->partner != partner) return contradicts;
    auto inside = queue::decode_task(*plain);
    if (inside && !same(*head, *inside, name_of(inside->verb))) return contradicts;
    return inside;
}

result<outcome> message_codec::decode_outcome(std::string_view message) const {
    if (!keys_) return queue::decode_outcome(message);
    const auto head = head_of(message);
    const auto plain = opened(*keys_->current(), an_outcome, head, message);
    if (!plain) return plain.error();
    auto inside = queue::decode_outcome(*plain);
    if (inside && !same(*head, *inside, name_of(inside->what))) return contradicts;
    return inside;
}

}  // namespace ecert::queue
