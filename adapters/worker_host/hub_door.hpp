// The way to the hub: HTTP over mutual TLS to `hub` of [adapter].
//
// Thread rule: one executor. Without a hub in the settings every call ends before it began.
#pragma once

#include "adapters/http/client.hpp"
#include "config/pool.hpp"
#include "config/result.hpp"
#include "config/settings.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <memory>

namespace ecert::worker {

constexpr const char* token_field = "Ecert-Task-Token";

class hub_door {
  public:
    hub_door(boost::asio::any_io_executor on, pool& work, std::filesystem::path spool_folder,
             unsigned connections)
        : on_{std::move(on)},
          work_{work},
          spool_folder_{std::move(spool_folder)},
          connections_{connections} {}

    // A client by these settings, its TLS files read now; null where they name no hub.
    result<std::shared_ptr<http::client>> read(const adapter_settings& told) const;
    // In the place of what was there; calls under way end as they began.
    void adopt(std::shared_ptr<http::client> next);
    bool known() const { return client_ != nullptr; }
    awaitable<http::reply_received> send(http::call what);
    void close();

  private:
    boost::asio::any_io_executor on_;
    pool& work_;
    std::filesystem::path spool_folder_;
    unsigned connections_;
    std::shared_ptr<http::client> client_;
};

// What an answer without success says, for people: status and text, or what ended the call.
std::string reason_of(const http::reply_received& said);

}  // namespace ecert::worker
