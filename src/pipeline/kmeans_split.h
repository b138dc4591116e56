#pragma once

#include <cstddef>
#include <optional>

#include "sql/bound_query.h"

namespace medallion::pipeline {

// A query with kmeans(TABLE(t), …) as the two queries that an engine can evaluate, with the model
// in between: `training` gives the rows of t; `rest` is the query itself, with the clustered rows
// as its last file input.
struct KMeansSplit {
  sql::BoundQuery training;
  sql::KMeansCall call;
  // The columns of the clustered rows: those of `training`, then those that kmeans adds.
  Schema clustered;
  sql::BoundQuery rest;
};

// Nothing if the query has no kmeans. The graph has made sure that it has at most one.
std::optional<KMeansSplit> SplitKMeans(const sql::BoundQuery& query);

// A query with kmeans_model(TABLE(t)): the row about the model is the last file input of `rest`.
struct KMeansModelSplit {
  size_t table = 0;  // t, by index as BoundQuery::tables
  sql::BoundQuery rest;
};

// Nothing if the query has no kmeans_model. The graph has made sure that it has at most one.
std::optional<KMeansModelSplit> SplitKMeansModel(const sql::BoundQuery& query);

// How many kmeans and kmeans_model the query has, and where the second stands.
struct KMeansCount {
  size_t count = 0;
  Span second;
};
KMeansCount CountKMeans(const sql::BoundQuery& query);

}  // namespace medallion::pipeline
