// What an XPath 1.0 expression names, found without evaluating it: an unknown function, prefix or
// variable is an error when the file is loaded, not when the first message reaches that branch.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace ecert::crypto::xml {

struct xpath_names {
    std::set<std::string> functions;  // as written, "ec:date"
    std::set<std::string> prefixes;   // of names that are no function
    std::set<std::string> variables;
};
xpath_names names_in(std::string_view expression);

// The functions of XPath 1.0, chapter 4.
bool is_core_function(std::string_view name);

}  // namespace ecert::crypto::xml
