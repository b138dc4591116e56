#include "update_reporter.h"

#include <ostream>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "base/text.h"
#include "error_output.h"
#include "text_table.h"

namespace medallion::cli {
namespace {

using pipeline::FlowOutcome;
using pipeline::FlowStatus;
using Json = nlohmann::ordered_json;

FlowState StateOf(FlowStatus status) {
  switch (status) {
    case FlowStatus::kQueued: return FlowState::kWaiting;
    case FlowStatus::kPlanning:
    case FlowStatus::kStarting:
    case FlowStatus::kRunning: return FlowState::kRunning;
    case FlowStatus::kIdle: return FlowState::kIdle;
    case FlowStatus::kCompleted: return FlowState::kCompleted;
    case FlowStatus::kFailed: return FlowState::kFailed;
    case FlowStatus::kSkipped: return FlowState::kSkipped;
    case FlowStatus::kStopped: return FlowState::kStopped;
    case FlowStatus::kExcluded: return FlowState::kExcluded;
  }
  return FlowState::kWaiting;
}

std::string_view OutcomeName(FlowOutcome outcome) {
  switch (outcome) {
    case FlowOutcome::kCompleted: return "completed";
    case FlowOutcome::kSkipped: return "skipped";
    case FlowOutcome::kExcluded: return "excluded";
    case FlowOutcome::kFailed: return "failed";
    case FlowOutcome::kUpstreamFailed: return "upstream_failed";
    case FlowOutcome::kCanceled: return "canceled";
  }
  return "failed";
}

FlowState StateOf(const pipeline::FlowResult& result) {
  switch (result.outcome) {
    case FlowOutcome::kCompleted:
      return result.batches == 0 && result.rows_read == 0 ? FlowState::kIdle
                                                          : FlowState::kCompleted;
    case FlowOutcome::kSkipped: return FlowState::kIdle;
    case FlowOutcome::kExcluded: return FlowState::kExcluded;
    case FlowOutcome::kFailed: return FlowState::kFailed;
    case FlowOutcome::kUpstreamFailed: return FlowState::kSkipped;
    case FlowOutcome::kCanceled: return FlowState::kStopped;
  }
  return FlowState::kFailed;
}

std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

// Rows that have to leave room for the shell's prompt.
constexpr size_t kLiveLinesMax = 24;

// Bounds what the summary repeats; the event log has them all.
constexpr size_t kRemarksMax = 1000;

int64_t Failures(const std::vector<RuleCount>& rules) {
  int64_t failures = 0;
  for (const RuleCount& rule : rules) {
    failures += rule.failed;
  }
  return failures;
}

bool IsTemporaryView(const pipeline::UpdateResult& result, const pipeline::FlowResult& flow) {
  return result.graph && !result.graph->target(result.graph->flows[flow.flow]).IsStored();
}

}  // namespace

FlowLine ToFlowLine(const pipeline::FlowResult& result) {
  FlowLine line{.name = result.name,
                .state = StateOf(result),
                .files = result.input_files,
                .rows_read = result.rows_read,
                .rows_written = result.rows_written,
                .rows_dropped = result.rows_dropped,
                .rule_failures = Failures(result.rules),
                .started_micros = 0,
                .ended_micros = static_cast<int64_t>(result.seconds * 1e6),
                .note = result.reason};
  if (result.error) {
    line.note = FirstLine(result.error->message());
  }
  return line;
}

std::string SummaryJson(const pipeline::UpdateResult& result,
                        const std::vector<std::string>& remarks) {
  std::vector<std::string> warnings = result.warnings;
  warnings.insert(warnings.end(), remarks.begin(), remarks.end());
  Json flows = Json::array();
  for (const pipeline::FlowResult& flow : result.flows) {
    Json rules = Json::array();
    for (const RuleCount& rule : flow.rules) {
      rules.push_back({{"name", rule.name}, {"passed", rule.passed}, {"failed", rule.failed}});
    }
    Json object = {{"flow", flow.name},
                   {"dataset", flow.dataset},
                   {"outcome", OutcomeName(flow.outcome)},
                   {"reason", flow.reason},
                   {"input_files", flow.input_files},
                   {"rows_read", flow.rows_read},
                   {"rows_written", flow.rows_written},
                   {"rows_dropped", flow.rows_dropped},
                   {"files_set_aside", flow.files_set_aside},
                   {"seconds", flow.seconds},
                   {"expectations", std::move(rules)}};
    if (flow.version) {
      object["version"] = *flow.version;
    }
    if (flow.error) {
      object["error"] = flow.error->message();
    }
    flows.push_back(std::move(object));
  }
  return Json{{"type", "summary"},
              {"update_id", result.update_id},
              {"state", pipeline::ToString(result.state)},
              {"seconds", result.seconds},
              {"files_set_aside", result.files_set_aside},
              {"warnings", warnings},
              {"flows", std::move(flows)}}
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

UpdateReporter::UpdateReporter(Runtime& runtime, bool json) : runtime_(runtime), json_(json) {
  if (json_ || !runtime_.console.err_terminal.interactive) {
    return;
  }
  display_ = std::make_unique<LiveDisplay>(STDERR_FILENO, [this] {
    const std::lock_guard lock(mutex_);
    const int columns = TerminalColumns(STDERR_FILENO);
    return LiveDisplay::Frame{board_.LiveLines(runtime_.clock.MonotonicMicros(), columns,
                                               kLiveLinesMax, runtime_.console.err_terminal.color),
                              columns};
  });
}

UpdateReporter::~UpdateReporter() { Stop(); }

void UpdateReporter::Stop() { display_.reset(); }

void UpdateReporter::OnEvent(const pipeline::Event& event) {
  if (event.level == pipeline::EventLevel::kWarn) {
    Remark(event.message);
  }
  if (json_) {
    runtime_.console.out << pipeline::ToJson(event) << "\n" << std::flush;
    return;
  }
  if (const auto* definition = std::get_if<pipeline::FlowDefinition>(&event.details)) {
    if (definition->flow_type != "VIEW") {
      const std::lock_guard lock(mutex_);
      board_.Flow(event.origin.flow_name);  // waiting
    }
  } else if (const auto* progress = std::get_if<pipeline::FlowProgress>(&event.details)) {
    Advance(event, *progress);
  }
}

void UpdateReporter::OnRowsRead(std::string_view flow, int64_t rows) {
  const std::lock_guard lock(mutex_);
  board_.Flow(std::string(flow)).rows_in_batch = rows;
}

void UpdateReporter::Remark(const std::string& message) {
  {
    const std::lock_guard lock(mutex_);
    if (remarks_.size() < kRemarksMax) {
      remarks_.push_back(message);
    }
  }
  const Console& console = runtime_.console;
  const std::string line =
      fmt::format("{}: {}\n", Paint(console.err_terminal.color, Ink::kYellow, "warning"),
                  EscapeControls(message));
  if (display_) {
    display_->PrintAbove(line);
  } else {
    console.err << line << std::flush;
  }
}

void UpdateReporter::Advance(const pipeline::Event& event, const pipeline::FlowProgress& progress) {
  const std::lock_guard lock(mutex_);
  FlowLine& line = board_.Flow(event.origin.flow_name);
  const FlowState before = line.state;
  line.state = StateOf(progress.status);
  if (line.state == FlowState::kSkipped && before == FlowState::kRunning) {
    line.state = FlowState::kIdle;  // it had its turn: it is up to date
  }
  const int64_t now = runtime_.clock.MonotonicMicros();
  if (before == FlowState::kWaiting && line.state != FlowState::kWaiting) {
    line.started_micros = now;
  }
  const bool ended = line.state != FlowState::kWaiting && line.state != FlowState::kRunning;
  line.ended_micros = ended ? std::optional(now) : std::nullopt;
  line.note = progress.reason;
  if (event.error && !event.error->exceptions.empty()) {
    line.note = FirstLine(event.error->exceptions.front().message);
  }
  if (const auto& metrics = progress.metrics) {
    line.rows_in_batch = 0;
    line.files += metrics->num_input_files.value_or(0);
    line.rows_read += metrics->num_input_rows.value_or(0);
    line.rows_written += metrics->num_output_rows.value_or(0);
  }
  if (const auto& quality = progress.data_quality) {
    line.rows_dropped += quality->dropped_records;
    for (const auto& expectation : quality->expectations) {
      line.rule_failures += expectation.failed_records;
    }
  }
  if (!display_ && line.state != before) {
    if (const std::string text = StateLine(line); !text.empty()) {
      runtime_.console.err << text << "\n" << std::flush;
    }
  }
}

void UpdateReporter::Finish(const pipeline::UpdateResult& result) {
  Stop();
  if (json_) {
    runtime_.console.out << SummaryJson(result, remarks_) << "\n";
    return;
  }
  PrintSummary(result);
}

void UpdateReporter::PrintSummary(const pipeline::UpdateResult& result) {
  const Console& console = runtime_.console;
  ProgressBoard summary;
  for (const pipeline::FlowResult& flow : result.flows) {
    if (IsTemporaryView(result, flow)) {
      continue;  // nothing of it runs or is stored
    }
    FlowLine line = ToFlowLine(flow);
    summary.Flow(line.name) = line;
  }
  console.out << summary.Summary(console.out_terminal.interactive
                                     ? std::optional(console.out_terminal.columns)
                                     : std::nullopt);
  for (const std::string& warning : result.warnings) {
    console.err << Paint(console.err_terminal.color, Ink::kYellow, "warning") << ": "
                << EscapeControls(warning) << "\n";
  }
  for (const pipeline::FlowResult& flow : result.flows) {
    if (flow.error) {
      console.err << RenderError(Error(*flow.error).Context(fmt::format("flow `{}`", flow.name)),
                                 console.err_terminal.color);
    }
  }
  const bool completed = result.state == pipeline::UpdateState::kCompleted;
  std::string_view state = "failed";
  if (completed) {
    state = "completed";
  } else if (result.state == pipeline::UpdateState::kCanceled) {
    state = "canceled";
  }
  std::string ending(state);
  if (result.files_set_aside > 0) {
    ending += fmt::format(" with {} set aside", Counted(result.files_set_aside, "file", "files"));
  }
  Ink ink = Ink::kRed;
  if (completed) {
    ink = result.files_set_aside > 0 ? Ink::kYellow : Ink::kGreen;
  }
  console.out << fmt::format("update {} in {}\n", Paint(console.out_terminal.color, ink, ending),
                             FormatDuration(static_cast<int64_t>(result.seconds * 1e6)));
}

}  // namespace medallion::cli
