// A sample certificate, changed by text and read as the node reads it.
#pragma once

#include "adapters/sps/validate.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace ecert::sps::tests {

inline std::string sample(const std::string& name) {
    std::ifstream file{std::filesystem::path{ECERT_SOURCE_DIR} / "tests/samples" / name};
    if (!file) throw std::runtime_error("no sample " + name);
    return {std::istreambuf_iterator<char>{file}, {}};
}

// All occurrences; what is not there is a mistake of the test.
inline std::string replaced(std::string text, const std::string& what, const std::string& by) {
    auto at = text.find(what);
    if (at == text.npos) throw std::runtime_error("the sample has no " + what);
    for (; at != text.npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
    return text;
}

// From the first `open` to the first `close` after it, both included.
inline std::string without(std::string text, const std::string& open, const std::string& close) {
    const auto first = text.find(open);
    const auto last = first == text.npos ? first : text.find(close, first);
    if (last == text.npos) throw std::runtime_error("the sample has no " + open);
    return text.erase(first, last + close.size() - first);
}

inline std::string twice(std::string text, const std::string& open, const std::string& close) {
    const auto first = text.find(open);
    const auto last = first == text.npos ? first : text.find(close, first);
    if (last == text.npos) throw std::runtime_error("the sample has no " + open);
    return text.insert(first, text.substr(first, last + close.size() - first));
}

struct judged {
    crypto::xml::skeleton_result skeleton;
    certificate value;
    bool readable = false;
    problems found;  // of reader, rules and schema

    const problem* find(const std::string& id) const {
        for (const auto& p : found)
            if (p.id == id) return &p;
        return nullptr;
    }
};

inline judged judge(std::string xml, const std::string& node = "CN",
                    std::optional<time_point> now = parse_rfc3339("2026-11-24T12:00:00Z")) {
    judged j;
    j.skeleton =
        crypto::xml::read_skeleton(crypto::from_memory(std::move(xml)),
                                   reading_options({}, std::filesystem::temp_directory_path()));
    auto seen = validate(j.skeleton, {node, now});
    j.value = std::move(seen.value);
    j.readable = seen.readable;
    j.found = std::move(seen.found);
    return j;
}

inline std::string ids(const problems& all) {
    std::string text;
    for (const auto& p : all)
        text += std::string{p.level == severity::error     ? "E "
                            : p.level == severity::warning ? "W "
                                                           : "I "} +
                p.id + " " + p.where + "\n";
    return text;
}

}  // namespace ecert::sps::tests
