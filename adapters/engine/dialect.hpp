// A dialect: a protocol family as a folder of data. dialect.toml names the operations; call/,
// serve/ and translate/ hold their stylesheets; fixtures/ holds replies with the outcome each must
// give. The engine knows no dialect by name.
//
// Immutable after loading; shared by all threads; an attempt keeps the one it began with. The
// format is in adapters/dialects/README.md.
#pragma once

#include "adapters/http/client.hpp"
#include "adapters/soap/names.hpp"
#include "config/problem.hpp"
#include "config/settings.hpp"
#include "crypto/digest.hpp"
#include "crypto/xml/stylesheet.hpp"
#include "crypto/xml/xpath.hpp"
#include "queue/outcome.hpp"
#include "queue/task.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ecert::engine {

using soap_version = soap::version;

// One line of an operation's table: first match wins. Unset members match anything.
struct reply_rule {
    http::stage stage = http::stage::replied;
    std::vector<int> status;  // HTTP
    std::vector<std::string>
        fault;  // local names of a fault's code or subcode; "*": any fault; "none": no fault
    std::optional<bool> verified;            // the security profile held
    std::optional<crypto::xml::xpath> when;  // over Body
    queue::outcome_class outcome{};
    queue::outcome_scope scope = queue::outcome_scope::task;
    std::optional<crypto::xml::xpath> reference, text, warning, digest, size;
    unsigned line = 0;  // in dialect.toml, for messages
};

// What an operation needs to know of its task: one of call_facts.
struct need {
    std::string fact;
    std::string value;  // empty: any but the empty one
};

struct call_operation {
    queue::verb verb{};
    std::string name, action;
    std::vector<need> needs;  // all of them; of several operations of a verb, the first that has
                              // what it needs is called
    crypto::xml::stylesheet body;
    std::vector<reply_rule> rules;
    std::optional<crypto::xml::xpath> each;  // list: the entries, at Body
    crypto::xml::name content;               // fetch: the element whose text is the certificate
    std::map<std::string, crypto::xml::xpath>
        fields;  // list: at each entry; fetch: at Body: from to number type status reference
};

// What a task says of itself: reference, confirmation, and its partner's parameters
// ("parameter.x").
std::map<std::string, std::string> call_facts(const queue::task& of, const partner_settings& to);

// The variables of every XPath of a call: $from $to $number $type $status $reference, as they were
// sent.
extern const std::set<std::string> call_variables;

// What can be asked of us: the verbs of a task, and two that no task carries.
enum class serve_verb { deliver, track, list, fetch, confirm, respond, validate, lookup };
std::string_view name_of(serve_verb v);

// How content lies in its element: as its text, as base64, or as the element itself.
enum class content_form { text, base64, typed };

// How a request of theirs is read: XPath at Body; content names the element that holds the
// certificate.
struct serve_operation {
    serve_verb verb{};
    std::string variant;  // one of several of a verb: list "sent", "offered" ...; empty: the plain
    std::string name, action, reply_action;
    crypto::xml::name request;             // first child of Body: tells the operation
    crypto::xml::name content;             // empty: none
    std::vector<content_form> content_as;  // tried in turn; empty: the field content_encoding says
    std::map<std::string, crypto::xml::xpath>
        fields;  // from to number type status reference answer_status answer_reason relates_to ...
    std::map<std::string, std::string> tracking;  // their word -> what it means
    bool refuses_in_reply = false;  // a certificate we do not take is told in the reply, not by a
                                    // fault
    crypto::xml::stylesheet reply;
};

// Stands in a dialect's WSDL where the address of the endpoint goes.
constexpr std::string_view wsdl_address = "urn:ecert:address";

struct dialect {
    std::string name;
    std::filesystem::path folder;
    soap_version soap = soap_version::v1_2;  // of what we call
    std::vector<soap_version> served{soap};  // taken when we are asked; answered in the same
    std::string security = "none";           // name of a profile: security.hpp
    bool addressing = true;            // WS-Addressing headers; a reply relates to our MessageID
    bool message_id = true;            // the contract carries our message id: a repeat can be known
    bool delivered_completes = false;  // by its use authorities seldom answer: what a delivery is
                                       // complete with where the partner's profile does not say
    std::string fault_namespace;       // of the subcodes we answer with
    crypto::xml::stylesheet fault_detail;  // makes the one child of a fault's detail; empty: none
    std::string wsdl;                      // what ?wsdl answers, but for the address; empty: none
    bool agencies = false;                 // its operations are served to agencies, too
    std::vector<call_operation> calls;
    std::vector<serve_operation> serves;
    std::map<std::string, crypto::xml::stylesheet> translations;
    crypto::sha256 digest;  // of parsed values and stylesheet bytes
    bool calls_for(queue::verb v) const;
    // Null: there is none for the verb, or none has what it needs.
    const call_operation* call(queue::verb v,
                               const std::map<std::string, std::string>& facts) const;
    const serve_operation* serve(const crypto::xml::name& request) const;
};
using dialect_ptr = std::shared_ptr<const dialect>;

struct loaded_dialects {
    std::map<std::string, dialect_ptr> all;
    problems found;  // file, line, and what is wrong; a dialect with errors is not in `all`
};
// Each folder holds dialects, one a folder; a folder that is not there holds none. The same name in
// two folders is an error. Fixtures are run: a reply that gives another outcome is an error.
loaded_dialects load_dialects(const std::vector<std::filesystem::path>& folders);

}  // namespace ecert::engine
