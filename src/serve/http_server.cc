#include "http_server.h"

#include <atomic>
#include <mutex>
#include <set>
#include <span>
#include <thread>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include "base/text.h"
#include "event_hub.h"

namespace medallion::serve {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// Answers an operation with its error code instead of an exception.
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// Most of them wait, for the engine or for each other's answers.
constexpr size_t kHandlerThreads = 16;
constexpr size_t kSocketThreads = 2;
constexpr std::chrono::milliseconds kStopPoll{50};
// Messages come in bursts: those of a moment go to a client as one piece.
constexpr std::chrono::milliseconds kGathering{25};

using Parser = http::request_parser<http::string_body>;
using Head = http::response<http::empty_body>;

// What a request that does not parse is answered with.
int StatusOf(const error_code& error) {
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::bad_version) return 505;
  return 400;
}

HttpRequest ToRequest(Parser::value_type message) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  const std::string target(message.target());
  const size_t question = std::min(target.find('?'), target.size());
  request.path = target.substr(0, question);
  request.query = question < target.size() ? target.substr(question + 1) : "";
  for (const auto& field : message) {
    request.headers[ToLower(std::string_view(
        field.name_string().data(), field.name_string().size()))] = std::string(field.value());
  }
  request.body = std::move(message.body());
  return request;
}

Head MakeHead(const HttpResponse& response, unsigned version, bool keep_alive) {
  Head head;
  head.result(static_cast<unsigned>(response.status));
  head.version(version);
  for (const auto& [name, value] : response.headers) {
    head.insert(name, value);
  }
  head.keep_alive(keep_alive);
  return head;
}

std::span<const char> BytesOf(const HttpResponse& response) {
  if (const auto* text = std::get_if<std::string>(&response.body)) {
    return *text;
  }
  return std::get<std::string_view>(response.body);
}

}  // namespace

struct HttpServer::Impl {
  explicit Impl(const HttpLimits& given) : limits(given), workers(kHandlerThreads) {}

  HttpLimits limits;
  asio::io_context sockets;
  asio::thread_pool workers;
  std::vector<tcp::acceptor> acceptors;
  uint16_t port = 0;
  const Handlers* handlers = nullptr;
  std::atomic<bool> stopping{false};
  std::atomic<size_t> connections{0};
  // Connections that wait for a request, which a stop need not wait for.
  std::mutex idle_mutex;
  std::set<beast::tcp_stream*> idle;  // guarded by idle_mutex

  Status Open(const Endpoint& endpoint);
  asio::awaitable<void> Accept(tcp::acceptor& acceptor);
  asio::awaitable<void> Serve(beast::tcp_stream stream);
  asio::awaitable<bool> ReadRequest(beast::tcp_stream& stream, beast::flat_buffer& buffer,
                                    Parser& parser);
  asio::awaitable<void> Refuse(beast::tcp_stream& stream, int status);
  asio::awaitable<HttpResponse> Handle(const HttpRequest& request);
  // False if the connection is of no more use.
  asio::awaitable<bool> Answer(beast::tcp_stream& stream, const HttpResponse& response,
                               unsigned version, bool keep_alive, bool head_only);
  asio::awaitable<bool> SendPieces(beast::tcp_stream& stream, const BodyPieces& pieces,
                                   bool chunked);
  asio::awaitable<void> SendEvents(beast::tcp_stream& stream, EventSubscription& events);
  asio::awaitable<bool> Send(beast::tcp_stream& stream, std::string bytes);
  void SetIdle(beast::tcp_stream& stream, bool is_idle);
  asio::awaitable<void> WatchForStop(CancellationToken& cancellation,
                                     const std::function<void()>& on_stop);
};

