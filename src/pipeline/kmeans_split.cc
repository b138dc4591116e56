#include "kmeans_split.h"

#include <utility>

#include "sql/plan.h"

namespace medallion::pipeline {
namespace {

Schema SchemaOf(const sql::Relation& relation) {
  std::vector<Field> fields;
  for (const sql::BoundColumn& column : relation.columns) {
    fields.push_back({column.name, column.type, column.nullable});
  }
  return Schema(std::move(fields));
}

const sql::Relation* FindKMeans(const sql::Relation& relation) {
  if (std::holds_alternative<sql::KMeans>(relation.node)) {
    return &relation;
  }
  for (const sql::RelationPtr& child : sql::Children(relation)) {
    if (const sql::Relation* found = FindKMeans(*child)) {
      return found;
    }
  }
  return nullptr;
}

void Count(const sql::Relation& relation, KMeansCount& count) {
  if (const auto* kmeans = std::get_if<sql::KMeans>(&relation.node)) {
    ++count.count;
    count.second = count.count == 2 ? kmeans->span : count.second;
  }
  for (const sql::RelationPtr& child : sql::Children(relation)) {
    Count(*child, count);
  }
}

}  // namespace

std::optional<KMeansSplit> SplitKMeans(const sql::BoundQuery& query) {
  const sql::Relation* relation = FindKMeans(*query.root);
  if (relation == nullptr) {
    return std::nullopt;
  }
  const auto& kmeans = std::get<sql::KMeans>(relation->node);
  KMeansSplit split{
      .training = query, .call = kmeans.call, .clustered = SchemaOf(*relation), .rest = query};
  split.training.root = kmeans.input;
  split.rest.files.push_back({.path = "",
                              .options = {},
                              .schema = split.clustered,
                              .metadata_fields = {},
                              .streaming = false,
                              .span = kmeans.span});
  split.rest.root = sql::ReplaceRelation(query.root, *relation, [&] {
    sql::Relation scan;
    scan.columns = relation->columns;
    scan.node = sql::FileScan{query.files.size()};
    return std::make_shared<const sql::Relation>(std::move(scan));
  }());
  return split;
}

KMeansCount CountKMeans(const sql::BoundQuery& query) {
  KMeansCount count;
  Count(*query.root, count);
  return count;
}

}  // namespace medallion::pipeline
