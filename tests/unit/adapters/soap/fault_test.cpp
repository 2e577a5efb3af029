#include "adapters/soap/fault.hpp"

#include "adapters/soap/write.hpp"

#include <gtest/gtest.h>

namespace ecert::soap {
namespace {

const crypto::xml::library xml;

struct read_back {
    crypto::xml::document tree;
    std::optional<fault> value;
};

read_back parse(version v, const std::string& inside) {
    const auto message = assemble(v, {}, "", make_body(v, {inside}), "urn:some:dialect");
    read_back all;
    all.tree =
        crypto::xml::document::parse(crypto::xml::to_string(message.parts, 1 << 20), {}).value();
    all.value = read_fault(v, all.tree.root().child(element(v, "Body")));
    return all;
}

TEST(soap_fault, what_is_written_is_read_back_in_1_2) {
    const auto read = parse(version::v1_2, write_fault(version::v1_2, "Sender", "wsse:FailedCheck",
                                                       "it <does> not hold"))
                          .value;
    ASSERT_TRUE(read);
    EXPECT_EQ(read->code, "Sender");
    EXPECT_EQ(read->subcodes, std::vector<std::string>{"FailedCheck"});
    EXPECT_EQ(read->reason, "it <does> not hold");
    EXPECT_TRUE(read->names("Sender"));
    EXPECT_TRUE(read->names("FailedCheck"));
    EXPECT_FALSE(read->names("Receiver"));
}

TEST(soap_fault, what_is_written_is_read_back_in_1_1) {
    const auto dotted =
        parse(version::v1_1, write_fault(version::v1_1, "Client", "f:Conflict", "other content"))
            .value;
    ASSERT_TRUE(dotted);
    EXPECT_EQ(dotted->code, "Client");
    EXPECT_EQ(dotted->subcodes, std::vector<std::string>{"Conflict"});
    EXPECT_EQ(dotted->reason, "other content");
    const auto security =
        parse(version::v1_1, write_fault(version::v1_1, "Client", "wsse:InvalidSecurity", "no"))
            .value;
    ASSERT_TRUE(security);
    EXPECT_TRUE(security->names("InvalidSecurity"));
}

TEST(soap_fault, the_shape_of_1_2_in_the_namespace_of_1_1_is_read_too) {
    const auto read = parse(version::v1_1,
                            "<s:Fault><s:Code><s:Value>s:Client</s:Value></s:Code><s:Reason>"
                            "<s:Text>no such number</s:Text></s:Reason></s:Fault>")
                          .value;
    ASSERT_TRUE(read);
    EXPECT_EQ(read->code, "Client");
    EXPECT_EQ(read->reason, "no such number");
}

TEST(soap_fault, nested_subcodes_and_detail_are_read) {
    const auto read = parse(version::v1_2,
                            "<s:Fault><s:Code><s:Value> s:Receiver "
                            "</s:Value><s:Subcode><s:Value>f:Busy</s:Value><s:Subcode>"
                            "<s:Value>f:Disk</s:Value></s:Subcode></s:Subcode></"
                            "s:Code><s:Reason><s:Text xml:lang=\"en\">full</s:Text>"
                            "</s:Reason><s:Detail><x>5 %</x></s:Detail></s:Fault>")
                          .value;
    ASSERT_TRUE(read);
    EXPECT_EQ(read->code, "Receiver");
    EXPECT_EQ(read->subcodes, (std::vector<std::string>{"Busy", "Disk"}));
    EXPECT_EQ(read->detail, "5 %");
}

TEST(soap_fault, another_body_holds_no_fault) {
    EXPECT_FALSE(parse(version::v1_2, "<d:Receipt xmlns:d=\"urn:d\"></d:Receipt>").value);
    EXPECT_FALSE(parse(version::v1_2, "<d:Fault xmlns:d=\"urn:d\"></d:Fault>").value);
    EXPECT_FALSE(read_fault(version::v1_2, {}));
}

TEST(soap_fault, a_fault_is_canonical_as_written) {
    for (const auto v : {version::v1_1, version::v1_2}) {
        const auto text =
            write_fault(v, v == version::v1_1 ? "Client" : "Sender", "f:Conflict", "a & b \r");
        const auto body = make_body(v, {text});
        const auto read = parse(v, text);
        EXPECT_EQ(crypto::xml::exclusive_c14n(read.tree.root().child(element(v, "Body"))),
                  crypto::xml::to_string(body.parts, 1 << 20));
    }
}

TEST(soap_fault, the_http_status_is_what_the_version_demands) {
    EXPECT_EQ(fault_status(version::v1_2, "Sender"), 400);
    EXPECT_EQ(fault_status(version::v1_2, "Receiver"), 500);
    EXPECT_EQ(fault_status(version::v1_2, "MustUnderstand"), 500);
    EXPECT_EQ(fault_status(version::v1_1, "Client"), 500);
}

TEST(soap_fault, a_detail_is_carried_in_either_version) {
    const std::string detail = "<d:Why xmlns:d=\"urn:d\"><d:m>no &amp; never</d:m></d:Why>";
    for (const auto v : {version::v1_1, version::v1_2}) {
        const auto text = write_fault(v, "Server", "", "no", detail);
        const auto read = parse(v, text);
        ASSERT_TRUE(read.value);
        EXPECT_EQ(read.value->detail, "no & never");
        EXPECT_EQ(crypto::xml::exclusive_c14n(read.tree.root().child(element(v, "Body"))),
                  crypto::xml::to_string(make_body(v, {text}).parts, 1 << 20));
    }
}

}  // namespace
}  // namespace ecert::soap
