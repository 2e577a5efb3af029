#include "adapters/engine/classify.hpp"

#include "config/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ecert::engine {
namespace {

using queue::outcome_class;
using queue::outcome_scope;

constexpr std::size_t longest_text = 2000;

bool fault_matches(const reply_rule& rule, const reply_seen& seen) {
    if (rule.fault.empty()) return true;
    return std::any_of(rule.fault.begin(), rule.fault.end(), [&](const std::string& wanted) {
        if (wanted == "none") return !seen.fault;
        if (wanted == "*") return seen.fault.has_value();
        return seen.fault && seen.fault->names(wanted);
    });
}

bool matches(const reply_rule& rule, const reply_seen& seen) {
    if (rule.stage != seen.stage) return false;
    if (!rule.status.empty() &&
        std::find(rule.status.begin(), rule.status.end(), seen.status) == rule.status.end())
        return false;
    if (!fault_matches(rule, seen)) return false;
    if (rule.verified && *rule.verified != seen.verified) return false;
    return !rule.when || (seen.body && rule.when->test(seen.body, seen.asked));
}

// What only a proven answer may say.
bool needs_proof(outcome_class c) {
    return c == outcome_class::sent || c == outcome_class::delivered || c == outcome_class::done ||
           c == outcome_class::duplicate || c == outcome_class::absent ||
           c == outcome_class::refused;
}

std::string read(const std::optional<crypto::xml::xpath>& from, const reply_seen& seen) {
    return from && seen.body ? valid_utf8(from->string(seen.body, seen.asked), longest_text)
                             : std::string{};
}

// The peer's words where it said any, else what happened.
std::string words(const reply_seen& seen) {
    std::string text;
    if (seen.fault) {
        text = seen.fault->code;
        for (const auto& sub : seen.fault->subcodes) text += "/" + sub;
        text += ": " + seen.fault->reason;
        if (!seen.fault->detail.empty()) text += " (" + seen.fault->detail + ")";
    } else if (!seen.error.empty()) {
        text = seen.error;
    }
    if (seen.stage == http::stage::replied && (seen.fault || seen.status != 200))
        text = fmt::format("HTTP {}{}{}", seen.status, text.empty() ? "" : ", ", text);
    if (seen.stage == http::stage::replied && !seen.verified && !seen.unproven.empty())
        text += (text.empty() ? "" : "; ") + ("not proven: " + seen.unproven);
    return valid_utf8(text, longest_text);
}

std::optional<crypto::sha256> digest_in(const std::string& text) {
    if (auto hex = crypto::sha256::from_hex(text)) return hex;
    auto raw = crypto::base64_decode(text);
    return raw ? crypto::sha256::from_bytes(*raw) : std::nullopt;
}

// A receipt proves our content or nothing.
void hold_receipt(judgement& so_far, const reply_rule& rule, const reply_seen& seen,
                  const content_sent& ours) {
    if (!rule.digest || !ours.any) return;
    so_far.peer_digest = digest_in(read(rule.digest, seen));
    if (!so_far.peer_digest) {
        so_far.what = outcome_class::unrecognised;
        so_far.text = "their receipt names no digest";
        return;
    }
    if (*so_far.peer_digest != ours.digest) {
        so_far.what = outcome_class::duplicate;
        so_far.text = fmt::format("their receipt names other content: {} where {} was sent",
                                  so_far.peer_digest->hex(), ours.digest.hex());
        return;
    }
    if (rule.size && read(rule.size, seen) != std::to_string(ours.size)) {
        so_far.what = outcome_class::unrecognised;
        so_far.text = fmt::format("their receipt names another size: '{}' where {} bytes were sent",
                                  read(rule.size, seen), ours.size);
    }
}

judgement without_rule(const reply_seen& seen) {
    judgement all;
    all.text = words(seen);
    all.retry_after = seen.retry_after;
    if (seen.stage == http::stage::before_body) all.what = outcome_class::temporary;
    if (seen.stage == http::stage::after_body) all.what = outcome_class::ambiguous;
    return all;
}

}  // namespace

judgement classify(const std::vector<reply_rule>& rules, bool profile_signs, const reply_seen& seen,
                   const content_sent& ours) {
    if (seen.peer_untrusted) {
        auto all = without_rule(seen);
        all.what = outcome_class::misconfigured;
        all.scope = outcome_scope::channel;
        return all;
    }
    if (seen.not_tried) {
        auto all = without_rule(seen);
        all.what = outcome_class::returned;
        return all;
    }
    // Where nothing is signed, a reply that answers another message still proves nothing.
    const bool unproven = !seen.verified && (profile_signs || !seen.unproven.empty());
    for (const auto& rule : rules) {
        if (!matches(rule, seen)) continue;
        if (unproven && needs_proof(rule.outcome)) continue;
        judgement all;
        all.what = rule.outcome;
        all.scope = rule.scope;
        all.reference = read(rule.reference, seen);
        all.text = rule.text ? read(rule.text, seen) : words(seen);
        all.warning = read(rule.warning, seen);
        all.retry_after = seen.retry_after;
        if (needs_proof(rule.outcome)) hold_receipt(all, rule, seen, ours);
        return all;
    }
    return without_rule(seen);
}

}  // namespace ecert::engine
