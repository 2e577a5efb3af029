// XPath 1.0 (W3C, 1999), compiled once, used by many threads. No functions beyond the
// specification's own; operations are bounded. An expression may use the variables that it was
// compiled with, all of them strings.
#pragma once

#include "config/result.hpp"
#include "crypto/xml/document.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ecert::crypto::xml {

using namespaces = std::map<std::string, std::string>;  // prefix -> URI

using variables = std::map<std::string, std::string>;  // name -> value, as it is

class xpath {
  public:
    static result<xpath> compile(std::string expression, const namespaces& known,
                                 const std::set<std::string>& variables = {});
    const std::string& expression() const;
    // Evaluated at a node; an expression that goes over its operations limit throws
    // std::runtime_error. A variable without a value here is the empty string.
    bool test(const node& at, const variables& given = {}) const;           // as boolean()
    std::string string(const node& at, const variables& given = {}) const;  // as string()
    // Elements of a node-set; empty for other types.
    std::vector<node> nodes(const node& at, const variables& given = {}) const;

  private:
    struct compiled;
    std::shared_ptr<const compiled> compiled_;
};

}  // namespace ecert::crypto::xml
