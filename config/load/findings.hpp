// What was found wrong in a configuration folder, and on which line every key stands.
#pragma once

#include "config/problem.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ecert::load {

// A key in a file; both as a person would write them: "partners/NL.toml", "retry.first".
struct place {
    std::string file;
    std::string key;
};

class findings {
  public:
    void remember(const place& at, unsigned line);
    // The line of the key, or of the nearest table around it; 1 if there is none.
    unsigned line_of(const place& at) const;

    // What depends on the content of a file that could not be parsed is not told: only its syntax
    // is.
    void unreadable(const std::string& file) { unreadable_.insert(file); }

    void error(std::string id, const place& at, std::string value = {}, std::string expected = {});
    void error_on_line(unsigned line, std::string id, const place& at, std::string value = {},
                       std::string expected = {});
    void warning(std::string id, const place& at);

    problems sorted() const;  // by file and line

  private:
    struct finding {
        std::string file;
        unsigned line = 0;
        problem what;
    };
    void add(severity level, unsigned line, std::string id, const place& at, std::string value,
             std::string expected);

    std::map<std::string, std::map<std::string, unsigned>> lines_;
    std::set<std::string> unreadable_;
    std::vector<finding> all_;
};

}  // namespace ecert::load
