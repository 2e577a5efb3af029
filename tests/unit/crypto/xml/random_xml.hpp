// Random documents for property tests: every construct that canonicalisation treats in its own way,
// often.
#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

namespace ecert::tests {

class random_xml {
  public:
    explicit random_xml(unsigned seed) : random_{seed} {}

    // An element in the scope of these declarations, with a few more below it.
    std::string element(std::map<std::string, std::string> scope, int depth) {
        std::string declarations;
        for (const std::string prefix : {"", "a", "b", "c"}) {
            if (!one_in(4)) continue;
            const bool none = prefix.empty() && one_in(3);
            scope[prefix] = none ? "" : pick({"urn:one", "urn:two", "http://three.example/x"});
            declarations +=
                (prefix.empty() ? " xmlns=\"" : " xmlns:" + prefix + "=\"") + scope[prefix] + "\"";
        }
        const auto name = qualified(scope, true) + pick({"name", "x", "Body", "node"});
        std::string out = "<" + name + declarations + attributes(scope);
        if (one_in(6)) return out + (one_in(2) ? "/>" : "></" + name + ">");
        out += one_in(8) ? "\r\n>" : ">";
        for (int i = upto(depth > 0 ? 5 : 2); i > 0; --i)
            out += one_in(2) && depth > 0 ? element(scope, depth - 1) : text();
        return out + "</" + name + (one_in(8) ? " >" : ">");
    }

    std::string text() {
        return pick({"plain", "a &lt; b &amp;&amp; c &gt; d", "line\r\nnext\rlast", "&#13;&#xD;",
                     "\t \n", "<![CDATA[<raw> & ]] ]> \r\n]]>", "<!-- gone -->", "\"quotes'",
                     "]] &gt;", "\xE8\x8B\xB9\xE6\x9E\x9C", "\xF0\x9F\x8D\x8E", "&#x4E2D;",
                     "&quot;&apos;"});
    }

    int upto(int n) { return std::uniform_int_distribution{0, n}(random_); }
    bool one_in(int n) { return upto(n - 1) == 0; }
    std::string pick(std::vector<std::string> from) {
        return from[upto(static_cast<int>(from.size()) - 1)];
    }

  private:
    std::string qualified(const std::map<std::string, std::string>& scope, bool default_too) {
        std::vector<std::string> known;
        for (const auto& [prefix, uri] : scope)
            if (!prefix.empty()) known.push_back(prefix + ":");
        if (default_too || known.empty()) known.push_back("");
        return pick(known);
    }

    std::string attributes(const std::map<std::string, std::string>& scope) {
        std::string out;
        std::map<std::string, bool> used;  // by namespace and name: two prefixes may mean the same
        for (int i = upto(4); i > 0; --i) {
            const auto prefix = qualified(scope, true);
            const auto local = pick({"z", "a", "mm", "Id"});
            const auto uri = prefix.empty() ? "" : scope.at(prefix.substr(0, prefix.size() - 1));
            if (std::exchange(used[uri + " " + local], true)) continue;
            out += pick({" ", "\n", "  "}) + prefix + local + "=" +
                   pick({"\"&lt;&amp;&quot;&gt;\"", "'\"'", "\"\t\n\r\"", "\"&#9;&#10;&#13;\"",
                         "\"\"", "' x '", "\"\xE4\xB8\xAD\""});
        }
        if (one_in(4)) out += " xml:lang=\"" + pick({"en", "zh"}) + "\"";
        return out;
    }

    std::mt19937 random_;
};

}  // namespace ecert::tests
