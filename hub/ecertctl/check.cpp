#include "hub/ecertctl/check.hpp"

#include "adapters/engine/channels.hpp"
#include "config/load/load.hpp"
#include "config/problem_line.hpp"
#include "crypto/tls/context.hpp"
#include "crypto/trust/certificate.hpp"
#include "crypto/xml/document.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace ecert::ctl {
namespace {

void append(problems& to, problems more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void check_listener(const listener_settings& listener, const std::string& name, problems& to) {
    if (listener.port == 0) return;
    if (const auto made = crypto::make_server_context(listener); !made)
        to.push_back({"CFG-TLS", severity::error, "node.toml " + name, made.error().text, ""});
}

void check_agencies(const configuration& all, problems& to) {
    for (const auto& [name, agency] : all.agencies) {
        for (const auto& rule : agency.identity) {
            const auto loaded = crypto::identity_rule::load(rule);
            if (!loaded)
                to.push_back({"CFG-TLS", severity::error, "agencies/" + name + ".toml identity",
                              loaded.error().text, ""});
        }
    }
}

// What lies in the files that a sound configuration names.
problems check_deeper(const configuration_ptr& all) {
    problems found;
    pool work{1};
    boost::asio::io_context loop{1};
    check_listener(all->node.agencies, "agencies", found);
    check_listener(all->node.partners, "partners", found);
    check_agencies(*all, found);
    append(found, engine::make_snapshot(loop.get_executor(), all, work,
                                        std::filesystem::temp_directory_path(), nullptr)
                      .found);
    return found;
}

boost::json::object as_json(const problem& p, language in) {
    return {{"id", p.id},       {"level", name_of(p.level)}, {"where", p.where},
            {"value", p.value}, {"expected", p.expected},    {"text", problem_text(p.id, in)}};
}

void print(session& s, const problems& all) {
    if (s.json) {
        boost::json::array list;
        for (const problem& p : all) list.push_back(as_json(p, s.in));
        s.out << boost::json::serialize(boost::json::object{{"problems", std::move(list)}}) << '\n';
        return;
    }
    for (const problem& p : all) s.out << problem_line(p, s.in) << '\n';
    const auto errors = std::count_if(all.begin(), all.end(),
                                      [](const problem& p) { return p.level == severity::error; });
    fmt::print(s.out, "{} errors, {} warnings\n", errors,
               static_cast<std::ptrdiff_t>(all.size()) - errors);
}

}  // namespace

exit_code check_configuration(session& s, const std::filesystem::path& folder) {
    const crypto::xml::library xml;
    loaded_configuration loaded = load_configuration(folder);
    problems found = std::move(loaded.found);
    if (loaded.value) {
        append(found, check_deeper(loaded.value));
    } else if (loaded.readable) {
        const auto& all = *loaded.readable;
        append(found, engine::load_dialects({all.node.dialects, all.folder / "dialects"}).found);
    }
    print(s, found);
    return has_errors(found) ? exit_code::broken : exit_code::ok;
}

}  // namespace ecert::ctl
