// Writing messages as pieces: small canonical text around content that is spliced in. Every signed
// part is canonical by construction, so that the bytes as written are the bytes digested; a message
// of 100 MB is never a string.
//
// Guarantee: write_addressing() and make_body() give parts whose bytes are their own exclusive
// canonical form. Thread rule: split_at_content() and make_body() are pool work; the rest is cheap.
#pragma once

#include "adapters/soap/names.hpp"
#include "config/result.hpp"
#include "crypto/wss/security.hpp"
#include "crypto/xml/document.hpp"
#include "crypto/xml/splice.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ecert::soap {

// The addressing headers of a message; empty: absent.
struct addressing {
    std::string message_id;
    std::string to;
    std::string action;
    std::string relates_to;
};

struct written_header {
    std::string xml;
    crypto::wss::signed_part part;  // its wsu:Id and digest
};
std::vector<written_header> write_addressing(const addressing& from);

// The child of Body that a stylesheet made, canonical, cut where <ec:content ref=".."/> stands
// alone in its element. `contents` are what refs name. Failure (invalid): no such content, content
// beside other text, elements that would not stay canonical below Body.
result<crypto::xml::parts> split_at_content(
    const crypto::xml::document& made, version v,
    const std::map<std::string, crypto::source_ptr>& contents);

// The Body element around `inside`, measured in one pass. A Body that no signature refers to needs
// no wsu:Id: some readers know Body without attributes alone.
enum class body_id { given, none };
struct body {
    crypto::xml::parts parts;
    crypto::xml::measured measured;
    crypto::wss::signed_part part() const { return {"body", measured.digest}; }
};
body make_body(version v, crypto::xml::parts inside, body_id id = body_id::given);

// The whole message. `security` is a Security element or empty; `subcodes` is the namespace that
// prefix `f` of a fault's subcode stands for: declared on Envelope, because exclusive c14n of Body
// would drop a prefix that only text uses.
struct message {
    crypto::xml::parts parts;
    std::uint64_t size = 0;
};
message assemble(version v, const std::vector<written_header>& headers, std::string_view security,
                 body around, std::string_view subcodes = {});

}  // namespace ecert::soap
