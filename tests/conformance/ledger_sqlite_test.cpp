#include "hub/ledger/sqlite/open.hpp"
#include "tests/conformance/ledger_accept_suite.hpp"
#include "tests/conformance/ledger_arrive_suite.hpp"
#include "tests/conformance/ledger_asks_suite.hpp"
#include "tests/conformance/ledger_folder.hpp"
#include "tests/conformance/ledger_offered_suite.hpp"
#include "tests/conformance/ledger_owed_suite.hpp"
#include "tests/conformance/ledger_pulled_suite.hpp"
#include "tests/conformance/ledger_upkeep_suite.hpp"
#include "tests/conformance/ledger_view_suite.hpp"
#include "tests/conformance/ledger_work_suite.hpp"

namespace ecert::hub {
namespace {

class sqlite_place final : public ledger_place {
  public:
    std::unique_ptr<ledger> open(const clock& time) override {
        return opened({.folder = folder_.path(), .node = "CN"}, time);
    }
    std::unique_ptr<ledger> open_beside_workers(const clock& time) override {
        return opened({.folder = folder_.path(), .node = "CN", .leases_outlive_us = true}, time);
    }
    std::unique_ptr<ledger_place> copy() const override {
        auto other = std::make_unique<sqlite_place>();
        std::filesystem::copy(folder_.path(), other->folder_.path(),
                              std::filesystem::copy_options::recursive |
                                  std::filesystem::copy_options::overwrite_existing);
        return other;
    }

  private:
    static std::unique_ptr<ledger> opened(sqlite_settings how, const clock& time) {
        auto books = open_sqlite_ledger(std::move(how), time);
        EXPECT_TRUE(books.has_value()) << (books ? "" : books.error().text);
        return std::move(books).value();
    }
    temp_folder folder_;
};

std::unique_ptr<ledger_place> somewhere() { return std::make_unique<sqlite_place>(); }

INSTANTIATE_TEST_SUITE_P(sqlite, ledger_suite, testing::Values(&somewhere));
INSTANTIATE_TEST_SUITE_P(sqlite, ledger_owes, testing::Values(&somewhere));
INSTANTIATE_TEST_SUITE_P(sqlite, ledger_offers, testing::Values(&somewhere));
INSTANTIATE_TEST_SUITE_P(sqlite, ledger_pulls, testing::Values(&somewhere));
INSTANTIATE_TEST_SUITE_P(sqlite, ledger_asks, testing::Values(&somewhere));

}  // namespace
}  // namespace ecert::hub
