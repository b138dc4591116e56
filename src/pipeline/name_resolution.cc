#include "name_resolution.h"

#include <utility>

#include "base/text.h"

namespace medallion::pipeline {

Result<NameMeaning> NameResolution::Resolve(const sql::QualifiedName& name, const Namespace& where,
                                            bool live) {
  if (name.parts.size() == 1) {
    const auto view = declarations_.by_key.find(ToLower(name.last()));
    if (view != declarations_.by_key.end()) {
      return NameMeaning(view->second);
    }
  }
  const std::optional<TableName> full = Qualify(name, where);
  if (!full) {
    return NameMeaning(UnknownTable{{"a name has at most three parts: catalog.schema.table"}});
  }
  const auto dataset = declarations_.by_key.find(NameKey(*full));
  if (dataset != declarations_.by_key.end()) {
    return NameMeaning(dataset->second);
  }
  if (!live) {
    ASSIGN_OR_RETURN(delta::SnapshotPtr snapshot, world_.FindTable(*full));
    if (snapshot != nullptr) {
      return NameMeaning(OutsideTable{*full, std::move(snapshot)});
    }
  }
  return NameMeaning(DescribeUnknown(name, where, live));
}

UnknownTable NameResolution::DescribeUnknown(const sql::QualifiedName& name, const Namespace& where,
                                             bool live) {
  std::vector<std::string> names;
  for (const DatasetDeclaration& dataset : declarations_.datasets) {
    names.push_back(name.parts.size() == 1 || dataset.name.catalog.empty()
                        ? dataset.name.table
                        : dataset.name.ToString());
  }
  if (!live) {
    // Advice only: a catalogue that cannot be listed takes none away from the error.
    if (const Result<std::vector<TableName>> outside = world_.ListTables()) {
      for (const TableName& table : *outside) {
        const bool short_name = name.parts.size() == 1 &&
                                EqualsIgnoreCase(table.catalog, where.catalog) &&
                                EqualsIgnoreCase(table.schema, where.schema);
        names.push_back(short_name ? table.table : table.ToString());
      }
    }
  }
  std::vector<std::string> hints;
  if (const std::optional<std::string> nearest = NearestName(name.ToString(), names)) {
    hints.push_back(fmt::format("did you mean `{}`?", *nearest));
  }
  hints.push_back(
      live ? "LIVE names a dataset that this pipeline declares"
           : "declare it in the pipeline, or check catalogue and schema of an existing table");
  return {std::move(hints)};
}

}  // namespace medallion::pipeline
