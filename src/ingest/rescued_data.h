#pragma once

#include <string>
#include <string_view>

namespace medallion::ingest {

// Text as the inside of a JSON string, RFC 8259; bytes that are not UTF-8 make the whole text
// appear in hex (`0x…`).
void AppendJsonText(std::string_view text, std::string& out);

// One row's rescued data as Databricks writes it: a JSON object of column names and raw texts, last
// the file: {"Price":"$1","_c8":"x","_file_path":"file:///…"}. Reusable to save allocations.
class RescuedData {
 public:
  bool empty() const { return json_.empty(); }
  void Clear() { json_.clear(); }
  void Add(std::string_view name, std::string_view raw);
  // Closes the object. Only once, and only if not empty.
  std::string_view Finish(std::string_view file_uri);

 private:
  std::string json_;
};

// `file:///…`, percent-encoded, so that any file name is valid text.
std::string FileUri(std::string_view absolute_path);

// RFC 3986: every byte that a path of a URI may not hold becomes `%XX`.
std::string PercentEncode(std::string_view text);
std::string PercentDecode(std::string_view text);

}  // namespace medallion::ingest
