#include "adapters/engine/security.hpp"

namespace ecert::engine {
namespace {

using crypto::wss::signed_part;

constexpr duration message_lifetime{5 * 60'000};

// Trust rests on TLS alone.
class none final : public security {
  public:
    bool signs() const override { return false; }
    bool understands(std::string_view header) const override {
        return header.starts_with("{" + std::string{crypto::wss::wsa_ns} + "}");
    }
    awaitable<result<std::string>> header(tools, channel_ptr,
                                          std::vector<signed_part>) const override {
        co_return std::string{};
    }
    proof prove(const soap::received& what, const channel&, time_point) const override {
        proof all;
        all.held = true;
        all.body = what.message.body;
        all.addressing = what.addressing;
        return all;
    }
};

// WS-Security with an X.509 token: crypto/wss does the work.
class wss_x509 final : public security {
  public:
    bool signs() const override { return true; }
    bool understands(std::string_view header) const override {
        return header.starts_with("{" + std::string{crypto::wss::wsa_ns} + "}") ||
               header == "{" + std::string{crypto::wss::wsse_ns} + "}Security";
    }
    awaitable<result<std::string>> header(tools with, channel_ptr over,
                                          std::vector<signed_part> parts) const override {
        auto soap_ns = std::string{soap::namespace_of(over->dialect->soap)};
        co_return co_await crypto::wss::make_security_header(
            std::move(parts), *over->keys, over->profile.signing_key, with.time.now(),
            message_lifetime, std::move(soap_ns));
    }
    proof prove(const soap::received& what, const channel& over, time_point now) const override {
        crypto::wss::verify_policy by;
        by.signers = over.signers;
        by.skew = over.profile.timestamp_skew;
        auto verified = crypto::wss::verify(what.message, by, now);
        proof all;
        if (!verified) {
            all.code = verified.error().code;
            all.why = verified.error().text;
            return all;
        }
        all.held = true;
        all.body = verified->body;
        all.addressing = {verified->message_id, verified->to, verified->action,
                          verified->relates_to};
        all.signer = verified->signer.subject();
        all.signature = verified->signature;
        all.until = verified->expires + by.skew;
        return all;
    }
};

}  // namespace

const security* find_security(std::string_view name) {
    static const none without;
    static const wss_x509 x509;
    if (name == "none") return &without;
    if (name == "wss-x509") return &x509;
    return nullptr;
}

}  // namespace ecert::engine
