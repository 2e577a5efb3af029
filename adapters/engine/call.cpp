#include "adapters/engine/attempt.hpp"
#include "adapters/engine/reading.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ecert::engine {
namespace {

constexpr std::uint64_t kept_of_reply = 1ull << 20;

queue::outcome begin(const queue::task& what, const channel& over, time_point now) {
    queue::outcome o;
    o.id = what.id;
    o.attempt = what.attempt;
    o.work = what.work;
    o.partner = what.partner;
    o.channel = over.profile.name;
    o.traceparent = what.traceparent;
    o.exchange.started = now;
    return o;
}

// Ours to mend: nothing was sent. The certificate at fault stops itself alone, everything else the
// channel.
void misconfigured(queue::outcome& o, queue::outcome_scope scope, std::string text) {
    o.what = queue::outcome_class::misconfigured;
    o.scope = scope;
    o.text = std::move(text);
}

// The text around the content, which itself is kept elsewhere. After the reply: nobody waits for
// this digest.
void keep_request(queue::exchange_record& into, const crypto::xml::parts& sent) {
    const auto whole = crypto::xml::measure(sent);
    into.request_digest = whole.digest;
    into.request_size = whole.size;
    std::string* text = &into.request_head;
    for (const auto& part : sent) {
        if (const auto* ours = std::get_if<std::string>(&part)) {
            text->append(*ours);
        } else {
            into.request_tail.clear();
            text = &into.request_tail;
        }
    }
}

void keep_reply(queue::exchange_record& into, const http::reply_received& reply) {
    into.status = reply.status;
    if (reply.peer) into.tls_peer = reply.peer->subject();
    if (!reply.body) return;
    into.reply_digest = reply.body->digest();
    into.reply.resize(std::min(reply.body->size(), kept_of_reply));
    std::size_t got = 0;
    while (got < into.reply.size()) {
        const auto more = reply.body->read(got, std::span{into.reply}.subspan(got));
        if (more == 0) break;
        got += more;
    }
    into.reply.resize(got);
}

// A fetch brings a certificate: as large as one may be however it is written, and with the time
// for that.
http::call request(const attempt& of, const soap::message& message, duration left) {
    http::call call;
    call.method = "POST";
    const auto& endpoint = of.over->profile.endpoint;
    const auto host = endpoint.find("://");
    const auto path = endpoint.find('/', host == std::string::npos ? 0 : host + 3);
    call.target = path == std::string::npos ? "/" : endpoint.substr(path);
    call.fields.set("Content-Type",
                    soap::content_type(of.over->dialect->soap, of.operation->action));
    call.fields.set("Accept", "application/soap+xml, text/xml");
    if (of.over->dialect->soap == soap_version::v1_1)
        call.fields.set("SOAPAction", "\"" + of.operation->action + "\"");
    if (!of.what.traceparent.empty()) call.fields.set("traceparent", of.what.traceparent);
    call.body = message.parts;
    call.size = message.size;
    call.reply_limit = of.over->profile.reply_limit;
    call.connect_timeout = of.over->profile.connect_timeout;
    call.reply_timeout = of.over->profile.reply_timeout;
    if (of.what.verb == queue::verb::fetch) {
        call.reply_limit = std::max(call.reply_limit, message_bytes(of.with.limits));
        call.reply_timeout = std::max(call.reply_timeout, left);
    }
    call.total = left;
    return call;
}

// Signed afresh for every attempt: a Timestamp lives for minutes, a delivery for days.
awaitable<result<soap::message>> sign(const attempt& by, soap::body body) {
    const auto headers = soap::write_addressing(by.addressing());
    std::vector<crypto::wss::signed_part> parts{body.part()};
    for (const auto& header : headers) parts.push_back(header.part);
    auto security = co_await by.profile->header(by.with, by.over, std::move(parts));
    if (!security) co_return security.error();
    co_return soap::assemble(by.over->dialect->soap, headers, *security, std::move(body));
}

duration time_left(const attempt& of, std::uint64_t size) {
    const auto mib = static_cast<duration::rep>(std::max(size, of.what.expects) >> 20);
    const auto limit = of.with.attempt_limit + of.with.attempt_limit_per_mib * mib;
    const auto spent = std::chrono::duration_cast<duration>(of.with.time.steady() - of.started);
    return std::max(limit - spent, duration{1});
}

void take(queue::outcome& o, judgement judged) {
    o.what = judged.what;
    o.scope = judged.scope;
    o.reference = std::move(judged.reference);
    o.text = std::move(judged.text);
    o.warning = std::move(judged.warning);
    o.retry_after = judged.retry_after;
    o.peer_digest = judged.peer_digest;
}

queue::content_ref reference_to(const crypto::source& made) {
    queue::content_ref ref{made.size(), made.digest(), std::nullopt};
    if (ref.size <= queue::inline_limit) ref.bytes = crypto::read_all(made, queue::inline_limit);
    return ref;
}

awaitable<void> send(attempt& by, queue::outcome& o, attempt::prepared what,
                     crypto::source_ptr* fetched) {
    auto message = co_await sign(by, std::move(what.body));
    if (!message) {
        misconfigured(o, queue::outcome_scope::channel, message.error().text);
        co_return;
    }
    auto going_out = request(by, *message, time_left(by, message->size));
    const auto& waiting = by.with.waiting_for_peer;
    if (waiting) co_await waiting(true);
    by.sending = true;
    auto reply = co_await by.over->client->send(std::move(going_out));
    o.exchange.ended = by.with.time.now();
    if (waiting) co_await waiting(false);
    content_sent ours;
    if (what.content) ours = {true, what.content->digest(), what.content->size()};
    auto read = [&] {
        keep_request(o.exchange, message->parts);
        keep_reply(o.exchange, reply);
        auto all = by.read_reply(reply, ours, o.exchange.ended);
        if (all.fetched) o.fetched = queue::fetched{std::move(*all.fetched), std::nullopt};
        if (all.content) o.fetched->content = reference_to(*all.content);
        return all;
    };
    auto answered = co_await on_pool(by.with.work, read);
    take(o, std::move(answered.judged));
    o.listing = std::move(answered.listing);
    if (fetched) *fetched = std::move(answered.content);
}

awaitable<void> carry_out(attempt& by, queue::outcome& o, crypto::source_ptr content,
                          crypto::source_ptr kept, crypto::source_ptr* new_translation,
                          crypto::source_ptr* fetched) {
    auto prepare = [&] {
        auto all = by.prepare(content, kept);
        if (all && all->new_translation) o.translation = reference_to(*all->new_translation);
        return all;
    };
    auto prepared = co_await on_pool(by.with.work, prepare);
    if (!prepared) {
        misconfigured(o, queue::outcome_scope::task, prepared.error().text);
        co_return;
    }
    if (new_translation) *new_translation = prepared->new_translation;
    co_await send(by, o, std::move(*prepared), fetched);
}

}  // namespace

