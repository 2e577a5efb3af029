// libxslt tells errors of compiling to one function of the process. This catches them for the
// thread that compiles.
#pragma once

#include <string>

namespace ecert::crypto::xml {

class error_sink {
  public:
    error_sink();  // what this thread's libxslt says is collected from now on
    ~error_sink();
    error_sink(const error_sink&) = delete;
    error_sink& operator=(const error_sink&) = delete;
    const std::string& text() const { return text_; }

  private:
    std::string text_;
    std::string* before_;
};

// For libxslt: appends to `into` (a std::string), or to the thread's sink, or to nothing.
void collect_error(void* into, const char* form, ...);

}  // namespace ecert::crypto::xml
