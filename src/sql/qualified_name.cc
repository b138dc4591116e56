#include "sql/qualified_name.h"

#include "base/identifier.h"
#include "base/text.h"

namespace medallion::sql {

std::string QualifiedName::ToString() const {
  std::vector<std::string> quoted;
  quoted.reserve(parts.size());
  for (const std::string& part : parts) quoted.push_back(QuoteSparkIdentifier(part));
  return medallion::Join(quoted, ".");
}

std::string QualifiedName::Key() const {
  QualifiedName lower;
  for (const std::string& part : parts) lower.parts.push_back(ToLower(part));
  return lower.ToString();
}

}  // namespace medallion::sql
