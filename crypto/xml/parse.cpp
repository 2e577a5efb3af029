#include "config/problem.hpp"
#include "crypto/xml/document.hpp"
#include "crypto/xml/sax_pass.hpp"

namespace ecert::crypto::xml {

failure as_failure(const problems& found) {
    failure out{failure_kind::invalid, {}};
    for (const auto& p : found) {
        if (p.level != severity::error) continue;
        if (p.id.starts_with("XML-LIMIT-")) out.kind = failure_kind::too_large;
        if (!out.text.empty()) out.text += ' ';
        out.text += p.id + ": " + std::string{problem_text(p.id, language::en)};
        std::string detail = p.where;
        if (!p.value.empty()) detail += (detail.empty() ? "" : ": ") + p.value;
        if (!p.expected.empty()) detail += (detail.empty() ? "" : "; ") + p.expected;
        if (!detail.empty()) out.text += " (" + detail + ")";
    }
    return out;
}

result<document> document::parse(std::string_view bytes, const limits& within) {
    if (bytes.size() > within.bytes)
        return as_failure({{.id = "XML-LIMIT-BYTES",
                            .value = std::to_string(bytes.size()),
                            .expected = "<= " + std::to_string(within.bytes)}});
    auto text = as_utf8(from_memory(std::string{bytes}), std::filesystem::temp_directory_path());
    if (const auto* wrong = std::get_if<problem>(&text)) return as_failure({*wrong});
    sax_pass pass{std::get<utf8_text>(std::move(text)), within};
    if (!pass.run()) return as_failure(pass.found());
    return pass.take_tree();
}

}  // namespace ecert::crypto::xml
