// What [queue] must say before a node starts over a broker.
#include "config/load/load.hpp"
#include "tests/unit/config/folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace ecert;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

std::vector<std::string> problems_of(const std::string& queue) {
    const tests::folder at;
    at.write("trust/a.pem", "a");
    at.write("secret", "x");
    at.write("node.toml", "name = 'CN'\n" + queue);
    std::vector<std::string> said;
    for (const auto& p : load_configuration(at.path()).found)
        said.push_back(p.id + ' ' + p.where.substr(p.where.find(' ') + 1));
    return said;
}

const std::string amqp = "[queue]\nkind = 'amqp'\nseal_keys = 'secret'\n[queue.amqp]\n";

}  // namespace

TEST(queue_settings, embedded_asks_for_nothing) { EXPECT_THAT(problems_of(""), IsEmpty()); }

TEST(queue_settings, a_password_or_a_client_certificate_is_enough) {
    EXPECT_THAT(problems_of(amqp + "password_file = 'secret'\n"), IsEmpty());
    EXPECT_THAT(problems_of(amqp + "tls = true\ntls_ca = 'trust/a.pem'\n"
                                   "tls_certificate = 'trust/a.pem'\ntls_key = 'secret'\n"),
                IsEmpty());
}

TEST(queue_settings, over_a_broker_nothing_travels_unsealed) {
    EXPECT_THAT(problems_of("[queue]\nkind = 'amqp'\n[queue.amqp]\npassword_file = 'secret'\n"),
                ElementsAre("CFG-REQUIRED queue.seal_keys"));
}

TEST(queue_settings, who_cannot_log_in_is_told) {
    EXPECT_THAT(problems_of(amqp), ElementsAre("CFG-REQUIRED queue.amqp.password_file"));
    EXPECT_THAT(problems_of(amqp + "tls_certificate = 'trust/a.pem'\ntls_key = 'secret'\n"),
                ElementsAre("CFG-REQUIRED queue.amqp.password_file"));
    EXPECT_THAT(problems_of(amqp + "password_file = 'secret'\ntls = true\n"),
                ElementsAre("CFG-REQUIRED queue.amqp.tls_ca"));
}

TEST(queue_settings, a_broker_is_a_host_and_a_port) {
    for (const std::string wrong :
         {"rabbit", "rabbit:", ":5672", "rabbit:0", "rabbit:65536", "rabbit:http", "rabbit:567200"})
        EXPECT_THAT(
            problems_of(amqp + "password_file = 'secret'\nbrokers = ['a:1', '" + wrong + "']\n"),
            ElementsAre("CFG-VALUE queue.amqp.brokers[2]"))
            << wrong;
    EXPECT_THAT(problems_of(amqp + "password_file = 'secret'\nbrokers = []\n"),
                ElementsAre("CFG-REQUIRED queue.amqp.brokers"));
}

TEST(queue_settings, the_longest_pause_is_not_shorter_than_the_first) {
    EXPECT_THAT(problems_of(amqp + "password_file = 'secret'\nreconnect_first = '5s'\n"
                                   "reconnect_longest = '1s'\n"),
                ElementsAre("CFG-RANGE queue.amqp.reconnect_longest"));
}
