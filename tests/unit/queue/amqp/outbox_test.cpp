#include "queue/amqp/outbox.hpp"

#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

using namespace ecert;
using namespace ecert::queue::amqp;

namespace {

class outbox_test : public testing::Test {
  protected:
    publishing_ptr message(std::size_t size) {
        return std::make_shared<publishing>(io.get_executor(), "work.NL", std::string(size, 'x'),
                                            duration{1});
    }
    boost::asio::io_context io;
    outbox box{10};
};

}  // namespace

TEST_F(outbox_test, it_is_bounded_in_bytes_but_takes_one_of_any_size) {
    EXPECT_TRUE(box.put(message(50)));
    EXPECT_FALSE(box.put(message(1)));
    EXPECT_TRUE(box.take());
    EXPECT_TRUE(box.put(message(6)));
    EXPECT_FALSE(box.put(message(6)));
}

TEST_F(outbox_test, what_was_given_up_makes_room_and_is_never_sent) {
    auto one = message(10);
    EXPECT_TRUE(box.put(one));
    EXPECT_TRUE(one->give_up());
    EXPECT_TRUE(box.put(message(10)));
    const auto next = box.take();
    ASSERT_TRUE(next);
    EXPECT_NE(std::get<publishing_ptr>(*next), one);
    EXPECT_FALSE(box.take());
}

TEST_F(outbox_test, declarations_keep_their_place_among_messages) {
    EXPECT_TRUE(box.put(declaring{"work.NL"}));
    EXPECT_TRUE(box.put(message(1)));
    auto first = box.take();
    ASSERT_TRUE(first && std::holds_alternative<declaring>(*first));
    box.take_back(std::move(*first));
    EXPECT_TRUE(std::holds_alternative<declaring>(*box.take()));
    EXPECT_TRUE(std::holds_alternative<publishing_ptr>(*box.take()));
}

TEST_F(outbox_test, a_stopped_one_takes_nothing) {
    box.stop();
    EXPECT_FALSE(box.put(message(1)));
}
