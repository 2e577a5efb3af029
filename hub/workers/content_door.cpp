// Content over the inline limit, between the ledger and the workers of one attempt.
#include "config/log.hpp"
#include "hub/listen/byte_range.hpp"
#include "hub/listen/problem_response.hpp"
#include "hub/workers/host_call.hpp"

#include <fmt/format.h>

namespace ecert::hub {
namespace {

http::response refuse(const host_call& call, const refused_grant& no) {
    call.parts.figures.alert("content_refused");
    log::write(log::level::warn, "content_refused",
               {{"host", std::string_view{call.host.name}},
                {"status", std::int64_t{no.status}},
                {"why", std::string_view{no.text}}});
    return problem_response(no.status, no.slug, no.text, {}, language::en);
}

refused_grant unsealed(std::string text) { return {401, "no-token", std::move(text)}; }

result<content_grant> grant_of(const host_call& call, const http::incoming& request) {
    const auto token = request.head().fields.get(token_field);
    if (token.empty() || !call.parts.tokens)
        return failure{failure_kind::untrusted,
                       fmt::format("The task's token is needed, in the field {}.", token_field)};
    return call.parts.tokens->read(token);
}

crypto::source_ptr part_of(const crypto::source_ptr& all, const byte_range& r) {
    return crypto::from_pieces({crypto::slice{all, r.offset, r.size}});
}

http::response whole(crypto::source_ptr content, int status) {
    http::response answer;
    answer.status = status;
    answer.fields.set("Content-Type", "application/octet-stream");
    answer.fields.set("Accept-Ranges", "bytes");
    answer.size = content->size();
    answer.body.push_back(crypto::xml::spliced{std::move(content), crypto::xml::encoding::raw});
    return answer;
}

// If-Range (RFC 9110, 13.1.5) with another tag asks for all of what is here.
asked_range asked_by(const http::fields& fields, const std::string& tag, std::uint64_t size) {
    if (fields.has("If-Range") && fields.get("If-Range") != tag) return whole_body{};
    return range_of(fields.get("Range"), size);
}

awaitable<http::response> answer_with(pool& work, crypto::source_ptr content,
                                      const http::fields& asked) {
    const auto tag = '"' + content->digest().hex() + '"';
    const auto size = content->size();
    const auto range = asked_by(asked, tag, size);
    if (std::holds_alternative<no_such_range>(range)) {
        auto no =
            problem_response(416, "range", "The content is shorter than that.", {}, language::en);
        no.fields.set("Content-Range", fmt::format("bytes */{}", size));
        co_return no;
    }
    http::response answer;
    if (const auto* r = std::get_if<byte_range>(&range)) {
        const auto part = [&] { return part_of(content, *r); };
        answer = whole(co_await on_pool(work, part), 206);
        answer.fields.set("Content-Range",
                          fmt::format("bytes {}-{}/{}", r->offset, r->offset + r->size - 1, size));
    } else {
        answer = whole(std::move(content), 200);
    }
    answer.fields.set("ETag", tag);
    co_return answer;
}

}  // namespace

awaitable<http::response> give_content(host_call& call, http::incoming& request,
                                       const parameters& path) {
    const auto grant = grant_of(call, request);
    if (!grant) co_return refuse(call, unsealed(grant.error().text));
    const auto digest = crypto::sha256::from_hex(path[0]);
    if (const auto no = refuse_read(*grant, call.host, digest.value_or(crypto::sha256{}),
                                    call.parts.time.now()))
        co_return refuse(call, *no);
    auto content = co_await call.parts.ledger.content(*digest);
    if (!content) co_return failure_response(content.error(), language::en);
    co_return co_await answer_with(call.parts.work, std::move(content).value(),
                                   request.head().fields);
}

awaitable<http::response> take_content(host_call& call, http::incoming& request,
                                       const parameters& path) {
    const auto grant = grant_of(call, request);
    if (!grant) co_return refuse(call, unsealed(grant.error().text));
    if (const auto no = refuse_write(*grant, call.host, call.parts.time.now()))
        co_return refuse(call, *no);
    const auto digest = crypto::sha256::from_hex(path[0]);
    if (!digest || !call.translations.may_bring(*grant, *digest, call.parts.time.now()))
        co_return refuse(call, {409, "another-translation",
                                "This attempt has brought another translation already."});
    const auto body = co_await request.read_body(grant->may_write);
    if (!body) co_return body_failure_response(body.error(), language::en);
    if ((*body)->digest() != *digest)
        co_return problem_response(422, "another-digest",
                                   "The bytes that came are not those that the path names.", {},
                                   language::en);
    const auto kept = co_await call.parts.ledger.put(*body);
    if (!kept) co_return failure_response(kept.error(), language::en);
    http::response done;
    done.status = 204;
    co_return done;
}

}  // namespace ecert::hub
