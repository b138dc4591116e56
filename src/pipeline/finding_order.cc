#include "finding_order.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace medallion::pipeline {

void SortByPlace(std::vector<Diagnostic>& findings) {
  std::map<const SourceText*, size_t> file_order = {{nullptr, 0}};
  for (const Diagnostic& finding : findings) {
    file_order.emplace(finding.source.get(), file_order.size());
  }
  const auto place = [&](const Diagnostic& finding) {
    return std::tuple(file_order.at(finding.source.get()), finding.span.begin);
  };
  std::stable_sort(findings.begin(), findings.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
  const auto repeats = [&](const Diagnostic& a, const Diagnostic& b) {
    return place(a) == place(b) && a.message == b.message;
  };
  findings.erase(std::unique(findings.begin(), findings.end(), repeats), findings.end());
}

}  // namespace medallion::pipeline
