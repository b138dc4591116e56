#include <filesystem>
#include <ostream>

#include "base/civil_time.h"
#include "base/identifier.h"
#include "base/text.h"
#include "commands.h"
#include "retail/sales_generator.h"
#include "scaffold.h"
#include "storage/local_store.h"

namespace medallion::cli {
namespace {

constexpr int kSampleDays = 3;
constexpr int kSampleRows = 120;
constexpr std::string_view kSampleFirstDay = "2026-01-05";

// The name becomes a catalogue, so it is an identifier that needs no quotes.
Status CheckName(const std::string& name) {
  if (IsPlainIdentifier(name)) {
    return OkStatus();
  }
  return Error(
      ErrorCode::kInvalidArgument,
      fmt::format("`{}` is no name for a project: use letters, digits and _, no digit first",
                  name));
}

std::string Substitute(std::string_view body, const std::string& name) {
  constexpr std::string_view kMark = "{{name}}";
  std::string text(body);
  for (size_t at = text.find(kMark); at != std::string::npos;
       at = text.find(kMark, at + name.size())) {
    text.replace(at, kMark.size(), name);
  }
  return text;
}

}  // namespace

Result<ExitCode> Execute(const InitCommand& command, Runtime& runtime) {
  RETURN_IF_ERROR(CheckName(command.name));
  const std::filesystem::path folder = std::filesystem::path(runtime.working_folder) / command.name;
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error)) {
    return Error(
        ErrorCode::kInvalidArgument,
        fmt::format("{} exists already and is not empty; choose another --name", folder.string()));
  }
  ASSIGN_OR_RETURN(const auto store, LocalStore::Open(folder.string()));
  for (const ScaffoldFile& file : ScaffoldFiles()) {
    RETURN_IF_ERROR(store->Put(file.path, Substitute(file.body, command.name), PutMode::kCreate));
  }
  ASSIGN_OR_RETURN(const auto samples, LocalStore::Open((folder / "daily_sales").string()));
  const retail::GeneratorOptions options{.days = kSampleDays,
                                         .rows_per_day = kSampleRows,
                                         .first_day = ParseIsoDate(kSampleFirstDay).value_or(0),
                                         .seed = 1};
  RETURN_IF_ERROR(retail::GenerateSales(options, *samples, &runtime.cancellation));
  runtime.console.out << fmt::format(
      "made {0} with {1} days of sales; next:\n"
      "  cd {0}\n"
      "  medallion run\n"
      "  medallion sql \"SELECT * FROM daily_revenue ORDER BY SaleDate\"\n",
      command.name, kSampleDays);
  return ExitCode::kOk;
}

}  // namespace medallion::cli
