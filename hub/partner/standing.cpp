#include "hub/partner/standing.hpp"

#include "config/problem_line.hpp"

#include <fmt/format.h>

namespace ecert::hub {
namespace {

constexpr std::size_t longest_text = 4000;
constexpr int withdrawn = 40;  // UNTDID 1373, as certificates use it

engine::standing received_as(reception how) {
    switch (how) {
        case reception::warned:
            return engine::standing::warned;
        case reception::unreadable:
            return engine::standing::unreadable;
        default:
            return engine::standing::delivered;
    }
}

engine::standing standing_of(const certificate_view& v) {
    switch (v.state) {
        case state::delivered:
        case state::acknowledged:
        case state::rejected:
            return received_as(v.received);
        case state::refused:
        case state::cancelled:
            return engine::standing::failed;
        default:  // ours to bring, or theirs to fetch
            return engine::standing::pending;
    }
}

engine::told_envelope told(const inbound_view& v) {
    return {v.envelope, queue::to_string(v.inbound), received_as(v.received), v.received_text};
}

}  // namespace

engine::told_envelope told_of(const certificate_view& v, const std::string& why) {
    engine::told_envelope all{v.envelope, queue::to_string(v.delivery), standing_of(v)};
    all.text = all.standing == engine::standing::failed ? why : v.received_text;
    return all;
}

engine::told_envelope told_of(const certificate_view& v, const custody_view& custody) {
    const auto& said = custody.last_answer;
    auto all = told_of(v, said.empty() ? custody.reason : custody.reason + ": " + said);
    const bool as_it_came = v.state == state::cancelled && custody.since == v.accepted;
    if (as_it_came && v.envelope.status == withdrawn) all.standing = engine::standing::warned;
    return all;
}

engine::told_envelope told_to_sender(const inbound_view& v) {
    auto all = told(v);
    if (!v.message_id.empty()) all.reference = v.message_id;
    if (v.received == reception::not_yet && has_errors(v.findings)) {
        all.standing = engine::standing::warned;
        all.text = sentences(v.findings);
    }
    return all;
}

engine::told_envelope told_to_agency(const inbound_view& v) {
    auto all = told(v);
    if (v.received == reception::not_yet) all.standing = engine::standing::pending;
    return all;
}

engine::told_envelope told_unknown(std::string number) {
    return {{}, std::move(number), engine::standing::unknown};
}

engine::told_envelope told_refused(const queue::envelope& envelope, std::string why) {
    return {envelope, {}, engine::standing::failed, std::move(why)};
}

std::string sentences(const problems& found, language in) {
    std::string text;
    std::size_t left = 0;
    for (const auto& p : found) {
        if (p.level != severity::error) continue;
        const auto one = fmt::format("[{}] {} {}", p.id, p.where, problem_message(p, in));
        if (left > 0 || text.size() + one.size() > longest_text)
            ++left;
        else
            text += (text.empty() ? "" : " ") + one;
    }
    if (left > 0)
        text +=
            fmt::format(fmt::runtime(in == language::zh ? " 另有 {} 项错误，验证该证书可查看全部。"
                                                        : " And {} more: validate it to have all."),
                        left);
    return text;
}

}  // namespace ecert::hub
