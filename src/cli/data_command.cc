#include <filesystem>
#include <ostream>

#include "base/civil_time.h"
#include "commands.h"
#include "retail/sales_generator.h"
#include "storage/local_store.h"
#include "text_table.h"

namespace medallion::cli {

Result<ExitCode> Execute(const DataGenerateCommand& command, Runtime& runtime) {
  const retail::GeneratorOptions options{.days = command.days,
                                         .rows_per_day = command.rows_per_day,
                                         .first_day = ParseIsoDate(command.first_day).value_or(0),
                                         .seed = command.seed};
  const std::string folder =
      (std::filesystem::path(runtime.working_folder) / command.output).lexically_normal().string();
  ASSIGN_OR_RETURN(const auto store, LocalStore::Open(folder));
  ASSIGN_OR_RETURN(const retail::GeneratedSales made,
                   retail::GenerateSales(options, *store, &runtime.cancellation));
  runtime.console.out << fmt::format("{} files, {} rows, {} in {}\n", GroupDigits(made.files),
                                     GroupDigits(made.rows), FormatBytes(made.bytes), folder);
  return ExitCode::kOk;
}

}  // namespace medallion::cli
