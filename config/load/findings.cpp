#include "config/load/findings.hpp"

#include "config/utf8.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace ecert::load {

void findings::remember(const place& at, unsigned line) { lines_[at.file][at.key] = line; }

unsigned findings::line_of(const place& at) const {
    const auto file = lines_.find(at.file);
    if (file == lines_.end()) return 1;
    for (std::string key = at.key; !key.empty();) {
        if (const auto found = file->second.find(key); found != file->second.end())
            return found->second;
        const auto cut = key.find_last_of(".[");
        key.erase(cut == std::string::npos ? 0 : cut);
    }
    return 1;
}

void findings::error(std::string id, const place& at, std::string value, std::string expected) {
    if (unreadable_.contains(at.file)) return;
    add(severity::error, line_of(at), std::move(id), at, std::move(value), std::move(expected));
}

void findings::error_on_line(unsigned line, std::string id, const place& at, std::string value,
                             std::string expected) {
    add(severity::error, line, std::move(id), at, std::move(value), std::move(expected));
}

void findings::warning(std::string id, const place& at) {
    add(severity::warning, 0, std::move(id), at, {}, {});
}

problems findings::sorted() const {
    auto all = all_;
    std::stable_sort(all.begin(), all.end(), [](const finding& a, const finding& b) {
        return std::tie(a.file, a.line) < std::tie(b.file, b.line);
    });
    problems texts;
    for (finding& one : all) texts.push_back(std::move(one.what));
    return texts;
}

// Line 0: the file or folder as a whole.
void findings::add(severity level, unsigned line, std::string id, const place& at,
                   std::string value, std::string expected) {
    std::string where = at.file;
    if (line != 0) where += ':' + std::to_string(line);
    if (!at.key.empty()) where += ' ' + at.key;
    all_.push_back(
        {at.file,
         line,
         {std::move(id), level, std::move(where), valid_utf8(value, 200), std::move(expected)}});
}

}  // namespace ecert::load
