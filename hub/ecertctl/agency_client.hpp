// One connection to an agency's door, and files as bodies.
#pragma once

#include "adapters/http/client.hpp"
#include "hub/ecertctl/agency.hpp"
#include "hub/ecertctl/ask.hpp"

#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <memory>

namespace ecert::ctl {

class agency_client {
  public:
    // Failure: the URL, a file of the door, or TLS itself.
    static result<std::unique_ptr<agency_client>> open(const agency_door& door, language in);
    http::reply_received send(http::call what);
    const std::string& url() const { return url_; }

  private:
    explicit agency_client(const agency_door& door, language in) : url_{door.url}, in_{in} {}
    std::string url_;
    language in_;
    boost::asio::io_context loop_{1};
    pool work_{1};
    std::unique_ptr<http::client> client_;
};

// The file is read once for its digest here, and again as it is sent. Failure: it cannot be read,
// or is empty.
result<crypto::source_ptr> file_as_source(const std::filesystem::path& file);

}  // namespace ecert::ctl
