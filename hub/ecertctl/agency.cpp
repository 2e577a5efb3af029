#include "hub/ecertctl/agency.hpp"

#include "hub/ecertctl/agency_client.hpp"
#include "hub/ecertctl/columns.hpp"
#include "hub/ecertctl/custody_card.hpp"
#include "hub/ecertctl/json_fields.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <fstream>
#include <vector>

namespace ecert::ctl {
namespace {

constexpr auto certificates = "/v1/certificates";
constexpr std::uint64_t longest_certificate = 1ull << 30;

exit_code cannot(session& s, const failure& why, exit_code ended) {
    fmt::print(s.err, "ecertctl: {}\n", why.text);
    return ended;
}

exit_code submit_one(session& s, agency_client& to, const std::filesystem::path& file,
                     const submission& what) {
    auto content = file_as_source(file);
    if (!content) return cannot(s, content.error(), exit_code::usage);
    http::call call;
    call.target = with_query(certificates, {{"to", what.to}});
    call.fields.set("Content-Type", "application/xml");
    if (!what.idempotency_key.empty()) call.fields.set("Idempotency-Key", what.idempotency_key);
    if (!what.supersedes.empty()) call.fields.set("Supersedes", what.supersedes);
    call.size = (*content)->size();
    call.body.emplace_back(crypto::xml::spliced{*content});
    const auto reply = to.send(std::move(call));
    if (!s.json) fmt::print(s.out, "{}: ", file.string());
    const answer got = judge(s, reply, to.url());
    if (!got.value) {
        if (!s.json) s.out << "not accepted\n";
        return got.ended;
    }
    if (s.json) {
        s.out << got.text << '\n';
    } else {
        fmt::print(s.out, "{} as certificate {} for {}\n",
                   reply.status == 200 ? "was accepted before" : "accepted",
                   text_of(*got.value, "certificate"), text_of(*got.value, "partner"));
    }
    return exit_code::ok;
}

exit_code save_content(session& s, agency_client& from, const retrieval& what) {
    http::call call;
    call.method = "GET";
    call.target = fmt::format("{}/{}/content", certificates, escaped(what.id));
    call.reply_limit = longest_certificate;
    const auto reply = from.send(std::move(call));
    if (reply.stage != http::stage::replied || reply.status != 200)
        return judge(s, reply, from.url()).ended;
    std::ofstream to{what.content, std::ios::binary | std::ios::trunc};
    std::vector<char> block(1 << 16);
    std::uint64_t at = 0;
    while (const auto read = reply.body ? reply.body->read(at, block) : 0) {
        to.write(block.data(), static_cast<std::streamsize>(read));
        at += read;
    }
    if (!to.flush())
        return cannot(s, {failure_kind::internal, what.content.string() + ": cannot be written"},
                      exit_code::usage);
    if (!s.json) fmt::print(s.out, "{} bytes in {}\n", at, what.content.string());
    return exit_code::ok;
}

void print_events(session& s, const boost::json::value& of) {
    columns table{{"AT", "EVENT", "BY", "DETAIL"}};
    for (const auto& e : rows_of(of))
        table.add(
            {text_of(e, "at"), text_of(e, "kind"), text_of(e, "actor"), text_of(e, "detail")});
    table.print(s.out);
}

}  // namespace

exit_code submit(session& s, const agency_door& door, const submission& what) {
    const auto client = agency_client::open(door, s.in);
    if (!client) return cannot(s, client.error(), exit_code::usage);
    exit_code worst = exit_code::ok;
    for (const auto& file : what.files)
        worst = std::max(worst, submit_one(s, **client, file, what));
    return worst;
}

exit_code retrieve(session& s, const agency_door& door, const retrieval& what) {
    const auto client = agency_client::open(door, s.in);
    if (!client) return cannot(s, client.error(), exit_code::usage);
    if (!what.content.empty()) return save_content(s, **client, what);
    http::call call;
    call.method = "GET";
    call.target =
        fmt::format("{}/{}{}", certificates, escaped(what.id), what.events ? "/events" : "");
    const answer got = judge(s, (*client)->send(std::move(call)), door.url);
    if (!got.value) return got.ended;
    if (s.json) {
        s.out << got.text << '\n';
    } else if (what.events) {
        print_events(s, *got.value);
    } else {
        print_card(s, *got.value);
    }
    return exit_code::ok;
}

}  // namespace ecert::ctl
