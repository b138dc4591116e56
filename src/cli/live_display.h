#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace medallion::cli {

// Lines at the bottom of a terminal that are drawn anew in place. Each frame is one write between
// synchronised-update marks, so nothing flickers; a resize between frames is taken into account by
// counting how many rows the last frame takes at the present width.
class LiveDisplay {
 public:
  struct Frame {
    std::vector<std::string> lines;
    int columns = 80;  // the terminal's width at which they were made
  };
  // Makes the present frame; called from the display's own thread, not while another call runs.
  using MakeFrame = std::function<Frame()>;

  // Draws to `descriptor` ten times a second until Stop.
  LiveDisplay(int descriptor, MakeFrame make_frame);
  ~LiveDisplay();
  LiveDisplay(const LiveDisplay&) = delete;
  LiveDisplay& operator=(const LiveDisplay&) = delete;

  // Draws `text` (whole lines) above the live lines, once. Thread-safe.
  void PrintAbove(const std::string& text);
  // Removes the live lines and ends the thread; later calls do nothing.
  void Stop();

 private:
  void Run();
  void Draw(const Frame& frame, const std::string& above);

  const int descriptor_;
  const MakeFrame make_frame_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::string above_;      // guarded by mutex_
  Frame drawn_;            // the thread's own
  std::thread thread_;
};

// The bytes that replace `drawn` by `next`, with `above` printed first. Pure.
std::string RedrawBytes(const LiveDisplay::Frame& drawn, const LiveDisplay::Frame& next,
                        const std::string& above);

}  // namespace medallion::cli
