#include "adapters/engine/carried.hpp"
#include "adapters/engine/engine.hpp"
#include "adapters/engine/reading.hpp"
#include "adapters/engine/security.hpp"
#include "config/log.hpp"
#include "config/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <system_error>

namespace ecert::engine {
namespace {

constexpr std::size_t longest_field = 4096, longest_id = 512;
constexpr unsigned busy_retry_seconds = 30;

using read_result = boost::system::result<served, fault>;

// Words for people: too many of them are cut. What identifies is refused instead.
bool is_explanation(std::string_view field) { return field == "text" || field == "answer_reason"; }

fault sender(std::string subcode, std::string text, std::string relates_to = {}) {
    return {true, std::move(subcode), std::move(text), std::nullopt, std::move(relates_to)};
}

// Inside a number white space may mean something; around it, it is the writer's layout.
std::string trimmed(std::string_view text) {
    constexpr std::string_view white = " \t\r\n";
    const auto first = text.find_first_not_of(white);
    if (first == text.npos) return {};
    return std::string{text.substr(first, text.find_last_not_of(white) - first + 1)};
}

// Reads one request: each step adds to `all_` or says what is wrong.
class request_reading {
  public:
    request_reading(const tools& with, const channel& over, time_point now)
        : with_{with}, over_{over}, now_{now} {}

    read_result operator()(crypto::source_ptr body, std::string_view content_type) {
        if (auto wrong = parse(std::move(body))) {
            wrong->spoken = probably_spoken(content_type);
            return *wrong;
        }
        all_.spoken = read_.spoken;
        for (auto step : {&request_reading::understand, &request_reading::prove,
                          &request_reading::address, &request_reading::find_operation,
                          &request_reading::extract, &request_reading::take_content})
            if (auto wrong = (this->*step)()) {
                wrong->relates_to = read_.addressing.message_id;
                wrong->spoken = read_.spoken;
                return *wrong;
            }
        all_.dialect = over_.dialect;
        return std::move(all_);
    }

  private:
    using problem_found = std::optional<fault>;

    problem_found parse(crypto::source_ptr body) {
        std::vector<crypto::xml::name> content, typed;
        for (const auto& each : over_.dialect->serves) {
            if (each.content.local.empty()) continue;
            const bool whole = std::ranges::count(each.content_as, content_form::typed) > 0;
            (whole ? typed : content).push_back(each.content);
        }
        if (!body) return sender("InvalidMessage", "the request has no body");
        auto read = soap::read(std::move(body), over_.dialect->served,
                               message_options(with_, std::move(content), std::move(typed)));
        if (read) {
            read_ = std::move(*read);
            return std::nullopt;
        }
        if (read.error().kind == failure_kind::conflict)
            return sender("VersionMismatch", read.error().text);
        return sender("InvalidMessage", read.error().text);
    }

    // Of a message that could not be read: as its media type says, if we speak that.
    soap_version probably_spoken(std::string_view content_type) const {
        const auto& served = over_.dialect->served;
        const bool later = content_type.starts_with("application/soap+xml");
        const auto said = later ? soap_version::v1_2 : soap_version::v1_1;
        return std::ranges::count(served, said) > 0 ? said : served.front();
    }

    problem_found understand() {
        const auto* profile = find_security(over_.dialect->security);
        for (const auto& header : read_.demanded)
            if (!profile->understands(header))
                return sender("MustUnderstand", "this header is not understood: " + header);
            else if (names_another_address(header))
                return sender("MustUnderstand",
                              header +
                                  " names an address; an answer goes back on the connection that "
                                  "asked, and nowhere else");
        return std::nullopt;
    }

    // A demanded header of WS-Addressing that would have the answer go elsewhere.
    bool names_another_address(std::string_view header) const {
        const std::string wsa{crypto::wss::wsa_ns};
        const auto all = read_.message.tree.root().child(soap::element(read_.spoken, "Header"));
        return std::ranges::any_of(all.children(), [&](const crypto::xml::node& block) {
            const bool endpoint = block.is({wsa, "ReplyTo"}) || block.is({wsa, "FaultTo"});
            return endpoint && header == fmt::format("{{{}}}{}", wsa, block.local()) &&
                   block.child({wsa, "Address"}).text() != soap::anonymous;
        });
    }

    problem_found prove() {
        proof_ = find_security(over_.dialect->security)->prove(read_, over_, now_);
        if (!proof_.held) return sender(proof_.code, proof_.why);
        all_.signature = proof_.signature;
        all_.signature_until = proof_.until;
        all_.signer = proof_.signer;
        return std::nullopt;
    }

    problem_found address() {
        if (read_.fault) return sender("InvalidMessage", "a fault is no request");
        if (over_.dialect->addressing) {
            all_.message_id = proof_.addressing.message_id;
            all_.relates_to = proof_.addressing.relates_to;
        }
        if (over_.dialect->addressing && all_.message_id.empty())
            return sender("AddressingHeaderRequired", "wsa:MessageID is missing");
        if (all_.message_id.size() > longest_id)
            return sender("InvalidMessage", "wsa:MessageID is too long");
        return std::nullopt;
    }

    problem_found find_operation() {
        const auto children = proof_.body.children();
        if (children.size() != 1)
            return sender("InvalidMessage", "Body must have exactly one child");
        const crypto::xml::name first{std::string{children[0].ns()},
                                      std::string{children[0].local()}};
        all_.operation = over_.dialect->serve(first);
        if (!all_.operation)
            return sender("ActionNotSupported",
                          "there is no operation {" + first.ns + "}" + first.local);
        if (auto wrong = once_each(children[0])) return wrong;
        for (const auto& each : children[0].children())
            if (auto wrong = once_each(each)) return wrong;
        const auto& action = proof_.addressing.action;
        if (over_.dialect->addressing && action != all_.operation->action)
            return sender("ActionMismatch",
                          "wsa:Action must be " + all_.operation->action + " for this Body");
        return std::nullopt;
    }

