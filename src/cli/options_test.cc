#include "options.h"

namespace medallion::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

template <class T>
T Parsed(const std::vector<std::string>& arguments) {
  const ParsedCommandLine parsed = ParseCommandLine(arguments);
  const auto* line = std::get_if<CommandLine>(&parsed);
  if (line == nullptr || !std::holds_alternative<T>(line->command)) {
    ADD_FAILURE() << "not the command that was asked for";
    return {};
  }
  return std::get<T>(line->command);
}

Diagnostic Refused(const std::vector<std::string>& arguments) {
  const ParsedCommandLine parsed = ParseCommandLine(arguments);
  const auto* usage = std::get_if<UsageError>(&parsed);
  if (usage == nullptr) {
    ADD_FAILURE() << "accepted";
    return {};
  }
  return usage->diagnostic;
}

std::string Help(const std::vector<std::string>& arguments) {
  const ParsedCommandLine parsed = ParseCommandLine(arguments);
  const auto* help = std::get_if<HelpText>(&parsed);
  return help == nullptr ? "" : help->text;
}

TEST(OptionsTest, RunTakesEveryOption) {
  const auto run = Parsed<RunCommand>({"run",
                                       "--spec",
                                       "shop",
                                       "--storage",
                                       "store",
                                       "--refresh",
                                       "a, b",
                                       "--full-refresh",
                                       "c",
                                       "--set",
                                       "as_of_date=2026-05-01",
                                       "--set",
                                       "filter=a=b",
                                       "--threads",
                                       "3",
                                       "--memory-mb",
                                       "256",
                                       "--json",
                                       "--fixed-clock",
                                       "1970-01-02T00:00:00Z"});
  EXPECT_EQ(run.project.spec, "shop");
  EXPECT_EQ(run.project.storage, "store");
  EXPECT_THAT(run.project.parameters,
              ElementsAre(Pair("as_of_date", "2026-05-01"), Pair("filter", "a=b")));
  EXPECT_THAT(run.selection.refresh, ElementsAre("a", "b"));
  EXPECT_THAT(run.selection.full_refresh, ElementsAre("c"));
  EXPECT_FALSE(run.selection.full_refresh_all);
  EXPECT_EQ(run.limits.threads, 3);
  EXPECT_EQ(run.limits.memory_megabytes, 256);
  EXPECT_TRUE(run.json);
  EXPECT_EQ(run.fixed_clock_micros, 86'400'000'000);
}

TEST(OptionsTest, RunNeedsNoOption) {
  const auto run = Parsed<RunCommand>({"run"});
  EXPECT_EQ(run.project.spec, std::nullopt);
  EXPECT_THAT(run.project.parameters, IsEmpty());
  EXPECT_EQ(run.fixed_clock_micros, std::nullopt);
}

TEST(OptionsTest, DryRunTakesWhatRunTakes) {
  const auto plan = Parsed<DryRunCommand>({"dry-run", "--spec", "shop", "--full-refresh-all"});
  EXPECT_EQ(plan.project.spec, "shop");
  EXPECT_TRUE(plan.selection.full_refresh_all);
}

TEST(OptionsTest, SqlTakesAStatementOrAFile) {
  EXPECT_EQ(Parsed<SqlCommand>({"sql", "SELECT 1", "--csv"}).statement, "SELECT 1");
  EXPECT_EQ(Parsed<SqlCommand>({"sql", "SELECT 1", "--csv"}).format, OutputFormat::kCsv);
  EXPECT_EQ(Parsed<SqlCommand>({"sql", "-f", "q.sql"}).file, "q.sql");
  EXPECT_THAT(Refused({"sql", "SELECT 1", "-f", "q.sql"}).message, HasSubstr("exclude each other"));
}

TEST(OptionsTest, TableCommandsNameTheirTable) {
  EXPECT_EQ(Parsed<TableShowCommand>({"table", "show", "dlt.gold", "--version", "3"}).version, 3);
  EXPECT_EQ(Parsed<TableHistoryCommand>({"table", "history", "dlt.gold", "--limit", "5"}).limit, 5);
  EXPECT_EQ(Parsed<TableListCommand>({"table", "list", "--json"}).format, OutputFormat::kJson);
  EXPECT_EQ(Refused({"table", "show"}).condition, "MISSING_ARGUMENT");
}

TEST(OptionsTest, EventsLevelIgnoresCase) {
  EXPECT_EQ(Parsed<EventsCommand>({"events", "--level", "warn"}).level, "WARN");
  EXPECT_EQ(Refused({"events", "--level", "loud"}).condition, "INVALID_ARGUMENT");
}

TEST(OptionsTest, UnknownCommandNamesTheNearest) {
  const Diagnostic finding = Refused({"histroy"});
  EXPECT_EQ(finding.condition, "UNKNOWN_COMMAND");
  EXPECT_THAT(Refused({"dryrun"}).hints, Contains("did you mean `dry-run`?"));
  EXPECT_THAT(Refused({"table", "histroy", "t"}).hints, Contains("did you mean `history`?"));
}

TEST(OptionsTest, UnknownOptionNamesTheNearest) {
  const Diagnostic finding = Refused({"run", "--sotrage=x"});
  EXPECT_EQ(finding.condition, "UNKNOWN_OPTION");
  EXPECT_EQ(finding.message, "`medallion run` has no option `--sotrage`");
  EXPECT_THAT(finding.hints, Contains("did you mean `--storage`?"));
}

TEST(OptionsTest, UnknownOptionIsNamedBeforeAMissingOne) {
  EXPECT_EQ(Refused({"init", "--nmae", "shop"}).condition, "UNKNOWN_OPTION");
}

TEST(OptionsTest, SparkEngineIsRefusedByName) {
  EXPECT_EQ(Refused({"run", "--engine", "spark"}).condition, "UNSUPPORTED_ENGINE");
  EXPECT_THAT(Refused({"run", "--engine", "flink"}).message, HasSubstr("unknown engine `flink`"));
}

TEST(OptionsTest, RefreshOptionsThatConflictAreRefusedByName) {
  EXPECT_THAT(Refused({"run", "--full-refresh-all", "--refresh", "a"}).message,
              HasSubstr("`--full-refresh-all` and `--refresh`"));
}

TEST(OptionsTest, MalformedValuesAreRefused) {
  EXPECT_THAT(Refused({"run", "--set", "novalue"}).message,
              HasSubstr("`--set novalue` is not KEY=VALUE"));
  EXPECT_THAT(Refused({"run", "--threads", "0"}).message, HasSubstr("--threads"));
  EXPECT_THAT(Refused({"run", "--threads", "many"}).message, HasSubstr("--threads"));
  EXPECT_THAT(Refused({"run", "--fixed-clock", "soon"}).message, HasSubstr("--fixed-clock"));
  EXPECT_THAT(Refused({"data", "generate", "--output", "d", "--first-day", "2025-02-30"}).message,
              HasSubstr("--first-day"));
  EXPECT_THAT(Refused({"version", "extra"}).message, HasSubstr("does not expect `extra`"));
  EXPECT_EQ(Refused({"sql", "SELECT 1", "--json", "--csv"}).condition, "INVALID_ARGUMENT");
}

TEST(OptionsTest, MessagesOfTheGrammarAreInOurWords) {
  const auto message = [](const std::vector<std::string>& arguments) {
    return Refused(arguments).message;
  };
  EXPECT_EQ(message({"events", "--level", "FOO"}),
            "`--level` takes one of METRICS, INFO, WARN, ERROR, not `FOO`");
  EXPECT_EQ(message({"events", "--limit", "-3"}),
            "`--limit` takes a whole number from 1, not `-3`");
  EXPECT_EQ(message({"run", "--threads", "1.5"}),
            "`--threads` takes a whole number from 1 to 1024, not `1.5`");
  EXPECT_EQ(message({"data", "generate", "--output", "d", "--seed", "x"}),
            "`--seed` takes a whole number from 0, not `x`");
  EXPECT_EQ(message({"table", "show", "t", "--version", "99999999999999999999"}),
            "`--version` takes a whole number from 0, not `99999999999999999999`");
  EXPECT_EQ(message({"run", "--color", "sometimes"}),
            "`--color` takes one of auto, always, never, not `sometimes`");
  EXPECT_EQ(message({"run", "--storage"}), "`--storage` needs a value");
  EXPECT_EQ(message({"run", "--storage="}), "`--storage` needs a value");
  EXPECT_EQ(message({"run", "--threads", "1", "--threads", "2"}),
            "`--threads` may be given only once");
  EXPECT_EQ(message({"sql", "q", "--json", "--csv"}), "`--json` and `--csv` exclude each other");
}

TEST(OptionsTest, EmptyValuesAreRefused) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"run", "--storage", ""},
                                             {"run", "--storage="},
                                             {"sql", "SELECT 1", "--spec", ""},
                                             {"data", "generate", "--output", ""},
                                             {"events", "--flow", ""}}) {
    EXPECT_EQ(Refused(arguments).condition, "INVALID_ARGUMENT") << arguments.back();
  }
  EXPECT_EQ(Refused({"run", "--storage", ""}).message, "`--storage` has an empty value");
}

