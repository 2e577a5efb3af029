#include "crypto/xml/splice.hpp"

#include "crypto/xml/document.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ecert::crypto::xml {
namespace {

std::string random_text(unsigned seed, std::size_t size) {
    std::mt19937 random{seed};
    const std::string from = "abc<>&\r\n\"' \xE4\xB8\xAD";
    std::string out;
    while (out.size() < size) out += from[random() % from.size()];
    return out;
}

source_ptr on_disk(const std::string& bytes) {
    spool s{std::filesystem::temp_directory_path(), 0};
    s.write(bytes);
    return std::move(s).finish();
}

std::string read_in_steps(const parts& of, std::size_t step) {
    part_reader reader{of};
    std::string out, buffer(step, '\0');
    while (const auto got = reader.read(buffer)) out.append(buffer, 0, got);
    return out;
}

TEST(part_reader, pieces_come_in_order_and_encoded_at_any_step) {
    const auto text = random_text(1, 200'001);
    for (const auto& content : {from_memory(text), on_disk(text)}) {
        const parts all{"<a>",
                        spliced{content, encoding::text},
                        "</a><b>",
                        spliced{content, encoding::base64},
                        "",
                        "</b>",
                        spliced{content, encoding::raw},
                        spliced{from_memory(""), encoding::base64}};
        const auto expected =
            "<a>" + escape_text(text) + "</a><b>" + base64_encode(text) + "</b>" + text;
        for (const std::size_t step : {1'000'003u, 65'536u, 4'096u, 77u})
            ASSERT_EQ(read_in_steps(all, step), expected);
        EXPECT_EQ(to_string(all, expected.size()), expected);
        EXPECT_THROW(to_string(all, expected.size() - 1), std::length_error);
        const auto m = measure(all);
        EXPECT_EQ(m.size, expected.size());
        EXPECT_EQ(m.digest, sha256_of(expected));
    }
}

TEST(part_reader, base64_of_every_length_meets_the_chunks) {
    for (std::size_t size = 65'530; size < 65'545; ++size) {
        const auto text = random_text(2, size);
        EXPECT_EQ(read_in_steps({spliced{on_disk(text), encoding::base64}}, 1000),
                  base64_encode(text));
    }
}

TEST(part_reader, says_whether_it_may_block) {
    EXPECT_FALSE(part_reader({"x", spliced{from_memory("y")}}).may_block());
    EXPECT_TRUE(part_reader({"x", spliced{on_disk("y")}}).may_block());
}

TEST(part_reader, of_nothing_is_at_its_end) {
    char one;
    EXPECT_EQ(part_reader{parts{}}.read({&one, 1}), 0u);
    EXPECT_EQ(part_reader(parts{"", spliced{from_memory("")}}).read({&one, 1}), 0u);
}

TEST(part_reader, escaped_text_is_what_canonical_xml_writes) {
    const std::string text = "a<b>&\r\n\"'\t";
    const auto d =
        document::parse(
            "<x>" + to_string({spliced{from_memory(text), encoding::text}}, 100) + "</x>", {})
            .value();
    EXPECT_EQ(d.root().text(), text);
    EXPECT_EQ(exclusive_c14n(d.root()),
              "<x>" + to_string({spliced{from_memory(text), encoding::text}}, 100) + "</x>");
}

}  // namespace
}  // namespace ecert::crypto::xml
