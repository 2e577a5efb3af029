#include "hub/listen/access_log.hpp"

#include "config/log.hpp"

namespace ecert::hub {
namespace {

std::string_view without_query(std::string_view target) {
    return target.substr(0, target.find('?'));
}

}  // namespace

void log_request(std::string_view door, const http::incoming& request, std::string_view who,
                 int status, double ms, std::string_view traceparent) {
    const auto& head = request.head();
    log::write(log::level::info, "request_served",
               {{"door", door},
                {"who", who},
                {"method", std::string_view{head.method}},
                {"path", without_query(head.target)},
                {"status", std::int64_t{status}},
                {"ms", ms},
                {"traceparent", traceparent}});
}

void log_nobody(std::string_view door, const http::incoming& request, std::string_view why) {
    const auto remote = request.remote();
    log::write(log::level::warn, "request_from_nobody",
               {{"door", door}, {"remote", std::string_view{remote}}, {"why", why}});
}

}  // namespace ecert::hub
