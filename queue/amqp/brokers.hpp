// Which broker is next, and when. Inside queue/amqp only. Thread rule: one thread.
#pragma once

#include "config/result.hpp"
#include "config/secret.hpp"
#include "config/settings.hpp"

#include <filesystem>
#include <random>
#include <string>
#include <utility>

namespace ecert::queue::amqp {

std::pair<std::string, int> host_and_port(const std::string& broker);
result<secret> password_in(const std::filesystem::path& file);  // its first line

// Starts at a random one, so that many clients spread over a cluster.
class brokers {
  public:
    explicit brokers(const amqp_settings& of);
    const std::string& current() const { return of_.brokers[at_]; }
    // The connection to the current one failed, or ended after `lasted`. Gives the pause before the
    // next: none within a round; a connection that held for a while begins anew.
    duration lost(duration lasted);

  private:
    const amqp_settings& of_;
    std::mt19937_64 chance_{std::random_device{}()};
    std::size_t at_ = 0;
    unsigned failed_ = 0;  // in a row
};

}  // namespace ecert::queue::amqp
