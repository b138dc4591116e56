#include "options.h"

#include <charconv>
#include <limits>

#include <CLI/CLI.hpp>

#include "base/civil_time.h"
#include "base/text.h"
#include "exit_code.h"

namespace medallion::cli {
namespace {

std::string FullName(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name()
                                     : FullName(*app.get_parent()) + " " + app.get_name();
}

std::string HelpHint(const CLI::App& app) {
  return fmt::format("`{} --help` lists what it takes", FullName(app));
}

// Shows an option as `--days N`, without CLI11's ranges, and its default after the description.
class HelpFormatter final : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(28); }

 private:
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_type_size() == 0 ? "" : " " + TypeName(*option);
  }
  std::string make_option_desc(const CLI::Option* option) const override {
    const std::string fallback = option->get_default_str();
    return option->get_description() +
           (fallback.empty() ? "" : fmt::format(" (default: {})", fallback));
  }
  // CLI11 appends the validators to the name after a colon.
  static std::string TypeName(const CLI::Option& option) {
    const std::string name = option.get_type_name();
    return name.substr(0, name.find(':'));
  }
};

// --- Values, with messages in our words ----------------------------------------------------------
//
// What a validator returns follows the option's name, see Reworded. An empty description keeps it
// out of the help.

CLI::Validator WholeNumber(int64_t least, int64_t most) {
  return {[least, most](const std::string& text) -> std::string {
            int64_t number = 0;
            const char* const end = text.data() + text.size();
            const auto [stop, error] = std::from_chars(text.data(), end, number);
            if (error == std::errc() && stop == end && number >= least && number <= most) {
              return "";
            }
            return most == std::numeric_limits<int64_t>::max()
                       ? fmt::format("takes a whole number from {}, not `{}`", least, text)
                       : fmt::format("takes a whole number from {} to {}, not `{}`", least, most,
                                     text);
          },
          ""};
}

CLI::Validator WholeNumber(int64_t least) {
  return WholeNumber(least, std::numeric_limits<int64_t>::max());
}

// One of `words` in any letter case, stored as they are written here.
CLI::Validator OneOf(std::vector<std::string> words) {
  return {[words = std::move(words)](std::string& text) -> std::string {
            const auto found = std::ranges::find_if(
                words, [&](const std::string& word) { return EqualsIgnoreCase(word, text); });
            if (found == words.end()) {
              return fmt::format("takes one of {}, not `{}`", Join(words, ", "), text);
            }
            text = *found;
            return "";
          },
          ""};
}

// What CLI11 says, in the words of our other messages.
std::string Reworded(const CLI::ParseError& error) {
  const std::string text = error.what();
  const size_t colon = text.find(": ");
  if (text.starts_with("-") && colon != std::string::npos) {
    // `--threads: takes …` of a validator, `--storage: 1 required URI missing` of CLI11.
    const std::string option = text.substr(0, colon);
    const std::string rest = text.substr(colon + 2);
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) == nullptr) {
      return fmt::format("`{}` {}", option, rest);
    }
    return rest.ends_with("missing") ? fmt::format("`{}` needs a value", option)
                                     : fmt::format("`{}` may be given only once", option);
  }
  constexpr std::string_view kExcludes = " excludes ";
  if (const size_t word = text.find(kExcludes); word != std::string::npos) {
    return fmt::format("`{}` and `{}` exclude each other", text.substr(0, word),
                       text.substr(word + kExcludes.size()));
  }
  return text;
}

// Texts of options that need more than CLI11's conversions. Kept until the command is made.
struct RawTexts {
  std::vector<std::string> sets;
  std::string refresh;
  std::string full_refresh;
  std::string engine = "duckdb";
  std::string fixed_clock;
  bool json = false;
  bool csv = false;
};

// A command that may be run: its grammar and how to make the value once CLI11 has filled it.
struct Leaf {
  CLI::App* app = nullptr;
  std::function<std::variant<Command, Diagnostic>()> make;
};

// --- Groups of options that several commands share -----------------------------------------------

