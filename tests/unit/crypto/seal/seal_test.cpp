#include "crypto/digest.hpp"
#include "crypto/seal/derive.hpp"
#include "crypto/seal/keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

using namespace ecert;
using namespace ecert::crypto;

namespace {

const std::string one(32, '\x01'), two(32, '\x02');
const std::string plain = "a task with \x00 and \xff", where = "task NL 1f0c attempt 1";

seal_keys keys(const std::string& lines) {
    auto made = seal_keys::parse(lines);
    EXPECT_TRUE(made) << made.error().text;
    return std::move(made).value();
}

std::string line(const std::string& id, const std::string& partner, const std::string& key) {
    return id + ' ' + partner + ' ' + base64_encode(key) + '\n';
}

seal_keys hub() { return keys("# of the hub\n" + line("k1", "*", one)); }

failure_kind kind_of(const result<std::string>& what) {
    EXPECT_FALSE(what);
    return what ? failure_kind::internal : what.error().kind;
}

std::string file(const std::string& name) {
    std::ifstream in{std::string{ECERT_SOURCE_DIR} + "/tests/unit/crypto/seal/golden/" + name,
                     std::ios::binary};
    EXPECT_TRUE(in) << name;
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

TEST(seal, what_was_sealed_opens_again) {
    for (std::size_t size : {0u, 1u, 15u, 16u, 17u, 100'000u}) {
        const std::string text(size, 'x');
        const auto made = hub().seal("NL", where, text);
        ASSERT_TRUE(made);
        EXPECT_EQ(hub().open("NL", where, *made).value(), text) << size;
    }
}

TEST(seal, the_same_text_is_never_sealed_to_the_same_bytes) {
    EXPECT_NE(hub().seal("NL", where, plain).value(), hub().seal("NL", where, plain).value());
}

TEST(seal, a_flip_of_any_bit_is_seen) {
    const auto good = hub().seal("NL", where, plain).value();
    for (std::size_t at = 0; at < good.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            auto bad = good;
            bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
            EXPECT_FALSE(hub().open("NL", where, bad)) << at << ' ' << bit;
        }
}

TEST(seal, no_beginning_of_it_opens_and_nothing_may_follow) {
    const auto good = hub().seal("NL", where, plain).value();
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(hub().open("NL", where, std::string_view{good}.substr(0, size))) << size;
    EXPECT_EQ(kind_of(hub().open("NL", where, good + 'x')), failure_kind::untrusted);
}

TEST(seal, other_associated_data_does_not_open_it) {
    const auto made = hub().seal("NL", where, plain).value();
    for (const std::string other :
         {"", "task NL 1f0c attempt 2", "outcome NL 1f0c attempt 1", "task NL 1f0c attempt 1 "})
        EXPECT_EQ(kind_of(hub().open("NL", other, made)), failure_kind::untrusted) << other;
}

TEST(seal, the_end_of_the_key_id_is_not_the_beginning_of_anything_else) {
    const auto made = hub().seal("NL", "xyz", plain).value();
    EXPECT_FALSE(hub().open("NL", "yz", made));
}

TEST(seal, another_partners_key_does_not_open_it) {
    const auto made = hub().seal("NL", where, plain).value();
    EXPECT_EQ(kind_of(hub().open("NZ", where, made)), failure_kind::untrusted);
}

TEST(seal, a_worker_host_opens_its_own_partners_and_no_other) {
    const auto worker = keys(hub().lines_for("NL").value().reveal());
    EXPECT_EQ(worker.open("NL", where, hub().seal("NL", where, plain).value()).value(), plain);
    EXPECT_EQ(hub().open("NL", where, worker.seal("NL", where, plain).value()).value(), plain);
    EXPECT_EQ(kind_of(worker.open("NZ", where, hub().seal("NZ", where, plain).value())),
              failure_kind::not_found);
    EXPECT_EQ(kind_of(worker.seal("NZ", where, plain)), failure_kind::not_found);
    EXPECT_THAT(hub().lines_for("NL").value().reveal(),
                testing::Not(testing::HasSubstr(base64_encode(one))));
}

TEST(seal, a_renewed_key_seals_and_the_old_one_still_opens) {
    const auto before = hub().seal("NL", where, plain).value();
    const auto renewed = keys(line("k2", "*", two) + line("k1", "*", one));
    EXPECT_EQ(renewed.open("NL", where, before).value(), plain);
    const auto after = renewed.seal("NL", where, plain).value();
    EXPECT_EQ(key_id_of(after).value(), "k2");
    EXPECT_EQ(kind_of(hub().open("NL", where, after)), failure_kind::not_found);
    const auto worker = keys(renewed.lines_for("NL").value().reveal());
    EXPECT_EQ(worker.open("NL", where, before).value(), plain);
    EXPECT_EQ(worker.open("NL", where, after).value(), plain);
}

TEST(seal, another_key_under_the_same_id_does_not_open_it) {
    const auto made = hub().seal("NL", where, plain).value();
    EXPECT_EQ(kind_of(keys(line("k1", "*", two)).open("NL", where, made)), failure_kind::untrusted);
}

TEST(seal, what_is_no_sealed_message_is_called_so) {
    for (const std::string bytes : {"", "{\"v\":1}", "ECS", "ECS\x02", "ECS\x01"})
        EXPECT_EQ(kind_of(hub().open("NL", where, bytes)), failure_kind::invalid) << bytes;
}

// Made by another implementation (Python's cryptography): golden/make.py.
TEST(seal, form_1_is_what_it_was) {
    const auto held = keys(file("keys"));
    EXPECT_EQ(held.open("NL", file("associated"), file("sealed_v1")).value(), file("plain"));
    EXPECT_EQ(sealed(derive(secret{std::string(32, '\x2a')}, "2026", "NL"), "2026",
                     file("associated"), file("plain"), "nonce 12byte"),
              file("sealed_v1"));
}

TEST(seal_keys, a_file_that_is_wrong_says_where) {
    const auto text_of = [](const std::string& lines) {
        const auto made = seal_keys::parse(lines);
        EXPECT_FALSE(made) << lines;
        return made ? std::string{} : made.error().text;
    };
    EXPECT_THAT(text_of("# nothing\n\n"), testing::HasSubstr("no key"));
    EXPECT_THAT(text_of("\nk1 *\n"), testing::HasSubstr("line 2"));
    EXPECT_THAT(text_of(line("k1", "*", "short")), testing::HasSubstr("32 bytes"));
    EXPECT_THAT(text_of("k1 * not-base64!\n"), testing::HasSubstr("32 bytes"));
    EXPECT_THAT(text_of(line("k1", "*", one) + line("k1", "*", two)), testing::HasSubstr("twice"));
    EXPECT_THAT(text_of(line(std::string(65, 'k'), "*", one)), testing::HasSubstr("64"));
}

TEST(seal_keys, a_file_that_is_not_there_is_said) {
    EXPECT_EQ(seal_keys::read("/nowhere/at/all").error().kind, failure_kind::not_found);
}
