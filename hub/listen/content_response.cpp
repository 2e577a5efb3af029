#include "hub/listen/content_response.hpp"

namespace ecert::hub {

http::response content_response(crypto::source_ptr content, const http::request_head& asked) {
    const auto tag = '"' + content->digest().hex() + '"';
    http::response answer;
    answer.fields.set("ETag", tag);
    if (asked.fields.get("If-None-Match") == tag) {
        answer.status = 304;
        return answer;
    }
    answer.fields.set("Content-Type", "application/xml");
    answer.fields.set("X-Content-Type-Options", "nosniff");
    answer.size = content->size();
    answer.body.push_back(crypto::xml::spliced{std::move(content), crypto::xml::encoding::raw});
    return answer;
}

}  // namespace ecert::hub
