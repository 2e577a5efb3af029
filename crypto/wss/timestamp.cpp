#include "crypto/wss/timestamp.hpp"

#include "crypto/wss/names.hpp"

namespace ecert::crypto::wss {
namespace {

security_failure expired(std::string text) { return {"wsu:MessageExpired", std::move(text)}; }

std::string seconds(duration of) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(of).count()) + " s";
}

}  // namespace

checked<window> read_timestamp(const xml::node& timestamp, duration longest_lifetime) {
    const auto parts = exactly(timestamp, {named(wsu_ns, "Created"), named(wsu_ns, "Expires")});
    if (parts.empty())
        return invalid_security("wsu:Timestamp must hold one Created and one Expires");
    const auto created = parse_rfc3339(trimmed_text(parts[0]));
    const auto expires = parse_rfc3339(trimmed_text(parts[1]));
    if (!created || !expires || *expires <= *created)
        return invalid_security(
            "Created and Expires must be times such as 2026-11-24T23:12:02Z, Expires the later "
            "one");
    if (*expires - *created > longest_lifetime)
        return invalid_security("the message may be valid for " + seconds(longest_lifetime) +
                                " at most, not " + seconds(*expires - *created));
    return window{*created, *expires};
}

checked<void> is_open(const window& of, duration skew, time_point now) {
    if (of.created > now + skew)
        return expired("Created is " + seconds(of.created - now) +
                       " in the future: compare the clocks (ours says " + rfc3339(now) + ")");
    if (now > of.expires + skew)
        return expired("the message expired " + seconds(now - of.expires) +
                       " ago: compare the clocks (ours says " + rfc3339(now) +
                       "), and make the header anew for every attempt");
    return {};
}

}  // namespace ecert::crypto::wss
