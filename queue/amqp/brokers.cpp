#include "queue/amqp/brokers.hpp"

#include "queue/amqp/backoff.hpp"

#include <algorithm>
#include <fstream>

namespace ecert::queue::amqp {
namespace {

constexpr duration held{5'000};

}  // namespace

std::pair<std::string, int> host_and_port(const std::string& broker) {
    const auto colon = broker.rfind(':');
    if (colon == std::string::npos) return {broker, 5672};
    std::string host = broker.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    return {host, std::atoi(broker.c_str() + colon + 1)};
}

result<secret> password_in(const std::filesystem::path& file) {
    std::ifstream in{file};
    std::string line;
    if (!std::getline(in, line) || line.empty())
        return failure{failure_kind::not_found, "no password can be read from " + file.string()};
    return secret{std::move(line)};
}

brokers::brokers(const amqp_settings& of) : of_{of} {
    at_ = std::uniform_int_distribution<std::size_t>{0, of_.brokers.size() - 1}(chance_);
}

duration brokers::lost(duration lasted) {
    failed_ = lasted >= held ? 1 : failed_ + 1;
    at_ = (at_ + 1) % of_.brokers.size();
    const auto round = static_cast<unsigned>(of_.brokers.size());
    if (failed_ % round != 0) return duration{0};
    const double jitter = std::uniform_real_distribution<double>{-1, 1}(chance_);
    return pause_after(failed_ / round, of_.reconnect_first, of_.reconnect_longest, jitter);
}

}  // namespace ecert::queue::amqp
