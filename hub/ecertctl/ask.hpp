// One question to the node over the operators' Unix socket.
#pragma once

#include "hub/ecertctl/session.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ecert::http {
struct reply_received;
}

namespace ecert::ctl {

// A value only with HTTP 2xx and JSON; then `text` is the body as it came. Otherwise `ended` says
// how, and what was wrong has been told to the person (with --json: the node's problem document on
// `out`).
struct answer {
    std::optional<boost::json::value> value;
    std::string text;
    exit_code ended = exit_code::ok;
};

answer get(session& s, const std::string& target);
answer post(session& s, const std::string& target, const std::string& json);

// The same judgement for a reply that came another way. `from` names the node for people.
answer judge(session& s, const http::reply_received& reply, const std::string& from);

using query = std::vector<std::pair<std::string, std::string>>;  // empty values are left out
std::string with_query(std::string path, const query& q);
std::string escaped(std::string_view segment);  // for a path segment or a query value

}  // namespace ecert::ctl
