// A password, token or key: prints as *** wherever it is formatted, and is wiped when it dies.
#pragma once

#include <fmt/core.h>

#include <ostream>
#include <string>
#include <utility>

namespace ecert {

class secret {
  public:
    secret() = default;
    explicit secret(std::string value) : value_{std::move(value)} {}
    secret(const secret&) = default;
    secret(secret&&) = default;
    // Takes the new value by value, so that the old one dies in `other` and is wiped there.
    secret& operator=(secret other) noexcept {
        value_.swap(other.value_);
        return *this;
    }
    ~secret();

    // The one way to the value: look for callers of reveal() when you audit.
    const std::string& reveal() const { return value_; }
    bool empty() const { return value_.empty(); }

  private:
    std::string value_;
};

inline std::ostream& operator<<(std::ostream& out, const secret&) { return out << "***"; }

}  // namespace ecert

template <>
struct fmt::formatter<ecert::secret> : fmt::formatter<fmt::string_view> {
    template <class Context>
    auto format(const ecert::secret&, Context& to) const {
        return fmt::formatter<fmt::string_view>::format("***", to);
    }
};
