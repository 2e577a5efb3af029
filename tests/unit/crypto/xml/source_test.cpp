#include "crypto/source.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <system_error>
#include <thread>

namespace ecert::crypto {
namespace {

namespace fs = std::filesystem;

class sources : public testing::Test {
  protected:
    sources() { fs::create_directories(folder); }
    ~sources() override { fs::remove_all(folder); }
    fs::path folder = fs::temp_directory_path() / ("sources-" + sha256_of(random_bytes(16)).hex());
};

std::string sample(std::size_t size) {
    std::string out;
    while (out.size() < size) out += std::to_string(out.size()) + " ";
    out.resize(size);
    return out;
}

std::string in_steps(const source& s, std::size_t step) {
    std::string out, buffer(step, '\0');
    while (const auto got = s.read(out.size(), buffer)) out.append(buffer, 0, got);
    return out;
}

TEST_F(sources, a_spool_under_its_threshold_makes_no_file) {
    spool s{folder / "absent", 100};
    s.write(sample(100));
    const auto made = std::move(s).finish();
    EXPECT_EQ(*made->in_memory(), sample(100));
    EXPECT_EQ(made->digest(), sha256_of(sample(100)));
}

TEST_F(sources, a_spool_over_its_threshold_leaves_no_name_in_the_folder) {
    spool s{folder, 100};
    const auto all = sample(300'000);
    for (std::size_t at = 0; at < all.size(); at += 777)
        s.write(std::string_view{all}.substr(at, 777));
    EXPECT_EQ(s.size(), all.size());
    EXPECT_TRUE(fs::is_empty(folder));
    const auto made = std::move(s).finish();
    EXPECT_EQ(made->in_memory(), nullptr);
    EXPECT_EQ(made->size(), all.size());
    EXPECT_EQ(made->digest(), sha256_of(all));
    EXPECT_EQ(in_steps(*made, 1000), all);
    EXPECT_EQ(read_all(*made, all.size()), all);
}

TEST_F(sources, a_spool_without_its_folder_says_so) {
    spool s{folder / "absent", 10};
    EXPECT_THROW(s.write(sample(11)), std::system_error);
}

TEST_F(sources, a_file_goes_with_its_last_owner_if_it_is_told_to) {
    const auto file = folder / "content";
    for (const bool unlink : {false, true}) {
        std::ofstream{file} << "0123456789";
        {
            const auto s = from_file(file, 10, sha256_of("0123456789"), unlink);
            const auto second = s;
            EXPECT_EQ(in_steps(*second, 3), "0123456789");
            EXPECT_TRUE(fs::exists(file));
        }
        EXPECT_EQ(fs::exists(file), !unlink);
    }
    EXPECT_THROW(from_file(folder / "absent", 1, {}, false), std::system_error);
}

TEST_F(sources, a_file_that_was_cut_is_no_endless_loop) {
    const auto file = folder / "content";
    std::ofstream{file} << "0123";
    EXPECT_THROW(read_all(*from_file(file, 10, {}, false), 100), std::runtime_error);
}

TEST_F(sources, pieces_read_as_one_at_any_offset) {
    spool s{folder, 0};
    s.write(sample(500'000));
    const auto file = std::move(s).finish();
    const auto memory = from_memory(sample(1000));
    const auto made = from_pieces(
        {"head", slice{file, 10, 400'000}, "", slice{memory, 990, 10}, slice{file, 0, 0}, "tail"});
    const auto expected =
        "head" + sample(500'000).substr(10, 400'000) + sample(1000).substr(990) + "tail";
    EXPECT_EQ(made->size(), expected.size());
    EXPECT_EQ(made->digest(), sha256_of(expected));
    EXPECT_EQ(in_steps(*made, 4097), expected);
    for (const std::size_t at : {0u, 3u, 4u, 399'999u, 400'004u, 400'013u, 400'017u}) {
        char c = 0;
        ASSERT_EQ(made->read(at, {&c, 1}), 1u);
        EXPECT_EQ(c, expected[at]);
    }
    char c;
    EXPECT_EQ(made->read(expected.size(), {&c, 1}), 0u);
}

TEST_F(sources, small_pieces_become_one_string) {
    EXPECT_EQ(*from_pieces({"a", slice{from_memory("xbx"), 1, 1}, "c"})->in_memory(), "abc");
    EXPECT_EQ(*from_pieces({})->in_memory(), "");
}

TEST_F(sources, a_slice_beyond_its_source_is_an_error) {
    EXPECT_THROW(from_pieces({slice{from_memory("abc"), 1, 3}}), std::runtime_error);
    EXPECT_THROW(from_pieces({slice{from_memory("abc"), 9, 1}}), std::runtime_error);
    spool s{folder, 0};
    s.write("abc");
    EXPECT_THROW(from_pieces({slice{std::move(s).finish(), 1, 3}}), std::runtime_error);
}

TEST_F(sources, read_all_keeps_its_limit) {
    EXPECT_EQ(read_all(*from_memory("abc"), 3), "abc");
    EXPECT_THROW(read_all(*from_memory("abcd"), 3), std::length_error);
}

TEST_F(sources, several_threads_may_read_and_ask_for_the_digest) {
    const auto s = from_memory(sample(100'000));
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            EXPECT_EQ(s->digest(), sha256_of(sample(100'000)));
            EXPECT_EQ(in_steps(*s, 999), sample(100'000));
        });
    for (auto& t : threads) t.join();
}

}  // namespace
}  // namespace ecert::crypto
