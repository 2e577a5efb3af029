#include "crypto/xml/stylesheet_files.hpp"

#include <fstream>
#include <iterator>
#include <vector>

namespace ecert::crypto::xml {
namespace {

namespace fs = std::filesystem;

constexpr limits of_a_file{.bytes = 4 << 20, .depth = 200};

bool lies_in(const fs::path& file, const fs::path& folder) {
    const auto relative = file.lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

std::optional<std::string> bytes_of(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in || !fs::is_regular_file(file)) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>{in}, {}};
}

class reading {
  public:
    explicit reading(fs::path inside) : inside_{std::move(inside)} {}

    // `named`: as a person wrote it, for messages; `where`: what names it.
    void file(const fs::path& named, const std::string& where) {
        std::error_code error;
        const auto path = fs::canonical(named, error);
        if (error || !lies_in(path, inside_)) return bad_file(named, where);
        if (files_.bytes.contains(path)) return;
        auto bytes = bytes_of(path);
        if (!bytes) return bad_file(named, where);
        const auto sheet = parse_stylesheet(*bytes);
        files_.bytes.emplace(path, std::move(*bytes));
        if (sheet.has_error()) {
            files_.found.push_back(
                {.id = "XSL-NOT-COMPILED", .where = path.string(), .value = sheet.error().text});
            return;
        }
        find_forbidden(*sheet, path.string(), files_.found);
        top_level(*sheet, path);
    }

    stylesheet_files take() { return std::move(files_); }

  private:
    void top_level(const document& sheet, const fs::path& path) {
        for (const auto& e : sheet.root().children()) {
            if (e.ns() != xslt_ns) continue;
            files_.strips_space = files_.strips_space || e.local() == "strip-space";
            if (e.local() != "include" && e.local() != "import") continue;
            const auto where = path.string() + ":" + std::to_string(e.line());
            file(path.parent_path() / e.attribute("href").value_or(""), where);
        }
    }

    void bad_file(const fs::path& named, const std::string& where) {
        files_.found.push_back({.id = "XSL-FILE",
                                .where = where,
                                .value = named.string(),
                                .expected = "a file in " + inside_.string()});
    }

    fs::path inside_;
    stylesheet_files files_;
};

}  // namespace

stylesheet_files read_stylesheet_files(const fs::path& file, const fs::path& inside) {
    std::error_code error;
    reading all{fs::weakly_canonical(inside, error)};
    all.file(file, file.string());
    return all.take();
}

result<document> parse_stylesheet(const std::string& bytes) {
    return document::parse(bytes, of_a_file);
}

}  // namespace ecert::crypto::xml
