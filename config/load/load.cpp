#include "config/load/load.hpp"

#include "config/load/checks.hpp"
#include "config/load/reading.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace ecert {
namespace {

namespace fs = std::filesystem;
using load::findings;
using load::reading;

constexpr std::size_t longest_file = 1 << 20;
constexpr std::string_view name_letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

class folder_reader {
  public:
    folder_reader(fs::path folder, findings& to) : folder_{std::move(folder)}, to_{to} {}

    void read_node(node_settings& into) {
        const std::string file{load::node_file};
        if (const auto parsed = parse(file)) reading{folder_, file, to_}.table(*parsed, {}, into);
    }

    // A file that cannot be parsed still gives its name, so that nothing else is blamed for it.
    template <class Settings>
    void read_each(const std::string& sub, std::map<std::string, Settings>& into) {
        for (const std::string& stem : stems(sub)) {
            Settings& one = into[stem];
            one.name = stem;
            const std::string file = sub + '/' + stem + ".toml";
            if (const auto parsed = parse(file))
                reading{folder_, file, to_}.table(*parsed, {}, one);
        }
    }

    void read_keys(std::map<std::string, key_settings>& into) {
        const std::string file{load::keys_file};
        if (!fs::exists(folder_ / file)) return;
        const auto parsed = parse(file);
        if (!parsed) return;
        for (const auto& [id, node] : *parsed) {
            const std::string name{id.str()};
            key_settings& one = into[name];
            one.id = name;
            to_.remember({file, name}, id.source().begin.line);
            if (const auto* table = node.as_table()) {
                reading{folder_, file, to_}.table(*table, name, one);
            } else {
                to_.error("CFG-TYPE", {file, name}, {}, "[" + name + "]");
            }
        }
    }

    void warn_of_strangers() {
        constexpr std::string_view known[] = {"node.toml", "keys.toml", "agencies", "partners",
                                              "channels",  "adapters",  "trust",    "dialects"};
        for (const std::string& name : entries({})) {
            const bool expected =
                std::find(std::begin(known), std::end(known), name) != std::end(known);
            if (!expected && (fs::is_directory(folder_ / name) || name.ends_with(".toml")))
                to_.warning("CFG-UNKNOWN-FILE", {name, {}});
        }
    }

  private:
    std::vector<std::string> entries(const std::string& sub) const {
        std::vector<std::string> names;
        std::error_code none;
        for (const auto& entry : fs::directory_iterator{folder_ / sub, none})
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }

    std::vector<std::string> stems(const std::string& sub) {
        std::vector<std::string> found;
        for (const std::string& name : entries(sub)) {
            const std::string stem = fs::path{name}.stem().string();
            if (!name.ends_with(".toml")) {
                to_.warning("CFG-UNKNOWN-FILE", {sub + '/' + name, {}});
            } else if (stem.size() > 64 || stem.find_first_not_of(name_letters) != stem.npos) {
                to_.error_on_line(0, "CFG-FILE-NAME", {sub + '/' + name, {}}, stem,
                                  "[A-Za-z0-9_-]{1,64}");
            } else {
                found.push_back(stem);
            }
        }
        return found;
    }

    std::optional<toml::table> parse(const std::string& file) {
        std::ifstream in{folder_ / file, std::ios::binary};
        std::string bytes(longest_file + 1, '\0');
        in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (in.bad() || (in.gcount() == 0 && !fs::is_regular_file(folder_ / file))) {
            to_.error_on_line(0, "CFG-FILE-MISSING", {file, {}}, (folder_ / file).string());
            to_.unreadable(file);
            return std::nullopt;
        }
        bytes.resize(static_cast<std::size_t>(in.gcount()));
        if (bytes.size() > longest_file) {
            to_.error_on_line(0, "CFG-SYNTAX", {file, {}}, "> 1MiB", "<= 1MiB");
            to_.unreadable(file);
            return std::nullopt;
        }
        try {
            return toml::parse(bytes);
        } catch (const toml::parse_error& wrong) {
            to_.error_on_line(wrong.source().begin.line, "CFG-SYNTAX", {file, {}},
                              std::string{wrong.description()});
            to_.unreadable(file);
            return std::nullopt;
        }
    }

    fs::path folder_;
    findings& to_;
};

void read_all(configuration& all, findings& to) {
    folder_reader from{all.folder, to};
    from.read_node(all.node);
    from.read_keys(all.keys);
    from.read_each("agencies", all.agencies);
    from.read_each("partners", all.partners);
    from.read_each("channels", all.channels);
    from.read_each("adapters", all.hosts);
    from.warn_of_strangers();
    for (auto& [name, partner] : all.partners) {
        if (partner.address.empty()) partner.address = name;
    }
}

}  // namespace

loaded_configuration load_configuration(const std::filesystem::path& folder) {
    findings found;
    auto all = std::make_shared<configuration>();
    std::error_code none;
    all->folder = fs::absolute(folder, none);
    if (!fs::is_directory(all->folder, none)) {
        found.error_on_line(0, "CFG-FILE-MISSING", {all->folder.string(), {}},
                            all->folder.string());
        return {nullptr, found.sorted(), nullptr};
    }
    read_all(*all, found);
    load::check_node(*all, found);
    load::check_agencies(*all, found);
    load::check_partners(*all, found);
    load::check_channels(*all, found);
    load::check_hosts(*all, found);
    load::check_identities(*all, found);
    loaded_configuration result{nullptr, found.sorted(), std::move(all)};
    if (!has_errors(result.found)) result.value = result.readable;
    return result;
}

}  // namespace ecert
