#include "config/utf8.hpp"
#include "crypto/xml/error_sink.hpp"
#include "crypto/xml/stylesheet_compiled.hpp"
#include "crypto/xml/stylesheet_files.hpp"
#include "crypto/xml/stylesheet_loader.hpp"

#include <libxslt/documents.h>
#include <libxslt/xsltInternals.h>

#include <algorithm>

namespace ecert::crypto::xml {
namespace {

thread_local const stylesheet_files* being_loaded = nullptr;

// The files that were searched, by their canonical paths; null for anything else.
xmlDoc* tree_of(const stylesheet_files& files, const std::filesystem::path& path) {
    const auto found = files.bytes.find(path);
    if (found == files.bytes.end()) return nullptr;
    auto parsed = parse_stylesheet(found->second);
    if (!parsed) return nullptr;
    auto* tree = parsed->release().release();
    tree->URL = xmlStrdup(reinterpret_cast<const xmlChar*>(path.c_str()));
    return tree;
}

class loading {
  public:
    explicit loading(const stylesheet_files& files) { being_loaded = &files; }
    ~loading() { being_loaded = nullptr; }
};

// libxslt says "compilation error: file F line N element E" and then, on the next line, what.
constexpr std::string_view head = "error: file ";

problem compile_error(std::string_view place, std::string_view what) {
    const auto line = place.rfind(" line ");
    std::string where{place.substr(0, line)};
    if (line != std::string_view::npos) {
        const auto digits = place.substr(line + 6);
        where += ":" + std::string{digits.substr(0, digits.find(' '))};
    }
    return {.id = "XSL-NOT-COMPILED", .where = std::move(where), .value = valid_utf8(what, 200)};
}

problems compile_errors(const std::string& text, const std::string& file) {
    problems out;
    std::string place = file;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = std::string_view{text}.substr(at, end - at);
        const auto begins = line.find(head);
        if (begins != std::string_view::npos)
            place = line.substr(begins + head.size());
        else if (!line.empty())
            out.push_back(compile_error(place, line));
        at = end + 1;
    }
    if (out.empty()) out.push_back(compile_error(file, "libxslt gives no reason"));
    return out;
}

}  // namespace

void free_stylesheet(_xsltStylesheet* s) noexcept { xsltFreeStylesheet(s); }

_xmlDoc* load_for_libxslt(const unsigned char* uri, _xmlDict*, int, void*, int type) {
    if (being_loaded == nullptr || type != XSLT_LOAD_STYLESHEET) return nullptr;
    try {
        std::error_code error;
        const auto path = std::filesystem::canonical(reinterpret_cast<const char*>(uri), error);
        return error ? nullptr : tree_of(*being_loaded, path);
    } catch (...) {
        return nullptr;
    }
}

stylesheet::loaded stylesheet::load(const std::filesystem::path& file,
                                    const std::filesystem::path& inside) {
    loaded out;
    auto files = read_stylesheet_files(file, inside);
    out.found = std::move(files.found);
    if (has_errors(out.found)) return out;
    auto made = std::make_shared<compiled>();
    made->file = file.string();
    made->strips_space = files.strips_space;
    const loading here{files};
    const error_sink said;
    document_handle tree{tree_of(files, std::filesystem::canonical(file))};
    made->sheet.reset(xsltParseStylesheetDoc(tree.get()));
    if (made->sheet)
        static_cast<void>(tree.release());  // it owns its tree, but only if it was made
    if (!made->sheet || !said.text().empty()) {
        out.found = compile_errors(said.text(), made->file);
        return out;
    }
    out.value.compiled_ = std::move(made);
    return out;
}

}  // namespace ecert::crypto::xml
