#include "hub/ecertctl/custody_card.hpp"

#include "hub/ecertctl/json_fields.hpp"
#include "hub/ecertctl/relative_time.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

namespace ecert::ctl {
namespace {

class card {
  public:
    explicit card(std::ostream& to) : to_{to} {}
    void line(std::string_view name, const std::string& value) {
        if (!value.empty()) fmt::print(to_, "{:<13} {}\n", name, value);
    }

  private:
    std::ostream& to_;
};

std::string joined(std::string first, std::string_view between, const std::string& second) {
    return first.empty() || second.empty() ? first + second : first.append(between) + second;
}

}  // namespace

void print_card(session& s, const boost::json::value& of) {
    const time_point now = s.time.now();
    const auto when = [&](std::string_view member) {
        const std::string at = text_of(of, member);
        return at.empty() ? at : relative(at, now) + " (" + at + ')';
    };
    card c{s.out};
    c.line("owed", text_of(of, "owed"));
    c.line("number", text_of(of, "number"));
    c.line("type/status", joined(text_of(of, "type"), "/", text_of(of, "status")));
    c.line("way",
           joined(text_of(of, "from"), " -> ", text_of(of, "to")) +
               (text_of(of, "channel").empty() ? "" : ", channel " + text_of(of, "channel")));
    c.line("state", text_of(of, "state"));
    c.line("holder", text_of(of, "holder"));
    c.line("since", when("since"));
    c.line("last answer", text_of(of, "last_answer"));
    c.line("their number", text_of(of, "peer_reference"));
    c.line("attempts", text_of(of, "attempts"));
    c.line("next try", when("next_try"));
    c.line("reason", text_of(of, "reason"));
    c.line("who must act", text_of(of, "who_must_act"));
    c.line("agency", text_of(of, "agency"));
    c.line("accepted", when("accepted"));
    c.line("arrived", when("arrived"));
    c.line("content", joined(text_of(of, "size"), " bytes, sha256 ", text_of(of, "sha256")));
    c.line("certificate", text_of(of, "certificate"));
    c.line("delivery", text_of(of, "delivery"));
    c.line("inbound", text_of(of, "inbound"));
    c.line("our answer", text_of(of, "answer"));
}

}  // namespace ecert::ctl
