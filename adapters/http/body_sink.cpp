#include "adapters/http/body_sink.hpp"

namespace ecert::http {
namespace {

constexpr std::size_t block = 256 * 1024;
constexpr std::uint64_t worth_a_hop = 128 * 1024;  // below it hashing costs less than the hop

}  // namespace

body_sink::body_sink(std::filesystem::path folder, std::uint64_t threshold, pool* work)
    : spool_{std::move(folder), threshold}, work_{work} {}

awaitable<void> body_sink::add(std::string_view bytes) {
    pending_.append(bytes);
    size_ += bytes.size();
    if (pending_.size() >= block) co_await flush();
}

awaitable<void> body_sink::flush() {
    if (pending_.empty()) co_return;
    const auto write = [this] { spool_.write(pending_); };
    if (work_ && size_ > worth_a_hop)
        co_await on_pool(*work_, write);
    else
        write();
    pending_.clear();
}

awaitable<crypto::source_ptr> body_sink::finish() {
    co_await flush();
    const auto end = [this] { return std::move(spool_).finish(); };
    if (!work_ || size_ <= worth_a_hop) co_return end();
    co_return let_go_on(*work_, co_await on_pool(*work_, end));
}

}  // namespace ecert::http
