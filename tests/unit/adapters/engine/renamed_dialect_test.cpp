// The engine knows no dialect by name: a copy of `node` with every namespace, operation, element,
// attribute and file renamed works the same.
#include "tests/unit/adapters/engine/two_nodes.hpp"

#include <map>
#include <regex>

namespace ecert::tests {
namespace {

std::string bytes_of(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::string random_word() {
    return "W" + crypto::sha256_of(crypto::random_bytes(16)).hex().substr(0, 10);
}

// sed over the folder: names of the wire by random words, each the same everywhere.
class renaming {
  public:
    std::string operator()(std::string text) const {
        text = replaced(text, "urn:ecert:node:1", "urn:" + ns_);
        text = std::regex_replace(text, std::regex{"\\bn:(?=[A-Z])"}, prefix_ + ":");
        text = replaced(text, "xmlns:n=", "xmlns:" + prefix_ + "=");
        text = replaced(text, "\nn = ", "\n" + prefix_ + " = ");
        for (const auto& [from, to] : words_)
            text = std::regex_replace(text, std::regex{"\\b" + from + "\\b"}, to);
        for (const auto& [from, to] : attributes_) {
            if (from != "encoding")  // which is ec:content's own there
                text =
                    std::regex_replace(text, std::regex{" " + from + "=\"\\{"}, " " + to + "=\"{");
            text = replaced(text, "Content/@" + from, "Content/@" + to);
            text = replaced(text, words_.at("Content") + "/@" + from,
                            words_.at("Content") + "/@" + to);
            text = replaced(text, "<xsl:attribute name=\"" + from + "\"",
                            "<xsl:attribute name=\"" + to + "\"");
        }
        for (const auto& [from, to] : files_) text = replaced(text, from, to);
        return text;
    }
    std::string file(const std::string& name) const {
        const auto at = files_.find(name);
        return at == files_.end() ? name : at->second;
    }

  private:
    static std::map<std::string, std::string> words(std::initializer_list<const char*> all) {
        std::map<std::string, std::string> made;
        for (const auto* each : all) made[each] = random_word();
        return made;
    }
    std::string ns_ = random_word(), prefix_ = "p" + random_word();
    std::map<std::string, std::string> words_ =
        words({"Deliver", "Respond", "DeliverResponse", "RespondResponse", "Receipt", "MessageID",
               "Digest", "Size", "Receiver", "Time", "Envelope", "From", "To", "Number", "Type",
               "Status", "Content", "RelatesTo"});
    std::map<std::string, std::string> attributes_ = words({"size", "sha256", "encoding"});
    std::map<std::string, std::string> files_{{"deliver.xsl", random_word() + ".xsl"},
                                              {"respond.xsl", random_word() + ".xsl"},
                                              {"envelope.xsl", random_word() + ".xsl"},
                                              {"receipt.xsl", random_word() + ".xsl"},
                                              {"deliver-reply.xsl", random_word() + ".xsl"},
                                              {"respond-reply.xsl", random_word() + ".xsl"}};
};

struct renamed_dialect : testing::Test {
    temporary_folder folder{"ecert-renamed"};
    const std::string name = "d" + random_word();
    void SetUp() override {
        const renaming rename;
        const auto from = built_in_dialects() / "node";
        for (const auto& each : fs::recursive_directory_iterator{from}) {
            if (!each.is_regular_file()) continue;
            const auto relative = fs::relative(each.path(), from);
            if (*relative.begin() == "fixtures") continue;
            const auto to = folder.path() / name / relative.parent_path() /
                            rename.file(relative.filename().string());
            fs::create_directories(to.parent_path());
            const bool wire = *relative.begin() != "translate";
            std::ofstream{to, std::ios::binary}
                << (wire ? rename(bytes_of(each.path())) : bytes_of(each.path()));
        }
    }
};

TEST_F(renamed_dialect, delivers_and_answers_on_both_sides) {
    const auto dialect = load_dialect(folder.path(), name);
    ASSERT_TRUE(dialect);
    two_nodes nodes{dialect};
    for (const auto& certificate :
         {std::string{"<certificate>\r]]></certificate>"}, std::string{"\0", 1}}) {
        const auto o = nodes.deliver(certificate);
        ASSERT_EQ(o.what, queue::outcome_class::delivered) << o.text;
        EXPECT_EQ(crypto::read_all(*nodes.seen->content, 1000), certificate);
        EXPECT_EQ(nodes.seen->envelope.number, "CN/2026/0001 <&\"'>");
        for (const auto* old : {"urn:ecert:node", "Deliver", "Receipt", "sha256=", "<n:"}) {
            EXPECT_EQ(o.exchange.request_head.find(old), std::string::npos) << old;
            EXPECT_EQ(o.exchange.reply.find(old), std::string::npos) << old;
        }
    }
    auto answer = two_nodes::delivery(*crypto::from_memory("x"));
    answer.verb = queue::verb::respond;
    answer.relates_to = queue::derive({"theirs"});
    answer.answer = queue::answer{39, "", ""};
    const auto o = nodes.call(answer, nullptr);
    EXPECT_EQ(o.what, queue::outcome_class::done) << o.text;
    EXPECT_EQ(nodes.seen->fields.at("answer_status"), "39");
}

TEST_F(renamed_dialect, is_another_dialect_by_its_digest) {
    EXPECT_NE(load_dialect(folder.path(), name)->digest,
              load_dialect(built_in_dialects(), "node")->digest);
}

}  // namespace
}  // namespace ecert::tests
