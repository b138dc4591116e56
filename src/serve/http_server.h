#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/result.h"
#include "http_message.h"

namespace medallion::serve {

// Limits of one server. What is beyond them is answered with an error and closed.
struct HttpLimits {
  size_t connections_max = 512;
  size_t header_bytes_max = 16 * 1024;
  size_t body_bytes_max = 64 * 1024;
  std::chrono::seconds request_time{10};  // from the first byte of a request to its last
  std::chrono::seconds idle_time{60};     // between two requests of a connection
  std::chrono::seconds write_time{30};    // for a client to take some bytes
  std::chrono::seconds heartbeat{15};     // a comment in silent event streams
  std::chrono::seconds stop_time{5};      // for answers under way when the server stops
};

// HTTP/1.1 on asynchronous sockets (Boost.Beast): keep-alive, limits, time-outs, event streams that
// cost no thread. Handlers run on threads of their own, so that a slow one delays nobody else.
class HttpServer {
 public:
  struct Endpoint {
    std::string address;  // numeric, such as 127.0.0.1 or ::1
    uint16_t port = 0;    // 0: any free one
  };

  // Opens the sockets. `required` must work: kEnvironment, with what to do, if its port is taken;
  // those of `wished` are left out where the machine lacks them (::1), with the same port.
  static Result<std::unique_ptr<HttpServer>> Listen(const Endpoint& required,
                                                    const std::vector<std::string>& wished,
                                                    const HttpLimits& limits);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  uint16_t port() const;

  // What answers requests. `at_once` is asked first, on a thread that serves sockets: it must not
  // wait; what it leaves goes to `handle`, on a thread of its own.
  struct Handlers {
    std::function<std::optional<HttpResponse>(const HttpRequest&)> at_once;
    HttpHandler handle;
  };

  // Serves until `cancellation` is set, then lets answers under way finish, within
  // HttpLimits::stop_time. `on_stop` is called first: it ends the event streams. `handlers` outlive
  // the call.
  void Run(const Handlers& handlers, CancellationToken& cancellation,
           const std::function<void()>& on_stop);

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace medallion::serve
