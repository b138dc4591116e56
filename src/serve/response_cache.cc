#include "response_cache.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <zlib.h>

#include "base/check.h"

namespace medallion::serve {
namespace {

// A smaller answer fits in one packet either way.
constexpr size_t kGzipBytesMin = 1'400;
constexpr int kGzipLevel = 5;
constexpr int kGzipWindow = 15 + 16;  // the widest window, in gzip's framing (zlib.h)

std::string Gzip(const std::string& text) {
  z_stream stream{};
  CHECK(deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string EntityTag(const std::string& body) {
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  CHECK(EVP_Digest(body.data(), body.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  std::string tag = "\"";
  for (size_t i = 0; i < 16; ++i) {
    tag += fmt::format("{:02x}", digest[i]);
  }
  return tag + "\"";
}

size_t SizeOf(const CachedResponse& response) {
  return response.body.size() + response.gzip.size();
}

}  // namespace

CachedResponse MakeResponse(std::string body) {
  CachedResponse response;
  response.etag = EntityTag(body);
  response.gzip = body.size() < kGzipBytesMin ? "" : Gzip(body);
  response.body = std::move(body);
  return response;
}

CachedResponsePtr ResponseCache::Find(const std::string& request) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(request);
  if (found == entries_.end()) {
    return nullptr;
  }
  order_.splice(order_.begin(), order_, found->second.use);
  return found->second.response;
}

void ResponseCache::Put(const std::string& request, CachedResponsePtr response) {
  const std::lock_guard lock(mutex_);
  const auto known = entries_.find(request);
  if (known != entries_.end()) {
    bytes_ -= SizeOf(*known->second.response);
    order_.erase(known->second.use);
    entries_.erase(known);
  }
  bytes_ += SizeOf(*response);
  order_.push_front(request);
  entries_[request] = {std::move(response), order_.begin()};
  while (bytes_ > kBytesMax && order_.size() > 1) {
    const auto oldest = entries_.find(order_.back());
    bytes_ -= SizeOf(*oldest->second.response);
    entries_.erase(oldest);
    order_.pop_back();
  }
}

}  // namespace medallion::serve
