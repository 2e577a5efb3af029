// Content as it was taken in: the very bytes, streamed, with their digest as the entity tag.
#pragma once

#include "adapters/http/message.hpp"

namespace ecert::hub {

// 304 where If-None-Match names the digest.
http::response content_response(crypto::source_ptr content, const http::request_head& asked);

}  // namespace ecert::hub
