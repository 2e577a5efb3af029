#include "queue/wire/codec.hpp"
#include "queue/wire/parts.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>

#include <limits>

namespace ecert::queue {

namespace json = boost::json;
using namespace wire;

namespace {

constexpr std::size_t most_rows = 1000;  // partners or keys of one host

json::object object_of(const served_partner& p) {
    return {{"partner", text_value(p.partner)},
            {"channel", text_value(p.channel)},
            {"dialect", p.dialect.hex()},
            {"profile", p.profile.hex()}};
}

json::object object_of(const held_key& k) {
    return {{"id", text_value(k.id)}, {"not_after", rfc3339(k.not_after)}};
}

template <class Row>
json::array array_of(const std::vector<Row>& rows) {
    json::array all;
    for (const auto& row : rows) all.push_back(object_of(row));
    return all;
}

void read(fields from, served_partner& into) {
    into.partner = from.text("partner");
    into.channel = from.text("channel");
    into.dialect = from.digest("dialect");
    into.profile = from.digest("profile");
}

void read(fields from, held_key& into) {
    into.id = from.text("id");
    into.not_after = from.time("not_after");
}

template <class Row>
std::vector<Row> rows_of(const json::object& of, const char* name, faults& wrong) {
    std::vector<Row> rows;
    const auto* value = of.if_contains(name);
    const auto* array = value ? value->if_array() : nullptr;
    if (!array || array->size() > most_rows) {
        wrong.add(name, fmt::format("must be an array of at most {}", most_rows));
        return rows;
    }
    for (std::size_t i = 0; i < array->size(); ++i) {
        const auto path = fmt::format("{}[{}]", name, i);
        if (const auto* object = (*array)[i].if_object())
            read(fields{*object, path, wrong}, rows.emplace_back());
        else
            wrong.add(path, "must be an object");
    }
    return rows;
}

}  // namespace

std::string encode(const heartbeat& h) {
    json::object out{{"v", version},
                     {"adapter", text_value(h.adapter)},
                     {"version", text_value(h.version)},
                     {"started", rfc3339(h.started)},
                     {"now", rfc3339(h.now)},
                     {"in_flight", h.in_flight},
                     {"partners", array_of(h.partners)},
                     {"keys", array_of(h.keys)}};
    if (h.stopping) out["stopping"] = true;
    put_text(out, "queue_trouble", h.queue_trouble);
    return json::serialize(out);
}

result<heartbeat> decode_heartbeat(std::string_view bytes) {
    const auto document = open_document(bytes, "heartbeat");
    if (!document) return document.error();
    faults wrong;
    const auto& object = document->get_object();
    fields from{object, "", wrong};
    heartbeat read;
    read.adapter = from.text("adapter");
    read.version = from.text("version");
    read.started = from.time("started");
    read.now = from.time("now");
    read.in_flight =
        static_cast<unsigned>(from.integer("in_flight", 0, std::numeric_limits<unsigned>::max()));
    const auto* stopping = object.if_contains("stopping");
    read.stopping = stopping && stopping->is_bool() && stopping->get_bool();
    read.queue_trouble = from.text_or_empty("queue_trouble");
    read.partners = rows_of<served_partner>(object, "partners", wrong);
    read.keys = rows_of<held_key>(object, "keys", wrong);
    if (!wrong.none()) return failure{failure_kind::invalid, "heartbeat: " + wrong.text()};
    return read;
}

std::string encode(const heartbeat_answer& a) {
    json::array differs;
    for (const auto& text : a.differs) differs.push_back(text_value(text));
    return json::serialize(
        json::object{{"v", version}, {"now", rfc3339(a.now)}, {"differs", std::move(differs)}});
}

result<heartbeat_answer> decode_heartbeat_answer(std::string_view bytes) {
    const auto document = open_document(bytes, "heartbeat answer");
    if (!document) return document.error();
    faults wrong;
    const auto& object = document->get_object();
    fields from{object, "", wrong};
    heartbeat_answer read;
    read.now = from.time("now");
    const auto* differs = object.if_contains("differs");
    if (differs && differs->is_array())
        for (const auto& text : differs->get_array())
            if (text.is_string()) read.differs.emplace_back(text.get_string());
    if (!wrong.none()) return failure{failure_kind::invalid, "heartbeat answer: " + wrong.text()};
    return read;
}

}  // namespace ecert::queue
