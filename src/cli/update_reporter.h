#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "live_display.h"
#include "pipeline/event.h"
#include "pipeline/update.h"
#include "progress_board.h"
#include "runtime.h"

namespace medallion::cli {

// Shows an update while it runs: JSON lines on standard output, live lines on a terminal, or one
// line per change of state. Progress goes to standard error, so that standard output stays for
// results.
class UpdateReporter final : public pipeline::EventSink {
 public:
  UpdateReporter(Runtime& runtime, bool json);
  ~UpdateReporter() override;

  void OnEvent(const pipeline::Event& event) override;
  void OnRowsRead(std::string_view flow, int64_t rows) override;

  // Ends the live display and prints what came of the update: the summary table, errors, and with
  // `--json` one object of type `summary`. Warnings were shown when they came.
  void Finish(const pipeline::UpdateResult& result);
  // Ends the live display without a word.
  void Stop();

 private:
  void Remark(const std::string& message);
  void Advance(const pipeline::Event& event, const pipeline::FlowProgress& progress);
  void PrintSummary(const pipeline::UpdateResult& result);

  Runtime& runtime_;
  const bool json_;
  std::mutex mutex_;
  ProgressBoard board_;               // guarded by mutex_
  std::vector<std::string> remarks_;  // guarded by mutex_; messages of events of level WARN
  std::unique_ptr<LiveDisplay> display_;
};

// The final figures of a flow, which take the place of what its events added up to.
FlowLine ToFlowLine(const pipeline::FlowResult& result);

// `{"type":"summary",…}` (docs/json-output.md), with `remarks` among the warnings.
std::string SummaryJson(const pipeline::UpdateResult& result,
                        const std::vector<std::string>& remarks);

}  // namespace medallion::cli
