#include "queue/ids.hpp"

#include "queue/outcome.hpp"
#include "queue/task.hpp"

#include <gtest/gtest.h>

namespace ecert::queue {
namespace {

crypto::sha256 digest_of_all(std::uint8_t value) {
    crypto::sha256 d;
    d.bytes.fill(value);
    return d;
}

// Fixed for ever: agencies push again after a restore and must get these very ids.
TEST(ids, are_the_same_in_every_build_and_on_every_node) {
    const uuid certificate = certificate_id("CN", "GACC", "123/2026", 851, 70, 0, digest_of_all(7));
    EXPECT_EQ(queue::to_string(certificate), "0c662aa0-f3ec-528d-b4e8-76eda14fb2cf");
    EXPECT_EQ(queue::to_string(delivery_id(certificate, "NL")),
              "a91ecd88-4dca-5ea3-82e9-de221f3234e1");
    EXPECT_EQ(queue::to_string(respond_id("CN", certificate, 39)),
              "6cd8e617-adae-587e-a631-4f9707fc83dc");
    EXPECT_EQ(queue::to_string(task_id(certificate, "track")),
              "25573069-dd46-52d5-8fe1-00a6e1608a28");
}

TEST(ids, are_of_version_5_and_the_rfc_variant) {
    const uuid one = derive({"a"});
    EXPECT_EQ(one.version(), uuid::version_name_based_sha1);
    EXPECT_EQ(one.variant(), uuid::variant_rfc_4122);
}

TEST(ids, no_two_lists_of_parts_give_one_name) {
    EXPECT_NE(derive({"ab", "c"}), derive({"a", "bc"}));
    EXPECT_NE(derive({"a", ""}), derive({"a"}));
    EXPECT_NE(derive({"1:a"}), derive({"a"}));
    EXPECT_NE(derive({"a", "1:b"}), derive({"a", "1", "b"}));
}

TEST(ids, every_part_of_a_certificate_makes_another_id) {
    const auto base = certificate_id("CN", "A", "N", 851, 70, 0, digest_of_all(1));
    EXPECT_NE(base, certificate_id("NZ", "A", "N", 851, 70, 0, digest_of_all(1)));
    EXPECT_NE(base, certificate_id("CN", "B", "N", 851, 70, 0, digest_of_all(1)));
    EXPECT_NE(base, certificate_id("CN", "A", "M", 851, 70, 0, digest_of_all(1)));
    EXPECT_NE(base, certificate_id("CN", "A", "N", 657, 70, 0, digest_of_all(1)));
    EXPECT_NE(base, certificate_id("CN", "A", "N", 851, 40, 0, digest_of_all(1)));
    EXPECT_NE(base, certificate_id("CN", "A", "N", 851, 70, 1, digest_of_all(1)));
    EXPECT_NE(base, certificate_id("CN", "A", "N", 851, 70, 0, digest_of_all(2)));
}

TEST(ids, are_read_back_with_and_without_urn_in_any_case) {
    const uuid one = derive({"a"});
    uuid read{};
    for (auto text : {queue::to_string(one), urn(one), "URN:UUID:" + queue::to_string(one)}) {
        ASSERT_TRUE(parse_uuid(text, read)) << text;
        EXPECT_EQ(read, one);
    }
    EXPECT_TRUE(parse_uuid("AAAAAAAA-AAAA-5AAA-8AAA-AAAAAAAAAAAA", read));
    EXPECT_EQ(queue::to_string(read), "aaaaaaaa-aaaa-5aaa-8aaa-aaaaaaaaaaaa");
}

TEST(ids, what_is_no_uuid_is_not_read_and_changes_nothing) {
    const uuid before = derive({"a"});
    uuid read = before;
    for (auto text :
         {"", "urn:uuid:", "aaaaaaaa-aaaa-5aaa-8aaa-aaaaaaaaaaa",
          "aaaaaaaa-aaaa-5aaa-8aaa-aaaaaaaaaaaaa", "aaaaaaaaaaaaa5aaa8aaaaaaaaaaaaaaaaaa",
          "{aaaaaaaa-aaaa-5aaa-8aaa-aaaaaaaaaaaa}", "gaaaaaaa-aaaa-5aaa-8aaa-aaaaaaaaaaaa",
          "aaaaaaaa_aaaa-5aaa-8aaa-aaaaaaaaaaaa", " aaaaaaa-aaaa-5aaa-8aaa-aaaaaaaaaaaa"}) {
        EXPECT_FALSE(parse_uuid(text, read)) << text;
        EXPECT_EQ(read, before);
    }
}

TEST(names, of_verbs_and_classes_lead_back_to_them) {
    for (int v = 0; v <= static_cast<int>(verb::respond); ++v)
        EXPECT_EQ(verb_of(name_of(static_cast<verb>(v))), static_cast<verb>(v));
    for (int c = 0; c <= static_cast<int>(outcome_class::returned); ++c)
        EXPECT_EQ(outcome_class_of(name_of(static_cast<outcome_class>(c))),
                  static_cast<outcome_class>(c));
    EXPECT_FALSE(verb_of("Deliver"));
    EXPECT_FALSE(outcome_class_of(""));
}

}  // namespace
}  // namespace ecert::queue
