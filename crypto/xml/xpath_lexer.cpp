#include "crypto/xml/xpath_lexer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ecert::crypto::xml {
namespace {

constexpr std::array<std::string_view, 27> core_functions{"boolean",
                                                          "ceiling",
                                                          "concat",
                                                          "contains",
                                                          "count",
                                                          "false",
                                                          "floor",
                                                          "id",
                                                          "lang",
                                                          "last",
                                                          "local-name",
                                                          "name",
                                                          "namespace-uri",
                                                          "normalize-space",
                                                          "not",
                                                          "number",
                                                          "position",
                                                          "round",
                                                          "starts-with",
                                                          "string",
                                                          "string-length",
                                                          "substring",
                                                          "substring-after",
                                                          "substring-before",
                                                          "sum",
                                                          "translate",
                                                          "true"};

constexpr std::array<std::string_view, 4> node_types{"comment", "node", "processing-instruction",
                                                     "text"};

bool in_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}
bool begins_name(char c) { return in_name(c) && c != '-' && c != '.' && (c < '0' || c > '9'); }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class lexer {
  public:
    explicit lexer(std::string_view text) : rest_{text} {}

    xpath_names run() {
        while (!rest_.empty()) {
            const char c = rest_.front();
            if (c == '"' || c == '\'') {
                const auto end = rest_.find(c, 1);
                rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
            } else if (begins_name(c)) {
                name(std::exchange(variable_, false));
            } else {
                variable_ = c == '$';
                rest_.remove_prefix(1);
            }
        }
        return std::move(found_);
    }

  private:
    std::string_view word() {
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), in_name);
        const auto taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(taken.size());
        return taken;
    }

    void name(bool variable) {
        std::string whole{word()};
        std::string prefix;
        const bool axis = rest_.starts_with("::");
        if (!axis && rest_.starts_with(":")) {
            prefix = whole;
            rest_.remove_prefix(1);
            whole += ':';
            whole += word();
        }
        const auto next = std::find_if_not(rest_.begin(), rest_.end(), is_space);
        const bool call = next != rest_.end() && *next == '(';
        if (variable)
            found_.variables.insert(whole);
        else if (call &&
                 std::find(node_types.begin(), node_types.end(), whole) == node_types.end() &&
                 !is_operator(whole))
            found_.functions.insert(whole);
        else if (!prefix.empty())
            found_.prefixes.insert(prefix);
    }

    // "a and (b)": an operator name before a bracket is no call; "and(b)" at the beginning would be
    // a name, and an error.
    static bool is_operator(std::string_view w) {
        return w == "and" || w == "or" || w == "div" || w == "mod";
    }

    std::string_view rest_;
    bool variable_ = false;
    xpath_names found_;
};

}  // namespace

xpath_names names_in(std::string_view expression) { return lexer{expression}.run(); }

bool is_core_function(std::string_view name) {
    return std::binary_search(core_functions.begin(), core_functions.end(), name);
}

}  // namespace ecert::crypto::xml