awaitable<queue::outcome> call(tools with, channel_ptr over, const partner_settings& to,
                               queue::task what, crypto::source_ptr content,
                               crypto::source_ptr kept_translation,
                               crypto::source_ptr* new_translation, crypto::source_ptr* fetched) {
    using queue::outcome_scope;
    auto o = begin(what, *over, with.time.now());
    attempt by{with,
               over,
               to,
               what,
               over->dialect->call(what.verb, call_facts(what, to)),
               find_security(over->dialect->security)};
    if (!by.operation) {
        misconfigured(o, outcome_scope::task,
                      fmt::format("the dialect '{}' has no call for '{}'", over->dialect->name,
                                  queue::name_of(what.verb)));
    } else if (!by.profile || !over->client) {
        // Of this piece alone: what they fetch from us goes on, and nothing here is broken.
        misconfigured(o, outcome_scope::task,
                      "the channel '" + over->profile.name +
                          "' is only served: without an endpoint nothing can be sent there");
    } else {
        try {
            co_await carry_out(by, o, content, kept_translation, new_translation, fetched);
        } catch (const std::exception& e) {
            o.what = by.sending ? queue::outcome_class::ambiguous : queue::outcome_class::temporary;
            o.text = fmt::format("the attempt broke off: {}", e.what());
        }
    }
    if (o.exchange.ended == time_point{}) o.exchange.ended = with.time.now();
    co_return o;
}

}  // namespace ecert::engine
