#include "hub/ingest/push_request.hpp"

#include "config/utf8.hpp"

#include <algorithm>

namespace ecert::hub {
namespace {

constexpr std::size_t longest_key = 200;

void wrong(push_request& r, const char* id, const char* where, std::string_view value,
           const char* expected) {
    r.found.push_back({id, severity::error, where, valid_utf8(value, 200), expected});
}

bool is_printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

void read_key(const http::fields& fields, push_request& into) {
    if (!fields.has("Idempotency-Key")) return;
    const auto key = fields.get("Idempotency-Key");
    if (fields.repeated("Idempotency-Key"))
        return wrong(into, "REST-IDEMPOTENCY-KEY", "Idempotency-Key", key, "one such field");
    if (key.empty() || key.size() > longest_key || !is_printable(key))
        return wrong(into, "REST-IDEMPOTENCY-KEY", "Idempotency-Key", key,
                     "1 to 200 printable ASCII characters");
    into.idempotency_key = key;
}

void read_supersedes(const http::fields& fields, push_request& into) {
    if (!fields.has("Supersedes")) return;
    if (fields.repeated("Supersedes"))
        return wrong(into, "REST-SUPERSEDES", "Supersedes", fields.get("Supersedes"),
                     "one such field");
    queue::uuid id{};
    if (!queue::parse_uuid(fields.get("Supersedes"), id))
        return wrong(into, "REST-SUPERSEDES", "Supersedes", fields.get("Supersedes"),
                     "the id of a certificate");
    into.supersedes = id;
}

}  // namespace

push_request read_push_fields(const http::fields& fields) {
    push_request made;
    read_key(fields, made);
    read_supersedes(fields, made);
    return made;
}

push_request read_push_request(const http::request_head& head) {
    push_request made;
    for (const auto& [name, value] : head.query) {
        if (name != "to" || made.to)
            wrong(made, "REST-PARAMETER", "?", name, "to, once");
        else
            made.to = value;
    }
    auto fields = read_push_fields(head.fields);
    made.idempotency_key = std::move(fields.idempotency_key);
    made.supersedes = fields.supersedes;
    made.found.insert(made.found.end(), fields.found.begin(), fields.found.end());
    return made;
}

}  // namespace ecert::hub
