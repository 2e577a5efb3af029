#include "adapters/http/log_events.hpp"

#include "config/log.hpp"

namespace ecert::http {

using log::level;

void listening(std::string_view listener, std::string_view address) {
    log::write(level::info, "http_listening", {{"listener", listener}, {"address", address}});
}

void accept_failed(std::string_view listener, std::string_view why) {
    log::write(level::warn, "http_accept_failed", {{"listener", listener}, {"why", why}});
}

void turned_away(std::string_view listener, std::string_view reason, std::string_view source,
                 std::string_view why, unsigned count) {
    log::write(level::info, "http_turned_away",
               {{"listener", listener},
                {"reason", reason},
                {"source", source},
                {"why", why},
                {"count", static_cast<std::int64_t>(count)}});
}

void handler_failed(std::string_view listener, std::string_view method, std::string_view target,
                    std::string_view why) {
    log::write(level::error, "http_handler_failed",
               {{"listener", listener}, {"method", method}, {"target", target}, {"why", why}});
}

void request_refused(std::string_view listener, std::string_view remote, int status,
                     std::string_view why) {
    log::write(level::info, "http_request_refused",
               {{"listener", listener},
                {"remote", remote},
                {"status", static_cast<std::int64_t>(status)},
                {"why", why}});
}

void session_failed(std::string_view listener, std::string_view remote, std::string_view why) {
    log::write(level::warn, "http_session_failed",
               {{"listener", listener}, {"remote", remote}, {"why", why}});
}

void response_misdeclared(int status, std::uint64_t said, std::uint64_t missing) {
    log::write(level::error, "http_response_misdeclared",
               {{"status", static_cast<std::int64_t>(status)},
                {"said", static_cast<std::int64_t>(said)},
                {"missing", static_cast<std::int64_t>(missing)}});
}

}  // namespace ecert::http
