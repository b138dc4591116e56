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

CachedResponsePtr ResponseCache::Entry::Fresh(const IsFresh& is_fresh) const {
  for (const CachedResponsePtr& response : {newest, before}) {
    if (response && is_fresh(*response)) {
      return response;
    }
  }
  return nullptr;
}

size_t ResponseCache::Entry::bytes() const {
  return (newest ? SizeOf(*newest) : 0) + (before ? SizeOf(*before) : 0);
}

CachedResponsePtr ResponseCache::Find(const std::string& request, const IsFresh& is_fresh) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(request);
  if (found == entries_.end()) {
    return nullptr;
  }
  Entry& entry = found->second;
  order_.splice(order_.begin(), order_, entry.use);
  entry.rounds_unused = 0;
  return entry.Fresh(is_fresh);
}

CachedResponsePtr ResponseCache::Peek(const std::string& request, const IsFresh& is_fresh) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(request);
  return found == entries_.end() ? nullptr : found->second.Fresh(is_fresh);
}

ResponseCache::Entry& ResponseCache::Touch(const std::string& request) {
  const auto [place, added] = entries_.try_emplace(request);
  if (added) {
    order_.push_front(request);
    place->second.use = order_.begin();
  }
  return place->second;
}

void ResponseCache::Watch(const std::string& request) {
  const std::lock_guard lock(mutex_);
  Touch(request).rounds_unused = 0;
}

void ResponseCache::Put(const std::string& request, CachedResponsePtr response) {
  const std::lock_guard lock(mutex_);
  Entry& entry = Touch(request);
  bytes_ -= entry.bytes();
  entry.before = std::move(entry.newest);
  entry.newest = std::move(response);
  bytes_ += entry.bytes();
  while (bytes_ > kBytesMax && order_.size() > 1) {
    const auto oldest = entries_.find(order_.back());
    bytes_ -= oldest->second.bytes();
    entries_.erase(oldest);
    order_.pop_back();
  }
}

std::vector<std::string> ResponseCache::Watched() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> watched;
  for (const std::string& request : order_) {
    if (++entries_.at(request).rounds_unused <= kRoundsWatched) {
      watched.push_back(request);
    }
  }
  return watched;
}

}  // namespace medallion::serve
