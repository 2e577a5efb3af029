// What both SOAP doors do before a request is read: descriptions, methods, media types; and what is
// answered before either sees it.
#pragma once

#include "adapters/engine/channels.hpp"
#include "adapters/engine/engine.hpp"
#include "adapters/http/server.hpp"

#include <optional>
#include <string_view>

namespace ecert::hub {

// What is answered without reading the body: the service's description, 404 where the dialect has
// none, 405 for anything but POST. nullopt: it is a request to be read. `path`: where this service
// is, without the first slash.
std::optional<http::response> answer_by_head(const http::request_head& head,
                                             const engine::dialect& dialect, std::string_view path);

// Below the disk's reserve nothing new is taken in. What settles something that we have goes on, as
// long as it is small: how much of a body is read, and what is refused when it is.
struct disk_reserve {
    bool low = false;
    std::uint64_t readable(const limit_settings& limits) const;
    std::optional<engine::fault> refuse(const engine::serve_operation& operation) const;
    engine::fault refuse_body(const failure& f) const;  // a body that could not be read
};

// What the listener answers for itself (http::wording), where a dialect is served without
// signatures: a fault of its contract, under that status. There are stacks that take JSON, whatever
// its status, for a reply.
awaitable<std::optional<http::response>> worded_as_fault(engine::tools with,
                                                         engine::snapshot_ptr profiles,
                                                         const http::request_head& head, int status,
                                                         std::string_view why);

// Attachments beside the message, and what is no XML: nothing is read of it.
std::optional<engine::fault> refuse_media_type(const http::request_head& head);

}  // namespace ecert::hub
