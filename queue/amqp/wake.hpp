// Wakes a thread out of poll(). Inside queue/amqp only. Thread rule: ring() from any thread.
#pragma once

namespace ecert::queue::amqp {

class wake {
  public:
    wake();
    ~wake();
    wake(const wake&) = delete;
    wake& operator=(const wake&) = delete;
    void ring() noexcept;
    void quiet() noexcept;
    int descriptor() const { return descriptor_; }

  private:
    int descriptor_;
};

}  // namespace ecert::queue::amqp