TEST(OptionsTest, AMissingCommandListsTheCommands) {
  EXPECT_THAT(Refused({}).message, HasSubstr("init, run, dry-run, sql, table, events"));
  EXPECT_THAT(Refused({"table"}).message, HasSubstr("list, show, history"));
}

TEST(OptionsTest, ColorMayStandOnAnyLevel) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"--color", "never", "table", "list"},
                                             {"table", "--color", "never", "list"},
                                             {"table", "list", "--color", "never"}}) {
    const ParsedCommandLine parsed = ParseCommandLine(arguments);
    ASSERT_TRUE(std::holds_alternative<CommandLine>(parsed));
    EXPECT_EQ(std::get<CommandLine>(parsed).color, ColorMode::kNever);
  }
}

TEST(OptionsTest, HelpShowsCommandsAndExitCodes) {
  EXPECT_THAT(Help({"--help"}), HasSubstr("dry-run"));
  EXPECT_THAT(Help({"--help"}), HasSubstr("130  interrupted"));
  EXPECT_THAT(Help({"run", "--help"}), HasSubstr("--full-refresh-all"));
}

TEST(OptionsTest, HelpShowsTheDefaultLimits) {
  EXPECT_THAT(Help({"events", "--help"}), HasSubstr("At most so many events (default: 50)"));
  EXPECT_THAT(Help({"table", "history", "--help"}), HasSubstr("commits (default: 20)"));
}

