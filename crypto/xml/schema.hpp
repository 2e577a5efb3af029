// XML Schema 1.0 (W3C, 2004) over small trees, with everything it has against one, element by
// element.
//
// A validator stops at the first child that it did not expect, and what stands behind it is not
// looked at. Here a tree is first held against the order and the counts of its types: an element
// that is unknown there, in another place, there too often or missing is a violation of its own.
// Then a copy in which all that is mended is held against the types of values and attributes by
// libxml2. So no fault hides another.
//
// A schema is written for this: every complex type is one flat sequence or choice of elements (and
// at most one xs:any), by name and type or by ref; anything else is refused when loaded. Namespaces
// are compared without regard to the case of ASCII letters. Attributes in a namespace, xsi:type and
// xsi:nil among them, say nothing here. Neither files nor a network are read.
//
// Thread rule: immutable and shared; check() is pool work.
#pragma once

#include "config/result.hpp"
#include "crypto/xml/document.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ecert::crypto::xml {

struct violation {
    enum class kind {
        unknown,    // no such element in this place
        misplaced,  // expected: behind or before which one it belongs
        repeated,   // there already
        missing,    // at: the parent; name: of the missing element
        value,      // no value of its type
        attribute,  // name: of one that is unknown or has no value of its type
        text,       // text where only elements may be
        spelling    // value: a namespace in another case than expected
    };
    kind what;
    node at;
    std::string name;
    std::string value;
    std::string expected;
};

class schema {
  public:
    // Texts by the names that schemaLocation uses; `main` is one of them. also_right: spellings of
    // namespaces that are no violation.
    static result<schema> load(const std::map<std::string, std::string>& files,
                               const std::string& main, std::vector<std::string> also_right = {});
    // In document order of parents, `most` at most.
    std::vector<violation> check(const document& of, std::size_t most) const;

    // Its target namespaces, in no order.
    std::vector<std::string> namespaces() const;

  private:
    struct loaded;
    std::shared_ptr<const loaded> loaded_;
};

}  // namespace ecert::crypto::xml
