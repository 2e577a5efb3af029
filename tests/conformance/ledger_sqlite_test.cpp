#include "hub/ledger/sqlite/open.hpp"
#include "tests/conformance/ledger_accept_suite.hpp"
#include "tests/conformance/ledger_arrive_suite.hpp"
#include "tests/conformance/ledger_upkeep_suite.hpp"
#include "tests/conformance/ledger_view_suite.hpp"
#include "tests/conformance/ledger_work_suite.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace ecert::hub {
namespace {

class sqlite_place final : public ledger_place {
  public:
    sqlite_place() {
        static int made = 0;
        folder_ = std::filesystem::temp_directory_path() /
                  ("ecert-ledger-" + std::to_string(::getpid()) + "-" + std::to_string(++made));
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    ~sqlite_place() override { std::filesystem::remove_all(folder_); }

    std::unique_ptr<ledger> open(const clock& time) override {
        auto opened = open_sqlite_ledger({.folder = folder_, .node = "CN"}, time);
        EXPECT_TRUE(opened.has_value()) << (opened ? "" : opened.error().text);
        return std::move(opened).value();
    }
    std::unique_ptr<ledger_place> copy() const override {
        auto other = std::make_unique<sqlite_place>();
        std::filesystem::copy(folder_, other->folder_,
                              std::filesystem::copy_options::recursive |
                                  std::filesystem::copy_options::overwrite_existing);
        return other;
    }

  private:
    std::filesystem::path folder_;
};

std::unique_ptr<ledger_place> somewhere() { return std::make_unique<sqlite_place>(); }

INSTANTIATE_TEST_SUITE_P(sqlite, ledger_suite, testing::Values(&somewhere));

}  // namespace
}  // namespace ecert::hub
