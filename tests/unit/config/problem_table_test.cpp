// Holds the table of texts against the sources, in both directions.
#include "config/problem_texts.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

// Look like ids and are none.
const std::set<std::string> other_words = {"EUC-JP", "EUC-KR"};

std::map<std::string, std::string> ids_in_sources() {
    static const std::regex id{"\"([A-Z]{2,5}(-[A-Z][A-Z0-9]*)+)\""};
    std::map<std::string, std::string> found;  // to the file that uses it
    for (const char* folder : {"config", "crypto", "queue", "adapters", "hub"}) {
        for (const auto& entry :
             fs::recursive_directory_iterator{fs::path{ECERT_SOURCE_DIR} / folder}) {
            const std::string extension = entry.path().extension();
            const bool source = extension == ".cpp" || extension == ".hpp" || extension == ".ipp";
            if (!source || entry.path().filename() == "problem_texts.cpp") continue;
            std::ifstream in{entry.path()};
            for (std::string line; std::getline(in, line);) {
                if (const auto comment = line.find("//"); comment != line.npos) line.erase(comment);
                for (std::sregex_iterator i{line.begin(), line.end(), id}, end; i != end; ++i)
                    found.try_emplace((*i)[1], fs::relative(entry.path(), ECERT_SOURCE_DIR));
            }
        }
    }
    for (const std::string& word : other_words) found.erase(word);
    return found;
}

}  // namespace

TEST(problem_table, every_id_used_in_the_sources_has_its_row) {
    std::set<std::string_view> rows;
    for (const auto& row : ecert::problem_rows()) rows.insert(row.id);
    for (const auto& [id, file] : ids_in_sources())
        EXPECT_TRUE(rows.contains(id))
            << id << " in " << file << " has no row in config/problem_texts.cpp";
}

TEST(problem_table, every_row_is_used_somewhere) {
    const auto used = ids_in_sources();
    for (const auto& row : ecert::problem_rows())
        EXPECT_TRUE(used.contains(std::string{row.id}))
            << row.id << " is used nowhere: remove its row";
}

TEST(problem_table, every_text_is_there_in_both_languages) {
    for (const auto& row : ecert::problem_rows()) {
        EXPECT_TRUE(row.en.ends_with('.')) << row.id;
        EXPECT_TRUE(row.zh.ends_with("。")) << row.id;
    }
}