void AddProjectOptions(CLI::App& app, ProjectOptions& project) {
  app.add_option("--spec", project.spec, "Folder or spark-pipeline.yml of the project")
      ->type_name("PATH");
  app.add_option("--storage", project.storage,
                 "Where the tables are (default: the project's `storage`)")
      ->type_name("URI");
}

void AddParameters(CLI::App& app, RawTexts& raw) {
  app.add_option("--set", raw.sets, "Value of a parameter ${KEY} of the pipeline; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void AddSelection(CLI::App& app, SelectionOptions& selection, RawTexts& raw) {
  app.add_option("--refresh", raw.refresh, "Refresh only these datasets")->type_name("A,B");
  app.add_option("--full-refresh", raw.full_refresh,
                 "Empty these datasets and compute them from the start")
      ->type_name("A,B");
  app.add_flag("--full-refresh-all", selection.full_refresh_all,
               "Empty and compute every dataset from the start");
}

void AddEngine(CLI::App& app, EngineLimits& limits) {
  app.add_option("--threads", limits.threads, "Threads of the engine (default: one per core)")
      ->type_name("N")
      ->check(WholeNumber(1, 1024));
  app.add_option("--memory-mb", limits.memory_megabytes,
                 "Memory of the engine before it spills to disk")
      ->type_name("N")
      ->check(WholeNumber(64, int64_t{1} << 24));
}

void AddFormat(CLI::App& app, RawTexts& raw) {
  CLI::Option* json = app.add_flag("--json", raw.json, "Print one JSON object per row");
  app.add_flag("--csv", raw.csv, "Print CSV")->excludes(json);
}

void AddFixedClock(CLI::App& app, RawTexts& raw) {
  app.add_option("--fixed-clock", raw.fixed_clock, "The update's time, for tests")->group("");
}

OutputFormat FormatOf(const RawTexts& raw) {
  if (raw.json) {
    return OutputFormat::kJson;
  }
  return raw.csv ? OutputFormat::kCsv : OutputFormat::kTable;
}

// --- Conversions ---------------------------------------------------------------------------------

// Dataset names of `a, b`; empty parts are left out.
std::vector<std::string> SplitNames(const std::string& text) {
  std::vector<std::string> names;
  for (const std::string& part : Split(text, ',')) {
    if (const std::string_view name = Trim(part); !name.empty()) {
      names.emplace_back(name);
    }
  }
  return names;
}

std::optional<Diagnostic> SetParameters(const RawTexts& raw, ProjectOptions& project) {
  for (const std::string& text : raw.sets) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Diagnostic::Unplaced("INVALID_ARGUMENT",
                                  fmt::format("`--set {}` is not KEY=VALUE", text),
                                  {"write for example --set as_of_date=2026-05-01"});
    }
    project.parameters.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return std::nullopt;
}

std::optional<Diagnostic> SetSelection(const RawTexts& raw, SelectionOptions& selection) {
  selection.refresh = SplitNames(raw.refresh);
  selection.full_refresh = SplitNames(raw.full_refresh);
  if (!selection.full_refresh_all) {
    return std::nullopt;
  }
  for (const auto& [name, list] : {std::pair{"--refresh", &selection.refresh},
                                   std::pair{"--full-refresh", &selection.full_refresh}}) {
    if (!list->empty()) {
      return Diagnostic::Unplaced(
          "INVALID_ARGUMENT", fmt::format("`--full-refresh-all` and `{}` exclude each other", name),
          {"--full-refresh-all already refreshes every dataset"});
    }
  }
  return std::nullopt;
}

std::optional<Diagnostic> SetFixedClock(const RawTexts& raw, std::optional<int64_t>& micros) {
  if (raw.fixed_clock.empty()) {
    return std::nullopt;
  }
  micros = ParseIsoTimestamp(raw.fixed_clock);
  if (!micros) {
    return Diagnostic::Unplaced("INVALID_ARGUMENT",
                                fmt::format("`--fixed-clock {}` is not a time", raw.fixed_clock),
                                {"write for example 2026-05-01T09:00:00Z"});
  }
  return std::nullopt;
}

