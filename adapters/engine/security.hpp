// Security profiles: a small closed set, written in C++. A profile says how a message is signed and
// what of a received one is proven; everything else about a dialect is data.
//
// Thread rule: profiles are immutable and shared. header() awaits the signer; prove() is pool work.
#pragma once

#include "adapters/engine/engine.hpp"
#include "adapters/soap/read.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ecert::engine {

// What of a received message holds. Callers read body and addressing from here and from nowhere
// else.
struct proof {
    bool held = false;
    std::string code, why;  // when it does not: fault code and text for the sender
    crypto::xml::node body;
    soap::addressing addressing;
    std::string signer;        // subject; empty where the profile knows none
    crypto::sha256 signature;  // for the replay cache; zero where there is none
    time_point until{};        // a repeat of that signature can be taken for fresh until then
};

class security {
  public:
    virtual ~security() = default;
    virtual bool signs() const = 0;
    virtual bool understands(
        std::string_view header) const = 0;  // {namespace}local with mustUnderstand
    // The Security element over these parts; empty where the profile has none.
    virtual awaitable<result<std::string>> header(
        tools with, channel_ptr over, std::vector<crypto::wss::signed_part> parts) const = 0;
    virtual proof prove(const soap::received& what, const channel& over, time_point now) const = 0;
};

// nullptr: no such profile.
const security* find_security(std::string_view name);

}  // namespace ecert::engine
