// A small schema of two files; each fault of a document is said, whatever else is wrong in it.
#include "crypto/xml/schema.hpp"

#include "crypto/xml/longest_rising.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

namespace ecert::crypto::xml {
namespace {

const library xml_library;

using files = std::map<std::string, std::string>;

files letters() {
    return {{"main.xsd", R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
        xmlns:a="urn:a" xmlns:v="urn:V" targetNamespace="urn:a" elementFormDefault="qualified">
      <xs:import namespace="urn:V" schemaLocation="values.xsd"/>
      <xs:element name="letter" type="a:LetterType"/>
      <xs:complexType name="LetterType"><xs:sequence>
        <xs:element name="one" type="v:WordType"/>
        <xs:element name="two" type="v:NumberType" minOccurs="0" maxOccurs="2"/>
        <xs:element name="three" type="a:InnerType" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="when" type="a:WhenType" minOccurs="0"/>
        <xs:any namespace="##other" processContents="skip" minOccurs="0"/>
      </xs:sequence></xs:complexType>
      <xs:complexType name="InnerType"><xs:sequence>
        <xs:element name="name" type="v:WordType"/>
        <xs:element ref="v:mark"/>
      </xs:sequence></xs:complexType>
      <xs:complexType name="WhenType"><xs:choice>
        <xs:element name="day" type="v:WordType"/><xs:element name="hour" type="v:NumberType"/>
      </xs:choice></xs:complexType>
    </xs:schema>)"},
            {"values.xsd", R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
        targetNamespace="urn:V" elementFormDefault="qualified">
      <xs:element name="mark" type="xs:string"/>
      <xs:simpleType name="NumberType"><xs:restriction base="xs:int"/></xs:simpleType>
      <xs:complexType name="WordType"><xs:simpleContent><xs:extension base="xs:string">
        <xs:attribute name="in" type="xs:string"/></xs:extension></xs:simpleContent></xs:complexType>
    </xs:schema>)"}};
}

std::string said(const std::string& inside, std::size_t most = 100,
                 std::vector<std::string> also_right = {}) {
    static const char* const names[] = {"unknown", "misplaced", "repeated", "missing",
                                        "value",   "attribute", "text",     "spelling"};
    const auto by = schema::load(letters(), "main.xsd", std::move(also_right));
    if (!by) return by.error().text;
    const auto tree = document::parse(
        "<letter xmlns='urn:a' xmlns:v='urn:V' xmlns:w='urn:v'>" + inside + "</letter>", {});
    if (!tree) return tree.error().text;
    std::string text;
    for (const auto& v : by->check(*tree, most)) {
        text += std::string{names[static_cast<int>(v.what)]} + " " + std::string{v.at.local()};
        for (const auto* more : {&v.name, &v.value, &v.expected})
            if (!more->empty()) text += " " + *more;
        text += "; ";
    }
    return text;
}

TEST(schema, a_good_document_has_nothing_against_it) {
    EXPECT_EQ(said("<one/>"), "");
    EXPECT_EQ(said("<one in='en'>x</one><two>1</two><two>2</two><three><name/><v:mark/></three>"
                   "<when><hour>3</hour></when>"),
              "");
}

TEST(schema, an_element_out_of_order_is_the_only_one_blamed) {
    EXPECT_EQ(said("<when><day/></when><one/><two>1</two>"), "misplaced when behind two; ");
    EXPECT_EQ(said("<two>1</two><three><name/><v:mark/></three><one/>"),
              "misplaced one before two; ");
}

TEST(schema, no_fault_hides_another) {
    EXPECT_EQ(said("<odd/><two>x</two><two>1</two><two>2</two><three><v:mark/><name/></three>"
                   "<one of='1'/>stray<when/>"),
              "unknown odd; misplaced one before two; repeated two; misplaced mark behind name; "
              "missing when day; text letter; attribute one of 1; value two x; ");
}

TEST(schema, what_is_missing_is_said_and_what_follows_is_looked_at) {
    EXPECT_EQ(said("<two>x</two>"), "missing letter one; value two x; ");
    EXPECT_EQ(said("<one/><three/>"), "missing three name; missing three mark; ");
}

TEST(schema, one_of_a_choice_stands_there_and_only_one) {
    EXPECT_EQ(said("<one/><when/>"), "missing when day; ");
    EXPECT_EQ(said("<one/><when><hour>1</hour><day/></when>"), "repeated hour; ");
}

TEST(schema, a_value_with_elements_inside_is_none) {
    EXPECT_EQ(said("<one>a<b/></one>"), "unknown b; ");
}

TEST(schema, namespaces_are_compared_without_their_case_which_is_said_once) {
    EXPECT_EQ(said("<one/><three><name/><w:mark/></three><three><name/><w:mark/></three>"),
              "spelling mark urn:v urn:V; ");
    EXPECT_EQ(said("<one/><three><name/><w:mark/></three>", 100, {"urn:v"}), "");
}

TEST(schema, foreign_elements_may_stand_where_there_is_room_for_them) {
    EXPECT_EQ(said("<one/><x xmlns='urn:signature'><y/></x>"), "");
    EXPECT_EQ(said("<one/><three><name/><v:mark/><x xmlns='urn:signature'/></three>"),
              "unknown x; ");
}

TEST(schema, attributes_in_a_namespace_change_no_type) {
    EXPECT_EQ(said("<one/><two xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
                   "xmlns:xs='http://www.w3.org/2001/XMLSchema' xsi:type='xs:byte' "
                   "xsi:nil='true'>300</two>"),
              "");
}

TEST(schema, another_root_is_unknown) {
    const auto by = schema::load(letters(), "main.xsd");
    ASSERT_TRUE(by);
    const auto tree = document::parse("<letter xmlns='urn:b'/>", {});
    const auto found = by->check(*tree, 10);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].what, violation::kind::unknown);
}

TEST(schema, violations_are_bounded) {
    std::string many;
    for (int i = 0; i < 500; ++i) many += "<odd/><three><name/><v:mark/>text</three>";
    const auto by = schema::load(letters(), "main.xsd");
    const auto tree =
        document::parse("<letter xmlns='urn:a' xmlns:v='urn:V'>" + many + "</letter>", {});
    EXPECT_EQ(by->check(*tree, 20).size(), 20u);
}

TEST(schema, the_document_is_as_it_was_afterwards) {
    const std::string text =
        "<letter xmlns=\"urn:a\"><when><day></day></when><odd></odd><one></one></letter>";
    const auto tree = document::parse(text, {});
    static_cast<void>(schema::load(letters(), "main.xsd")->check(*tree, 10));
    EXPECT_EQ(exclusive_c14n(tree->root()), text);
}

TEST(schema, is_shared_by_threads) {
    const auto by = schema::load(letters(), "main.xsd");
    ASSERT_TRUE(by);
    std::vector<std::thread> all;
    std::atomic<int> right = 0;
    for (int i = 0; i < 4; ++i)
        all.emplace_back([&] {
            for (int n = 0; n < 50; ++n) {
                const auto tree =
                    document::parse("<letter xmlns='urn:a'><two>x</two><one of='1'/></letter>", {});
                right += by->check(*tree, 10).size() == 3;
            }
        });
    for (auto& t : all) t.join();
    EXPECT_EQ(right, 200);
}

TEST(schema, nothing_is_read_but_the_texts_that_are_given) {
    auto without = letters();
    without.erase("values.xsd");
    EXPECT_FALSE(schema::load(without, "main.xsd"));
    // The very text that is needed, in a file.
    const auto file = std::filesystem::temp_directory_path() / "ecert-schema-test-values.xsd";
    std::ofstream{file} << letters()["values.xsd"];
    auto& main = without["main.xsd"];
    main.replace(main.find("values.xsd"), 10, file.string());
    without["unused.xsd"] = letters()["values.xsd"];
    EXPECT_FALSE(schema::load(without, "main.xsd"));
    std::filesystem::remove(file);
}

TEST(schema, one_that_is_written_otherwise_is_refused_when_loaded) {
    auto nested = letters();
    auto& text = nested["main.xsd"];
    text.replace(text.find("<xs:any "), 8, "<xs:group ref='a:g'/><xs:any ");
    const auto made = schema::load(nested, "main.xsd");
    ASSERT_FALSE(made);
    EXPECT_NE(made.error().text.find("group"), std::string::npos) << made.error().text;
}

std::size_t longest_by_trying(const std::vector<std::size_t>& values) {
    std::size_t best = 0;
    for (unsigned set = 0; set < (1u << values.size()); ++set) {
        std::size_t length = 0, last = 0;
        bool rising = true;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if ((set >> i & 1u) == 0) continue;
            rising = rising && values[i] >= last;
            last = values[i];
            ++length;
        }
        if (rising) best = std::max(best, length);
    }
    return best;
}

TEST(longest_rising, is_in_order_and_none_is_longer) {
    std::mt19937 random{7};
    for (int round = 0; round < 300; ++round) {
        std::vector<std::size_t> values(random() % 9);
        for (auto& v : values) v = random() % 5;
        const auto row = longest_rising(values);
        EXPECT_EQ(row.size(), longest_by_trying(values));
        for (std::size_t i = 1; i < row.size(); ++i) {
            ASSERT_LT(row[i - 1], row[i]);
            ASSERT_LE(values[row[i - 1]], values[row[i]]);
        }
    }
}

}  // namespace
}  // namespace ecert::crypto::xml
