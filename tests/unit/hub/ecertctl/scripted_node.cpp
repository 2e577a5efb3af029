#include "tests/unit/hub/ecertctl/scripted_node.hpp"

#include <fstream>

namespace ecert::tests {

std::string scripted_node::file(const std::string& name, const std::string& text) const {
    std::ofstream{folder_ / name} << text;
    return folder_ / name;
}

std::unique_ptr<http::server> scripted_node::serve(http::listener at) {
    http::server_settings settings{"scripted", std::move(at), {}, folder_};
    auto made = http::serve(
        loop_.get_executor(), std::move(settings),
        [this](http::incoming& request) { return answer(request); }, work_, bodies_);
    return std::move(made.value());
}

awaitable<http::response> scripted_node::answer(http::incoming& request) {
    question q{request.head().method, request.head().target, {}, request.head().fields};
    if (q.method == "POST") {
        const auto body = co_await request.read_body(1 << 20);
        q.body = crypto::read_all(*body.value(), 1 << 20);
    }
    const std::lock_guard lock{guard_};
    asked_.push_back(std::move(q));
    if (answers_.empty()) co_return http::reply(500, "text/plain", "nothing was scripted");
    auto given = std::move(answers_.front());
    answers_.pop_front();
    co_return given;
}

}  // namespace ecert::tests
