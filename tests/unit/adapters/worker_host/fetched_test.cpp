#include "adapters/worker_host/fetched.hpp"

#include <gtest/gtest.h>

namespace ecert::worker {
namespace {

using http::stage;

const queue::content_ref ten{10, crypto::sha256_of("0123456789"), {}};

http::reply_received reply(int status, std::string body, std::string range = {},
                           http::stage came_to = stage::replied) {
    http::reply_received said;
    said.stage = came_to;
    said.status = status;
    if (!body.empty()) said.body = crypto::from_memory(std::move(body));
    if (!range.empty()) said.fields.set("Content-Range", std::move(range));
    if (came_to != stage::replied) said.error = "the reply broke off";
    return said;
}
http::reply_received nobody() {
    http::reply_received said;
    said.error = "connection refused";
    return said;
}
std::string all_of(const fetched& f) {
    return crypto::read_all(*crypto::from_pieces(f.pieces()), 100);
}

TEST(fetched, one_answer_may_be_all) {
    fetched f{ten};
    EXPECT_EQ(f.range(), "");
    f.add(reply(200, "0123456789"));
    EXPECT_TRUE(f.all());
    EXPECT_EQ(all_of(f), "0123456789");
}

TEST(fetched, goes_on_from_the_last_byte_that_came) {
    fetched f{ten};
    f.add(reply(200, "0123", {}, stage::after_body));
    EXPECT_FALSE(f.all());
    EXPECT_EQ(f.range(), "bytes=4-");
    f.add(reply(206, "45", "bytes 4-9/10", stage::after_body));
    EXPECT_EQ(f.range(), "bytes=6-");
    f.add(reply(206, "6789", "bytes 6-9/10"));
    EXPECT_TRUE(f.all());
    EXPECT_EQ(all_of(f), "0123456789");
}

TEST(fetched, begins_anew_when_the_hub_gives_all_again) {
    fetched f{ten};
    f.add(reply(200, "0123", {}, stage::after_body));
    f.add(reply(200, "0123456789"));
    EXPECT_TRUE(f.all());
    EXPECT_EQ(all_of(f), "0123456789");
}

TEST(fetched, takes_no_part_that_was_not_asked_for) {
    for (const auto* range : {"bytes 0-5/10", "bytes 4-9/11", "4-9/10", ""}) {
        fetched f{ten};
        f.add(reply(200, "0123", {}, stage::after_body));
        f.add(reply(206, "456789", range));
        EXPECT_EQ(f.size(), 4u) << range;
        EXPECT_FALSE(f.why().empty());
    }
}

TEST(fetched, gives_up_after_three_answers_that_brought_nothing) {
    fetched f{ten};
    f.add(nobody());
    f.add(reply(503, "busy"));
    EXPECT_FALSE(f.hopeless());
    f.add(reply(200, "0", {}, stage::after_body));
    EXPECT_EQ(f.fruitless(), 0u);
    for (int i = 0; i < 3; ++i) f.add(nobody());
    EXPECT_TRUE(f.hopeless());
    EXPECT_EQ(f.why(), "connection refused");
}

TEST(fetched, gives_up_at_once_when_the_hub_will_not) {
    for (const int status : {401, 403, 404, 416, 302}) {
        fetched f{ten};
        f.add(reply(status, "no"));
        EXPECT_TRUE(f.hopeless()) << status;
        EXPECT_NE(f.why().find("no"), std::string::npos);
    }
    auto said = nobody();
    said.reply_over_limit = true;
    fetched f{ten};
    f.add(said);
    EXPECT_TRUE(f.hopeless());
}

TEST(fetched, gives_up_what_is_more_than_there_is) {
    fetched f{ten};
    f.add(reply(200, "0123456789a"));
    EXPECT_TRUE(f.hopeless());
    EXPECT_FALSE(f.all());
}

}  // namespace
}  // namespace ecert::worker
