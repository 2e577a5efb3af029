// What waits for the publishing thread, in order. Inside queue/amqp only.
// Thread rule: put() and give_up() on the executor, the rest on the thread.
#pragma once

#include "queue/amqp/answer.hpp"
#include "queue/amqp/wake.hpp"
#include "queue/transport.hpp"

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ecert::queue::amqp {

// One publish(). Once it is handed to the network nobody can take it back: the two sides settle by
// `stage_` who was first.
class publishing : public answer<publication> {
  public:
    publishing(boost::asio::any_io_executor on, std::string to, std::string what, duration deadline)
        : answer{std::move(on), deadline}, queue{std::move(to)}, body{std::move(what)} {}
    const std::string queue, body;

    bool take() { return move_on(stage::taken); }        // the thread will send it now
    bool give_up() { return move_on(stage::given_up); }  // true: it never left
    bool waits() const { return stage_ == stage::waiting; }

  private:
    enum class stage { waiting, taken, given_up };
    bool move_on(stage to) {
        auto from = stage::waiting;
        return stage_.compare_exchange_strong(from, to);
    }
    std::atomic<stage> stage_{stage::waiting};
};
using publishing_ptr = std::shared_ptr<publishing>;

struct declaring {
    std::string queue;
};
struct rebuilding_asked {
    std::string queue;
    std::shared_ptr<answer<rebuilding>> to;
};
using asking = std::shared_ptr<answer<std::vector<queue_figures>>>;
using draining = std::shared_ptr<answer<bool>>;
using errand = std::variant<publishing_ptr, declaring, rebuilding_asked, asking, draining>;

class outbox {
  public:
    explicit outbox(std::size_t most_bytes) : most_bytes_{most_bytes} {}

    bool put(errand what);         // false: full, or stopped
    std::optional<errand> take();  // the next that still wants to be done
    void take_back(errand what);   // to the front: there was no room for it
    void stop();
    bool stopped() const { return stopped_; }
    wake& bell() { return bell_; }

  private:
    void drop_given_up();
    static std::size_t size_of(const errand& e);

    const std::size_t most_bytes_;
    std::mutex lock_;
    std::deque<errand> waiting_;
    std::size_t bytes_ = 0;
    std::atomic<bool> stopped_{false};
    wake bell_;
};

}  // namespace ecert::queue::amqp
