// Foreign bytes made fit for a log line or a terminal: certificate numbers and peers' texts are
// opaque and may be anything.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ecert {

// At most `most` bytes of the text, cut between characters; every byte that is no part of valid
// UTF-8 becomes U+FFFD.
std::string valid_utf8(std::string_view text, std::size_t most);

}  // namespace ecert
