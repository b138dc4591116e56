#include "stored_tables.h"

#include <fmt/format.h>

#include "engine/all_rows.h"
#include "sql/parser.h"

namespace medallion::serve {
namespace {

bool IsMissing(const Error& error) { return error.code() == ErrorCode::kNotFound; }

constexpr std::string_view kFormatPath = "system/format.json";

// The text is ours, not the user's: its places would only puzzle.
Error WithoutPlaces(const Error& error) {
  return Error(error.code(), error.message()).WithCondition(error.condition());
}

}  // namespace

StoredTables::StoredTables(const Catalog& catalog, Engine& engine, Clock& clock, TableNaming naming)
    : catalog_(catalog),
      engine_(engine),
      clock_(clock),
      naming_(std::move(naming)),
      current_(std::make_shared<query::StorageView>()) {}

TableReader StoredTables::Read() { return Read(current()); }

TableReader StoredTables::Read(query::StorageViewPtr view) {
  return TableReader(*this, std::move(view));
}

Result<query::StorageViewPtr> StoredTables::Look() {
  auto view = LookAtTables();
  const std::lock_guard lock(mutex_);
  lost_ = view ? std::nullopt : std::optional(view.error());
  return view;
}

void StoredTables::SwitchTo(query::StorageViewPtr view) {
  const std::lock_guard lock(mutex_);
  current_ = std::move(view);
}

query::StorageViewPtr StoredTables::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

Status StoredTables::CheckStorage() const {
  const std::lock_guard lock(mutex_);
  return lost_ ? Status(*lost_) : OkStatus();
}

Result<query::StorageViewPtr> StoredTables::LookAtTables() const {
  // An empty folder and a missing one list alike, but every storage has this file.
  ASSIGN_OR_RETURN(const auto format, catalog_.root()->Head(kFormatPath));
  if (!format) {
    return Error(ErrorCode::kIo,
                 fmt::format("the storage is not there: {}", catalog_.root()->uri()))
        .WithCondition("STORAGE_NOT_AVAILABLE");
  }
  return query::StorageView::Look(catalog_, current().get());
}

std::string QueryName(const sql::QualifiedName& full_name) {
  sql::QualifiedName name = full_name;
  if (name.parts.size() > 3) {
    name.parts.erase(name.parts.begin() + 1);
  }
  return name.ToString();
}

TableReader::TableReader(StoredTables& tables, query::StorageViewPtr view)
    : tables_(tables),
      view_(std::move(view)),
      resolver_(tables.catalog_, tables.naming_.default_catalog, tables.naming_.default_schema,
                view_) {}

Result<query::PreparedQuery> TableReader::Prepare(std::string_view sql,
                                                  const Parameters& parameters) {
  const SourceTextPtr source = SourceText::Make("dashboard", std::string(sql));
  ASSIGN_OR_RETURN(
      const auto query,
      sql::ParseQuery(source, [&parameters](std::string_view name) -> std::optional<std::string> {
        const auto found = parameters.find(std::string(name));
        return found == parameters.end() ? std::nullopt : std::optional(found->second);
      }));
  const QueryContext context{.now_micros = tables_.clock_.NowMicros(),
                             .session_time_zone = tables_.naming_.session_time_zone,
                             .cancellation = &tables_.cancellation_};
  auto prepared = query::PrepareQuery(*query, source, resolver_, context);
  if (!prepared) {
    return WithoutPlaces(prepared.error());
  }
  for (const auto& [key, snapshot] : resolver_.snapshots()) {
    used_[key] = snapshot ? std::optional(snapshot->version()) : std::nullopt;
  }
  return prepared;
}

Result<query::RowSet> TableReader::Query(std::string_view sql, const Parameters& parameters) {
  std::string key(sql);
  for (const auto& [name, value] : parameters) {
    key += fmt::format("\n{}={}:{}", name, value.size(), value);
  }
  const auto is_current = [this](const QueryAnswer& answer) {
    return std::ranges::all_of(answer.versions, [this](const auto& table) {
      return view_->VersionOf(table.first) == table.second;
    });
  };
  ASSIGN_OR_RETURN(const QueryAnswerPtr answer, tables_.answers_.Find(key, is_current, [&] {
    return Evaluate(sql, parameters);
  }));
  for (const auto& [table, version] : answer->versions) {
    used_[table] = version;
  }
  return answer->rows;
}

Result<QueryAnswer> TableReader::Evaluate(std::string_view sql, const Parameters& parameters) {
  // A reader of its own: which tables it read, and not what the request read before.
  TableReader reader(tables_, view_);
  ASSIGN_OR_RETURN(const query::PreparedQuery query, reader.Prepare(sql, parameters));
  const auto result = tables_.engine_.Query(*query.query, query.inputs, query.context);
  if (!result) {
    return WithoutPlaces(result.error());
  }
  QueryAnswer answer{.rows = {.schema = (*result)->schema()}};
  ASSIGN_OR_RETURN(answer.rows.rows, AllRows(**result));
  for (const auto& [table, version] : reader.used()) {
    answer.versions[table] = version.value_or(-1);
  }
  return answer;
}

Result<std::optional<query::StorageResolver::Entry>> TableReader::Find(std::string_view name) {
  ASSIGN_OR_RETURN(const sql::QualifiedName parsed, query::ParseTableName(name));
  Result<query::StorageResolver::Entry> entry = resolver_.Find(parsed);
  if (!entry && IsMissing(entry.error())) {
    used_[parsed.Key()] = std::nullopt;
    return std::optional<query::StorageResolver::Entry>();
  }
  if (!entry) {
    return std::move(entry).error();
  }
  return std::optional(*std::move(entry));
}

Result<bool> TableReader::Has(std::string_view name) {
  ASSIGN_OR_RETURN(const auto entry, Find(name));
  return entry.has_value();
}

Result<delta::SnapshotPtr> TableReader::Latest(const query::StorageResolver::Entry& entry) {
  ASSIGN_OR_RETURN(delta::SnapshotPtr snapshot, resolver_.Latest(entry));
  used_[entry.name.Key()] = snapshot->version();
  return snapshot;
}

}  // namespace medallion::serve
