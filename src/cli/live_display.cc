#include "live_display.h"

#include <chrono>

#include <unistd.h>

#include "terminal.h"

namespace medallion::cli {
namespace {

constexpr std::chrono::milliseconds kFrameInterval{100};

// Rows that the lines take on a terminal of that width.
int PhysicalRows(const std::vector<std::string>& lines, int columns) {
  int rows = 0;
  for (const std::string& line : lines) {
    rows += std::max(1, (DisplayWidth(line) + columns - 1) / columns);
  }
  return rows;
}

// A terminal that is gone is no reason to stop the work: errors are ignored.
void WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written <= 0) {
      return;
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace

std::string RedrawBytes(const LiveDisplay::Frame& drawn, const LiveDisplay::Frame& next,
                        const std::string& above) {
  // Private mode 2026, "synchronized output": terminals that lack it ignore it.
  std::string bytes = "\x1b[?2026h\r";
  if (const int rows = PhysicalRows(drawn.lines, std::max(1, next.columns)); rows > 0) {
    bytes += fmt::format("\x1b[{}A", rows);
  }
  if (!above.empty()) {
    bytes += "\x1b[J" + above;
  }
  for (const std::string& line : next.lines) {
    bytes += line + "\x1b[K\n";
  }
  return bytes + "\x1b[J\x1b[?2026l";
}

LiveDisplay::LiveDisplay(int descriptor, MakeFrame make_frame)
    : descriptor_(descriptor), make_frame_(std::move(make_frame)), thread_([this] { Run(); }) {}

LiveDisplay::~LiveDisplay() { Stop(); }

void LiveDisplay::PrintAbove(const std::string& text) {
  const std::lock_guard lock(mutex_);
  above_ += text;
  wake_.notify_one();
}

void LiveDisplay::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) {
    thread_.join();
  }
}

void LiveDisplay::Run() {
  bool stopping = false;
  while (!stopping) {
    std::string above;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, kFrameInterval, [this] { return stopping_ || !above_.empty(); });
      above.swap(above_);
      stopping = stopping_;
    }
    Frame frame = make_frame_();
    if (stopping) {
      frame.lines.clear();
    }
    Draw(frame, above);
  }
}

void LiveDisplay::Draw(const Frame& frame, const std::string& above) {
  WriteAll(descriptor_, RedrawBytes(drawn_, frame, above));
  drawn_ = frame;
}

}  // namespace medallion::cli
