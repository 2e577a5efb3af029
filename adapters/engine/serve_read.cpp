#include "adapters/engine/carried.hpp"
#include "adapters/engine/engine.hpp"
#include "adapters/engine/reading.hpp"
#include "adapters/engine/security.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace ecert::engine {
namespace {

constexpr std::size_t longest_field = 4096, longest_id = 512;

using read_result = boost::system::result<served, fault>;

fault sender(std::string subcode, std::string text, std::string relates_to = {}) {
    return {true, std::move(subcode), std::move(text), std::nullopt, std::move(relates_to)};
}

// Reads one request: each step adds to `all_` or says what is wrong.
class request_reading {
  public:
    request_reading(const tools& with, const channel& over, time_point now)
        : with_{with}, over_{over}, now_{now} {}

    read_result operator()(crypto::source_ptr body) {
        if (auto wrong = parse(std::move(body))) return *wrong;
        for (auto step : {&request_reading::understand, &request_reading::prove,
                          &request_reading::address, &request_reading::find_operation,
                          &request_reading::extract, &request_reading::take_content})
            if (auto wrong = (this->*step)()) {
                wrong->relates_to = read_.addressing.message_id;
                return *wrong;
            }
        all_.dialect = over_.dialect;
        return std::move(all_);
    }

  private:
    using problem_found = std::optional<fault>;

    problem_found parse(crypto::source_ptr body) {
        std::vector<crypto::xml::name> content;
        for (const auto& each : over_.dialect->serves)
            if (!each.content.local.empty()) content.push_back(each.content);
        if (!body) return sender("InvalidMessage", "the request has no body");
        auto read = soap::read(std::move(body), over_.dialect->soap,
                               message_options(with_, std::move(content)));
        if (read) {
            read_ = std::move(*read);
            return std::nullopt;
        }
        if (read.error().kind == failure_kind::conflict)
            return sender("VersionMismatch", read.error().text);
        return sender("InvalidMessage", read.error().text);
    }

    problem_found understand() {
        const auto* profile = find_security(over_.dialect->security);
        for (const auto& header : read_.demanded)
            if (!profile->understands(header))
                return sender("MustUnderstand", "this header is not understood: " + header);
        return std::nullopt;
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
        all_.message_id = proof_.addressing.message_id;
        all_.relates_to = proof_.addressing.relates_to;
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
        const auto& action = proof_.addressing.action;
        if (over_.dialect->addressing && action != all_.operation->action)
            return sender("ActionMismatch",
                          "wsa:Action must be " + all_.operation->action + " for this Body");
        return std::nullopt;
    }

    problem_found extract() {
        for (const auto& [name, where] : all_.operation->fields) {
            auto text = where.string(proof_.body);
            if (text.size() > longest_field) return sender("InvalidMessage", name + " is too long");
            all_.fields[name] = std::move(text);
        }
        const auto field = [&](const char* name) {
            const auto at = all_.fields.find(name);
            return at == all_.fields.end() ? std::string{} : at->second;
        };
        all_.envelope.from = field("from");
        all_.envelope.to = field("to");
        all_.envelope.number = field("number");
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
                      fmt::format("{} is no code: '{}'", name, text.substr(0, 40)));
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
        if (found.size() != 1)
            return sender("InvalidMessage",
                          fmt::format("{} elements {} where one is right", found.size(),
                                      all_.operation->content.local));
        const auto encoding = all_.fields["content_encoding"];
        auto bytes = unpack(found[0]->content ? found[0]->content : crypto::from_memory({}),
                            encoding, with_.spool_folder, with_.limits.spool_threshold);
        if (!bytes) return sender("InvalidMessage", bytes.error().text);
        all_.content = (*bytes)->in_memory() ? *bytes : let_go_on(with_.work, *bytes);
        return hold_declared();
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

awaitable<read_result> read_request(tools with, channel_ptr over, const http::request_head&,
                                    crypto::source_ptr body) {
    auto read = [&] { return request_reading{with, *over, with.time.now()}(body); };
    co_return co_await on_pool(with.work, read);
}

}  // namespace ecert::engine
