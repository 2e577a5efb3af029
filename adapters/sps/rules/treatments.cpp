// What was done to the goods. In an ePhyto the type is always ZZZ, and each characteristic says by
// its first Description what it is; TTFT is the whole in words.
#include "adapters/sps/codes/codes.hpp"
#include "adapters/sps/rules/rule.hpp"

#include <algorithm>

namespace ecert::sps::rules {
namespace {

std::string key_of(const sps::node& characteristic) {
    return text_of(child(characteristic, "Description"));
}

std::vector<sps::node> characteristics(const sps::node& process) {
    return children(process, "ApplicableSPSProcessCharacteristic");
}

}  // namespace

findings process_type(const subject& s) {
    findings all;
    for (const auto& process : s.processes) {
        const auto code = text_of(child(process, "TypeCode"));
        if (code != "ZZZ") all.push_back({below(process, {"TypeCode"}), cut(code), "ZZZ"});
    }
    return all;
}

findings process_key(const subject& s) {
    findings all;
    for (const auto& process : s.processes)
        for (const auto& c : characteristics(process))
            if (const auto key = key_of(c); !codes::is_treatment_note(key))
                all.push_back({below(c, {"Description"}), cut(key),
                               "TTL1, TTL2, TTCH, TTTM, TTCO, TTAI, TTFT"});
    return all;
}

findings process_text_missing(const subject& s) {
    findings all;
    for (const auto& process : s.processes) {
        const auto said = characteristics(process);
        const bool whole =
            std::ranges::any_of(said, [](const auto& c) { return key_of(c) == "TTFT"; });
        if (!said.empty() && !whole)
            all.push_back({below(process, {"ApplicableSPSProcessCharacteristic"}), "", "TTFT"});
    }
    return all;
}

findings process_period(const subject& s) {
    findings all;
    for (const auto& process : s.processes) {
        const auto period = child(process, "CompletionSPSPeriod");
        std::optional<time_point> began;
        for (const auto* local : {"StartDateTime", "EndDateTime"}) {
            const auto at = child(period, local);
            const auto text = text_of(at);
            if (text.empty()) continue;
            const auto when = parse_issue_time(text);
            if (!when)
                all.push_back({at, cut(text), "RFC 3339 | YYYY-MM-DD"});
            else if (began && *when < *began)
                all.push_back({at, cut(text), ">= StartDateTime"});
            began = when;
        }
    }
    return all;
}

}  // namespace ecert::sps::rules
