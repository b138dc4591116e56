#include "query/storage_resolver.h"

#include "base/text.h"

namespace medallion::query {
namespace {

constexpr std::array<std::string_view, 2> kSystemTables = {"event_log", "table_lineage"};
constexpr std::string_view kSystem = "system";
constexpr std::string_view kQuarantine = "quarantine";

sql::QualifiedName FullName(const TableName& name) {
  return {{name.catalog, name.schema, name.table}};
}

sql::QualifiedName QuarantineName(const TableName& table) {
  sql::QualifiedName name = FullName(table);
  name.parts.insert(name.parts.begin(), std::string(kQuarantine));
  return name;
}

bool IsQuarantine(const sql::QualifiedName& name) {
  return name.parts.size() > 1 && EqualsIgnoreCase(name.parts.front(), kQuarantine);
}

// Whether the last parts of `full` are `name`.
bool EndsWith(const sql::QualifiedName& full, std::span<const std::string> name) {
  if (name.empty() || name.size() > full.parts.size()) {
    return false;
  }
  const size_t skipped = full.parts.size() - name.size();
  for (size_t index = 0; index < name.size(); ++index) {
    if (!EqualsIgnoreCase(full.parts[skipped + index], name[index])) {
      return false;
    }
  }
  return true;
}

}  // namespace

StorageResolver::StorageResolver(const Catalog& catalog, std::string default_catalog,
                                 std::string default_schema, StorageViewPtr view)
    : catalog_(catalog),
      default_catalog_(std::move(default_catalog)),
      default_schema_(std::move(default_schema)),
      view_(std::move(view)) {}

Status StorageResolver::ListTables() {
  if (!tables_ && view_) {
    tables_ = view_->names();
  } else if (!tables_) {
    ASSIGN_OR_RETURN(tables_, catalog_.List());
  }
  return OkStatus();
}

Result<bool> StorageResolver::Exists(const Entry& entry) const {
  return view_ ? view_->Find(entry.name.Key()) != nullptr : entry.table.Exists();
}

Result<std::vector<StorageResolver::Entry>> StorageResolver::Tables() {
  RETURN_IF_ERROR(ListTables());
  std::vector<Entry> entries;
  for (const TableName& table : *tables_) {
    entries.push_back({FullName(table), catalog_.Table(table)});
  }
  return entries;
}

Result<std::vector<StorageResolver::Entry>> StorageResolver::Candidates(
    const sql::QualifiedName& name) {
  std::vector<Entry> found;
  RETURN_IF_ERROR(ListTables());
  const bool rejected = IsQuarantine(name);
  for (const TableName& table : *tables_) {
    if (EndsWith(FullName(table), name.parts)) {
      found.push_back({FullName(table), catalog_.Table(table)});
    }
    if (rejected && EndsWith(FullName(table), std::span(name.parts).subspan(1))) {
      found.push_back({QuarantineName(table), catalog_.Quarantine(table)});
    }
  }
  for (const std::string_view table : kSystemTables) {
    sql::QualifiedName full{{std::string(kSystem), std::string(table)}};
    if (EndsWith(full, name.parts)) {
      found.push_back({std::move(full), catalog_.System(table)});
    }
  }
  return found;
}

Result<std::vector<StorageResolver::Entry>> StorageResolver::OwnTables() {
  std::vector<Entry> entries;
  RETURN_IF_ERROR(ListTables());
  for (const TableName& table : *tables_) {
    entries.push_back({QuarantineName(table), catalog_.Quarantine(table)});
  }
  for (const std::string_view table : kSystemTables) {
    entries.push_back({{{std::string(kSystem), std::string(table)}}, catalog_.System(table)});
  }
  std::vector<Entry> existing;
  for (Entry& entry : entries) {
    ASSIGN_OR_RETURN(const bool exists, Exists(entry));
    if (exists) {
      existing.push_back(std::move(entry));
    }
  }
  return existing;
}

Result<StorageResolver::Entry> StorageResolver::Find(const sql::QualifiedName& name) {
  ASSIGN_OR_RETURN(Entry entry, Choose(name));
  RETURN_IF_ERROR(CheckWritten(entry));
  return entry;
}

Status StorageResolver::CheckWritten(const Entry& entry) const {
  const bool quarantine = IsQuarantine(entry.name);
  if (!quarantine && entry.name.parts.front() != kSystem) {
    return OkStatus();
  }
  ASSIGN_OR_RETURN(const bool exists, Exists(entry));
  if (exists) {
    return OkStatus();
  }
  return Error(ErrorCode::kNotFound,
               fmt::format("there is no table `{}`: {}; `medallion table list --all` shows the "
                           "tables that there are",
                           entry.name.ToString(),
                           quarantine ? "no row of that table was rejected yet"
                                      : "no update has written it yet"))
      .WithCondition("TABLE_OR_VIEW_NOT_FOUND");
}

Result<StorageResolver::Entry> StorageResolver::Choose(const sql::QualifiedName& name) {
  ASSIGN_OR_RETURN(const std::vector<Entry> found, Candidates(name));
  if (found.size() == 1) {
    return found.front();
  }
  for (const Entry& entry : found) {
    const bool exact = entry.name.parts.size() == name.parts.size();
    const bool in_default_schema =
        entry.name.parts.size() == 3 && EqualsIgnoreCase(entry.name.parts[0], default_catalog_) &&
        (name.parts.size() > 1 || EqualsIgnoreCase(entry.name.parts[1], default_schema_));
    if (exact || in_default_schema) {
      return entry;
    }
  }
  if (!found.empty()) {
    std::vector<std::string> names;
    for (const Entry& entry : found) {
      names.push_back(entry.name.ToString());
    }
    return Error(ErrorCode::kSpecification,
                 fmt::format("`{}` may be any of {}; write more of the name", name.ToString(),
                             Join(names, ", ")))
        .WithCondition("AMBIGUOUS_REFERENCE");
  }
  RETURN_IF_ERROR(ListTables());
  std::vector<std::string> known;
  if (!IsQuarantine(name)) {
    known.assign(kSystemTables.begin(), kSystemTables.end());
  }
  for (const TableName& table : *tables_) {
    known.push_back(table.table);
  }
  const auto nearest = NearestName(name.last(), known);
  return Error(ErrorCode::kNotFound,
               fmt::format("there is no table `{}`{}", name.ToString(),
                           nearest ? fmt::format("; did you mean `{}{}`?",
                                                 IsQuarantine(name) ? "quarantine." : "", *nearest)
                                   : "; `medallion table list --all` shows the tables"))
      .WithCondition("TABLE_OR_VIEW_NOT_FOUND");
}

Result<delta::SnapshotPtr> StorageResolver::Look(const Entry& entry) const {
  const StorageView::Table* seen = view_ ? view_->Find(entry.name.Key()) : nullptr;
  return seen != nullptr ? seen->snapshot : entry.table.Latest();
}

Result<delta::SnapshotPtr> StorageResolver::Latest(const Entry& entry) {
  delta::SnapshotPtr& snapshot = snapshots_[entry.name.Key()];
  if (!snapshot) {
    Result<delta::SnapshotPtr> latest = Look(entry);
    if (!latest) {
      return std::move(latest).error().Context(fmt::format("table `{}`", entry.name.ToString()));
    }
    snapshot = *std::move(latest);
  }
  return snapshot;
}

Result<sql::ResolvedName> StorageResolver::ResolveTable(const sql::QualifiedName& name,
                                                        bool streaming) {
  if (streaming) {
    return Error(ErrorCode::kUnsupported,
                 "STREAM reads belong in a pipeline; leave STREAM out to read the whole table");
  }
  ASSIGN_OR_RETURN(const Entry entry, Find(name));
  ASSIGN_OR_RETURN(const delta::SnapshotPtr snapshot, Latest(entry));
  return sql::ResolvedTable{entry.name, snapshot->schema()};
}

Result<sql::FileDescription> StorageResolver::DescribeFiles(const std::string&,
                                                            const std::vector<sql::FileOption>&,
                                                            bool) {
  return Error(ErrorCode::kUnsupported,
               "read_files belongs in a pipeline; `medallion sql` reads tables");
}

Result<std::vector<TableBinding>> StorageResolver::Bind(const sql::BoundQuery& query) {
  std::vector<TableBinding> bindings;
  for (const sql::TableInput& input : query.tables) {
    ASSIGN_OR_RETURN(const Entry entry, Find(input.name));
    ASSIGN_OR_RETURN(delta::SnapshotPtr snapshot, Latest(entry));
    if (input.version && *input.version != snapshot->version()) {
      ASSIGN_OR_RETURN(snapshot, entry.table.AtVersion(*input.version));
    }
    bindings.push_back(
        {.store = entry.table.store(), .snapshot = std::move(snapshot), .files = std::nullopt});
  }
  return bindings;
}

Result<sql::QualifiedName> ParseTableName(std::string_view text) {
  sql::QualifiedName name;
  for (const std::string& part : Split(text, '.')) {
    std::string_view bare = Trim(part);
    if (bare.size() >= 2 && bare.front() == '`' && bare.back() == '`') {
      bare = bare.substr(1, bare.size() - 2);
    }
    if (bare.empty()) {
      return Error(ErrorCode::kInvalidArgument, fmt::format("`{}` is no table name", text));
    }
    name.parts.emplace_back(bare);
  }
  return name;
}

}  // namespace medallion::query