std::optional<Diagnostic> CheckEngine(const RawTexts& raw) {
  if (raw.engine == "duckdb") {
    return std::nullopt;
  }
  if (raw.engine == "spark") {
    return Diagnostic::Unplaced("UNSUPPORTED_ENGINE", "engine `spark` is not supported yet",
                                {"leave --engine out to run on the embedded DuckDB"});
  }
  return Diagnostic::Unplaced("INVALID_ARGUMENT", fmt::format("unknown engine `{}`", raw.engine),
                              {"known: duckdb"});
}

std::variant<Command, Diagnostic> Finish(
    Command command, std::initializer_list<std::optional<Diagnostic>> findings) {
  for (const std::optional<Diagnostic>& finding : findings) {
    if (finding) {
      return *finding;
    }
  }
  return command;
}

// --- Commands ------------------------------------------------------------------------------------

Leaf AddInit(CLI::App& root) {
  CLI::App* app =
      root.add_subcommand("init", "Write a small working example project with three days of sales");
  auto command = std::make_shared<InitCommand>();
  app->add_option("--name", command->name, "Folder to make and name of the project")
      ->type_name("NAME");
  return {app, [command]() -> std::variant<Command, Diagnostic> {
            if (command->name.empty()) {
              return Diagnostic::Unplaced("MISSING_ARGUMENT",
                                          "`medallion init` needs a name for the project",
                                          {"write for example medallion init --name shop"});
            }
            return *command;
          }};
}

template <class UpdateCommand>
Leaf AddUpdate(CLI::App& root, const std::string& name, const std::string& description) {
  CLI::App* app = root.add_subcommand(name, description);
  auto command = std::make_shared<UpdateCommand>();
  auto raw = std::make_shared<RawTexts>();
  AddProjectOptions(*app, command->project);
  AddParameters(*app, *raw);
  AddSelection(*app, command->selection, *raw);
  app->add_option("--engine", raw->engine, "Engine that evaluates the queries: duckdb")
      ->type_name("NAME");
  AddEngine(*app, command->limits);
  app->add_flag("--json", command->json, "Print one JSON object per event");
  AddFixedClock(*app, *raw);
  if constexpr (requires { command->update_id; }) {
    app->add_option("--update-id", command->update_id, "The update's id")->group("");
    app->add_option("--cause", command->cause, "What caused it")->group("");
  }
  return {app, [command, raw] {
            auto parameters = SetParameters(*raw, command->project);
            auto selection = SetSelection(*raw, command->selection);
            auto clock = SetFixedClock(*raw, command->fixed_clock_micros);
            return Finish(*command, {CheckEngine(*raw), parameters, selection, clock});
          }};
}

Leaf AddSql(CLI::App& root) {
  CLI::App* app = root.add_subcommand(
      "sql", "Run a query on the tables; without one, read queries from standard input");
  auto command = std::make_shared<SqlCommand>();
  auto raw = std::make_shared<RawTexts>();
  app->add_option("query", command->statement, "A query in Spark's SQL")->type_name("QUERY");
  app->add_option("-f,--file", command->file, "Read the query from a file")->type_name("FILE");
  AddProjectOptions(*app, command->project);
  AddParameters(*app, *raw);
  AddEngine(*app, command->limits);
  AddFormat(*app, *raw);
  return {app, [command, raw]() -> std::variant<Command, Diagnostic> {
            if (command->statement && command->file) {
              return Diagnostic::Unplaced("INVALID_ARGUMENT",
                                          "a query and `--file` exclude each other", {});
            }
            command->format = FormatOf(*raw);
            return Finish(*command, {SetParameters(*raw, command->project)});
          }};
}

