#include "progress_board.h"

#include <array>

#include "base/text.h"
#include "terminal.h"
#include "text_table.h"

namespace medallion::cli {
namespace {

struct Look {
  std::string_view mark;
  Ink ink;
};

constexpr std::array<std::string_view, 4> kSpinner = {"|", "/", "-", "\\"};
constexpr int64_t kSpinnerMicros = 200'000;

Look LookOf(const FlowLine& flow, int64_t now_micros) {
  switch (flow.state) {
    case FlowState::kWaiting: return {"·", Ink::kDim};
    case FlowState::kRunning:
      return {kSpinner[static_cast<size_t>(now_micros / kSpinnerMicros) % kSpinner.size()],
              Ink::kCyan};
    case FlowState::kCompleted: return {"✓", Ink::kGreen};
    case FlowState::kIdle: return {"=", Ink::kDim};
    case FlowState::kSkipped: return {"-", Ink::kYellow};
    case FlowState::kExcluded: return {" ", Ink::kDim};
    case FlowState::kFailed: return {"✗", Ink::kRed};
    case FlowState::kStopped: return {"■", Ink::kYellow};
  }
  return {"?", Ink::kDim};
}

int64_t Elapsed(const FlowLine& flow, int64_t now_micros) {
  return flow.state == FlowState::kWaiting
             ? 0
             : flow.ended_micros.value_or(now_micros) - flow.started_micros;
}

int64_t RowsSoFar(const FlowLine& flow) { return flow.rows_read + flow.rows_in_batch; }

int64_t RowsPerSecond(const FlowLine& flow, int64_t now_micros) {
  const int64_t elapsed = Elapsed(flow, now_micros);
  return elapsed <= 0 ? 0
                      : static_cast<int64_t>(static_cast<double>(RowsSoFar(flow)) * 1e6 /
                                             static_cast<double>(elapsed));
}

// The last part of `catalog.schema.table`: enough in a listing of one pipeline.
std::string_view ShortName(std::string_view name) { return name.substr(name.rfind('.') + 1); }

// The part after the name: what matters in this state, most important first.
std::string Figures(const FlowLine& flow, int64_t now_micros) {
  switch (flow.state) {
    case FlowState::kWaiting: return "waiting";
    case FlowState::kRunning:
    case FlowState::kCompleted: break;
    default: {
      const std::string name(FlowStateName(flow.state));
      return flow.note.empty() ? name : name + ": " + flow.note;
    }
  }
  std::string text;
  if (flow.files > 0) {
    text += fmt::format("{:>11}", Counted(flow.files, "file", "files"));
  }
  text += fmt::format("{}{:>15}{:>17}", text.empty() ? "           " : "",
                      Counted(RowsSoFar(flow), "row", "rows"),
                      GroupDigits(RowsPerSecond(flow, now_micros)) + " rows/s");
  text += fmt::format("{:>11}", FormatDuration(Elapsed(flow, now_micros)));
  if (flow.rows_dropped > 0) {
    text += fmt::format("  {} dropped", GroupDigits(flow.rows_dropped));
  }
  if (flow.rule_failures > 0) {
    text += fmt::format("  {}", Counted(flow.rule_failures, "rule failure", "rule failures"));
  }
  return text;
}

// Lower is shown first when there is no room for all.
int Urgency(FlowState state) {
  switch (state) {
    case FlowState::kRunning: return 0;
    case FlowState::kFailed: return 1;
    case FlowState::kWaiting: return 2;
    default: return 3;
  }
}

// The flows to show, in their order: all, or the `limit` most urgent.
std::vector<const FlowLine*> Shown(const std::vector<FlowLine>& flows, size_t limit) {
  std::vector<const FlowLine*> shown;
  for (const FlowLine& flow : flows) {
    shown.push_back(&flow);
  }
  if (shown.size() <= limit) {
    return shown;
  }
  std::ranges::stable_sort(shown, {}, [](const FlowLine* flow) { return Urgency(flow->state); });
  shown.resize(limit);
  std::ranges::sort(shown);  // by address: the order of `flows`
  return shown;
}

}  // namespace

std::string_view FlowStateName(FlowState state) {
  switch (state) {
    case FlowState::kWaiting: return "waiting";
    case FlowState::kRunning: return "running";
    case FlowState::kCompleted: return "completed";
    case FlowState::kIdle: return "nothing new";
    case FlowState::kSkipped: return "not run";
    case FlowState::kExcluded: return "not selected";
    case FlowState::kFailed: return "failed";
    case FlowState::kStopped: return "stopped";
  }
  return "unknown";
}

FlowLine& ProgressBoard::Flow(const std::string& name) {
  const auto found = std::ranges::find(flows_, name, &FlowLine::name);
  if (found != flows_.end()) {
    return *found;
  }
  return flows_.emplace_back(FlowLine{.name = name});
}

std::vector<std::string> ProgressBoard::LiveLines(int64_t now_micros, int columns, size_t lines_max,
                                                  bool color) const {
  const bool all_fit = flows_.size() <= lines_max;
  const std::vector<const FlowLine*> shown =
      Shown(flows_, all_fit ? lines_max : lines_max - std::min<size_t>(lines_max, 1));
  int name_columns = 0;
  for (const FlowLine* flow : shown) {
    name_columns = std::max(name_columns, DisplayWidth(ShortName(flow->name)));
  }
  name_columns = std::min(name_columns, std::max(8, columns / 2));

  std::vector<std::string> lines;
  for (const FlowLine* flow : shown) {
    const Look look = LookOf(*flow, now_micros);
    const std::string rest = EscapeControls(
        fmt::format("{}  {}", PadRight(Truncate(ShortName(flow->name), name_columns), name_columns),
                    Figures(*flow, now_micros)));
    // The mark is one column wide; a blank follows it.
    lines.push_back(Paint(color, look.ink, look.mark) + " " + Truncate(rest, columns - 2));
  }
  if (!all_fit && lines_max > 0) {
    lines.push_back(Truncate(fmt::format("  and {} more", flows_.size() - shown.size()), columns));
  }
  return lines;
}

std::string ProgressBoard::Summary(std::optional<int> columns) const {
  TextTable table({{"flow"},
                   {"state"},
                   {"files", Align::kRight},
                   {"rows read", Align::kRight},
                   {"written", Align::kRight},
                   {"dropped", Align::kRight},
                   {"rule failures", Align::kRight},
                   {"seconds", Align::kRight}});
  for (const FlowLine& flow : flows_) {
    const bool ran = flow.state == FlowState::kCompleted || flow.state == FlowState::kFailed;
    const auto count = [ran](int64_t number) {
      return ran ? GroupDigits(number) : std::string("-");
    };
    const double seconds = static_cast<double>(Elapsed(flow, flow.started_micros)) / 1e6;
    table.AddRow({std::string(ShortName(flow.name)), std::string(FlowStateName(flow.state)),
                  count(flow.files), count(flow.rows_read), count(flow.rows_written),
                  count(flow.rows_dropped), count(flow.rule_failures),
                  ran ? fmt::format("{:.2f}", seconds) : "-"});
  }
  return columns ? table.RenderWithin(*columns) : table.Render();
}

std::string StateLine(const FlowLine& flow) {
  const std::string_view name = ShortName(flow.name);
  switch (flow.state) {
    case FlowState::kWaiting:
    case FlowState::kExcluded: return "";
    case FlowState::kRunning: return fmt::format("{}: running", name);
    case FlowState::kCompleted:
      if (flow.rows_read == 0 && flow.files == 0) {
        return fmt::format("{}: nothing new", name);
      }
      return fmt::format("{}: completed, {}{} read, {} written, {} dropped, {}, {}", name,
                         flow.files > 0 ? Counted(flow.files, "file", "files") + ", " : "",
                         Counted(flow.rows_read, "row", "rows"), GroupDigits(flow.rows_written),
                         GroupDigits(flow.rows_dropped),
                         Counted(flow.rule_failures, "rule failure", "rule failures"),
                         FormatDuration(Elapsed(flow, flow.started_micros)));
    default:
      return EscapeControls(
          flow.note.empty()
              ? fmt::format("{}: {}", name, FlowStateName(flow.state))
              : fmt::format("{}: {}, {}", name, FlowStateName(flow.state), flow.note));
  }
}

}  // namespace medallion::cli
