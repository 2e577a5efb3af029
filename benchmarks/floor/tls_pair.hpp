// Two ends of one TLS 1.3 connection in memory: what encrypting and decrypting costs, with no
// socket.
#pragma once

#include <memory>
#include <string>

namespace ecert::bench {

class tls_pair {
  public:
    tls_pair(const std::string& certificate, const std::string& key);
    ~tls_pair();
    void send(const std::string& bytes);   // client to server, read to the end
    void reply(const std::string& bytes);  // and back

  private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace ecert::bench
