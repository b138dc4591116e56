#include "kmeans_split.h"

#include <utility>

#include "base/check.h"
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

template <class Node>
const sql::Relation* FindNode(const sql::Relation& relation) {
  if (std::holds_alternative<Node>(relation.node)) {
    return &relation;
  }
  for (const sql::RelationPtr& child : sql::Children(relation)) {
    if (const sql::Relation* found = FindNode<Node>(*child)) {
      return found;
    }
  }
  return nullptr;
}

// The query with rows of files in the place of `relation`, as its last file input.
sql::BoundQuery WithRowsFor(const sql::BoundQuery& query, const sql::Relation& relation,
                            Span span) {
  sql::BoundQuery rest = query;
  rest.files.push_back({.path = "",
                        .options = {},
                        .schema = SchemaOf(relation),
                        .metadata_fields = {},
                        .streaming = false,
                        .span = span});
  sql::Relation scan;
  scan.columns = relation.columns;
  scan.node = sql::FileScan{query.files.size()};
  rest.root = sql::ReplaceRelation(query.root, relation,
                                   std::make_shared<const sql::Relation>(std::move(scan)));
  return rest;
}

void Count(const sql::Relation& relation, KMeansCount& count) {
  const auto note = [&](Span span) {
    ++count.count;
    count.second = count.count == 2 ? span : count.second;
  };
  if (const auto* kmeans = std::get_if<sql::KMeans>(&relation.node)) {
    note(kmeans->span);
  } else if (const auto* model = std::get_if<sql::KMeansModel>(&relation.node)) {
    note(model->span);
  }
  for (const sql::RelationPtr& child : sql::Children(relation)) {
    Count(*child, count);
  }
}

}  // namespace

std::optional<KMeansSplit> SplitKMeans(const sql::BoundQuery& query) {
  const sql::Relation* relation = FindNode<sql::KMeans>(*query.root);
  if (relation == nullptr) {
    return std::nullopt;
  }
  const auto& kmeans = std::get<sql::KMeans>(relation->node);
  KMeansSplit split{.training = query,
                    .call = kmeans.call,
                    .clustered = SchemaOf(*relation),
                    .rest = WithRowsFor(query, *relation, kmeans.span)};
  split.training.root = kmeans.input;
  return split;
}

std::optional<KMeansModelSplit> SplitKMeansModel(const sql::BoundQuery& query) {
  const sql::Relation* relation = FindNode<sql::KMeansModel>(*query.root);
  if (relation == nullptr) {
    return std::nullopt;
  }
  const auto& model = std::get<sql::KMeansModel>(relation->node);
  const auto* table = std::get_if<sql::TableScan>(&model.input->node);
  CHECK(table != nullptr);
  return KMeansModelSplit{table->input, WithRowsFor(query, *relation, model.span)};
}

KMeansCount CountKMeans(const sql::BoundQuery& query) {
  KMeansCount count;
  Count(*query.root, count);
  return count;
}

}  // namespace medallion::pipeline
