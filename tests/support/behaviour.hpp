// What a scripted partner may do with a request.
#pragma once

#include "adapters/http/message.hpp"
#include "config/clock.hpp"
#include "config/settings.hpp"

#include <cstdint>
#include <string>

namespace ecert::tests {

struct behaviour {
    enum class act {
        pass,          // to the handler that behaves
        answer,        // `response`, well formed
        raw,           // `text` as it is, then the end of the connection
        silence,       // reads all, says nothing until the other side leaves
        deafness,      // does not even read the body
        trickle,       // an answer, a byte every `pause`
        flood,         // an answer of `size` bytes
        reset_before,  // a reset when the head has come
        reset_after,   // a reset when the body has come
        half_a_reply,  // a reset in the middle of the answer
    };
    act what = act::pass;
    http::response response;
    std::string text;
    duration pause{0};  // of trickle; before anything else otherwise
    std::uint64_t size = 0;
    bool length_told = true;

    static behaviour pass();
    static behaviour answer(int status, std::string body = {}, std::string type = "text/plain");
    static behaviour raw(std::string text);
    static behaviour silence();
    static behaviour deafness();
    static behaviour trickle(duration every = 1s);
    static behaviour flood(std::uint64_t size = 1 * gib, bool length_told = true);
    static behaviour reset_before_body();
    static behaviour reset_after_body();
    static behaviour half_a_reply();

    static behaviour busy(unsigned retry_after_seconds);  // 503
    static behaviour unauthorised();                      // 401
    static behaviour bad_gateway();                       // 502 in HTML
    static behaviour too_large();                         // 413, without reading the body
    // A SOAP 1.2 fault with this code, under this status: 500 is right, 200 is what some send.
    static behaviour fault(std::string code, std::string text, int status = 500);

    behaviour after(duration delay) &&;  // does nothing for so long first
};

}  // namespace ecert::tests
