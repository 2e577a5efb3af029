// The routing header of a certificate, as both sides of every exchange use it.
#pragma once

#include <string>

namespace ecert::queue {

struct envelope {
    std::string from;  // country or body, the sender's code on the channel
    std::string to;
    std::string
        number;    // certificate number: opaque bytes (slashes, any script); escaped at every sink
    int type = 0;  // UNTDID 1001: 851, 657, 853 ...
    int status = 0;  // UNTDID 4405: 70 issued, 40 withdrawn ...
    bool operator==(const envelope&) const = default;
};

}  // namespace ecert::queue
