#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/diagnostic.h"

// The command line as values. Parsing decides nothing about the world: no file is opened here.

namespace medallion::cli {

enum class ColorMode { kAuto, kAlways, kNever };

// How a command prints rows. kTable aligns for people; the other two are for programs.
enum class OutputFormat { kTable, kJson, kCsv };

// How much of the machine the engine may use.
struct EngineLimits {
  int threads = 0;               // 0: one per core
  int64_t memory_megabytes = 0;  // 0: the engine's own default
};

// The dashboard's port unless another is given; no registered service has it.
inline constexpr int64_t kServePort = 8484;

// Where the project and its tables are. What is absent comes from the project file that is found in
// the current folder or the nearest one above.
struct ProjectOptions {
  std::optional<std::string> spec;
  std::optional<std::string> storage;
  std::vector<std::pair<std::string, std::string>> parameters;  // `--set key=value`, in order
};

struct InitCommand {
  std::string name;
};

// Which datasets an update refreshes. At most one of the three is set (`refresh` and `full_refresh`
// may name different datasets together, as in spark-pipelines).
struct SelectionOptions {
  std::vector<std::string> refresh;
  std::vector<std::string> full_refresh;
  bool full_refresh_all = false;
};

struct RunCommand {
  ProjectOptions project;
  SelectionOptions selection;
  EngineLimits limits;
  bool json = false;
  // Hidden, for tests: the update's time in microseconds since the epoch instead of the machine's.
  std::optional<int64_t> fixed_clock_micros;
  // Hidden, for the server that starts the update: its id and what caused it. Empty: a new id, a
  // user.
  std::string update_id;
  std::string cause;
};

struct DryRunCommand {
  ProjectOptions project;
  SelectionOptions selection;
  EngineLimits limits;
  bool json = false;
  std::optional<int64_t> fixed_clock_micros;
};

struct SqlCommand {
  ProjectOptions project;
  EngineLimits limits;
  std::optional<std::string> statement;  // absent: `file`, else standard input
  std::optional<std::string> file;
  OutputFormat format = OutputFormat::kTable;
};

struct TableListCommand {
  ProjectOptions project;
  bool all = false;  // also quarantine and system tables
  OutputFormat format = OutputFormat::kTable;
};

struct TableShowCommand {
  ProjectOptions project;
  std::string table;
  std::optional<int64_t> version;  // absent: the latest
  OutputFormat format = OutputFormat::kTable;
};

struct TableHistoryCommand {
  ProjectOptions project;
  std::string table;
  int64_t limit = 20;
  OutputFormat format = OutputFormat::kTable;
};

struct EventsCommand {
  ProjectOptions project;
  std::optional<std::string> update;  // an update id, or `latest`
  std::optional<std::string> flow;
  std::optional<std::string> level;  // least level: METRICS < INFO < WARN < ERROR
  int64_t limit = 50;
  OutputFormat format = OutputFormat::kTable;
};

struct SegmentsShowCommand {
  ProjectOptions project;
  std::optional<std::string> why;  // a customer to explain; absent: all clusters
  OutputFormat format = OutputFormat::kTable;
};

struct SegmentsExportCommand {
  ProjectOptions project;
  std::string output;                 // .csv, .xlsx or .parquet
  std::vector<std::string> segments;  // names of any scheme; with `clusters` absent too: everyone
  std::vector<int64_t> clusters;
  std::vector<std::string> columns;  // empty: all
};

struct SegmentsScoreCommand {
  ProjectOptions project;
  std::string input;             // CSV with the model's features
  std::string output;            // .csv, .xlsx or .parquet
  std::optional<int64_t> model;  // absent: that of the newest rows
};

struct ServeCommand {
  ProjectOptions project;
  EngineLimits limits;
  std::string listen = "127.0.0.1";
  int64_t port = kServePort;  // 0: any free one
  std::optional<std::string> token_file;
  std::vector<std::string> allowed_hosts;
  std::string currency = "£";
  bool json = false;
};

struct DoctorCommand {
  ProjectOptions project;
  bool json = false;
};

struct VersionCommand {
  bool verbose = false;
  bool json = false;
};

struct DataGenerateCommand {
  std::string output;
  int64_t days = 220;
  int64_t rows_per_day = 1463;  // the real files' mean
  uint64_t seed = 42;
  std::string first_day = "2025-06-26";
};

using Command = std::variant<InitCommand, RunCommand, DryRunCommand, SqlCommand, TableListCommand,
                             TableShowCommand, TableHistoryCommand, EventsCommand,
                             SegmentsShowCommand, SegmentsExportCommand, SegmentsScoreCommand,
                             ServeCommand, DoctorCommand, VersionCommand, DataGenerateCommand>;

struct CommandLine {
  Command command;
  ColorMode color = ColorMode::kAuto;
};

// `--help` in any place: text for standard output, exit code 0.
struct HelpText {
  std::string text;
};

// What is wrong with the command line: exit code 2.
struct UsageError {
  Diagnostic diagnostic;
};

using ParsedCommandLine = std::variant<CommandLine, HelpText, UsageError>;

// `arguments` without the program's name.
ParsedCommandLine ParseCommandLine(const std::vector<std::string>& arguments);

}  // namespace medallion::cli
