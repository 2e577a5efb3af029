// A tree held against the order and counts of its types, and a copy of it in which they are right.
#pragma once

#include "crypto/xml/schema.hpp"
#include "crypto/xml/schema_model.hpp"

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

struct _xmlNs;

namespace ecert::crypto::xml {

class mending {
  public:
    mending(const schema_model& by, const std::vector<std::string>& also_right, std::size_t most)
        : by_{by}, also_right_{also_right}, most_{most} {}

    // Empty if the root is another element than the schema's. Elements of the copy know their
    // originals (original_of); one that only fills a gap has none.
    document copy_of(const node& root);
    std::vector<violation> take_found() { return std::move(found_); }

  private:
    struct placed {
        node at;
        std::size_t index;  // of its particle in the type
    };

    _xmlNode* copy_element(const node& of, std::size_t ns);
    void copy_inside(const node& from, _xmlNode* to, const schema_type* as);
    void copy_text(const node& from, _xmlNode* to, bool only_if_any);
    std::vector<placed> known_children(const node& of, const schema_type& as);
    void tell_misplaced(const std::vector<placed>& all, const schema_type& as);
    void fill(const node& of, _xmlNode* to, const schema_type& as, std::span<const placed> sorted);
    void fill_gap(const node& of, _xmlNode* to, const schema_particle& missing);
    void notice_spelling(const node& at, std::size_t ns);
    void say(violation v);

    const schema_model& by_;
    const std::vector<std::string>& also_right_;
    const std::size_t most_;
    _xmlDoc* made_ = nullptr;
    std::vector<_xmlNs*> declared_;
    std::set<std::string, std::less<>> spellings_;
    std::vector<violation> found_;
};

node original_of(const _xmlNode* copy);

}  // namespace ecert::crypto::xml