// A command of `medallion table` about one table, given by name.
template <class TableCommand>
Leaf AddTableCommand(CLI::App& table, const std::string& name, const std::string& description,
                     const std::function<void(CLI::App&, TableCommand&)>& add_options) {
  CLI::App* app = table.add_subcommand(name, description);
  auto command = std::make_shared<TableCommand>();
  auto raw = std::make_shared<RawTexts>();
  add_options(*app, *command);
  AddProjectOptions(*app, command->project);
  AddFormat(*app, *raw);
  return {app, [command, raw, name]() -> std::variant<Command, Diagnostic> {
            command->format = FormatOf(*raw);
            if constexpr (requires { command->table; }) {
              if (command->table.empty()) {
                return Diagnostic::Unplaced(
                    "MISSING_ARGUMENT",
                    fmt::format("`medallion table {}` needs the name of a table", name),
                    {"`medallion table list --all` shows the tables"});
              }
            }
            return *command;
          }};
}

std::vector<Leaf> AddTable(CLI::App& root) {
  CLI::App* table = root.add_subcommand("table", "Look at the tables: list, show, history");
  std::vector<Leaf> leaves;
  leaves.push_back(AddTableCommand<TableListCommand>(
      *table, "list", "Every table with its version, rows and size",
      [](CLI::App& app, TableListCommand& command) {
        app.add_flag("--all", command.all, "Also quarantine and system tables");
      }));
  leaves.push_back(AddTableCommand<TableShowCommand>(
      *table, "show", "Columns, properties, files and protocol of a table",
      [](CLI::App& app, TableShowCommand& command) {
        app.add_option("table", command.table, "Name, e.g. schema.table")->type_name("TABLE");
        app.add_option("--version", command.version, "As of this version")
            ->type_name("N")
            ->check(WholeNumber(0));
      }));
  leaves.push_back(AddTableCommand<TableHistoryCommand>(
      *table, "history", "Commits of a table, newest first",
      [](CLI::App& app, TableHistoryCommand& command) {
        app.add_option("table", command.table, "Name, e.g. schema.table")->type_name("TABLE");
        app.add_option("--limit", command.limit, "At most so many commits")
            ->type_name("N")
            ->capture_default_str()
            ->check(WholeNumber(1));
      }));
  return leaves;
}

Leaf AddEvents(CLI::App& root) {
  CLI::App* app = root.add_subcommand("events", "The event log, newest first");
  auto command = std::make_shared<EventsCommand>();
  auto raw = std::make_shared<RawTexts>();
  app->add_option("--update", command->update,
                  "Only this update: its id or the beginning of it, or `latest`")
      ->type_name("ID");
  app->add_option("--flow", command->flow, "Only this flow")->type_name("NAME");
  app->add_option("--level", command->level, "At least this level: METRICS, INFO, WARN or ERROR")
      ->type_name("LEVEL")
      ->transform(OneOf({"METRICS", "INFO", "WARN", "ERROR"}));
  app->add_option("--limit", command->limit, "At most so many events")
      ->type_name("N")
      ->capture_default_str()
      ->check(WholeNumber(1));
  AddProjectOptions(*app, command->project);
  AddFormat(*app, *raw);
  return {app, [command, raw]() -> std::variant<Command, Diagnostic> {
            command->format = FormatOf(*raw);
            return *command;
          }};
}

Leaf AddSegmentsShow(CLI::App& segments) {
  CLI::App* app =
      segments.add_subcommand("show", "The clusters and what they are, or one customer's place");
  auto command = std::make_shared<SegmentsShowCommand>();
  auto raw = std::make_shared<RawTexts>();
  app->add_option("--why", command->why, "Explain where this customer is")->type_name("CUSTOMER");
  AddProjectOptions(*app, command->project);
  AddFormat(*app, *raw);
  return {app, [command, raw]() -> std::variant<Command, Diagnostic> {
            command->format = FormatOf(*raw);
            return *command;
          }};
}

void AddListOutput(CLI::App& app, std::string& output) {
  app.add_option("--output", output, "File to write: its ending .csv, .xlsx or .parquet says how")
      ->type_name("FILE");
}

