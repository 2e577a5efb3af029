#include "adapters/engine/attempt.hpp"

#include "adapters/engine/brought.hpp"
#include "adapters/engine/carried.hpp"
#include "adapters/engine/exchange.hpp"
#include "adapters/engine/reading.hpp"
#include "adapters/sps/certificate.hpp"
#include "config/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iomanip>
#include <sstream>

namespace ecert::engine {
namespace {

constexpr duration longest_silence{24 * 3'600'000};

std::string first_error(const problems& found) {
    for (const auto& each : found)
        if (each.level == severity::error) return each.id + " at " + each.where;
    return {};
}

// A reply proves something about our message only if it says which one it answers; a fault may be
// too early to know.
void hold_relation(reply_seen& seen, const soap::addressing& theirs, const std::string& ours) {
    if (theirs.relates_to == ours || (theirs.relates_to.empty() && seen.fault)) return;
    seen.verified = false;
    seen.unproven = theirs.relates_to.empty()
                        ? "the reply does not say what it answers"
                        : "the reply answers another message: " + theirs.relates_to;
}

// Their own words, as far as a person can read them.
std::string excerpt(const crypto::source& of) {
    std::string begin(std::min<std::uint64_t>(of.size(), 200), '\0');
    begin.resize(of.read(0, begin));
    return valid_utf8(begin, 200);
}

// What only asks gets the same answer the next time.
bool repeats_harmlessly(queue::verb v) {
    return v != queue::verb::deliver && v != queue::verb::respond;
}

bool any_as_text(const crypto::xml::parts& of) {
    return std::any_of(of.begin(), of.end(), [](const auto& part) {
        const auto* content = std::get_if<crypto::xml::spliced>(&part);
        return content && content->as == crypto::xml::encoding::text;
    });
}

}  // namespace

result<crypto::source_ptr> attempt::translated(const crypto::source_ptr& content) const {
    auto read =
        crypto::xml::read_skeleton(content, sps::reading_options(with.limits, with.spool_folder));
    if (has_errors(read.found))
        return failure{failure_kind::invalid,
                       "the certificate cannot be translated: " + first_error(read.found)};
    return translate(*over->dialect, to.translate, read.value, to);
}

result<attempt::prepared> attempt::prepare(const crypto::source_ptr& content,
                                           const crypto::source_ptr& kept) const {
    prepared all;
    all.content = kept ? kept : content;
    if (!kept && content && !to.translate.empty()) {
        auto made = translated(content);
        if (!made) return made.error();
        all.content = all.new_translation = *made;
    }
    auto body = write_body(all.content);
    if (!body) return body.error();
    all.body = std::move(*body);
    return all;
}

queue::envelope attempt::envelope() const {
    auto all = what.envelope;
    if (!over->node.empty()) all.from = over->node;
    all.to = to.address.empty() ? to.name : to.address;
    return all;
}

crypto::xml::variables attempt::asked() const {
    const auto sent = envelope();
    return {{"from", sent.from},
            {"to", sent.to},
            {"number", sent.number},
            {"type", std::to_string(sent.type)},
            {"status", std::to_string(sent.status)},
            {"reference", what.reference}};
}

result<soap::body> attempt::write_body(const crypto::source_ptr& content) const {
    exchange from;
    from.verb = queue::name_of(what.verb);
    from.role = "call";
    from.message_id = queue::urn(what.message);
    if (what.relates_to) from.relates_to = queue::urn(*what.relates_to);
    from.reference = what.reference;
    from.envelope = envelope();
    from.answer = what.answer;
    from.confirmation = what.confirmation;
    if (has_pages(*operation)) from.page = what.page;
    if (content)
        from.content = {content->size(), content->digest(), std::string{encoding_for(*content)}};
    auto document = make_exchange(from);
    if (!document) return document.error();
    auto made = operation->body.apply(*document, to.parameters);
    if (!made) return made.error();
    auto inside = soap::split_at_content(*made, over->dialect->soap, {{"content", content}});
    if (!inside) return inside.error();
    if (from.content && from.content->encoding == "base64" && any_as_text(*inside))
        return failure{
            failure_kind::invalid,
            "the stylesheet writes as text what XML text cannot carry: it must say base64 here"};
    return soap::make_body(over->dialect->soap, std::move(*inside));
}

soap::addressing attempt::addressing() const {
    if (!over->dialect->addressing) return {};
    return {queue::urn(what.message), over->profile.endpoint, operation->action, {}};
}

attempt::answered attempt::read_reply(const http::reply_received& reply, const content_sent& ours,
                                      time_point now) const {
    reply_seen seen;
    seen.asked = asked();
    seen.stage = reply.stage;
    seen.status = reply.status;
    seen.error = reply.error;
    seen.peer_untrusted = reply.peer_untrusted;
    seen.not_tried = reply.not_tried;
    seen.retry_after = retry_after_of(reply.fields, now);
    soap::received read;
    std::vector<crypto::xml::name> contents;
    if (!operation->content.local.empty()) contents.push_back(operation->content);
    if (reply.stage == http::stage::replied && reply.body && reply.body->size() > 0) {
        auto parsed = soap::read(reply.body, over->dialect->soap, message_options(with, contents));
        if (parsed) {
            read = std::move(*parsed);
            const auto proven = profile->prove(read, *over, now);
            seen.fault = read.fault;
            seen.body = proven.held ? proven.body : read.message.body;
            seen.verified = proven.held;
            seen.unproven = proven.why;
            if (proven.held && over->dialect->addressing)
                hold_relation(seen, proven.addressing, queue::urn(what.message));
        } else {
            seen.error = "their answer is no SOAP message: " + excerpt(*reply.body) + " (" +
                         parsed.error().text + ")";
        }
    }
    answered all;
    all.judged = classify(operation->rules, profile->signs(), seen, ours);
    if (reply.reply_over_limit && repeats_harmlessly(what.verb)) {
        all.judged.what = queue::outcome_class::unrecognised;
        all.judged.text = over_limit();
    }
    if (all.judged.what == queue::outcome_class::done) add_what_came(all, read, seen);
    return all;
}

std::string attempt::over_limit() const {
    const auto own = over->profile.reply_limit, of_certificates = message_bytes(with.limits);
    if (what.verb == queue::verb::fetch && own < of_certificates)
        return fmt::format(
            "their answer is larger than {} bytes, which no certificate of at most {} makes: "
            "limits.certificate_bytes says what may come",
            of_certificates, with.limits.certificate_bytes);
    return fmt::format("their answer is larger than {} bytes: reply_limit in channels/{}.toml", own,
                       over->profile.name);
}

// An answer whose content cannot be had, or that is about something else, is none that we know.
void attempt::add_what_came(answered& to_this, const soap::received& reply,
                            const reply_seen& seen) const {
    const auto unrecognised = [&](std::string why) {
        to_this.judged.what = queue::outcome_class::unrecognised;
        to_this.judged.text = std::move(why);
    };
    if (operation->verb == queue::verb::list)
        to_this.listing = read_listing(*operation, seen.body, seen.asked, what.page);
    if (operation->verb != queue::verb::fetch) return;
    auto came = read_fetched(*operation, reply, seen.body, seen.asked, with);
    if (!came) return unrecognised(came.error().text);
    if (came->content)
        if (auto why = too_large(*came->content, with.limits); !why.empty())
            return unrecognised(std::move(why));
    // A contract may leave the number out: what was listed under it is known by its envelope.
    if (came->reference.empty() && came->envelope == what.envelope)
        to_this.judged.reference = came->reference = what.reference;
    if (came->reference != what.reference)
        return unrecognised("their answer is about '" + came->reference + "', not about '" +
                            what.reference + "'");
    to_this.fetched = std::move(came->envelope);
    to_this.content = std::move(came->content);
}

std::optional<duration> retry_after_of(const http::fields& from, time_point now) {
    const std::string text{from.get("Retry-After")};
    if (text.empty()) return std::nullopt;
    std::int64_t seconds = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (wrong == std::errc{} && end == text.data() + text.size() && seconds >= 0)
        return std::min(longest_silence, duration{std::min<std::int64_t>(seconds, 86'400) * 1000});
    std::tm date{};
    std::istringstream in{text};
    in.imbue(std::locale::classic());
    in >> std::get_time(&date, "%a, %d %b %Y %H:%M:%S GMT");
    if (in.fail()) return std::nullopt;
    const auto at = std::chrono::time_point_cast<duration>(
        std::chrono::system_clock::from_time_t(timegm(&date)));
    return std::clamp(at - now, duration{0}, longest_silence);
}

}  // namespace ecert::engine
