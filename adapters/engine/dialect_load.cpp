#include "adapters/engine/dialect_parts.hpp"
#include "adapters/engine/security.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace ecert::engine {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> sorted(const fs::path& folder, auto&& wanted) {
    std::vector<fs::path> all;
    std::error_code ignored;
    for (const auto& each : fs::directory_iterator{folder, ignored})
        if (wanted(each)) all.push_back(each.path());
    std::sort(all.begin(), all.end());
    return all;
}

bool is_stylesheet(const fs::directory_entry& e) {
    return e.is_regular_file() && e.path().extension() == ".xsl";
}

std::string bytes_of(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// Over the parsed values (comments and order of keys do not matter) and every stylesheet a call,
// reply or translation may pull in.
crypto::sha256 digest_of(const toml::table& parsed, const fs::path& folder) {
    std::ostringstream values;
    values << toml::json_formatter{parsed};
    crypto::sha256_digester digest;
    const auto add = [&](const std::string& text) {
        digest.update(fmt::format("{}:", text.size()));
        digest.update(text);
    };
    add(folder.filename().string());
    add(values.str());
    for (const auto* part : {"call", "serve", "translate"})
        for (const auto& file : sorted(folder / part, is_stylesheet)) {
            add(fs::relative(file, folder).generic_string());
            add(bytes_of(file));
        }
    return std::move(digest).finish();
}

void read_header(dialect& into, dialect_table& from) {
    const auto version = from.required_text("soap");
    if (version == "1.1")
        into.soap = soap_version::v1_1;
    else if (version != "1.2" && !version.empty())
        from.wrong("DIA-VALUE", "soap", version, "1.1, 1.2");
    into.security = from.required_text("security");
    if (!into.security.empty() && !find_security(into.security))
        from.wrong("DIA-VALUE", "security", into.security, "none, wss-x509");
    into.addressing = from.boolean("addressing", true);
    into.message_id = from.boolean("message_id", true);
    const auto complete = from.text("complete_at", "acknowledged");
    into.delivered_completes = complete == "delivered";
    if (!into.delivered_completes && complete != "acknowledged")
        from.wrong("DIA-VALUE", "complete_at", complete, "delivered, acknowledged");
    into.fault_namespace = from.text("fault_namespace", "");
    into.served = {into.soap};
    if (!from.has("serve_soap")) return;
    into.served.clear();
    for (const auto& each : from.texts("serve_soap")) {
        if (each == "1.1")
            into.served.push_back(soap_version::v1_1);
        else if (each == "1.2")
            into.served.push_back(soap_version::v1_2);
        else
            from.wrong("DIA-VALUE", "serve_soap", each, "1.1, 1.2");
    }
    if (into.served.empty()) from.wrong("DIA-VALUE", "serve_soap", "", "1.1, 1.2");
}

// The description of the service is ours: read once here, so that what is served is XML.
void read_wsdl(dialect& into, dialect_table& from, const dialect_being_read& of) {
    const auto named = from.text("wsdl", "");
    if (named.empty()) return;
    auto text = read_file(from, "wsdl", named, of);
    if (!text) return;
    if (auto parsed = crypto::xml::document::parse(*text, {}); !parsed)
        from.wrong("DIA-VALUE", "wsdl", named, parsed.error().text);
    else if (text->find(wsdl_address) == std::string::npos)
        from.wrong("DIA-VALUE", "wsdl", named,
                   std::string{wsdl_address} + " where the address goes");
    into.wsdl = std::move(*text);
}

void read_service(dialect& into, dialect_table& from, const dialect_being_read& of) {
    if (from.has("fault_detail")) into.fault_detail = read_stylesheet(from, "fault_detail", of);
    read_wsdl(into, from, of);
    into.agencies = from.boolean("agencies", false);
    if (into.agencies && into.security != "none")
        from.wrong("DIA-VALUE", "agencies", "true", "security = \"none\": agencies sign nothing");
}

crypto::xml::namespaces read_namespaces(dialect_table& from, const fs::path& file,
                                        problems& found) {
    crypto::xml::namespaces known;
    if (const auto* table = from.table("namespaces"))
        for (auto& [prefix, uri] : dialect_table{*table, file, found}.pairs())
            known.emplace(prefix, uri);
    return known;
}

void read_translations(dialect& into, problems& found) {
    for (const auto& file : sorted(into.folder / "translate", is_stylesheet)) {
        auto loaded = crypto::xml::stylesheet::load(file, into.folder);
        found.insert(found.end(), loaded.found.begin(), loaded.found.end());
        if (loaded.value) into.translations.emplace(file.stem().string(), loaded.value);
    }
}

bool needs_no_more(const std::vector<need>& earlier, const std::vector<need>& later) {
    return std::ranges::all_of(earlier, [&](const need& wanted) {
        return std::ranges::any_of(later, [&](const need& other) {
            return other.fact == wanted.fact &&
                   (wanted.value.empty() || other.value == wanted.value);
        });
    });
}

// Of two operations of one verb the second is found where the first needs more; of one request
// only the first would ever be.
void refuse_doubles(const dialect& of, dialect_table& from) {
    for (std::size_t i = 0; i < of.calls.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (of.calls[i].verb == of.calls[j].verb &&
                needs_no_more(of.calls[j].needs, of.calls[i].needs))
                from.wrong("DIA-TWICE", "call", of.calls[i].name,
                           "one call a verb, or an earlier one that `needs` more");
    for (std::size_t i = 0; i < of.serves.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (of.serves[i].request == of.serves[j].request)
                from.wrong("DIA-TWICE", "serve", of.serves[i].name,
                           "one operation a request element");
}

dialect_ptr load_one(const fs::path& folder, problems& found) {
    const auto file = folder / "dialect.toml";
    problems here;
    auto made = std::make_shared<dialect>();
    if (auto parsed = parse_toml(file, here)) {
        made->name = folder.filename().string();
        made->folder = folder;
        dialect_table from{*parsed, file, here};
        read_header(*made, from);
        const auto known = read_namespaces(from, file, here);
        const dialect_being_read of{folder, known, here};
        read_service(*made, from, of);
        std::vector<reply_rule> common;
        for (const auto* rule : from.tables("rule"))
            common.push_back(read_rule({*rule, file, here}, of));
        for (const auto* call : from.tables("call"))
            made->calls.push_back(read_call({*call, file, here}, common, of));
        for (const auto* serve : from.tables("serve"))
            made->serves.push_back(read_serve({*serve, file, here}, of));
        from.refuse_the_rest();
        refuse_doubles(*made, from);
        read_translations(*made, here);
        made->digest = digest_of(*parsed, folder);
        if (!has_errors(here)) run_fixtures(*made, here);
    }
    const bool bad = has_errors(here);
    found.insert(found.end(), here.begin(), here.end());
    return bad ? nullptr : made;
}

}  // namespace

loaded_dialects load_dialects(const std::vector<fs::path>& folders) {
    loaded_dialects all;
    std::map<std::string, fs::path> seen;
    for (const auto& folder : folders)
        for (const auto& each : sorted(folder, [](const auto& e) { return e.is_directory(); })) {
            const auto name = each.filename().string();
            if (const auto [first, fresh] = seen.emplace(name, each); !fresh) {
                all.found.push_back(
                    {"DIA-TWICE", severity::error, each.string(), name, first->second.string()});
                all.all.erase(name);
                continue;
            }
            if (auto made = load_one(each, all.found)) all.all.emplace(name, made);
        }
    return all;
}

}  // namespace ecert::engine
