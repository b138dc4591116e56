#include "testing/text_engine.h"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "base/text.h"

namespace medallion::pipeline::testing {
namespace {

using Values = std::vector<std::string>;

Status AppendLines(ObjectStore& store, const std::string& path, Values& values) {
  ASSIGN_OR_RETURN(const std::string body, store.Get(path));
  for (std::string& line : Split(body, '\n')) {
    if (!line.empty()) {
      values.push_back(std::move(line));
    }
  }
  return OkStatus();
}

Result<Values> ReadTable(const TableBinding& binding) {
  Values values;
  const auto& files = binding.files ? *binding.files : binding.snapshot->files();
  for (const delta::AddFile& file : files) {
    RETURN_IF_ERROR(AppendLines(*binding.store, file.path, values));
  }
  return values;
}

Result<Values> ReadSource(const RowSource& source) {
  Values values;
  for (size_t partition = 0; partition < source.partition_count(); ++partition) {
    ASSIGN_OR_RETURN(const auto reader, source.Open(partition, {0}));
    for (ColumnBatch batch;;) {
      RETURN_IF_ERROR(reader->Next(batch));
      if (batch.row_count == 0) {
        break;
      }
      for (size_t i = 0; i < batch.row_count; ++i) {
        values.emplace_back(batch.columns[0].strings[i]);
      }
    }
  }
  return values;
}

Result<Values> Evaluate(const WriteRequest& request) {
  Values values;
  for (const TableBinding& table : request.inputs.tables) {
    ASSIGN_OR_RETURN(const Values more, ReadTable(table));
    values.insert(values.end(), more.begin(), more.end());
  }
  for (const RowSource* source : request.inputs.files) {
    ASSIGN_OR_RETURN(const Values more, ReadSource(*source));
    values.insert(values.end(), more.begin(), more.end());
  }
  if (std::holds_alternative<sql::Aggregate>(request.query->root->node)) {
    return Values{std::to_string(values.size())};
  }
  return values;
}

Result<std::vector<delta::AddFile>> WriteFile(const OutputFiles& output, const Values& values,
                                              Random& random) {
  std::vector<delta::AddFile> files;
  if (values.empty()) {
    return files;
  }
  const std::string path = fmt::format("part-{}.txt", random.Uuid());
  ASSIGN_OR_RETURN(const auto staged, output.store->Stage(path));
  std::ofstream(staged->local_path()) << Join(values, "\n") << "\n";
  ASSIGN_OR_RETURN(const ObjectMeta meta, staged->Publish());
  delta::AddFile file;
  file.path = path;
  file.size_bytes = static_cast<int64_t>(meta.size_bytes);
  file.modification_time_ms = meta.modified_micros / 1000;
  file.stats = fmt::format("{{\"numRecords\":{}}}", values.size());
  files.push_back(std::move(file));
  return files;
}

}  // namespace

Status TextEngine::Check(const sql::BoundQuery& /*query*/) { return OkStatus(); }

Result<WriteOutcome> TextEngine::Write(const WriteRequest& request) {
  ++evaluations_;
  ASSIGN_OR_RETURN(const Values values, Evaluate(request));
  WriteResult result;
  result.rows_read = static_cast<int64_t>(values.size());
  for (const Rule& rule : request.rules) {
    result.rules.push_back({rule.name});
  }
  Values kept;
  Values dropped;
  for (const std::string& value : values) {
    bool drop = false;
    for (size_t i = 0; i < request.rules.size(); ++i) {
      const bool broken = value.starts_with(request.rules[i].name);
      (broken ? result.rules[i].failed : result.rules[i].passed) += 1;
      drop = drop || (broken && request.rules[i].action == RuleAction::kDropRow);
      if (broken && request.rules[i].action == RuleAction::kFailUpdate) {
        return WriteOutcome(RuleViolation{{request.rules[i].name}, 1, value});
      }
    }
    (drop ? dropped : kept).push_back(value);
  }
  result.rows_written = static_cast<int64_t>(kept.size());
  result.rows_dropped = static_cast<int64_t>(dropped.size());
  ASSIGN_OR_RETURN(result.files, WriteFile(request.output, kept, random_));
  if (request.quarantine) {
    ASSIGN_OR_RETURN(result.quarantine_files,
                     WriteFile(request.quarantine->files, dropped, random_));
  }
  return WriteOutcome(std::move(result));
}

Result<std::unique_ptr<ResultRows>> TextEngine::Query(const sql::BoundQuery& /*query*/,
                                                      const BoundInputs& /*inputs*/,
                                                      const QueryContext& /*context*/) {
  return Error(ErrorCode::kUnsupported, "the text engine answers no queries");
}

std::vector<std::string> ReadTextTable(ObjectStore& store, const delta::Snapshot& snapshot) {
  Values values;
  for (const delta::AddFile& file : snapshot.files()) {
    const Status read = AppendLines(store, file.path, values);
    if (!read) {
      values.push_back("missing file: " + file.path);
    }
  }
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace medallion::pipeline::testing
