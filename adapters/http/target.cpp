#include "adapters/http/target.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace ecert::http {

result<void> read_target(std::string target, request_head& into) {
    into.target = std::move(target);
    into.path.clear();
    into.segments.clear();
    into.query.clear();
    if (into.target == "*") {
        into.path = "*";
        return {};
    }
    const auto read = into.target.starts_with('/') ? boost::urls::parse_origin_form(into.target)
                                                   : boost::urls::parse_uri(into.target);
    if (!read)
        return failure{failure_kind::invalid,
                       "The request target is not a path with an optional "
                       "query: " +
                           read.error().message()};
    into.path = read->path();
    for (const auto& segment : read->segments()) into.segments.emplace_back(segment);
    boost::urls::encoding_opts form;
    form.space_as_plus = true;  // as browsers and form libraries write a space
    for (const auto& one : read->params(form)) into.query.emplace_back(one.key, one.value);
    return {};
}

}  // namespace ecert::http
