#include <filesystem>
#include <ostream>

#include "base/civil_time.h"
#include "base/text.h"
#include "commands.h"
#include "retail/sales_generator.h"
#include "storage/local_store.h"
#include "text_table.h"

namespace medallion::cli {
namespace {

// Of the generator's files, after the day.
constexpr const char* kFileNameEnd = "_transactions.csv";

// Refuses to replace what is there: of real files with the same names nothing would be left.
Status CheckNothingIsReplaced(const retail::GeneratorOptions& options,
                              const std::filesystem::path& folder) {
  int64_t existing = 0;
  std::string first;
  for (int64_t day = 0; day < options.days; ++day) {
    const std::string name =
        FormatIsoDate(options.first_day + static_cast<int32_t>(day)) + kFileNameEnd;
    std::error_code error;
    if (std::filesystem::exists(folder / name, error) && existing++ == 0) {
      first = (folder / name).string();
    }
  }
  if (existing == 0) {
    return OkStatus();
  }
  Diagnostic finding = Diagnostic::Unplaced(
      "FILE_ALREADY_EXISTS",
      fmt::format("{} exists already{}", first,
                  existing == 1 ? std::string()
                                : fmt::format(", and {} more of the files to make",
                                              GroupDigits(existing - 1))),
      {"choose an empty folder with --output; nothing was written"});
  return Error(ErrorCode::kInvalidArgument, {std::move(finding)});
}

}  // namespace

Result<ExitCode> Execute(const DataGenerateCommand& command, Runtime& runtime) {
  const retail::GeneratorOptions options{.days = command.days,
                                         .rows_per_day = command.rows_per_day,
                                         .first_day = ParseIsoDate(command.first_day).value_or(0),
                                         .seed = command.seed};
  const std::string folder =
      (std::filesystem::path(runtime.working_folder) / command.output).lexically_normal().string();
  RETURN_IF_ERROR(CheckNothingIsReplaced(options, folder));
  ASSIGN_OR_RETURN(const auto store, LocalStore::Open(folder));
  ASSIGN_OR_RETURN(const retail::GeneratedSales made,
                   retail::GenerateSales(options, *store, &runtime.cancellation));
  runtime.console.out << fmt::format("{}, {}, {} in {}\n", Counted(made.files, "file", "files"),
                                     Counted(made.rows, "row", "rows"), FormatBytes(made.bytes),
                                     folder);
  return ExitCode::kOk;
}

}  // namespace medallion::cli
