// Rows with aligned columns, for people. The last column is never padded.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace ecert::ctl {

class columns {
  public:
    explicit columns(std::vector<std::string> headings) { add(std::move(headings)); }
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    bool empty() const { return rows_.size() == 1; }
    void print(std::ostream& to) const;

  private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace ecert::ctl
