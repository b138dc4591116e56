#include "ml/model.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "base/testing.h"
#include "ml/export_onnx.h"
#include "ml/export_pmml.h"
#include "ml/export_sql.h"
#include "ml/model_json.h"
#include "ml/training.h"

namespace medallion::ml {
namespace {

using medallion::testing::HasValue;
using medallion::testing::IsError;
using medallion::testing::IsOk;
using ::testing::HasSubstr;

// Two clusters at (0, 0) and (10, 10) in original units.
Model SmallModel() {
  return {.name = "customers",
          .version = 3,
          .previous_version = 2,
          .training = {"retail.dlt.customer_rfm_gold", 17, 120},
          .features = {"Monetary", "Frequency"},
          .scaler = *StandardScaler::FromParameters({5, 5}, {2, 5}),
          .outliers = OutlierRule{.first = 0,
                                  .second = 1,
                                  .first_fences = {-20, 30},
                                  .second_fences = {-5, 15.25},
                                  .sizes = {3, 2, 1}},
          .clusters = {{4, 60, {0, 0}, {-2.5, -1}}, {1, 54, {10, 10}, {2.5, 1}}},
          .next_cluster_id = 6,
          .seed = 18446744073709551615U,
          .metrics = {.inertia = 1.0 / 3,
                      .silhouette = 0.5,
                      .silhouette_rows = 114,
                      .davies_bouldin = 0.1,
                      .calinski_harabasz = 123.25},
          .k_search = {{2, 10.5, 0.5, 0, 0.6}, {3, 9.1, std::nullopt, 0.1, 0.4}},
          .curvature_elbow = std::nullopt,
          .retention = {5, 2}};
}

TEST(PredictTest, AssignsTheNearestCentroidWithBothDistances) {
  const auto predictions = Predict(SmallModel(), Points({0, 0, 9, 10}, 2));
  ASSERT_THAT(predictions, IsOk());
  EXPECT_EQ((*predictions)[0], (Prediction{4, 0, std::sqrt(29.0)}));
  EXPECT_EQ((*predictions)[1].cluster, 1);
  EXPECT_DOUBLE_EQ((*predictions)[1].distance, 0.5);
}

TEST(PredictTest, SetsOutliersApartAndGivesTiesToTheFirstCluster) {
  const auto predictions =
      Predict(SmallModel(), Points({31, 10, 10, 16, 31, 16, 30, 15.25, 5, 5}, 2));
  ASSERT_THAT(predictions, IsOk());
  std::vector<int32_t> clusters;
  for (const Prediction& prediction : *predictions) {
    clusters.push_back(prediction.cluster);
  }
  EXPECT_EQ(clusters, (std::vector<int32_t>{-1, -2, -3, 1, 4}));
}

TEST(PredictTest, HasNoNextDistanceWithOneCluster) {
  Model model = SmallModel();
  model.clusters.pop_back();
  EXPECT_FALSE((*Predict(model, Points({1, 1}, 2)))[0].next_distance);
}

TEST(PredictTest, RefusesOtherColumnsAndNaN) {
  EXPECT_THAT(Predict(SmallModel(), Points(1, 3)),
              IsError(ErrorCode::kInvalidArgument, "3 columns for 2 features"));
  EXPECT_THAT(Predict(SmallModel(), Points({0, std::numeric_limits<double>::quiet_NaN()}, 2)),
              IsError(ErrorCode::kData, "row 0, column 1"));
}

TEST(CheckModelTest, NamesThePartThatDoesNotFit) {
  Model model = SmallModel();
  model.clusters[0].centroid_scaled.pop_back();
  EXPECT_THAT(CheckModel(model), IsError(ErrorCode::kInvalidArgument, "cluster 4"));
  model = SmallModel();
  model.next_cluster_id = 4;
  EXPECT_THAT(CheckModel(model), IsError(ErrorCode::kInvalidArgument, "next_cluster_id"));
  model = SmallModel();
  model.features.emplace_back("Recency");
  EXPECT_THAT(CheckModel(model), IsError(ErrorCode::kInvalidArgument, "`scaler`"));
}

TEST(DriftTest, IsNothingBetweenAModelAndItself) {
  const auto drift = MeasureDrift(SmallModel(), SmallModel());
  ASSERT_THAT(drift, IsOk());
  EXPECT_EQ(drift->centroid_shift, 0.0);
  EXPECT_EQ(drift->population_stability, 0);
}

TEST(DriftTest, MeasuresMovesInTheEarlierScaleAndChangedShares) {
  Model later = SmallModel();
  later.clusters[0].centroid = {2, 0};  // one scale of Monetary
  later.clusters[0].size = 54;
  later.clusters[1].size = 60;
  const auto drift = MeasureDrift(SmallModel(), later);
  ASSERT_THAT(drift, IsOk());
  EXPECT_DOUBLE_EQ(*drift->centroid_shift, 54.0 / 114);
  EXPECT_NEAR(drift->population_stability, 2 * (6.0 / 120) * std::log(60.0 / 54), 1e-12);
  later.features[0] = "Money";
  EXPECT_THAT(MeasureDrift(SmallModel(), later),
              IsError(ErrorCode::kInvalidArgument, "different features"));
}

TEST(ModelJsonTest, ReadsWhatItWrote) {
  EXPECT_THAT(ModelFromJson(ModelToJson(SmallModel())), HasValue(SmallModel()));
  Model bare = SmallModel();
  bare.previous_version.reset();
  bare.outliers.reset();
  bare.metrics.silhouette.reset();
  bare.k_search.clear();
  bare.curvature_elbow = 4;
  bare.retention = {};
  EXPECT_THAT(ModelFromJson(ModelToJson(bare)), HasValue(bare));
}

RC_GTEST_PROP(ModelJsonProperty, KeepsEveryBitOfADouble, ()) {
  Model model = SmallModel();
  Random random(*rc::gen::arbitrary<uint64_t>());
  for (double& coordinate : model.clusters[0].centroid) {
    coordinate = std::ldexp(random.Unit() - 0.5, static_cast<int>(random.Below(400)) - 200);
  }
  const auto read = ModelFromJson(ModelToJson(model));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == model);
}

// The JSON of the small model with one text replaced.
std::string Broken(std::string_view from, std::string_view to) {
  std::string json = ModelToJson(SmallModel());
  const size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return json.replace(at, from.size(), to);
}

TEST(ModelJsonTest, RefusesANewerFormatByItsNumber) {
  EXPECT_THAT(ModelFromJson(Broken("\"format_version\": 1", "\"format_version\": 2")),
              IsError(ErrorCode::kUnsupported, "format version 2; this program reads up to 1"));
}

TEST(ModelJsonTest, NamesTheFieldThatIsWrong) {
  const std::vector<std::array<std::string, 3>> cases = {
      {"\"name\": \"customers\"", "\"name\": 5", "`name` is not a text"},
      {"\"version\": 3", "\"version\": 3.5", "`version` is not a whole number"},
      {"\"version\": 3", "\"version\": -3", "`version` is not a whole number"},
      {"\"rows\": 120", "\"rows\": null", "`training.rows`"},
      {"\"first\": \"Monetary\"", "\"first\": \"Money\"", "`outliers.first` is not one of"},
      {"\"high\": 15.25", "\"high\": \"15\"", "`outliers.second_fences.high`"},
      {"\"size\": 54", "\"siz\": 54", "`clusters[1].size` is missing"},
      {"\"id\": 4", "\"id\": 1", "`clusters` must have distinct ids"},
      {"\"inertia\": 10.5", "\"inertia\": true", "`k_search.table[0].inertia`"},
      {"\"updates\": 2", "\"updates\": 99999999999", "`k_search.retention.updates`"},
  };
  for (const auto& [from, to, message] : cases) {
    EXPECT_THAT(ModelFromJson(Broken(from, to)), IsError(ErrorCode::kCorruption, message)) << to;
  }
  EXPECT_THAT(ModelFromJson("{"), IsError(ErrorCode::kCorruption, "not valid JSON"));
  EXPECT_THAT(ModelFromJson("[]"), IsError(ErrorCode::kCorruption, "not a JSON object"));
}

TEST(ExportPmmlTest, EscapesNamesAndStatesTheFences) {
  Model model = SmallModel();
  model.features[0] = "Money & <more>";
  const std::string pmml = ModelToPmml(model);
  EXPECT_THAT(pmml, HasSubstr("<DataField name=\"Money &amp; &lt;more&gt;\""));
  EXPECT_THAT(pmml, HasSubstr("name=\"fence.Frequency\" value=\"-5 15.25\""));
  EXPECT_THAT(pmml, HasSubstr("<Cluster id=\"4\" name=\"4\" size=\"60\">"));
}

TEST(ExportOnnxTest, StartsWithTheFormatsVersion) {
  EXPECT_EQ(ModelToOnnx(SmallModel()).substr(0, 13), std::string("\x08\x07\x12\x09medallion"));
}

TEST(ExportSqlTest, ComparesEachCentroidWithTheLaterOnes) {
  const std::vector<std::string> keys = {"CustomerID"};
  const auto sql = ModelToSql(SmallModel(), "retail.dlt.gold", keys);
  ASSERT_THAT(sql, IsOk());
  EXPECT_THAT(*sql, HasSubstr("WHEN distance_0 <= distance_1 THEN 4\n    ELSE 1\n"));
  EXPECT_THAT(*sql, HasSubstr("(raw_0 < (-20e0) OR raw_0 > 30e0)"));
}

TEST(ExportSqlTest, RefusesNamesThatWouldNeedQuotes) {
  const std::vector<std::string> keys = {"Customer ID"};
  EXPECT_THAT(ModelToSql(SmallModel(), "t", keys), IsError(ErrorCode::kUnsupported, "Customer ID"));
  EXPECT_THAT(ModelToSql(SmallModel(), "t; DROP TABLE t", std::vector<std::string>{"id"}),
              IsError(ErrorCode::kUnsupported, "DROP"));
  EXPECT_THAT(ModelToSql(SmallModel(), "t", {}), IsError(ErrorCode::kInvalidArgument, "a key"));
  EXPECT_THAT(ModelToSql(SmallModel(), "t", std::vector<std::string>{"Cluster"}),
              IsError(ErrorCode::kInvalidArgument, "cluster"));
}

// Customers of three kinds and a few who buy very much.
Points Customers(uint64_t seed) {
  Random random(seed);
  Points rows(0, 3);
  for (int i = 0; i < 600; ++i) {
    const double kind = static_cast<double>(i % 3);
    const double much = i % 100 == 0 ? 5000 : 0;
    rows.Append(std::vector<double>{100 * kind + 40 * random.Unit() + much,
                                    1 + 2 * kind + random.Unit(),
                                    300 - 100 * kind + random.Unit()});
  }
  return rows;
}

TrainingOptions Options() {
  return {.name = "customers",
          .table = "gold",
          .features = {"Monetary", "Frequency", "Recency"},
          .outliers = OutlierFeatures{},
          .k_max = 6,
          .kmeans = {.seed = 42}};
}

TEST(TrainModelTest, PredictsTheTrainedRowsAsInTraining) {
  const Points rows = Customers(1);
  const auto training = TrainModel(rows, Options(), nullptr);
  ASSERT_THAT(training, IsOk());
  EXPECT_EQ(training->model.clusters.size(), 3U);
  EXPECT_EQ(training->model.outliers->sizes[0], 6U);
  const auto predictions = Predict(training->model, rows);
  ASSERT_THAT(predictions, IsOk());
  for (size_t i = 0; i < rows.rows(); ++i) {
    EXPECT_EQ((*predictions)[i].cluster, training->clusters[i]) << i;
  }
}

TEST(TrainModelTest, KeepsIdsFromOneModelToTheNext) {
  const auto first = TrainModel(Customers(1), Options(), nullptr);
  ASSERT_THAT(first, IsOk());
  TrainingOptions options = Options();
  options.version = 2;
  options.kmeans.seed = 7;
  const auto second = TrainModel(Customers(2), options, &first->model);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->model.previous_version, 1);
  EXPECT_EQ(second->model.next_cluster_id, 3);
  const auto changes = CompareMemberships(first->clusters, second->clusters);
  ASSERT_THAT(changes, IsOk());
  for (const ClusterChange& change : *changes) {
    EXPECT_EQ(change.kind, ClusterChangeKind::kKept);
    EXPECT_EQ(change.from, change.to);
  }
}

