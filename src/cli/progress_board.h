#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace medallion::cli {

// Each has one word in what people see, see FlowStateName.
enum class FlowState {
  kWaiting,
  kRunning,
  kCompleted,
  kIdle,     // no new file, or no input changed
  kSkipped,  // something it reads failed
  kExcluded,
  kFailed,
  kStopped
};

std::string_view FlowStateName(FlowState state);

// What is known of one flow of an update so far.
struct FlowLine {
  std::string name;  // full; listings show its last part
  FlowState state = FlowState::kWaiting;
  int64_t files = 0;
  int64_t rows_read = 0;
  int64_t rows_in_batch = 0;  // of the running batch so far, not in rows_read yet
  int64_t rows_written = 0;
  int64_t rows_dropped = 0;
  int64_t rule_failures = 0;   // summed over the rules: a row that breaks two counts twice
  int64_t started_micros = 0;  // of the monotonic clock
  std::optional<int64_t> ended_micros;
  std::string note;  // why it was skipped, or the first line of its error
};

// The flows of one update as text, in the order in which they were added. Pure; not thread-safe.
class ProgressBoard {
 public:
  // The line of that flow, added at the end if it is new. The reference lasts until the next call.
  FlowLine& Flow(const std::string& name);
  const std::vector<FlowLine>& flows() const { return flows_; }

  // One line per flow for a live display, none wider than `columns`; at most `lines_max`, then
  // finished and waiting flows give way to running ones and the last line counts what is not shown.
  std::vector<std::string> LiveLines(int64_t now_micros, int columns, size_t lines_max,
                                     bool color) const;

  // The table at the end of an update.
  std::string Summary(std::optional<int> columns = std::nullopt) const;

 private:
  std::vector<FlowLine> flows_;
};

// One line on a flow that has just changed its state, for output that is no terminal. Empty for
// states that need no line.
std::string StateLine(const FlowLine& flow);

}  // namespace medallion::cli