Leaf AddSegmentsExport(CLI::App& segments) {
  CLI::App* app = segments.add_subcommand(
      "export", "Write a campaign list: the customers of segments, best first");
  auto command = std::make_shared<SegmentsExportCommand>();
  auto columns = std::make_shared<std::string>();
  AddListOutput(*app, command->output);
  app->add_option("--segment", command->segments,
                  "Only this segment, by its name in any scheme; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app->add_option("--cluster", command->clusters, "Only this cluster; may be repeated")
      ->type_name("N")
      ->allow_extra_args(false)
      ->check(WholeNumber(-3, std::numeric_limits<int32_t>::max()));
  app->add_option("--columns", *columns, "Columns of ml.customer_segments (default: all)")
      ->type_name("A,B");
  AddProjectOptions(*app, command->project);
  return {app, [command, columns]() -> std::variant<Command, Diagnostic> {
            command->columns = SplitNames(*columns);
            if (command->output.empty()) {
              return Diagnostic::Unplaced("MISSING_ARGUMENT",
                                          "`medallion segments export` needs a file to write",
                                          {"write for example --output champions.csv"});
            }
            return *command;
          }};
}

Leaf AddSegmentsScore(CLI::App& segments) {
  CLI::App* app = segments.add_subcommand(
      "score", "Put the customers of a CSV file into the clusters of a stored model");
  auto command = std::make_shared<SegmentsScoreCommand>();
  app->add_option("file", command->input, "CSV with a header and the model's features")
      ->type_name("FILE");
  AddListOutput(*app, command->output);
  app->add_option("--model", command->model, "Version of the model (default: the newest)")
      ->type_name("N")
      ->check(WholeNumber(1));
  AddProjectOptions(*app, command->project);
  return {app, [command]() -> std::variant<Command, Diagnostic> {
            if (command->input.empty() || command->output.empty()) {
              return Diagnostic::Unplaced(
                  "MISSING_ARGUMENT",
                  "`medallion segments score` needs a file to read and one to write",
                  {"write for example medallion segments score new.csv --output scored.csv"});
            }
            return *command;
          }};
}

std::vector<Leaf> AddSegments(CLI::App& root) {
  CLI::App* segments = root.add_subcommand("segments", "Groups of customers: show, export, score");
  std::vector<Leaf> leaves;
  leaves.push_back(AddSegmentsShow(*segments));
  leaves.push_back(AddSegmentsExport(*segments));
  leaves.push_back(AddSegmentsScore(*segments));
  return leaves;
}

Leaf AddServe(CLI::App& root) {
  CLI::App* app = root.add_subcommand(
      "serve", "The dashboard: segments, quality and live pipelines in a browser");
  auto command = std::make_shared<ServeCommand>();
  auto raw = std::make_shared<RawTexts>();
  AddProjectOptions(*app, command->project);
  AddParameters(*app, *raw);
  app->add_option("--port", command->port,
                  fmt::format("Port to listen on (default: {}; 0: any free one)", kServePort))
      ->type_name("N")
      ->check(WholeNumber(0, 65535));
  app->add_option("--listen", command->listen,
                  "Address to listen on (default: this machine alone); others need a token")
      ->type_name("ADDRESS");
  app->add_option("--token-file", command->token_file,
                  "File with the access token; made with a random one if it is missing")
      ->type_name("FILE");
  app->add_option("--allow-host", command->allowed_hosts,
                  "Another host name that the server goes by; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app->add_option("--currency", command->currency, "Symbol before amounts of money")
      ->type_name("TEXT");
  AddEngine(*app, command->limits);
  app->add_flag("--json", command->json, "Print the address as a JSON object");
  return {app,
          [command, raw] { return Finish(*command, {SetParameters(*raw, command->project)}); }};
}

Leaf AddDoctor(CLI::App& root) {
  CLI::App* app = root.add_subcommand(
      "doctor", "Check the machine: libraries, storage, disk space, source files");
  auto command = std::make_shared<DoctorCommand>();
  auto raw = std::make_shared<RawTexts>();
  AddProjectOptions(*app, command->project);
  AddParameters(*app, *raw);
  app->add_flag("--json", command->json, "Print one JSON object per check");
  return {app,
          [command, raw] { return Finish(*command, {SetParameters(*raw, command->project)}); }};
}

Leaf AddVersion(CLI::App& root) {
  CLI::App* app = root.add_subcommand("version", "The program's version");
  auto command = std::make_shared<VersionCommand>();
  app->add_flag("--verbose", command->verbose, "Also the build and the libraries");
  app->add_flag("--json", command->json, "Print a JSON object");
  return {app, [command]() -> std::variant<Command, Diagnostic> { return *command; }};
}

Leaf AddDataGenerate(CLI::App& root) {
  CLI::App* data = root.add_subcommand("data", "Daily sales files: generate");
  CLI::App* app = data->add_subcommand(
      "generate", "Make daily sales files with the shape and the dirt of real ones");
  auto command = std::make_shared<DataGenerateCommand>();
  app->add_option("--output", command->output, "Folder to write to; made if it is missing")
      ->type_name("DIR");
  app->add_option("--days", command->days, "Number of files")
      ->type_name("N")
      ->capture_default_str()
      ->check(WholeNumber(1, 100'000));
  app->add_option("--rows-per-day", command->rows_per_day, "Mean number of rows in a file")
      ->capture_default_str()
      ->type_name("N")
      ->check(WholeNumber(1, 10'000'000));
  app->add_option("--first-day", command->first_day, "Date of the first file")
      ->type_name("DATE")
      ->capture_default_str();
  app->add_option("--seed", command->seed, "The same seed gives the same files")
      ->type_name("N")
      ->check(WholeNumber(0))
      ->capture_default_str();
  return {app, [command]() -> std::variant<Command, Diagnostic> {
            if (command->output.empty()) {
              return Diagnostic::Unplaced(
                  "MISSING_ARGUMENT", "`medallion data generate` needs a folder to write to",
                  {"write for example medallion data generate --output daily_sales"});
            }
            if (!ParseIsoDate(command->first_day)) {
              return Diagnostic::Unplaced(
                  "INVALID_ARGUMENT",
                  fmt::format("`--first-day {}` is not a date", command->first_day),
                  {"write for example 2025-06-26"});
            }
            return *command;
          }};
}

// --- Names that do not exist ---------------------------------------------------------------------

std::vector<std::string> OptionNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  return names;
}

std::vector<std::string> CommandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(sub->get_name());
  }
  return names;
}

Diagnostic UnknownArgument(const CLI::App& app, const std::string& argument) {
  const bool is_option = argument.starts_with("-");
  const bool takes_commands = !CommandNames(app).empty();
  const std::string name = argument.substr(0, is_option ? argument.find('=') : std::string::npos);
  const std::vector<std::string> candidates = is_option ? OptionNames(app) : CommandNames(app);
  std::vector<std::string> hints;
  if (const auto nearest = NearestName(name, candidates)) {
    hints.push_back(fmt::format("did you mean `{}`?", *nearest));
  }
  hints.push_back(HelpHint(app));
  if (is_option) {
    return Diagnostic::Unplaced("UNKNOWN_OPTION",
                                fmt::format("`{}` has no option `{}`", FullName(app), name),
                                std::move(hints));
  }
  if (takes_commands) {
    return Diagnostic::Unplaced("UNKNOWN_COMMAND",
                                fmt::format("`{}` has no command `{}`", FullName(app), name),
                                std::move(hints));
  }
  return Diagnostic::Unplaced("UNEXPECTED_ARGUMENT",
                              fmt::format("`{}` does not expect `{}`", FullName(app), name),
                              std::move(hints));
}

// Every argument that no part of the grammar took, outermost command first.
std::optional<Diagnostic> FindUnknown(const CLI::App& app) {
  if (const std::vector<std::string> rest = app.remaining(false); !rest.empty()) {
    return UnknownArgument(app, rest.front());
  }
  for (const CLI::App* sub : app.get_subcommands()) {
    if (auto finding = FindUnknown(*sub)) {
      return finding;
    }
  }
  return std::nullopt;
}

// An option that was given an empty text: most likely the shell's variable is unset. Without this
// `--storage "$STORAGE"` would make the current folder a storage.
std::optional<Diagnostic> FindEmpty(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const std::vector<std::string> values = option->results();
    if (!option->get_lnames().empty() && option->get_type_size() != 0 &&
        std::ranges::any_of(values, &std::string::empty)) {
      return Diagnostic::Unplaced(
          "INVALID_ARGUMENT",
          fmt::format("`--{}` has an empty value", option->get_lnames().front()),
          {"give it a value or leave the option out; is a variable of the shell unset?"});
    }
  }
  for (const CLI::App* sub : app.get_subcommands()) {
    if (auto finding = FindEmpty(*sub)) {
      return finding;
    }
  }
  return std::nullopt;
}

