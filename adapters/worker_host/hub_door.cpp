#include "adapters/worker_host/hub_door.hpp"

#include "config/utf8.hpp"

#include <fmt/format.h>

namespace ecert::worker {
namespace {

constexpr std::size_t longest_reason = 300;

}  // namespace

result<std::shared_ptr<http::client>> hub_door::read(const adapter_settings& told) const {
    if (told.hub.empty()) return std::shared_ptr<http::client>{};
    http::client_settings settings;
    settings.endpoint = told.hub;
    settings.tls.tls_certificate = told.tls_certificate;
    settings.tls.tls_key = told.tls_key;
    settings.tls.tls_ca = told.tls_ca;
    settings.spool_folder = spool_folder_;
    settings.connections = connections_;
    auto made = http::make_client(on_, std::move(settings), work_);
    if (!made) return made.error();
    return std::shared_ptr<http::client>{std::move(made).value()};
}

void hub_door::adopt(std::shared_ptr<http::client> next) {
    close();
    client_ = std::move(next);
}

awaitable<http::reply_received> hub_door::send(http::call what) {
    const auto over = client_;
    if (!over) {
        http::reply_received none;
        none.error = "[adapter] hub of node.toml names no hub";
        co_return none;
    }
    co_return co_await over->send(std::move(what));
}

void hub_door::close() {
    if (client_) client_->close();
    client_.reset();
}

std::string reason_of(const http::reply_received& said) {
    if (said.stage != http::stage::replied) return said.error;
    const auto* text = said.body ? said.body->in_memory() : nullptr;
    return fmt::format("it answered {} {}", said.status,
                       text ? valid_utf8(*text, longest_reason) : std::string{});
}

}  // namespace ecert::worker