Status HttpServer::Impl::Open(const Endpoint& endpoint) {
  error_code error;
  const asio::ip::address address = asio::ip::make_address(endpoint.address, error);
  if (error) {
    return Error(
        ErrorCode::kInvalidArgument,
        {Diagnostic::Unplaced("INVALID_ARGUMENT",
                              fmt::format("`{}` is no address to listen on", endpoint.address),
                              {"write a numeric one, such as 127.0.0.1 or 0.0.0.0"})});
  }
  tcp::acceptor acceptor(sockets);
  const tcp::endpoint place(address, endpoint.port);
  acceptor.open(place.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error && address.is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(place, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    const std::string hint = error == asio::error::address_in_use
                                 ? "another program uses it; choose a port with --port, 0 for any"
                                 : "choose another with --listen and --port";
    return Error(
        ErrorCode::kEnvironment,
        {Diagnostic::Unplaced("ADDRESS_NOT_AVAILABLE",
                              fmt::format("cannot listen on {} port {}: {}", endpoint.address,
                                          endpoint.port, error.message()),
                              {hint})});
  }
  port = acceptor.local_endpoint(error).port();
  acceptors.push_back(std::move(acceptor));
  return OkStatus();
}

asio::awaitable<void> HttpServer::Impl::Accept(tcp::acceptor& acceptor) {
  while (!stopping) {
    auto [error, socket] = co_await acceptor.async_accept(asio::make_strand(sockets), kAwait);
    if (error) {
      // Out of descriptors, say: wait for some to be closed.
      asio::steady_timer pause(sockets, std::chrono::milliseconds(50));
      co_await pause.async_wait(kAwait);
      continue;
    }
    socket.set_option(tcp::no_delay(true), error);
    const auto executor = socket.get_executor();
    asio::co_spawn(executor, Serve(beast::tcp_stream(std::move(socket))), asio::detached);
  }
}

asio::awaitable<void> HttpServer::Impl::Serve(beast::tcp_stream stream) {
  const bool full = ++connections > limits.connections_max;
  if (full) {
    co_await Refuse(stream, 503);
  }
  beast::flat_buffer buffer;
  bool open = !full;
  while (open && !stopping) {
    Parser parser;
    parser.header_limit(static_cast<uint32_t>(limits.header_bytes_max));
    parser.body_limit(limits.body_bytes_max);
    if (!co_await ReadRequest(stream, buffer, parser)) {
      break;
    }
    const bool keep_alive = parser.get().keep_alive();
    const unsigned version = parser.get().version();
    const bool head_only = parser.get().method() == http::verb::head;
    const HttpRequest request = ToRequest(parser.release());
    const HttpResponse response = co_await Handle(request);
    open = co_await Answer(stream, response, version, keep_alive && !stopping, head_only);
    open = open && keep_alive;
  }
  error_code ignored;
  stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
  --connections;
}

asio::awaitable<bool> HttpServer::Impl::ReadRequest(beast::tcp_stream& stream,
                                                    beast::flat_buffer& buffer, Parser& parser) {
  // The first byte may take its time; then the request must come whole.
  if (buffer.size() == 0) {
    stream.expires_after(limits.idle_time);
    SetIdle(stream, true);
    const auto [error, count] = co_await stream.async_read_some(buffer.prepare(4096), kAwait);
    SetIdle(stream, false);
    if (error) {
      co_return false;
    }
    buffer.commit(count);
  }
  stream.expires_after(limits.request_time);
  const auto [error, count] = co_await http::async_read(stream, buffer, parser, kAwait);
  if (error == http::error::end_of_stream || error == beast::error::timeout ||
      (error && error.category() != make_error_code(http::error::bad_method).category())) {
    co_return false;
  }
  if (error) {
    co_await Refuse(stream, StatusOf(error));
    co_return false;
  }
  co_return true;
}

// For what is no request at all, or one too many: a few words, and the connection is closed.
asio::awaitable<void> HttpServer::Impl::Refuse(beast::tcp_stream& stream, int status) {
  HttpResponse response;
  response.status = status;
  response.Set("Content-Type", "text/plain; charset=utf-8");
  response.body = fmt::format(
      "{} {}\n", status,
      std::string_view(http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)))));
  co_await Answer(stream, response, 11, false, false);
}

asio::awaitable<HttpResponse> HttpServer::Impl::Handle(const HttpRequest& request) {
  if (auto response = handlers->at_once(request)) {
    co_return *std::move(response);
  }
  co_return co_await asio::co_spawn(
      workers.get_executor(),
      [this, &request]() -> asio::awaitable<HttpResponse> { co_return handlers->handle(request); },
      asio::use_awaitable);
}

asio::awaitable<bool> HttpServer::Impl::Answer(beast::tcp_stream& stream,
                                               const HttpResponse& response, unsigned version,
                                               bool keep_alive, bool head_only) {
  Head head = MakeHead(response, version, keep_alive);
  const bool sized = std::holds_alternative<std::string>(response.body) ||
                     std::holds_alternative<std::string_view>(response.body);
  const bool has_body = response.status != 304 && response.status != 204;
  // HTTP/1.0 has no chunks: the end of the connection is the end of the body.
  const bool chunked = !sized && version >= 11;
  if (sized && has_body) {
    head.content_length(BytesOf(response).size());
  } else if (chunked) {
    head.chunked(true);
  } else if (!sized) {
    head.keep_alive(false);
  }
  http::response_serializer<http::empty_body> serializer(head);
  stream.expires_after(limits.write_time);
  const auto [error, count] = co_await http::async_write_header(stream, serializer, kAwait);
  if (error) {
    co_return false;
  }
  if (head_only || !has_body) {
    co_return true;
  }
  if (const auto* pieces = std::get_if<BodyPieces>(&response.body)) {
    const bool whole = co_await SendPieces(stream, *pieces, chunked);
    co_return whole&& chunked;
  }
  if (const auto* events = std::get_if<std::shared_ptr<EventSubscription>>(&response.body)) {
    co_await SendEvents(stream, **events);
    co_return false;
  }
  const std::span<const char> bytes = BytesOf(response);
  const auto [failure, written] =
      co_await asio::async_write(stream, asio::buffer(bytes.data(), bytes.size()), kAwait);
  co_return !failure;
}

