#include "crypto/base64.hpp"

#include "crypto/digest.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ecert::crypto {
namespace {

TEST(base64, known_answers_of_rfc_4648) {
    const std::pair<const char*, const char*> rows[] = {{"", ""},
                                                        {"f", "Zg=="},
                                                        {"fo", "Zm8="},
                                                        {"foo", "Zm9v"},
                                                        {"foob", "Zm9vYg=="},
                                                        {"fooba", "Zm9vYmE="},
                                                        {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, coded] : rows) {
        EXPECT_EQ(base64_encode(plain), coded);
        EXPECT_EQ(base64_decode(coded), plain);
    }
}

TEST(base64, white_space_is_allowed_anywhere) { EXPECT_EQ(base64_decode(" Z\r\ng\t=\n= "), "f"); }

TEST(base64, everything_else_is_refused) {
    for (const auto* text : {"Z", "Zg", "Zg=", "Zg===", "Z===", "====", "=", "==", "Zg==Zg==",
                             "Zg=a", "Zm9v=", "Zm-v", "Zm_v", "Zm9\xC3", "Zm9v.", "Zh==", "Zm9="})
        EXPECT_EQ(base64_decode(text), std::nullopt) << text;
    EXPECT_EQ(base64_decode(std::string_view{"Zm9v\0", 5}), std::nullopt);
}

TEST(base64, pieces_of_any_size_give_the_same) {
    std::mt19937 random{3};
    for (int round = 0; round < 200; ++round) {
        const auto bytes = random_bytes(random() % 5000);
        std::string coded, plain;
        base64_encoder encoder;
        for (std::string_view rest = bytes; !rest.empty();) {
            const auto now = rest.substr(0, 1 + random() % 700);
            encoder.update(now, coded);
            rest.remove_prefix(now.size());
        }
        encoder.finish(coded);
        ASSERT_EQ(coded, base64_encode(bytes));
        base64_decoder decoder;
        for (std::string_view rest = coded; !rest.empty();) {
            const auto now = rest.substr(0, 1 + random() % 700);
            ASSERT_TRUE(decoder.update(now, plain));
            rest.remove_prefix(now.size());
        }
        ASSERT_TRUE(decoder.finish(plain));
        ASSERT_EQ(plain, bytes);
    }
}

TEST(base64, what_is_wrong_stays_wrong) {
    base64_decoder d;
    std::string out;
    EXPECT_FALSE(d.update("?", out));
    EXPECT_FALSE(d.update("Zm9v", out));
    EXPECT_FALSE(d.finish(out));
}

TEST(sha256, known_answers) {
    EXPECT_EQ(sha256_of("abc").hex(),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_of("").base64(), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    sha256_digester d;
    d.update("a");
    d.update("bc");
    EXPECT_EQ(std::move(d).finish(), sha256_of("abc"));
}

TEST(sha256, is_read_from_its_own_writings_alone) {
    const auto d = sha256_of("abc");
    EXPECT_EQ(sha256::from_hex(d.hex()), d);
    EXPECT_EQ(sha256::from_bytes(d.view()), d);
    EXPECT_EQ(sha256::from_hex(d.hex().substr(1)), std::nullopt);
    EXPECT_EQ(sha256::from_hex("g" + d.hex().substr(1)), std::nullopt);
    EXPECT_EQ(sha256::from_bytes("short"), std::nullopt);
}

TEST(equal_constant_time, compares_all_bytes) {
    EXPECT_TRUE(equal_constant_time("secret", "secret"));
    EXPECT_FALSE(equal_constant_time("secret", "secreT"));
    EXPECT_FALSE(equal_constant_time("secret", "secret2"));
    EXPECT_NE(random_bytes(16), random_bytes(16));
}

}  // namespace
}  // namespace ecert::crypto