const CLI::App& Deepest(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : Deepest(*parsed.back());
}

Diagnostic MissingCommand(const CLI::App& app) {
  return Diagnostic::Unplaced(
      "MISSING_COMMAND",
      fmt::format("`{}` needs a command: {}", FullName(app), fmt::join(CommandNames(app), ", ")),
      {HelpHint(app)});
}

// Leaves unknown arguments to FindUnknown, which knows the nearest name, and puts `--color` on
// every level, so that it may stand anywhere.
void FinishGrammar(CLI::App& app, std::string& color) {
  app.allow_extras();
  app.get_help_ptr()->description("Print this help");
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.get_formatter()->label("Subcommands", "Commands");
  app.add_option("--color", color, "Colours: auto, always or never")
      ->type_name("WHEN")
      ->transform(OneOf({"auto", "always", "never"}));
  for (CLI::App* sub : app.get_subcommands([](CLI::App*) { return true; })) {
    FinishGrammar(*sub, color);
  }
}

ColorMode ColorModeOf(const std::string& text) {
  if (text == "always") {
    return ColorMode::kAlways;
  }
  return text == "never" ? ColorMode::kNever : ColorMode::kAuto;
}

}  // namespace

ParsedCommandLine ParseCommandLine(const std::vector<std::string>& arguments) {
  CLI::App root(
      "Medallion carries daily sales files through bronze, silver and gold Delta Lake tables.",
      "medallion");
  std::string color = "auto";
  bool version = false;
  root.add_flag("--version", version, "Print the program's version");
  root.formatter(std::make_shared<HelpFormatter>());  // before the commands, which inherit it

  std::vector<Leaf> leaves;
  leaves.push_back(AddInit(root));
  leaves.push_back(AddUpdate<RunCommand>(root, "run", "Run an update of the pipeline"));
  leaves.push_back(AddUpdate<DryRunCommand>(root, "dry-run",
                                            "Check the project and show what an update would do"));
  leaves.push_back(AddSql(root));
  for (Leaf& leaf : AddTable(root)) {
    leaves.push_back(std::move(leaf));
  }
  leaves.push_back(AddEvents(root));
  for (Leaf& leaf : AddSegments(root)) {
    leaves.push_back(std::move(leaf));
  }
  leaves.push_back(AddServe(root));
  leaves.push_back(AddDoctor(root));
  leaves.push_back(AddVersion(root));
  leaves.push_back(AddDataGenerate(root));
  FinishGrammar(root, color);
  root.footer(ExitCodeTable());  // after the commands, which would inherit it

  try {
    // CLI11 takes the arguments from the back.
    root.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    return HelpText{root.help()};
  } catch (const CLI::ParseError& error) {
    return UsageError{
        Diagnostic::Unplaced("INVALID_ARGUMENT", Reworded(error), {HelpHint(Deepest(root))})};
  }

  if (auto finding = FindUnknown(root)) {
    return UsageError{*std::move(finding)};
  }
  if (auto finding = FindEmpty(root)) {
    return UsageError{*std::move(finding)};
  }
  if (version) {
    return CommandLine{VersionCommand{}, ColorModeOf(color)};
  }
  const CLI::App& chosen = Deepest(root);
  for (const Leaf& leaf : leaves) {
    if (leaf.app == &chosen) {
      auto made = leaf.make();
      if (auto* finding = std::get_if<Diagnostic>(&made)) {
        return UsageError{std::move(*finding)};
      }
      return CommandLine{std::get<Command>(std::move(made)), ColorModeOf(color)};
    }
  }
  return UsageError{MissingCommand(chosen)};
}

}  // namespace medallion::cli
