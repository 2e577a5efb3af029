#include "tests/support/behaviour.hpp"

namespace ecert::tests {
namespace {

behaviour of(behaviour::act what) {
    behaviour made;
    made.what = what;
    return made;
}

}  // namespace

behaviour behaviour::pass() { return of(act::pass); }
behaviour behaviour::silence() { return of(act::silence); }
behaviour behaviour::deafness() { return of(act::deafness); }
behaviour behaviour::reset_before_body() { return of(act::reset_before); }
behaviour behaviour::reset_after_body() { return of(act::reset_after); }
behaviour behaviour::half_a_reply() { return of(act::half_a_reply); }

behaviour behaviour::answer(int status, std::string body, std::string type) {
    auto made = of(act::answer);
    made.response = http::reply(status, std::move(type), std::move(body));
    return made;
}

behaviour behaviour::raw(std::string text) {
    auto made = of(act::raw);
    made.text = std::move(text);
    return made;
}

behaviour behaviour::trickle(duration every) {
    auto made = of(act::trickle);
    made.pause = every;
    return made;
}

behaviour behaviour::flood(std::uint64_t size, bool length_told) {
    auto made = of(act::flood);
    made.size = size;
    made.length_told = length_told;
    return made;
}

behaviour behaviour::busy(unsigned retry_after_seconds) {
    auto made = answer(503, "later");
    made.response.fields.set("Retry-After", std::to_string(retry_after_seconds));
    return made;
}

behaviour behaviour::unauthorised() { return answer(401, "who are you?"); }

behaviour behaviour::bad_gateway() {
    return answer(502, "<html><body><h1>502 Bad Gateway</h1><hr>proxy</body></html>", "text/html");
}

behaviour behaviour::too_large() {
    return raw("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

behaviour behaviour::fault(std::string code, std::string text, int status) {
    const auto envelope =
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><s:Fault>"
        "<s:Code><s:Value>s:" +
        code + "</s:Value></s:Code><s:Reason><s:Text xml:lang=\"en\">" + text +
        "</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>";
    return answer(status, envelope, "application/soap+xml; charset=utf-8");
}

behaviour behaviour::after(duration delay) && {
    pause = delay;
    return std::move(*this);
}

}  // namespace ecert::tests
