// Any bytes as model.json. Beyond not crashing: what is accepted is written and read back the same,
// and can be exported.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "ml/export_onnx.h"
#include "ml/export_pmml.h"
#include "ml/export_sql.h"
#include "ml/model_json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace medallion::ml;
  const auto model = ModelFromJson(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!model) {
    return 0;
  }
  const auto again = ModelFromJson(ModelToJson(*model));
  CHECK(again.has_value());
  CHECK(*again == *model);
  CHECK(!ModelToPmml(*model).empty());
  CHECK(!ModelToOnnx(*model).empty());
  const std::vector<std::string> keys = {"id"};
  (void)ModelToSql(*model, "customers", keys);
  return 0;
}
