// Reading and writing the members of a JSON object by name: what is wrong is collected, every field
// named, and the reader goes on. Text that is not UTF-8 (numbers and peers' words are opaque bytes)
// is written as {"base64": "..."} and read back byte for byte. Inside queue/wire only.
#pragma once

#include "config/clock.hpp"
#include "crypto/digest.hpp"
#include "queue/ids.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecert::queue::wire {

class faults {
  public:
    void add(const std::string& path, std::string_view what);
    bool none() const { return all_.empty(); }
    std::string text() const;  // "envelope.type: an integer is missing; ..."

  private:
    std::vector<std::string> all_;
};

// The members of one object. A required member that is missing or of another form is a fault; an
// optional one only when it is there in another form. Unknown members are ignored.
class fields {
  public:
    fields(const boost::json::object& of, std::string path, faults& into);

    bool has(std::string_view name) const;
    std::string text(std::string_view name);
    std::string text_or_empty(std::string_view name);
    std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most);
    bool flag(std::string_view name);  // false when missing
    uuid id(std::string_view name);
    crypto::sha256 digest(std::string_view name);
    time_point time(std::string_view name);
    std::string bytes(std::string_view name);             // base64
    std::optional<fields> object(std::string_view name);  // required
    // Required; more than `most`, or a member that is no object, is a fault.
    std::vector<fields> objects(std::string_view name, std::size_t most);
    void fault(std::string_view name, std::string_view what);

  private:
    const boost::json::value* find(std::string_view name) const;
    const boost::json::string* string_at(std::string_view name);

    const boost::json::object* of_;
    std::string path_;
    faults* faults_;
};

boost::json::value text_value(std::string_view text);
void put_text(boost::json::object& into, std::string_view name,
              std::string_view text);  // left out when empty

}  // namespace ecert::queue::wire
