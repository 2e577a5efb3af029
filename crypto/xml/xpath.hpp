// XPath 1.0 (W3C, 1999), compiled once, used by many threads. No functions beyond the
// specification's own; operations are bounded.
#pragma once

#include "config/result.hpp"
#include "crypto/xml/document.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ecert::crypto::xml {

using namespaces = std::map<std::string, std::string>;  // prefix -> URI

class xpath {
  public:
    static result<xpath> compile(std::string expression, const namespaces& known);
    const std::string& expression() const;
    // Evaluated at a node; an expression that goes over its operations limit throws
    // std::runtime_error.
    bool test(const node& at) const;                // as boolean()
    std::string string(const node& at) const;       // as string()
    std::vector<node> nodes(const node& at) const;  // elements of a node-set; empty for other types

  private:
    struct compiled;
    std::shared_ptr<const compiled> compiled_;
};

}  // namespace ecert::crypto::xml
