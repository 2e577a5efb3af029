// A ledger in a folder of its own, for tests that look beneath the verbs.
#pragma once

#include "hub/ledger/sqlite/open.hpp"
#include "tests/conformance/ledger_caller.hpp"
#include "tests/conformance/ledger_folder.hpp"

namespace ecert::hub {

class ledger_in_folder : public testing::Test, protected ledger_caller {
  protected:
    sqlite_settings settings() { return {.folder = folder_.path(), .node = "CN"}; }
    result<std::unique_ptr<ledger>> try_open(sqlite_settings s) {
        return open_sqlite_ledger(std::move(s), time_);
    }
    std::unique_ptr<ledger> open(sqlite_settings s) {
        auto opened = try_open(std::move(s));
        EXPECT_TRUE(opened.has_value()) << (opened ? "" : opened.error().text);
        return std::move(opened).value();
    }
    std::unique_ptr<ledger> open() { return open(settings()); }

    result<accept_result> offer(ledger& books, accept_request r) {
        return run(books.accept(std::move(r), receipt));
    }
    accepted take_in(ledger& books, accept_request r) {
        return std::get<accepted>(offer(books, std::move(r)).value());
    }
    std::filesystem::path file() const { return folder_.path() / "ledger.sqlite"; }

    temp_folder folder_;
};

}  // namespace ecert::hub
