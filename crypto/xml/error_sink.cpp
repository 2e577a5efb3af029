#include "crypto/xml/error_sink.hpp"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <utility>

namespace ecert::crypto::xml {
namespace {

constexpr std::size_t most = 16 << 10;
thread_local std::string* current = nullptr;

}  // namespace

error_sink::error_sink() : before_{std::exchange(current, &text_)} {}
error_sink::~error_sink() { current = before_; }

void collect_error(void* into, const char* form, ...) {
    auto* text = into != nullptr ? static_cast<std::string*>(into) : current;
    if (text == nullptr || text->size() > most) return;
    std::array<char, 2048> line;
    std::va_list values;
    va_start(values, form);
    std::vsnprintf(line.data(), line.size(), form, values);
    va_end(values);
    *text += line.data();
}

}  // namespace ecert::crypto::xml
