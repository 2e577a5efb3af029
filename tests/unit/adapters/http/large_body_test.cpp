// A certificate of 100 MB, both ways: bounded memory, nothing left in the spool folder.
#include "adapters/http/body_sink.hpp"
#include "adapters/http/client.hpp"
#include "adapters/http/server.hpp"
#include "tests/unit/adapters/http/bench.hpp"

#include <gmock/gmock.h>

#include <future>

namespace ecert::http::tests {
namespace {

TEST(large_body, goes_up_and_comes_back_in_bounded_memory) {
    bench b;
    temporary_folder beside;
    constexpr std::uint64_t size = 100'000'000;
    const auto file = beside.path() / "certificate";
    crypto::sha256_digester digester;
    {
        std::ofstream out{file};
        std::string line = std::string(999, 'c') + "\n";
        for (std::uint64_t i = 0; i < size / line.size(); ++i) {
            line.replace(0, 8, std::to_string(10'000'000 + i));
            out << line;
            digester.update(line);
        }
    }
    const auto digest = std::move(digester).finish();
    const auto at = b.serving_tls([&](incoming& r) -> awaitable<response> {
        const auto body = co_await r.read_body(110 * mib);
        EXPECT_EQ(b.bodies.used(), size);
        response same;
        if (!body) co_return same;
        EXPECT_EQ((*body)->digest(), digest);
        same.size = (*body)->size();
        same.body.emplace_back(crypto::xml::spliced{*body});
        co_return same;
    });
    const auto by = b.calling(at->port(), pki::get().channel());
    call what;
    what.body.emplace_back(crypto::xml::spliced{crypto::from_file(file, size, digest, false)});
    what.size = size;
    what.reply_limit = 110 * mib;
    forget_peak();
    const auto before = peak_bytes();
    const auto got = b.run([&] { return by->send(std::move(what)); });
    const auto grown = peak_bytes() - before;
    EXPECT_EQ(got.stage, stage::replied) << got.error;
    ASSERT_NE(got.body, nullptr);
    EXPECT_EQ(got.body->size(), size);
    EXPECT_EQ(got.body->digest(), digest);
    if (memory_tells) EXPECT_LT(grown, 24 * mib);
    EXPECT_EQ(b.bodies.used(), 0u);
}

unsigned open_files_in(const std::filesystem::path& folder) {
    unsigned count = 0;
    std::error_code gone;
    for (const auto& one : std::filesystem::directory_iterator{"/proc/self/fd"})
        count += std::filesystem::read_symlink(one, gone).string().starts_with(folder.string());
    return count;
}

TEST(large_body, is_let_go_on_the_pool_whoever_had_it_last) {
    bench b;
    auto body = b.run([&]() -> awaitable<crypto::source_ptr> {
        body_sink into{b.folder.path(), 1 * mib, &b.work};
        co_await into.add(std::string(2 * mib, 'x'));
        co_return co_await into.finish();
    });
    EXPECT_EQ(open_files_in(b.folder.path()), 1u);
    std::promise<void> free;
    const auto until = free.get_future().share();
    for (int thread = 0; thread < 2; ++thread)
        boost::asio::post(b.work.executor_context(), [until] { until.wait(); });
    body.reset();
    EXPECT_EQ(open_files_in(b.folder.path()), 1u) << "closed here, in milliseconds of the loop";
    free.set_value();
    b.work.join();
    EXPECT_EQ(open_files_in(b.folder.path()), 0u);
}

}  // namespace
}  // namespace ecert::http::tests