TEST(OptionsTest, HelpHidesTestOptionsAndCommandsThatDoNotExist) {
  EXPECT_THAT(Help({"run", "--help"}), Not(HasSubstr("fixed-clock")));
  EXPECT_THAT(Help({"run", "--help"}), Not(HasSubstr("update-id")));
  EXPECT_THAT(Help({"--help"}), Not(HasSubstr("share")));
  EXPECT_EQ(Refused({"share"}).condition, "UNKNOWN_COMMAND");
}

TEST(OptionsTest, ServeListensOnThisMachineAloneUnlessTold) {
  const auto plain = Parsed<ServeCommand>({"serve"});
  EXPECT_EQ(plain.listen, "127.0.0.1");
  EXPECT_EQ(plain.port, kServePort);
  const auto told = Parsed<ServeCommand>({"serve", "--listen", "0.0.0.0", "--port", "0",
                                          "--token-file", "t", "--allow-host", "a.example",
                                          "--allow-host", "b.example", "--set", "source=x"});
  EXPECT_EQ(told.listen, "0.0.0.0");
  EXPECT_EQ(told.port, 0);
  EXPECT_EQ(told.token_file, "t");
  EXPECT_THAT(told.allowed_hosts, ElementsAre("a.example", "b.example"));
  EXPECT_EQ(told.project.parameters.front().second, "x");
  EXPECT_EQ(Refused({"serve", "--port", "65536"}).condition, "INVALID_ARGUMENT");
}

TEST(OptionsTest, VersionOptionIsTheVersionCommand) {
  EXPECT_FALSE(Parsed<VersionCommand>({"--version"}).verbose);
  EXPECT_TRUE(Parsed<VersionCommand>({"version", "--verbose"}).verbose);
}

}  // namespace
}  // namespace medallion::cli