TEST(TrainModelTest, IsTheSameForAnyNumberOfThreads) {
  TrainingOptions options = Options();
  const auto alone = TrainModel(Customers(1), options, nullptr);
  options.kmeans.threads = 8;
  const auto together = TrainModel(Customers(1), options, nullptr);
  ASSERT_THAT(alone, IsOk());
  ASSERT_THAT(together, IsOk());
  EXPECT_EQ(alone->model, together->model);
}

TEST(TrainModelTest, TakesAGivenKWithoutASearch) {
  TrainingOptions options = Options();
  options.k = 5;
  const auto training = TrainModel(Customers(1), options, nullptr);
  ASSERT_THAT(training, IsOk());
  EXPECT_EQ(training->model.clusters.size(), 5U);
  EXPECT_TRUE(training->model.k_search.empty());
}

TEST(TrainModelTest, MakesOneClusterOfOneCustomerOrOfEqualOnes) {
  for (const size_t rows : {1, 50}) {
    Points customers(0, 3);
    for (size_t i = 0; i < rows; ++i) {
      customers.Append(std::vector<double>{10, 1, 5});
    }
    const auto training = TrainModel(customers, Options(), nullptr);
    ASSERT_THAT(training, IsOk());
    EXPECT_EQ(training->model.clusters.size(), 1U);
    EXPECT_EQ(training->clusters, std::vector<int32_t>(rows, 0));
    EXPECT_EQ(training->model.metrics.silhouette, std::nullopt);
  }
}

TEST(TrainModelTest, RefusesWhatItCannotTrainOn) {
  EXPECT_THAT(TrainModel(Points(0, 3), Options(), nullptr),
              IsError(ErrorCode::kInvalidArgument, "no rows"));
  EXPECT_THAT(TrainModel(Points(4, 2), Options(), nullptr),
              IsError(ErrorCode::kInvalidArgument, "3 features for 2 columns"));
  Points rows = Customers(1);
  rows.row(9)[2] = std::numeric_limits<double>::infinity();
  EXPECT_THAT(TrainModel(rows, Options(), nullptr), IsError(ErrorCode::kData, "row 9, column 2"));
}

}  // namespace
}  // namespace medallion::ml
