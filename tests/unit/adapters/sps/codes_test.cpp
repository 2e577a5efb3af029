#include "adapters/sps/codes/codes.hpp"

#include "adapters/sps/certificate.hpp"
#include "adapters/sps/codes/media.hpp"

#include <gtest/gtest.h>

namespace ecert::sps {
namespace {

TEST(codes, countries_are_two_letters_of_the_list) {
    for (const auto* known : {"AD", "CN", "NZ", "AU", "NL", "ZW"})
        EXPECT_TRUE(codes::is_country(known)) << known;
    for (const auto* wrong : {"", "C", "cn", "CHN", "UK", "EU", "XX", "D ", " A", "N2"})
        EXPECT_FALSE(codes::is_country(wrong)) << wrong;
}

TEST(codes, statuses_are_those_of_untdid_4405_not_of_1373) {
    for (const int known : {39, 40, 41, 42, 44, 47, 64, 70})
        EXPECT_TRUE(codes::is_status(known)) << known;
    for (const int unknown : {0, 2, 38, 43, 71, 1000})
        EXPECT_FALSE(codes::is_status(unknown)) << unknown;
}

TEST(codes, types_are_the_certificates_of_untdid_1001) {
    for (const int known : {16, 629, 636, 657, 850, 851, 852, 853, 856})
        EXPECT_TRUE(codes::is_type(known)) << known;
    EXPECT_FALSE(codes::is_type(380)) << "a commercial invoice";
}

TEST(media, type_is_told_by_the_first_bytes) {
    EXPECT_EQ(media::sniffed("%PDF-1.7\n%...."), media::kind::pdf);
    EXPECT_EQ(media::sniffed("\x89PNG\r\n\x1A\n...."), media::kind::png);
    EXPECT_EQ(media::sniffed("\xFF\xD8\xFF\xE0..JFIF"), media::kind::jpg);
    EXPECT_EQ(media::sniffed("GIF89a...."), media::kind::gif);
    EXPECT_EQ(media::sniffed("MZ\x90"), media::kind::unknown);
    EXPECT_EQ(media::sniffed(""), media::kind::unknown);
    EXPECT_EQ(media::sniffed("\x89PN"), media::kind::unknown);
}

TEST(media, names_claim_only_by_the_four_extensions) {
    EXPECT_EQ(media::claimed_by_filename("a.b.PdF").what, media::kind::pdf);
    EXPECT_EQ(media::claimed_by_filename("photo.jpeg").what, media::kind::jpg);
    EXPECT_FALSE(media::claimed_by_filename("report.2026").made);
    EXPECT_FALSE(media::claimed_by_filename("pdf").made);
}

TEST(media, media_types_claim_whatever_they_say) {
    EXPECT_EQ(media::claimed_by_mime("Application/PDF; charset=x").what, media::kind::pdf);
    EXPECT_TRUE(media::claimed_by_mime("text/html").made);
    EXPECT_FALSE(media::claimed_by_mime("application/octet-stream").made);
    EXPECT_FALSE(media::claimed_by_mime("").made);
}

struct written {
    const char* text;
    const char* means;  // empty: no date
};

TEST(issue_time, is_read_as_clients_write_it) {
    for (const auto& [text, means] : {
             written{"2016-04-22T13:53:08-03:00", "2016-04-22T16:53:08.000Z"},
             written{"2016-04-22T13:53:08Z", "2016-04-22T13:53:08.000Z"},
             written{"2016-04-22T13:53:08.123456", "2016-04-22T13:53:08.123Z"},
             written{"2023-10-04T07:49:49", "2023-10-04T07:49:49.000Z"},
             written{"2023-10-04T07:49", "2023-10-04T07:49:00.000Z"},
             written{"2021-09-10", "2021-09-10T00:00:00.000Z"},
             written{"2021-09-10Z", "2021-09-10T00:00:00.000Z"},
             written{"2021-09-10+08:00", "2021-09-09T16:00:00.000Z"},
             written{"20210910", "2021-09-10T00:00:00.000Z"},
             written{"2021-02-29", ""},
             written{"2021-13-01", ""},
             written{"20210001", ""},
             written{"10.09.2021", ""},
             written{"2021-09-1x", ""},
             written{"2021/09/10", ""},
             written{"20th of November", ""},
             written{"-0210910", ""},
             written{"", ""},
         }) {
        const auto at = parse_issue_time(text);
        EXPECT_EQ(at ? rfc3339(*at) : "", means) << text;
    }
}

}  // namespace
}  // namespace ecert::sps
