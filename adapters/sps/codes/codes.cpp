#include "adapters/sps/codes/codes.hpp"

#include "adapters/sps/embedded.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace ecert::sps::codes {
namespace {

// Codes between white space; what follows a # is for people.
class list {
  public:
    explicit list(const char* file) {
        const std::string_view text = embedded_files().at(file);
        for (std::size_t at = 0; at < text.size();) {
            const auto end = std::min(text.find('\n', at), text.size());
            const auto line = text.substr(at, end - at);
            read(line.substr(0, line.find('#')));
            at = end + 1;
        }
        std::ranges::sort(codes_);
    }
    bool has(std::string_view code) const { return std::ranges::binary_search(codes_, code); }
    bool has(int code) const { return has(std::to_string(code)); }

  private:
    void read(std::string_view codes) {
        constexpr auto space = " \t\r";
        for (auto at = codes.find_first_not_of(space); at != codes.npos;
             at = codes.find_first_not_of(space, at)) {
            const auto end = std::min(codes.find_first_of(space, at), codes.size());
            codes_.push_back(codes.substr(at, end - at));
            at = end;
        }
    }
    std::vector<std::string_view> codes_;
};

template <std::size_t N>
struct name {
    char text[N];
    constexpr name(const char (&from)[N]) { std::ranges::copy(from, text); }
};

template <name File>
bool is_in(const auto& code) {
    static const list all{File.text};
    return all.has(code);
}

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_either(char c) { return is_capital(c) || is_digit(c); }

}  // namespace

bool is_version(int n) { return is_in<"versions.txt">(n); }
bool is_type(int n) { return is_in<"types.txt">(n); }
bool is_status(int n) { return is_in<"statuses.txt">(n); }
bool is_country(std::string_view code) { return is_in<"countries.txt">(code); }
bool is_package(std::string_view code) { return is_in<"packages.txt">(code); }
bool is_unit(std::string_view code) { return is_in<"units.txt">(code); }
bool is_signatory(std::string_view code) { return is_in<"signatories.txt">(code); }
bool is_document_note(std::string_view subject) { return is_in<"document-notes.txt">(subject); }
bool is_line_note(std::string_view subject) { return is_in<"line-notes.txt">(subject); }
bool is_treatment_note(std::string_view key) { return is_in<"treatment-notes.txt">(key); }
bool is_classification(std::string_view system) { return is_in<"classifications.txt">(system); }
bool is_relation(std::string_view code) { return is_in<"relations.txt">(code); }

bool has_form_of_unit(std::string_view code) {
    return (code.size() == 2 || code.size() == 3) && std::ranges::all_of(code, is_either);
}

bool is_locode(std::string_view code) {
    return code.size() == 5 && is_country(code.substr(0, 2)) &&
           std::ranges::all_of(code.substr(2), is_either);
}

}  // namespace ecert::sps::codes
