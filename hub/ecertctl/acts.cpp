#include "hub/ecertctl/acts.hpp"

#include "config/utf8.hpp"
#include "hub/ecertctl/ask.hpp"
#include "hub/ecertctl/json_fields.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>
#include <fmt/ostream.h>

namespace ecert::ctl {

exit_code act_on_work(session& s, const std::string& verb, const std::string& id,
                      const std::string& reason) {
    constexpr std::size_t longest_reason = 2000;
    const boost::json::object body{{"reason", valid_utf8(reason, longest_reason)}};
    const answer done =
        post(s, "/v1/work/" + escaped(id) + '/' + verb, boost::json::serialize(body));
    if (!done.value) return done.ended;
    if (s.json) {
        s.out << done.text << '\n';
    } else {
        fmt::print(s.out, "{}: now {}\n", verb, text_of(*done.value, "state"));
    }
    return exit_code::ok;
}

}  // namespace ecert::ctl
