// What tasks and outcomes share, both ways. Inside queue/wire only.
#pragma once

#include "config/result.hpp"
#include "queue/content.hpp"
#include "queue/envelope.hpp"
#include "queue/outcome.hpp"
#include "queue/wire/fields.hpp"

#include <optional>
#include <string>

namespace ecert::queue::wire {

constexpr std::int64_t version = 1;

boost::json::object object_of(const content_ref& c);
boost::json::object object_of(const envelope& e);
boost::json::object object_of(const exchange_record& x);

content_ref content_from(fields from);
envelope envelope_from(fields from);
exchange_record exchange_from(fields from);

// The document, when it is a JSON object of our version. failure_kind::conflict: of another
// version.
result<boost::json::value> open_document(std::string_view bytes, std::string_view what);

}  // namespace ecert::queue::wire
