// Makes signed messages, honest ones and others: every piece of the Security header can be replaced
// before it is signed, so that a test may play a partner with a valid key and bad manners.
#pragma once

#include "config/pool.hpp"
#include "crypto/keys/signer.hpp"
#include "crypto/wss/security.hpp"
#include "tests/unit/crypto/keys/development_pki.hpp"

#include <functional>
#include <string>
#include <vector>

namespace ecert::testing {

inline constexpr std::string_view soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
inline constexpr std::string_view soap12 = "http://www.w3.org/2003/05/soap-envelope";

// A part as it will be written: its own canonical form.
struct written_part {
    std::string id;
    std::string text;
};
written_part addressing(const std::string& local, const std::string& value);
written_part body(std::string_view soap, const std::string& inside);

struct signed_reference {
    std::string uri;  // "#id"
    std::string digest;
    std::string transforms =
        R"(<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform>)";
    std::string digest_method = "http://www.w3.org/2001/04/xmlenc#sha256";
};

struct recipe {
    std::string soap{soap12};
    std::string envelope_start;  // empty: one with usual prefixes
    std::vector<written_part> headers;
    written_part body;
    std::string key_id = "CN";    // signs
    std::string token_of = "CN";  // whose certificate the token is
    time_point created, expires;
    std::string timestamp;  // empty: made from the two
    std::string canonicalisation = "http://www.w3.org/2001/10/xml-exc-c14n#";
    std::string signature_method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    std::string key_info;      // empty: a direct reference to the token
    std::string token_type;    // empty: X509v3
    std::string in_security;   // more children of wsse:Security
    std::string in_signature;  // more children of ds:Signature
    std::string security_attributes;
    std::function<void(std::vector<signed_reference>&)> edit_references;
};

class workshop {
  public:
    workshop();
    const development_pki& pki() const { return pki_; }
    crypto::signer& signer() { return *signer_; }
    time_point now() const { return now_; }

    // Four addressing headers and a Body with a little content, valid from now on for five minutes.
    recipe honest() const;
    // As production makes it.
    std::string sign_by_the_node(const recipe& of);
    // By hand.
    std::string sign(const recipe& of);
    std::string security(const recipe& of);
    std::string envelope(const recipe& of, const std::string& header,
                         const std::string& body) const;

    result<crypto::xml::message> read(const std::string& message,
                                      std::string_view soap = soap12) const;
    crypto::wss::verify_policy policy() const;
    // "" or the fault code; "unread: ..." when the reader refused already.
    std::string verdict(const std::string& message, std::string_view soap = soap12) const;
    std::string verdict_at(time_point when, const std::string& message) const;
    // The text that goes with it.
    std::string reason(const std::string& message) const;

  private:
    development_pki pki_;
    pool pool_{1};
    std::shared_ptr<crypto::signer> signer_;
    time_point now_;
};

// One for the whole program: its keys take a second to make.
workshop& the_workshop();

std::string replaced(std::string in, const std::string& what,
                     const std::string& by);  // exactly once, or throws

}  // namespace ecert::testing
