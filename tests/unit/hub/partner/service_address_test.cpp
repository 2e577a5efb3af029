#include "hub/partner/service_address.hpp"

#include <gtest/gtest.h>

namespace ecert::hub {
namespace {

std::optional<std::string> at(const std::string& host) {
    http::request_head head;
    head.fields.set("Host", host);
    return service_address(head, "ephyto");
}

TEST(service_address, is_where_the_caller_found_it) {
    EXPECT_EQ(at("node.example:8443"), "https://node.example:8443/ephyto");
    EXPECT_EQ(at("10.0.0.1"), "https://10.0.0.1/ephyto");
    EXPECT_EQ(at("[::1]:8443"), "https://[::1]:8443/ephyto");
}

TEST(service_address, what_is_no_host_is_written_nowhere) {
    for (const auto* host : {"", ":8443", "a b", "a/b", "a\"b", "a<b", "a@b", "a:b", "a:123456",
                             "a:", "[::1", "[x]", "a?b", "a#b", "a%20b"})
        EXPECT_EQ(at(host), std::nullopt) << host;
    EXPECT_EQ(at(std::string(300, 'a')), std::nullopt);
    http::request_head twice;
    twice.fields.add("Host", "a");
    twice.fields.add("Host", "b");
    EXPECT_EQ(service_address(twice, "ephyto"), std::nullopt);
}

TEST(service_address, a_description_is_asked_for_by_get_and_wsdl_alone) {
    http::request_head head;
    head.method = "GET";
    EXPECT_FALSE(asks_for_description(head));
    head.query = {{"wsdl", ""}};
    EXPECT_TRUE(asks_for_description(head));
    head.query.emplace_back("file", "/etc/passwd");
    EXPECT_FALSE(asks_for_description(head));
    head.query.pop_back();
    head.method = "POST";
    EXPECT_FALSE(asks_for_description(head));
}

}  // namespace
}  // namespace ecert::hub