asio::awaitable<bool> HttpServer::Impl::Send(beast::tcp_stream& stream, std::string bytes) {
  stream.expires_after(limits.write_time);
  const auto [error, count] = co_await asio::async_write(stream, asio::buffer(bytes), kAwait);
  co_return !error;
}

asio::awaitable<bool> HttpServer::Impl::SendPieces(beast::tcp_stream& stream,
                                                   const BodyPieces& pieces, bool chunked) {
  while (true) {
    // Made on a handler's thread, sent from here.
    const Result<std::string> piece = co_await asio::co_spawn(
        workers.get_executor(),
        [&pieces]() -> asio::awaitable<Result<std::string>> { co_return pieces(); },
        asio::use_awaitable);
    if (!piece) {
      co_return false;
    }
    if (piece->empty()) {
      break;
    }
    std::string bytes = chunked ? fmt::format("{:x}\r\n", piece->size()) : "";
    bytes += *piece;
    bytes += chunked ? "\r\n" : "";
    if (!co_await Send(stream, std::move(bytes))) {
      co_return false;
    }
  }
  co_return !chunked || co_await Send(stream, "0\r\n\r\n");
}

asio::awaitable<void> HttpServer::Impl::SendEvents(beast::tcp_stream& stream,
                                                   EventSubscription& events) {
  const auto executor = co_await asio::this_coro::executor;
  // Shared with whoever wakes us, who may come late.
  const auto timer = std::make_shared<asio::steady_timer>(executor);
  while (true) {
    timer->expires_after(limits.heartbeat);
    std::string text =
        events.Take([timer, executor] { asio::post(executor, [timer] { timer->cancel(); }); });
    if (text.empty()) {
      if (events.closed()) {
        break;
      }
      const auto [woken] = co_await timer->async_wait(kAwait);
      if (woken) {
        timer->expires_after(kGathering);
        co_await timer->async_wait(kAwait);
        continue;
      }
      text = ":\n\n";
    }
    if (!co_await Send(stream, fmt::format("{:x}\r\n{}\r\n", text.size(), text))) {
      co_return;
    }
  }
  co_await Send(stream, "0\r\n\r\n");
}

void HttpServer::Impl::SetIdle(beast::tcp_stream& stream, bool is_idle) {
  const std::lock_guard lock(idle_mutex);
  if (is_idle) {
    idle.insert(&stream);
  } else {
    idle.erase(&stream);
  }
}

asio::awaitable<void> HttpServer::Impl::WatchForStop(CancellationToken& cancellation,
                                                     const std::function<void()>& on_stop) {
  asio::steady_timer timer(sockets);
  while (!cancellation.cancelled()) {
    timer.expires_after(kStopPoll);
    co_await timer.async_wait(kAwait);
  }
  stopping = true;
  on_stop();
  for (tcp::acceptor& acceptor : acceptors) {
    error_code ignored;
    acceptor.close(ignored);
  }
  for (auto waited = std::chrono::milliseconds::zero();
       connections > 0 && waited < limits.stop_time; waited += kStopPoll) {
    {
      const std::lock_guard lock(idle_mutex);
      for (beast::tcp_stream* stream : idle) {
        // On the connection's own strand; it stays in the set until its read has ended.
        asio::post(stream->get_executor(), [this, stream] {
          const std::lock_guard still(idle_mutex);
          if (idle.contains(stream)) {
            stream->cancel();
          }
        });
      }
    }
    timer.expires_after(kStopPoll);
    co_await timer.async_wait(kAwait);
  }
  sockets.stop();
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;

uint16_t HttpServer::port() const { return impl_->port; }

Result<std::unique_ptr<HttpServer>> HttpServer::Listen(const Endpoint& required,
                                                       const std::vector<std::string>& wished,
                                                       const HttpLimits& limits) {
  auto impl = std::make_unique<Impl>(limits);
  RETURN_IF_ERROR(impl->Open(required));
  const uint16_t port = impl->port;
  for (const std::string& address : wished) {
    if (!impl->Open({address, port})) {
      impl->port = port;
    }
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

void HttpServer::Run(const Handlers& handlers, CancellationToken& cancellation,
                     const std::function<void()>& on_stop) {
  impl_->handlers = &handlers;
  for (tcp::acceptor& acceptor : impl_->acceptors) {
    asio::co_spawn(impl_->sockets, impl_->Accept(acceptor), asio::detached);
  }
  asio::co_spawn(impl_->sockets, impl_->WatchForStop(cancellation, on_stop), asio::detached);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kSocketThreads; ++i) {
    threads.emplace_back([this] { impl_->sockets.run(); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  impl_->workers.join();
}

}  // namespace medallion::serve