    // What is given twice means the one to some who read it and the other to others: neither is
    // taken.
    static problem_found once_each(const crypto::xml::node& of) {
        std::set<std::pair<std::string_view, std::string_view>> seen;
        for (const auto& each : of.children())
            if (each.children().empty() && !seen.emplace(each.ns(), each.local()).second)
                return sender("InvalidMessage",
                              fmt::format("{} stands twice in {}", each.local(), of.local()));
        return std::nullopt;
    }

    problem_found extract() {
        for (const auto& [name, where] : all_.operation->fields) {
            auto text = where.string(proof_.body);
            if (is_explanation(name)) text = valid_utf8(text, longest_field);
            if (text.size() > longest_field) return sender("InvalidMessage", name + " is too long");
            all_.fields[name] = std::move(text);
        }
        if (const auto at = all_.fields.find("tracking"); at != all_.fields.end()) {
            const auto meaning = all_.operation->tracking.find(at->second);
            const bool known = meaning != all_.operation->tracking.end();
            all_.fields["tracking_word"] = at->second;
            at->second = known ? meaning->second : std::string{};
        }
        const auto field = [&](const char* name) {
            const auto at = all_.fields.find(name);
            return at == all_.fields.end() ? std::string{} : at->second;
        };
        all_.envelope.from = field("from");
        all_.envelope.to = field("to");
        all_.envelope.number = trimmed(field("number"));
        if (all_.message_id.empty()) all_.message_id = field("message_id");
        if (auto told = field("relates_to"); !told.empty()) all_.relates_to = told;
        if (auto wrong = number("type", all_.envelope.type)) return wrong;
        return number("status", all_.envelope.status);
    }

    // A code that the dialect extracts must be one.
    problem_found number(const char* name, int& into) {
        const auto at = all_.fields.find(name);
        if (at == all_.fields.end()) return std::nullopt;
        const auto& text = at->second;
        const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), into);
        if (wrong == std::errc{} && end == text.data() + text.size() && into >= 0)
            return std::nullopt;
        return sender("InvalidMessage",
                      fmt::format("{} is no code: '{}'", name, valid_utf8(text, 40)));
    }

    bool below_body(crypto::xml::node at) const {
        while (at && at != proof_.body) at = at.parent();
        return static_cast<bool>(at);
    }

    problem_found take_content() {
        if (all_.operation->content.local.empty()) return std::nullopt;
        std::vector<const crypto::xml::content_part*> found;
        for (const auto& part : read_.message.contents)
            if (part.at.is(all_.operation->content) && below_body(part.at)) found.push_back(&part);
        if (found.empty() && !all_.operation->content_as.empty()) return std::nullopt;
        if (found.size() != 1)
            return sender("InvalidMessage",
                          fmt::format("{} elements {} where one is right", found.size(),
                                      all_.operation->content.local));
        const auto& forms = all_.operation->content_as;
        const auto text = found[0]->content ? found[0]->content : crypto::from_memory({});
        auto bytes = forms.empty() ? unpacked(text, all_.fields["content_encoding"])
                                   : as_one_of(forms, text);
        if (!bytes) return sender("InvalidMessage", bytes.error().text);
        if (auto why = too_large(**bytes, with_.limits); !why.empty())
            return sender("TooLarge", std::move(why));
        all_.content = (*bytes)->in_memory() ? *bytes : let_go_on(with_.work, *bytes);
        return hold_declared();
    }

    result<crypto::source_ptr> unpacked(const crypto::source_ptr& text,
                                        std::string_view encoding) const {
        return unpack(text, encoding, with_.spool_folder, with_.limits.spool_threshold);
    }

    // The first form that it can be read in.
    result<crypto::source_ptr> as_one_of(const std::vector<content_form>& forms,
                                         const crypto::source_ptr& text) const {
        for (const auto form : forms) {
            if (form == content_form::typed) return text;
            if (form == content_form::text) return from_declaration_on(text);
            if (auto decoded = unpacked(text, "base64")) return decoded;
        }
        return failure{failure_kind::invalid, "the content is no base64"};
    }

    // What they say the content is against what arrived.
    problem_found hold_declared() {
        const auto& size = all_.fields["content_size"];
        const auto& digest = all_.fields["content_digest"];
        const auto wrong_size = !size.empty() && size != std::to_string(all_.content->size());
        const auto wrong_digest =
            !digest.empty() && crypto::sha256::from_hex(digest) != all_.content->digest();
        if (!wrong_size && !wrong_digest) return std::nullopt;
        return sender("ContentMismatch",
                      fmt::format("the content that arrived has {} bytes and the SHA-256 {}",
                                  all_.content->size(), all_.content->digest().hex()));
    }

    const tools& with_;
    const channel& over_;
    time_point now_;
    soap::received read_;
    proof proof_;
    served all_;
};

}  // namespace

awaitable<read_result> read_request(tools with, channel_ptr over, const http::request_head& head,
                                    crypto::source_ptr body) {
    const auto type = head.fields.get("Content-Type");
    auto read = [&]() -> read_result {
        try {
            return request_reading{with, *over, with.time.now()}(body, type);
        } catch (const std::system_error& broken) {  // the spool's disk
            log::write(log::level::error, "content_not_kept",
                       {{"channel", over->profile.name}, {"reason", broken.what()}});
            return fault{false, "Busy", "What was sent cannot be kept here now",
                         busy_retry_seconds};
        }
    };
    co_return co_await on_pool(with.work, read);
}

}  // namespace ecert::engine
